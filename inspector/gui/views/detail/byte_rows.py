"""Splits a body of any length into the rows of the text or hex view. No Qt.

Text rows are laid out in blocks of a few kilobytes that know nothing of each other, so that the end of a body of
gigabytes is laid out without its beginning. A block begins at the first line that begins in it; only in lines longer
than `RESYNC_BYTES` does it begin in the middle of a line, where a wrapped row then ends early.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import OrderedDict
from collections.abc import Callable
from typing import NamedTuple, Protocol

from .monospace_cells import row_starts

BLOCK_BYTES = 1 << 13
RESYNC_BYTES = 1 << 11
_BLOCKS_KEPT = 32
_BEGUN_KEPT = 4


class Row(NamedTuple):
    """The half-open byte range of one row."""

    start: int
    stop: int


class Rows(Protocol):
    """What a view asks of its layout. ``end`` is the number of content bytes to lay out."""

    end: int

    def clear(self) -> None:
        """Forget everything: another recording is shown."""

    def grow(self, end: int) -> None:
        """Lay out up to ``end``, which may also fall: at an earlier moment of a recording."""

    def row(self, byte: int) -> Row:
        """Return the row that holds a byte, the nearest one for a byte outside. ``end`` must not be 0."""


class HexRows:
    """Rows of a fixed number of bytes."""

    def __init__(self) -> None:
        self.end = 0
        self.row_bytes = 16

    def clear(self) -> None:
        """Forget the length."""
        self.end = 0

    def grow(self, end: int) -> None:
        """Lay out up to ``end``."""
        self.end = end

    def row(self, byte: int) -> Row:
        """Return the row that holds a byte."""
        start = max(0, min(byte, self.end - 1)) // self.row_bytes * self.row_bytes
        return Row(start, min(start + self.row_bytes, self.end))


class _Block(NamedTuple):
    stop: int
    starts: list[int]


class TextRows:
    """Lines of text, wrapped after ``columns`` columns."""

    def __init__(self, read: Callable[[int, int], bytes]) -> None:
        """Take a function that returns content bytes ``[start, stop)``."""
        self.end = 0
        self.columns = 80
        self._read = read
        self._blocks: OrderedDict[int, _Block] = OrderedDict()
        #: Where rows of blocks begin that reached the end, before it moved: all but the last ones stay as they are.
        self._begun: dict[int, list[int]] = {}

    def clear(self) -> None:
        """Forget length and layout."""
        self.end = 0
        self._blocks.clear()
        self._begun.clear()

    def set_columns(self, columns: int) -> bool:
        """Wrap after another number of columns; tell whether that is a change."""
        if columns == self.columns:
            return False
        self.columns = columns
        self._blocks.clear()
        self._begun.clear()
        return True

    def grow(self, end: int) -> None:
        """Lay out up to ``end``; of blocks at the old or the new end, the last rows are laid out anew."""
        if end == self.end:
            return
        nearer = min(end, self.end)
        for number in [number for number, block in self._blocks.items() if block.stop >= nearer]:
            self._begun[number] = self._blocks.pop(number).starts
        # A character that was cut may have filled its row and begun another one.
        trimmed = {number: starts[: max(0, bisect_left(starts, nearer) - 2)] for number, starts in self._begun.items()}
        self._begun = {number: starts for number, starts in list(trimmed.items())[-_BEGUN_KEPT:] if starts}
        self.end = end

    def row(self, byte: int) -> Row:
        """Return the row that holds a byte. Reads a few kilobytes at most. Raises ``OSError``."""
        byte = max(0, min(byte, self.end - 1))
        number = byte // BLOCK_BYTES
        start = self._block_start(number)
        if start is None or byte < start:
            number -= 1
        block = self._block(number)
        at = max(0, bisect_right(block.starts, byte) - 1)
        stop = block.starts[at + 1] if at + 1 < len(block.starts) else block.stop
        return Row(block.starts[at], stop)

    def _block(self, number: int) -> _Block:
        block = self._blocks.get(number)
        if block is None:
            start = self._block_start(number) or 0
            stop = self._block_start(number + 1) or self.end
            known = [at for at in self._begun.pop(number, [start]) if at < stop] or [start]
            last = known.pop()
            data = self._read(last, stop)
            starts = known + ([last + at for at in row_starts(data, self.columns)] or [last])
            block = self._blocks[number] = _Block(stop, starts)
            while len(self._blocks) > _BLOCKS_KEPT:
                self._blocks.popitem(last=False)
        return block

    def _block_start(self, number: int) -> int | None:
        """Return the first byte of a block, None where it has not begun: the block before it goes on."""
        nominal = number * BLOCK_BYTES
        if number == 0:
            return 0
        if nominal >= self.end:
            return None
        laid_out = self._blocks.get(number)
        if laid_out is not None:
            return laid_out.starts[0]
        window = self._read(nominal - 1, min(self.end, nominal + RESYNC_BYTES))
        newline = window.find(b"\n")
        if newline >= 0:
            start = nominal + newline
            return start if start < self.end else None
        if self.end < nominal + RESYNC_BYTES:
            return None
        return nominal + _bytes_to_next_character(window[1:5])


def _bytes_to_next_character(data: bytes) -> int:
    """Return how many bytes belong to a character that began before (RFC 3629: 3 at most), 0 in binary data."""
    for at, byte in enumerate(data):
        if byte & 0xC0 != 0x80:
            return at
    return 0
