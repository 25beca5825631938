"""How long the items that came into a gap in each pixel column waited there, and one scale for all gaps of a ladder."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from inspector.analysis.metrics.item_blocks import Blocks
from inspector.analysis.tracks.alignment import Alignment
from inspector.recording.track import Int64Array

from .pixel_columns import ColumnValues, Float32Array, column_values

#: Round waits that a scale may end at, times a power of ten: near to each other, for the gap should be used.
_ROUND = (1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0)
#: A gap with the longest wait of all is filled so far.
_FILLED = 0.9
#: No scale ends below it, nanoseconds: shorter waits are not worth a look.
_LEAST_NS = 20_000.0
#: Marks of a live run get here at most so late, but for a machine that is very busy.
_LATE_NS = 400_000_000


@dataclass(frozen=True, slots=True)
class GapWaits:
    """Waits of the items of each column, nanoseconds; ``held`` are the columns whose items wait still, so far.

    ``certain`` are the longest waits but for those that may be no more than the delay with which marks get here.
    """

    values: ColumnValues
    held: NDArray[np.bool_]
    certain: Float32Array

    @property
    def longest_ns(self) -> float:
        """The longest wait in sight that is certain."""
        return float(self.certain.max(initial=0.0))


def waits_of(
    alignment: Alignment, at_edges: Int64Array, blocks: Blocks, now_ns: int, *, is_live: bool = False
) -> GapWaits:
    """Return how long what came in between each two of ``at_edges`` waited; what waits still does until ``now_ns``.

    While a run is live the marks of one process get here before those of another: a short wait may be over by now.
    """
    ends_out = alignment.ends_out
    passed = int(ends_out[-1]) if len(ends_out) else 0
    carried = int(alignment.origins(np.array([passed + 1]))[0])
    gone = column_values(np.minimum(at_edges, carried), blocks, lambda items: _waits(alignment, items))
    first, stop = np.maximum(at_edges[:-1], carried), np.maximum(at_edges[1:], carried)
    held = stop > first
    waiting = ColumnValues.empty(len(held))
    t_ns = alignment.earlier.t_ns
    waiting.largest[held] = np.maximum(now_ns - t_ns[first[held]], 0)
    waiting.medians[held] = np.maximum(now_ns - t_ns[(first[held] + stop[held]) // 2], 0)
    is_told = waiting.largest >= (_LATE_NS if is_live else 0)
    certain = np.maximum(gone.largest, np.where(is_told, waiting.largest, np.float32(-1)))
    return GapWaits(gone.over(waiting), held, certain.astype(np.float32))


def _waits(alignment: Alignment, items: Int64Array) -> Int64Array:
    """Return the waits of items that were carried on; 0 for those without a byte, which no item carried."""
    ends = alignment.ends_in[items]
    before = np.where(items > 0, alignment.ends_in[np.maximum(items - 1, 0)], 0)
    by = alignment.carriers(ends)
    by[ends == before] = 0
    waits = np.maximum(alignment.later.t_ns[by] - alignment.earlier.t_ns[items], 0)
    return np.where(ends > before, waits, 0)


@dataclass(frozen=True, slots=True)
class WaitScale:
    """Pixels for each nanosecond of waiting, the same in all gaps."""

    px_per_ns: float

    def depths(self, waits_ns: Float32Array, room_px: float) -> NDArray[np.float64]:
        """Return how far columns hang down: at least a pixel where there are items, at most the whole gap."""
        return np.where(waits_ns >= 0, np.clip(np.round(waits_ns * self.px_per_ns), 1, room_px), 0)


def wait_scale(gaps: Sequence[tuple[GapWaits, float]]) -> WaitScale | None:
    """Return the scale for gaps and their heights in pixels, None without any.

    The longest wait of all would fit the tallest gap; where it is in another one, that shows half of it at least, with
    its number. The scale ends at a round wait, so that it stays while the longest wait changes little.
    """
    if not gaps:
        return None
    waits, height = max(gaps, key=lambda gap: gap[0].longest_ns)
    room = min(2 * height, max(each for _, each in gaps))
    return WaitScale(_FILLED * max(room, 1.0) / rounded_up(max(waits.longest_ns, _LEAST_NS)))


def rounded_up(value: float) -> float:
    """Return the next round number that is not below a positive one."""
    power = 10.0 ** np.floor(np.log10(value))
    return float(next(step * power for step in (*_ROUND, 20.0) if step * power >= value))


def peaks_of(waits: GapWaits, least_ns: float, apart_px: int, most: int = 4) -> list[int]:
    """Return the columns of the outstanding peaks, the longest first: far above the others, and far enough apart."""
    largest = waits.certain
    filled = largest[largest >= 0]
    if not len(filled):
        return []
    least = max(least_ns, 0.4 * waits.longest_ns, 3.0 * float(np.median(filled)))
    columns: list[int] = []
    for column in np.argsort(-largest, kind="stable")[: 40 * most].tolist():
        if largest[column] < least or len(columns) == most:
            break
        is_highest = largest[column] >= largest[max(0, column - apart_px) : column + apart_px + 1].max()
        if is_highest and all(abs(column - other) >= apart_px for other in columns):
            columns.append(column)
    return columns
