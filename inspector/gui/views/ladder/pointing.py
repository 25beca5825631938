"""Finds what lies under the pointer in the ladder: an item, several that share their place, a line of a gap. No Qt."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from inspector.analysis.tracks.alignment import Alignment
from inspector.gui.models.selection import Selection
from inspector.recording.track import Track

from ..time_scale import TimeScale
from .join_paint import Stretches
from .lane_paint import VisibleItems, are_drawn_one_by_one, are_told_apart

#: How far from a mark or a line the pointer may be.
REACH_PX = 6.0
#: Marks and lines no further apart than this are one on the screen.
_SAME_PX = 0.75


@dataclass(frozen=True, slots=True)
class Under:
    """Items under the pointer. ``is_column`` where they are all those of a pixel column that draws a density."""

    items: Selection
    is_column: bool = False


def under_in_lane(track: Track, seen: VisibleItems, scale: TimeScale, x: float, room_px: float) -> Under | None:
    """Return the items of a lane at a position: those of the nearest mark, or of a column; None where it is empty."""
    name = track.layer.name
    if not are_drawn_one_by_one(seen, scale, room_px):
        reach = REACH_PX if are_told_apart(seen, scale, room_px) else 0.0
        first, stop = seen.near(x - scale.left, reach)
        return Under(Selection(name, first, stop), is_column=True) if stop > first else None
    if not seen.count:
        return None
    xs = scale.x(track.t_ns[seen.first : seen.stop])
    nearest = int(abs(xs - x).argmin())
    if abs(xs[nearest] - x) > REACH_PX:
        return None
    first, stop = np.searchsorted(xs, [xs[nearest] - _SAME_PX, xs[nearest] + _SAME_PX]).tolist()
    return Under(Selection(name, seen.first + first, seen.first + max(stop, first + 1)))


def nearest_of(track: Track, found: Under, scale: TimeScale, x: float) -> Selection:
    """Return the one item nearest to a position of those that share a mark; all of a column."""
    if found.is_column:
        return found.items
    times = track.t_ns[found.items.first : found.items.stop]
    at = found.items.first + int(abs(scale.x(times) - x).argmin())
    return Selection(found.items.layer, at, at + 1)


def under_in_gap(
    alignment: Alignment, joins: Stretches, lines: NDArray[np.float64], position: tuple[float, float]
) -> Selection | None:
    """Return the items of the earlier layer whose lines pass a position; None where no line is near.

    ``lines`` are those of ``joins`` as they are drawn, ``x1, y1, x2, y2``.
    """
    if not len(lines):
        return None
    x, y = position
    x1, y1, x2, y2 = lines.T
    share = np.clip((y - y1) / np.maximum(y2 - y1, 1e-9), 0.0, 1.0)
    distances = np.abs(x1 + (x2 - x1) * share - x)
    distances = np.where(y <= y2 + REACH_PX, distances, np.inf)
    nearest = int(distances.argmin())
    if distances[nearest] > REACH_PX:
        return None
    near = np.flatnonzero(distances <= distances[nearest] + _SAME_PX)
    near = near[joins.later_index[near] == joins.later_index[nearest]]
    first, last = alignment.origins(joins.ends[near[[0, -1]]]).tolist()
    return Selection(alignment.earlier.layer.name, first, last + 1)
