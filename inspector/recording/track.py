"""A track: the marks of one layer, sorted by time, as one two-dimensional array that is never copied.

The array is usually a window on a memory-mapped file, so a track of ten million marks costs no memory of its own. All
look-ups cost the logarithm of the number of marks.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .layers import Layer

Int64Array = NDArray[np.int64]


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
        return self.rows[:, self.layer.columns.index(name)]

    @property
    def t_ns(self) -> Int64Array:
        """Times of the marks, monotonic nanoseconds, shape ``(marks,)``."""
        return self.rows[:, 0]

    @property
    def end(self) -> Int64Array:
        """End offsets on the layer's axis, bytes, shape ``(marks,)``."""
        return self.rows[:, 1]

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

    def index_of_byte(self, offset: ArrayLike, column: str = "end") -> Int64Array:
        """Return the index of the item that holds the byte at each offset: the first with ``end > offset``."""
        return search_left(self.column(column), np.asarray(offset, dtype=np.int64) + 1)

    def pairs(self) -> Iterator[tuple[int, int]]:
        """Iterate over ``(t_ns, end)`` as Python integers."""
        return iter([(t_ns, end) for t_ns, end in self.rows[:, :2].tolist()])


def search_left(column: Int64Array, values: ArrayLike) -> Int64Array:
    """Return what ``numpy.searchsorted(column, values, "left")`` returns, without copying a strided column.

    numpy copies a haystack that is not contiguous, which would make each look-up cost the whole track. This searches
    all values at once, one gather per halving: about 20 gathers for a million marks. Values may have any shape.
    """
    wanted = np.asarray(values, dtype=np.int64)
    if column.flags.c_contiguous:
        return np.asarray(np.searchsorted(column, wanted, "left"), dtype=np.int64)
    low = np.zeros(wanted.shape, dtype=np.int64)
    count = len(column)
    if not count:
        return low
    high = np.full(wanted.shape, count, dtype=np.int64)
    for _ in range(count.bit_length()):
        middle = (low + high) >> 1
        open_range = low < high
        below = open_range & (column[np.minimum(middle, count - 1)] < wanted)
        low = np.where(below, middle + 1, low)
        high = np.where(open_range & ~below, middle, high)
    return low
