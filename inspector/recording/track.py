"""A track: the marks of one layer, sorted by time, as one two-dimensional array that is never copied.

The array is usually a window on a memory-mapped file, so a track of ten million marks costs no memory of its own. All
look-ups cost the logarithm of the number of marks.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .layers import Layer

Int64Array = NDArray[np.int64]

#: Up to this many values are looked up one by one, and rows are copied: measured to be faster there.
_FEW = 16
_COPIED = 16_384
_SAMPLES = 4_096


class Track:
    """The marks of one layer.

    Item ``i`` is the half-open byte range ``[end[i - 1], end[i])`` of the layer's axis at the time ``t_ns[i]``. Both
    columns never fall. Immutable: a grown recording gives a new track.
    """

    def __init__(self, layer: Layer, rows: Int64Array) -> None:
        """Wrap rows of shape ``(marks, len(layer.columns))``; nothing is copied."""
        if rows.ndim != 2 or rows.shape[1] != len(layer.columns):
            raise ValueError(f"rows of {layer.name} have shape {rows.shape}, not (n, {len(layer.columns)})")
        self.layer = layer
        self.rows = rows

    @classmethod
    def empty(cls, layer: Layer) -> Track:
        """Return a track without marks."""
        return cls(layer, np.empty((0, len(layer.columns)), dtype=np.int64))

    def __len__(self) -> int:
        return int(self.rows.shape[0])

    def column(self, name: str) -> Int64Array:
        """Return one column, shape ``(marks,)``, a view. Raises ``ValueError`` for a column the layer does not have."""
        if name not in self.layer.columns:
            raise ValueError(f"the {self.layer.name} track has no column {name}: {', '.join(self.layer.columns)}")
        return self.rows[:, self.layer.columns.index(name)]

    @property
    def t_ns(self) -> Int64Array:
        """Times of the marks, monotonic nanoseconds, shape ``(marks,)``."""
        return self.rows[:, 0]

    @property
    def end(self) -> Int64Array:
        """End offsets on the layer's axis, bytes, shape ``(marks,)``."""
        return self.rows[:, 1]

    def is_bound(self, index: int) -> bool:
        """Return whether an item's time is an upper bound: it came not later, and perhaps earlier."""
        return "at_most" in self.layer.columns and bool(self.rows[index, self.layer.columns.index("at_most")])

    def bounds(self, first: int, stop: int) -> NDArray[np.bool_]:
        """Return for the items ``[first, stop)`` whether their times are upper bounds."""
        if "at_most" not in self.layer.columns:
            return np.zeros(stop - first, dtype=bool)
        return np.asarray(self.column("at_most")[first:stop] != 0)

    @property
    def total_bytes(self) -> int:
        """Bytes passed so far, on the layer's axis."""
        return int(self.rows[-1, 1]) if len(self) else 0

    def start(self, index: int) -> int:
        """Return the offset of the first byte of an item."""
        return int(self.rows[index - 1, 1]) if index > 0 else 0

    def size(self, index: int) -> int:
        """Return the number of bytes of an item."""
        return int(self.rows[index, 1]) - self.start(index)

    def sizes(self, first: int = 0, stop: int | None = None) -> Int64Array:
        """Return the sizes in bytes of the items ``[first, stop)``."""
        ends = self.end[first:stop]
        if not len(ends):
            return ends
        return np.diff(ends, prepend=np.int64(self.start(first)))

    def first_at_or_after(self, t_ns: ArrayLike, column: str = "t_ns") -> Int64Array:
        """Return, for each value, the index of the first mark whose column is not below it (``len(self)`` if none).

        ``column`` is any column that never falls: ``t_ns``, ``end`` or an end on another axis.
        """
        return search_left(self.column(column), t_ns)

    def until(self, t_ns: int) -> Track:
        """Return the marks up to and at a time. Copies nothing."""
        stop = int(self.first_at_or_after(t_ns + 1))
        return self if stop == len(self) else Track(self.layer, self.rows[:stop])

    def index_of_byte(self, offset: ArrayLike, column: str = "end") -> Int64Array:
        """Return the index of the item that holds the byte at each offset: the first with ``end > offset``."""
        return search_left(self.column(column), np.asarray(offset, dtype=np.int64) + 1)

    def pairs(self) -> Iterator[tuple[int, int]]:
        """Iterate over ``(t_ns, end)`` as Python integers."""
        return iter([(t_ns, end) for t_ns, end in self.rows[:, :2].tolist()])


def search_left(column: Int64Array, values: ArrayLike) -> Int64Array:
    """Return what ``numpy.searchsorted(column, values, "left")`` returns, without copying a strided column.

    numpy copies a haystack that is not contiguous, which would make each look-up cost the whole track. Values may have
    any shape. 1200 values in a million rows of five columns take about 0.4 ms, one value 10 us.
    """
    wanted = np.asarray(values, dtype=np.int64)
    if column.flags.c_contiguous:
        return np.asarray(np.searchsorted(column, wanted, "left"), dtype=np.int64)
    if wanted.size <= _FEW:
        found = [bisect_left(column, value) for value in wanted.ravel().tolist()]
        return np.array(found, dtype=np.int64).reshape(wanted.shape)
    # The answers lie between those of the smallest and the largest value: a zoomed view has few rows there.
    first = bisect_left(column, int(wanted.min()))
    part = column[first : bisect_left(column, int(wanted.max()))]
    if len(part) <= max(_COPIED, 4 * wanted.size):
        return np.asarray(np.searchsorted(part.copy(), wanted, "left") + first, dtype=np.int64)
    return _search_sampled(part, wanted) + first


def _search_sampled(part: Int64Array, wanted: Int64Array) -> Int64Array:
    """Search a sample that numpy may copy, then halve the rows between two samples for all values at once."""
    step = len(part) // _SAMPLES
    after = np.searchsorted(part[::step].copy(), wanted, "left")
    # The answer is in [base, base + left], and base + left is never beyond the end.
    base = np.asarray(np.clip((after - 1) * step, 0, len(part) - step), dtype=np.int64)
    left = step
    while left > 1:
        half = left >> 1
        base += (part[base + (half - 1)] < wanted) * half
        left -= half
    base += part[base] < wanted
    return base
