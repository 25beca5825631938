"""The incremental framer of chunked bodies (RFC 9112 section 7.1): state, carried octets, and the choice of scanner.

Whole chunks go through `chunk_scanners` at memory speed; what is cut by the end of a read, unusual or wrong goes
through `chunked_grammar`, one line at a time. While a chunk's data is still to come nothing is looked at.
"""

from __future__ import annotations

from enum import Enum, auto

import numpy as np

from . import chunked_grammar
from .chunk_scanners import Scanner
from .framer import NEVER, FramingError, Int64Array, no_rows


class _State(Enum):
    SIZE = auto()
    DATA = auto()
    CRLF = auto()
    TRAILERS = auto()
    DONE = auto()


_SMALLEST_UNIT_BYTES = 6
_USUAL_LINE_BYTES = 64
_LACKING = {
    _State.SIZE: "a chunk size line",
    _State.CRLF: "the CRLF after a chunk",
    _State.TRAILERS: "the end of the trailer section",
}


class ChunkedFramer:
    """See `framer.Framer`. After an error or the end of the message further octets are ignored."""

    def __init__(self, scanner: Scanner | None = None) -> None:
        """Start at the first octet of a body. ``scanner`` is another one only to compare them in tests."""
        self.message_end = NEVER
        self.error: FramingError | None = None
        self.trailers: list[tuple[str, str]] = []
        self.notes: list[str] = []
        self.chunk_rows = no_rows()
        self.body_bytes = 0
        self._scanner = scanner or Scanner()
        self._rows = no_rows()
        self._count = 0
        self._state = _State.SIZE
        self._carried = b""
        self._trailer_section = chunked_grammar.Trailers()
        # Offsets of the wire: where this feed starts, and where the data of the last chunk begun does and ends.
        self._base = 0
        self._data_start = 0
        self._data_end = 0
        self._body = 0  # body octets of the chunks whose data is whole
        self._body_at_feed = 0
        self._fed = 0

    def feed(self, data: bytes | bytearray, size: int) -> None:
        """Take ``data[:size]``. Cost: nothing inside a chunk's data, about 10 ns for each small chunk of a big feed."""
        self._base, self._fed = self._fed, self._fed + size
        self._count = 0
        self._body_at_feed = self._body
        if len(self._rows) < size // _SMALLEST_UNIT_BYTES + 2:
            self._rows = np.empty((size // _SMALLEST_UNIT_BYTES + 2, 5), dtype=np.int64)
        at = 0
        while at < size and self._state is not _State.DONE and self.error is None:
            if self._state is _State.SIZE and not self._carried:
                at = self._scan(data, at, size)
                if at == size:
                    break
            at = self._data(at, size) if self._state is _State.DATA else self._line(data, at, size)
        self.chunk_rows = self._rows[: self._count]
        self.body_bytes = self._body + (self._fed - self._data_start if self._state is _State.DATA else 0)

    def finish(self) -> str | None:
        """Return None if the last chunk and the trailer section came, else what is missing."""
        if self._state is _State.DONE:
            return None
        if self._state is _State.DATA:
            size = self._data_end - self._data_start
            return f"received {self._fed - self._data_start} of {size} bytes of a chunk"
        if self._state is _State.SIZE and not self._carried:
            return f"after {self._body} bytes of body, the last chunk (of size 0) is missing"
        return f"{_LACKING[self._state]} is not whole"

    def body_at(self, wire: Int64Array) -> Int64Array:
        """Return how many body octets lie before each wire offset of the last feed, inside a chunk too."""
        rows = self.chunk_rows
        ends = np.concatenate(([self._body_at_feed], rows[:, 1]))
        open_start = self._data_start if self._state is _State.DATA else NEVER
        starts = np.concatenate((rows[:, 2] - np.diff(ends), [open_start]))
        index = np.searchsorted(rows[:, 2], wire, "right")
        return np.asarray(ends[index] + np.maximum(wire - starts[index], 0), dtype=np.int64)

    def _scan(self, data: bytes | bytearray, at: int, size: int) -> int:
        """Take all whole chunks from a size line on; return the offset of what is left."""
        rows = self._rows[self._count :]
        count, stop = self._scanner.scan(data, at, size, rows)
        if count:
            rows = rows[:count]
            rows[:, 1] += self._body
            rows[:, 2] += self._base
            self._count += count
            self._body = int(rows[-1, 1])
            self._data_end = int(rows[-1, 2])
        return stop

    def _data(self, at: int, size: int) -> int:
        """Pass over chunk data; mark the chunk where its last octet is there."""
        left = self._data_end - (self._base + at)
        if left > size - at:
            return size
        self._rows[self._count, 1] = self._body = self._body + self._data_end - self._data_start
        self._rows[self._count, 2] = self._data_end
        self._count += 1
        self._state = _State.CRLF
        return at + left

    def _line(self, data: bytes | bytearray, at: int, size: int) -> int:
        """Take one line, or carry what is there of it; return the offset behind it."""
        carried = len(self._carried)
        octets = self._carried + data[at : min(size, at + _USUAL_LINE_BYTES)]
        length = self._take(octets)
        if length is None and at + _USUAL_LINE_BYTES < size:
            octets = self._carried + data[at : min(size, at + chunked_grammar.LONGEST_TRAILERS_BYTES)]
            length = self._take(octets)
        if isinstance(length, chunked_grammar.Malformed):
            self.error = FramingError(self._base + at - carried + length.at, length.text, length.is_our_limit)
            return size
        if length is None:
            self._carried = octets
            return size
        self._carried = b""
        at += length - carried
        if self._state is _State.DATA:
            self._data_end += self._base + at
            self._data_start = self._base + at
        elif self._state is _State.DONE:
            self.message_end = self._base + at
        return at

    def _take(self, octets: bytes) -> int | chunked_grammar.Malformed | None:
        """Read one line in the present state and go on to the next state; return its length, None: not whole."""
        if self._state is _State.CRLF:
            found = chunked_grammar.crlf_after_data(octets)
            if found is True:
                self._state = _State.SIZE
                return 2
            return found or None
        if self._state is _State.TRAILERS:
            length = self._trailer_section.take_line(octets)
            if self._trailer_section.is_whole:
                self.trailers = self._trailer_section.fields
                self._state = _State.DONE
            return length
        line = chunked_grammar.size_line(octets, self._body)
        if isinstance(line, chunked_grammar.SizeLine):
            self._state = _State.DATA if line.size else _State.TRAILERS
            self._data_end = line.size
            self._note_extensions(line.extensions)
            return line.length
        return line

    def _note_extensions(self, extensions: bytes) -> None:
        if extensions and not self.notes:
            text = extensions[:80].decode("latin-1")
            self.notes.append(f"chunk extensions were sent, the first: {text} (kept in wire.bin only)")
