"""Rows of integers that grow at their end: each is copied seldom, and windows on them stay as they were."""

from __future__ import annotations

import numpy as np

from inspector.recording.track import Int64Array

_FIRST_ROWS = 64


class GrowableRows:
    """A two-dimensional array that is appended to. Thread: any one at a time."""

    def __init__(self, columns: int) -> None:
        """Begin without rows; each will have so many columns."""
        self._rows: Int64Array = np.empty((_FIRST_ROWS, columns), dtype=np.int64)
        self._count = 0

    def __len__(self) -> int:
        return self._count

    @property
    def rows(self) -> Int64Array:
        """The rows so far, shape ``(len(self), columns)``: a window that does not change when more are added."""
        return self._rows[: self._count]

    def append(self, rows: Int64Array) -> None:
        """Add rows of shape ``(any, columns)``."""
        stop = self._count + len(rows)
        if stop > len(self._rows):
            grown = np.empty((max(stop, 2 * len(self._rows)), self._rows.shape[1]), dtype=np.int64)
            grown[: self._count] = self.rows
            self._rows = grown
        self._rows[self._count : stop] = rows
        self._count = stop
