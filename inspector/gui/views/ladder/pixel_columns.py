"""What the items of each pixel column are like, the largest and the median of a value, at any number of items.

Few items are looked at one by one. Of many, blocks are (`inspector.analysis.metrics.item_blocks`): none is left out,
but an item may stand in the column beside its own, for a block belongs to one column.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from inspector.analysis.metrics.item_blocks import BLOCK_ITEMS, Blocks
from inspector.recording.track import Int64Array

Float32Array = NDArray[np.float32]
#: The median of a column is that of so many of its items or blocks, evenly spaced.
_SAMPLES = 15


@dataclass(frozen=True, slots=True)
class ColumnValues:
    """Median and largest value of each pixel column, shape ``(columns,)``; -1 where a column has none."""

    medians: Float32Array
    largest: Float32Array

    @classmethod
    def empty(cls, columns: int) -> ColumnValues:
        """Return columns without items."""
        return cls(np.full(columns, -1, dtype=np.float32), np.full(columns, -1, dtype=np.float32))

    def over(self, below: ColumnValues) -> ColumnValues:
        """Return these columns, those of ``below`` where these have none, and the larger of two largest."""
        medians = np.where(self.medians >= 0, self.medians, below.medians)
        return ColumnValues(medians, np.maximum(self.largest, below.largest))

    def widened(self, columns: int) -> ColumnValues:
        """Return columns that reach over as many to their right, where those are less: for broad strokes."""
        medians, largest = self.medians.copy(), self.largest.copy()
        for shift in range(1, columns):
            np.maximum(medians[shift:], self.medians[:-shift], out=medians[shift:])
            np.maximum(largest[shift:], self.largest[:-shift], out=largest[shift:])
        return ColumnValues(medians, largest)


def column_values(
    at_edges: Int64Array,
    blocks: Blocks,
    values: Callable[[Int64Array], Int64Array],
    *,
    with_medians: bool = True,
) -> ColumnValues:
    """Return median and largest value for each pixel column, which has the items between two of ``at_edges``.

    ``values`` gives those of items by their indices. Costs the number of columns, but for a track whose blocks are not
    made yet: of what they lack, as many items as would be looked at one by one are, evenly spaced.
    """
    columns = len(at_edges) - 1
    most = BLOCK_ITEMS * columns
    first, stop = int(at_edges[0]), int(at_edges[-1])
    if stop - first <= most:
        return _one_by_one(at_edges, values, with_medians=with_medians)
    known = min(blocks.items, stop)
    bounds = np.minimum(at_edges, known) // BLOCK_ITEMS
    seen = slice(int(bounds[0]), int(bounds[-1]))
    medians = blocks.medians[seen] if with_medians else None
    from_blocks = _reduced(blocks.largest[seen], medians, bounds - bounds[0])
    rest = np.maximum(at_edges, known)
    if stop - known > most:
        return from_blocks.over(_thinned(rest, values))
    return from_blocks.over(_one_by_one(rest, values, with_medians=with_medians))


def _one_by_one(
    at_edges: Int64Array, values: Callable[[Int64Array], Int64Array], *, with_medians: bool
) -> ColumnValues:
    found = values(np.arange(at_edges[0], at_edges[-1], dtype=np.int64)).astype(np.float32)
    return _reduced(found, found if with_medians else None, at_edges - at_edges[0])


def _thinned(at_edges: Int64Array, values: Callable[[Int64Array], Int64Array]) -> ColumnValues:
    """Return what some of the items of each column are like."""
    counts = np.diff(at_edges)
    filled = np.flatnonzero(counts)
    picks = _evenly(at_edges[:-1][filled], counts[filled], BLOCK_ITEMS)
    some = np.sort(values(picks.ravel()).astype(np.float32).reshape(picks.shape), axis=1)
    found = ColumnValues.empty(len(counts))
    found.medians[filled], found.largest[filled] = some[:, BLOCK_ITEMS // 2], some[:, -1]
    return found


def _evenly(starts: Int64Array, counts: Int64Array, number: int) -> Int64Array:
    """Return indices evenly spaced in ranges that have items, shape ``(len(starts), number)``."""
    return starts[:, None] + counts[:, None] * (2 * np.arange(number) + 1) // (2 * number)


def _reduced(largest: Float32Array, medians: Float32Array | None, bounds: Int64Array) -> ColumnValues:
    """Return median and largest of the values between each two of ``bounds``, which begin at 0 and end at the last."""
    found = ColumnValues.empty(len(bounds) - 1)
    counts = np.diff(bounds)
    filled = np.flatnonzero(counts)
    if not len(filled):
        return found
    starts, counts = bounds[:-1][filled], counts[filled]
    found.largest[filled] = np.maximum.reduceat(largest, starts)
    if medians is None:
        return found
    found.medians[filled] = np.sort(medians[_evenly(starts, counts, _SAMPLES)], axis=1)[:, _SAMPLES // 2]
    return found
