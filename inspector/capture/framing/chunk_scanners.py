"""Finds whole chunks fast: by equal strides, by guessed line ends, and by a plain loop; all give the same chunks.

`chunked_framing` uses them on what lies between two reads' ends. Each one proves its chunks by induction: a chunk is
taken only if its size line stands exactly where the chunk before it ended, holds nothing but hex digits and CRLF (or is
exactly the line before), and CRLF follows exactly ``size`` octets behind it. Anything else is left to the caller.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from .chunked_grammar import SizeLine, size_line
from .framer import Int64Array

Octets = NDArray[np.uint8]

_LARGEST_FAST_CHUNK_BYTES = 2048
_SMALLEST_FAST_SCAN_BYTES = 4096
_SPECULATION_WINDOW_BYTES = 65_536
_LARGEST_SPECULATION_WINDOW_BYTES = 262_144
_LONGEST_FAST_LINE_BYTES = 64
_KNOWN_LINES = 4096
_MOST_FAST_DIGITS = 4
# Stays negative whatever digits are added to it, and at any place of a number.
_NO_SIZE = -(1 << 40)
_LF, _CR = 10, 13
_CRLF = np.frombuffer(b"\r\n", dtype="<u2")[0]


def _hex_values() -> NDArray[np.int64]:
    values = np.full(256, _NO_SIZE, dtype=np.int64)
    for digit in b"0123456789abcdefABCDEF":
        values[digit] = int(chr(digit), 16)
    return values


_HEX = _hex_values()


class Scanner:
    """Takes whole chunks from a buffer. Remembers size lines it has parsed, and when speculation did not pay."""

    def __init__(self, *, equal: bool = True, speculative: bool = True) -> None:
        """Make a scanner; both fast ways can be switched off to compare them with the loop."""
        self._equal = equal
        self._speculative = speculative
        self._sizes: dict[bytes, int] = {}
        self._cool_down_bytes = 0
        self._last_cool_down_bytes = _SPECULATION_WINDOW_BYTES
        self._window_bytes = _SPECULATION_WINDOW_BYTES

    def scan(self, data: bytes | bytearray, at: int, stop: int, rows: Int64Array) -> tuple[int, int]:
        """Take whole chunks (their CRLF included) from ``data[at:stop]``, which starts with a size line.

        Fills columns 1 (data octets from ``at`` on) and 2 (offset in ``data`` after the last data octet) of ``rows``
        and returns their number and the offset behind the last of them. Stops before a last chunk, before a line with
        extensions and before anything malformed.
        """
        count = body = 0
        while True:
            taken, after, finished = self._scan_some(data, at, stop, rows[count:])
            if taken:
                if body:
                    rows[count : count + taken, 1] += body
                count += taken
                body = int(rows[count - 1, 1])
                at = after
            if finished:
                return count, at

    def _scan_some(self, data: bytes | bytearray, at: int, stop: int, rows: Int64Array) -> tuple[int, int, bool]:
        """Take some chunks in the way that suits; return their number, the offset behind, and whether that was all."""
        line_end = data.find(b"\r\n", at, min(stop, at + _LONGEST_FAST_LINE_BYTES))
        size = self._size(bytes(data[at:line_end])) if line_end >= 0 else 0
        if not size:
            return 0, at, True
        if stop - at < _SMALLEST_FAST_SCAN_BYTES or size > _LARGEST_FAST_CHUNK_BYTES:
            return self._loop(data, at, stop, rows, stop)
        line = SizeLine(size, line_end + 2 - at, b"")
        octets = np.frombuffer(data, dtype=np.uint8)
        if self._equal and _repeats(data, at, line):
            taken, end = _equal_chunks(octets, at, stop, line, rows)
            if taken:
                return taken, end, False
        if self._speculative and self._cool_down_bytes <= 0:
            taken, end = _speculate(octets, at, min(stop, at + self._window_bytes), line, rows)
            if taken >= 32:
                self._last_cool_down_bytes = _SPECULATION_WINDOW_BYTES
                self._window_bytes = _LARGEST_SPECULATION_WINDOW_BYTES
                return taken, end, False
            self._window_bytes = _SPECULATION_WINDOW_BYTES
            self._last_cool_down_bytes = self._cool_down_bytes = min(2 * self._last_cool_down_bytes, 1 << 26)
        taken, end, finished = self._loop(data, at, stop, rows, at + _SPECULATION_WINDOW_BYTES)
        self._cool_down_bytes -= end - at
        return taken, end, finished

    def _loop(self, data: bytes | bytearray, at: int, stop: int, rows: Int64Array, pause: int) -> tuple[int, int, bool]:
        """Take chunk by chunk until ``pause`` is passed, or until there is none to take."""
        sizes = self._sizes
        body = 0
        ends: list[int] = []
        data_ends: list[int] = []
        while at < pause:
            line_end = data.find(b"\r\n", at, min(stop, at + _LONGEST_FAST_LINE_BYTES))
            if line_end < 0:
                break
            line = bytes(data[at:line_end])
            size = sizes.get(line) or self._size(line)
            data_end = line_end + 2 + size
            if not size or data_end + 2 > stop or data[data_end : data_end + 2] != b"\r\n":
                break
            body += size
            ends.append(body)
            data_ends.append(data_end)
            at = data_end + 2
        rows[: len(ends), 1] = ends
        rows[: len(ends), 2] = data_ends
        return len(ends), at, at < pause

    def _size(self, line: bytes) -> int:
        """Return the size in a line without its CRLF, 0 for one that must not be taken here."""
        size = self._sizes.get(line)
        if size is not None:
            return size
        parsed = size_line(line + b"\r\n", 0)
        if not isinstance(parsed, SizeLine) or parsed.extensions or parsed.size >= 1 << 40:
            return 0
        if len(self._sizes) < _KNOWN_LINES:
            self._sizes[line] = parsed.size
        return parsed.size


def _repeats(data: bytes | bytearray, at: int, line: SizeLine) -> bool:
    """Return whether the next two chunks start with the same line: a cheap look before the scan of all."""
    stride = line.length + line.size + 2
    first = data[at : at + line.length]
    return all(data[at + i * stride : at + i * stride + line.length] == first for i in (1, 2))


def _equal_chunks(octets: Octets, at: int, stop: int, line: SizeLine, rows: Int64Array) -> tuple[int, int]:
    """Take the chunks that follow each other with the same size line as the first."""
    stride = line.length + line.size + 2
    count = (stop - at) // stride
    if not count:
        return 0, at
    table = octets[at : at + count * stride].reshape(count, stride)
    same = _words(octets, at + stride - 2, stride, count, "<u2") == _CRLF
    done = 0
    while done < line.length:
        width = next(width for width in (4, 2, 1) if width <= line.length - done)
        words = _words(octets, at + done, stride, count, f"<u{width}")
        same &= words == words[0]
        done += width
    if not same.all():
        count = int(same.argmin())
    del table
    numbers = _numbers(count)
    np.multiply(numbers, line.size, out=rows[:count, 1])
    np.multiply(numbers, stride, out=rows[:count, 2])
    rows[:count, 2] += at - 2
    return count, at + count * stride


def _words(octets: Octets, at: int, stride: int, count: int, dtype: str) -> NDArray[np.unsignedinteger]:
    """Return the little words that stand at every ``stride`` octets from ``at`` on; nothing is copied."""
    return np.ndarray((count,), dtype=dtype, buffer=octets, offset=at, strides=(stride,))


_counted = np.arange(1, 4097, dtype=np.int64)


def _numbers(count: int) -> Int64Array:
    """Return 1, 2, ... ``count``."""
    global _counted  # noqa: PLW0603  (a table that grows: making it anew costs as much as using it)
    if count > len(_counted):
        _counted = np.arange(1, 2 * count, dtype=np.int64)
    return _counted[:count]


def _speculate(octets: Octets, at: int, stop: int, line: SizeLine, rows: Int64Array) -> tuple[int, int]:
    """Take chunks on the guess that each holds as many line ends as the first one, and prove it for each."""
    window = octets[at:stop]
    breaks = (window == _LF).nonzero()[0]
    breaks = breaks[window[breaks - 1] == _CR]
    breaks += 1
    unit_end = line.length + line.size + 2
    per_chunk = int(np.searchsorted(breaks, unit_end, "right"))
    count = len(breaks) // per_chunk if per_chunk >= 2 else 0
    if not count or breaks[per_chunk - 1] != unit_end:
        return 0, at
    unit_ends = breaks[per_chunk - 1 : count * per_chunk : per_chunk]
    line_ends = breaks[: count * per_chunk : per_chunk]
    sizes = _parse_sizes(window, line_ends, unit_ends)
    good = line_ends + sizes == unit_ends - 2
    good &= sizes > 0
    if not good.all():
        count = int(good.argmin())
    if count:
        np.cumsum(sizes[:count], out=rows[:count, 1])
        np.add(unit_ends[:count], at - 2, out=rows[:count, 2])
    return count, at + int(unit_ends[count - 1]) if count else at


def _parse_sizes(window: Octets, line_ends: Int64Array, unit_ends: Int64Array) -> Int64Array:
    """Return the sizes in hex digits, negative where a line is anything but one to four digits and CRLF.

    Each line starts where the unit before it ends, the first one at 0.
    """
    digits = line_ends - 2
    digits[1:] -= unit_ends[:-1]
    sizes = _HEX[window[line_ends - 3]]
    most = int(digits.max())
    for place in range(1, min(most, _MOST_FAST_DIGITS)):
        # Index -1 of a line too short for this place is masked out like every other.
        values = _HEX[window[line_ends - (3 + place)]]
        values *= digits > place
        sizes += values << (4 * place)
    if most > _MOST_FAST_DIGITS or int(digits.min()) < 1:
        sizes[(digits > _MOST_FAST_DIGITS) | (digits < 1)] = _NO_SIZE
    return sizes
