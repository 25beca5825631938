"""The scroll position of a view of rows, counted in bytes because rows of a large body can't be counted. No Qt."""

from __future__ import annotations

from .byte_rows import Row, Rows

#: A scroll bar counts in 32-bit integers: longer bodies are counted in steps of ``1 << shift`` bytes.
_BAR_BITS = 30


class RowWindow:
    """Where the window stands. ``top`` is the first byte of its top row."""

    def __init__(self, rows: Rows) -> None:
        self.top = 0
        self._rows = rows
        self._page_rows = 1
        self._last_top = 0

    def measure(self, page_rows: int) -> None:
        """Find the last position for a window of that many whole rows, and stay within it."""
        self._page_rows = page_rows
        if not self._rows.end:
            self.top = self._last_top = 0
            return
        row = self._rows.row(self._rows.end - 1)
        for _ in range(page_rows - 1):
            if row.start == 0:
                break
            row = self._rows.row(row.start - 1)
        self._last_top = row.start
        self.top = min(self._rows.row(self.top).start, self._last_top)

    @property
    def last_top(self) -> int:
        """The first byte of the window where the last row is at its bottom."""
        return self._last_top

    @property
    def is_at_end(self) -> bool:
        """Whether the last row is visible."""
        return self.top >= self._last_top

    def rows_from_top(self, count: int) -> list[Row]:
        """Return up to ``count`` rows from the top of the window on."""
        found: list[Row] = []
        at = self.top
        while len(found) < count and at < self._rows.end:
            row = self._rows.row(at)
            found.append(row)
            at = row.stop
        return found

    def by_rows(self, count: int) -> bool:
        """Move by rows; tell whether that moved."""
        before = self.top
        for _ in range(abs(count)):
            row = self._rows.row(self.top)
            self.top = row.stop if count > 0 else self._rows.row(max(0, row.start - 1)).start
            if self.top >= self._last_top or self.top == 0:
                break
        self.top = min(self.top, self._last_top)
        return self.top != before

    def to_end(self) -> None:
        """Move to the end."""
        self.top = self._last_top

    def to_byte(self, byte: int) -> None:
        """Move the row of a byte to the top, as far as there are rows below it."""
        if self._rows.end:
            self.top = min(self._rows.row(byte).start, self._last_top)

    def reveal(self, start: int, stop: int) -> bool:
        """Move bytes ``[start, stop)`` into the window unless some are wholly visible; tell whether that moved."""
        shown = self.rows_from_top(self._page_rows)
        if not shown or (start < shown[-1].stop and stop > shown[0].start):
            return False
        row = self._rows.row(start)
        for _ in range(self._page_rows // 3):
            row = self._rows.row(max(0, row.start - 1))
        self.top = min(row.start, self._last_top)
        return True

    # The scroll bar

    @property
    def shift(self) -> int:
        """Binary logarithm of the bytes in a step of the scroll bar."""
        return max(0, self._rows.end.bit_length() - _BAR_BITS)

    @property
    def bar_maximum(self) -> int:
        """The last value of the scroll bar."""
        return self._last_top >> self.shift

    @property
    def bar_value(self) -> int:
        """The present value of the scroll bar."""
        return self.top >> self.shift

    def to_bar_value(self, value: int) -> None:
        """Move to where the scroll bar was put."""
        if value >= self.bar_maximum:
            self.to_end()
        else:
            self.to_byte(value << self.shift)
