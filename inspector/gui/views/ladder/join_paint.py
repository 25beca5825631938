"""Paint a gap: lines that join each stretch of bytes at one layer to the item that carried it on at the next.

Where a buffer merges items their lines run together into a funnel, where something splits them they fan out, where
nothing waits they fall straight down. The slant of a line is the wait.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from inspector.recording.track import Int64Array, Track

from ..ink import Ink
from .lane_paint import VisibleItems

#: More stretches than this in sight are drawn by the outermost ones of each pixel column.
MOST_LINES = 1_200
#: Above this many slanted lines in a gap they are drawn without smoothing: they cover each other anyway.
_MOST_SMOOTH_LINES = 400
_STRAIGHT_PX = 1.5


@dataclass(frozen=True, slots=True)
class Joins:
    """Stretches of bytes that pass a gap: times at both sides, and the items that held them, all of shape ``(n,)``.

    ``later_t_ns`` is -1 for bytes that are still held; ``ends`` are their last offsets plus one on the common axis.
    """

    ends: Int64Array
    earlier_t_ns: Int64Array
    later_t_ns: Int64Array
    later_index: Int64Array


def find_joins(
    earlier: Track,
    later: Track,
    columns: tuple[str, str],
    seen_earlier: VisibleItems,
    seen_later: VisibleItems,
) -> Joins:
    """Return the stretches that touch what is in sight at either side of a gap.

    Both tracks cut the bytes; a stretch lies between two neighbouring cuts of either. Costs the width of the window.
    """
    ends = _distinct_cuts(earlier, later, columns, seen_earlier, seen_later)
    reached = int(earlier.column(columns[0])[-1]) if len(earlier) else 0
    ends = ends[(ends > 0) & (ends <= reached)]
    at_earlier = earlier.first_at_or_after(ends, columns[0])
    at_later = later.first_at_or_after(ends, columns[1])
    arrived = at_later < len(later)
    later_t_ns = np.full(len(ends), -1, dtype=np.int64)
    later_t_ns[arrived] = later.t_ns[at_later[arrived]]
    return Joins(ends, np.asarray(earlier.t_ns[at_earlier], dtype=np.int64), later_t_ns, at_later)


def _distinct_cuts(
    earlier: Track, later: Track, columns: tuple[str, str], seen_earlier: VisibleItems, seen_later: VisibleItems
) -> Int64Array:
    """Return where either track cuts the bytes in sight, rising; two cuts a pixel column where there are too many."""
    earlier_end, later_end = earlier.column(columns[0]), later.column(columns[1])
    if seen_earlier.count > MOST_LINES:
        cuts = [_outermost_of_columns(earlier_end, seen_earlier)]
    else:
        cuts = [
            earlier_end[seen_earlier.first : seen_earlier.stop],
            _held_over(earlier, columns[0], later_end, seen_later),
        ]
    if seen_later.count <= MOST_LINES:
        cuts.append(later_end[seen_later.first : seen_later.stop])
    elif seen_earlier.count <= MOST_LINES:
        cuts.append(_outermost_of_columns(later_end, seen_later))
    ends = np.sort(np.concatenate(cuts))
    return ends[np.diff(ends, prepend=-1) > 0]


def _outermost_of_columns(end: Int64Array, seen: VisibleItems) -> Int64Array:
    """Return the cuts of the first and the last item of each pixel column: of a burst, the last ones wait longest."""
    filled = np.diff(seen.at_edges) > 0
    at = np.concatenate([seen.at_edges[:-1][filled], seen.at_edges[1:][filled] - 1])
    return np.asarray(end[at], dtype=np.int64)


def _held_over(earlier: Track, column: str, later_end: Int64Array, seen_later: VisibleItems) -> Int64Array:
    """Return cuts of earlier items that may lie before the window but were carried on within it."""
    if not seen_later.count:
        return np.empty(0, dtype=np.int64)
    before = later_end[seen_later.first - 1] if seen_later.first else np.int64(0)
    first, stop = earlier.first_at_or_after(np.array([before + 1, later_end[seen_later.stop - 1] + 1]), column).tolist()
    end = earlier.column(column)
    if stop - first <= MOST_LINES:
        return end[first:stop]
    spread = np.linspace(first, stop - 1, MOST_LINES).astype(np.int64)
    return np.asarray(end[spread], dtype=np.int64)


def paint_joins(
    ink: Ink, area: QRectF, joins: Joins, side: str, *, selected_bytes: tuple[int, int] | None, now_x: float
) -> None:
    """Paint the stretches of one gap into an area. Bytes that are still held lean towards ``now_x``."""
    if not len(joins.ends):
        return
    painter, theme = ink.painter, ink.theme
    top_x = ink.scale.x(joins.earlier_t_ns)
    held = joins.later_t_ns < 0
    bottom_x = np.where(held, max(now_x, 0.0), ink.scale.x(joins.later_t_ns))
    colour = theme.layer_colour(side)
    _paint_funnels(painter, area, joins, (top_x, bottom_x), colour)
    slanted = np.abs(bottom_x - top_x) > _STRAIGHT_PX
    chosen = np.zeros(len(held), dtype=bool)
    if selected_bytes is not None:
        chosen = (joins.ends > selected_bytes[0]) & (joins.ends <= max(selected_bytes[1], selected_bytes[0] + 1))
    _paint_falls(ink, area, top_x[~slanted & ~held & ~chosen])
    few = int(np.count_nonzero(slanted | chosen)) <= _MOST_SMOOTH_LINES
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, few)
    slant = QPen(_with_alpha(colour, 150), 1.0)
    waiting = QPen(_with_alpha(colour, 150), 1.0, Qt.PenStyle.DashLine if few else Qt.PenStyle.SolidLine)
    way = QPen(QColor(theme.selection), 2.0 if few else 1.0)
    for pen, which in ((slant, slanted & ~held & ~chosen), (waiting, held & ~chosen), (way, chosen)):
        _paint_lines(painter, area, top_x[which], bottom_x[which], pen)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)


def _paint_falls(ink: Ink, area: QRectF, xs: NDArray[np.float64]) -> None:
    """Draw what falls straight down: one line a pixel column, columns side by side as one block."""
    if not len(xs):
        return
    columns = np.sort(np.floor(xs).astype(np.int64))
    columns = columns[np.diff(columns, prepend=columns[0] - 1) > 0]
    starts = np.flatnonzero(np.diff(columns, prepend=columns[0] - 2) > 1)
    stops = np.append(starts[1:], len(columns)) - 1
    for first, last in zip(columns[starts].tolist(), columns[stops].tolist(), strict=True):
        ink.fill(QRectF(first, area.top(), last - first + 1, area.height()), ink.theme.border)


def _paint_lines(
    painter: QPainter, area: QRectF, top_x: NDArray[np.float64], bottom_x: NDArray[np.float64], pen: QPen
) -> None:
    """Draw lines, those that would cover each other once."""
    if not len(top_x):
        return
    halves = np.round(np.stack([top_x, bottom_x], axis=1) * 2)
    differs = np.any(np.diff(halves, axis=0, prepend=-1e9) != 0, axis=1)
    painter.setPen(pen)
    top, bottom = area.top(), area.bottom()
    painter.drawLines([QLineF(a, top, b, bottom) for a, b in (halves[differs] / 2).tolist()])


def _paint_funnels(
    painter: QPainter, area: QRectF, joins: Joins, xs: tuple[NDArray[np.float64], NDArray[np.float64]], colour: QColor
) -> None:
    """Fill what one later item gathered, so that a merge reads as one shape."""
    top_x, bottom_x = xs
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(_with_alpha(colour, 34))
    starts = np.flatnonzero(np.diff(joins.later_index, prepend=-1))
    stops = np.append(starts[1:], len(joins.ends))
    wide = (bottom_x[starts] - top_x[starts] > 4) & (joins.later_t_ns[starts] >= 0)
    for start, stop in zip(starts[wide].tolist(), stops[wide].tolist(), strict=True):
        x = float(bottom_x[start])
        left, right = float(top_x[start]), float(top_x[stop - 1])
        painter.drawPolygon(
            QPolygonF([QPointF(left, area.top()), QPointF(max(right, left + 1), area.top()), QPointF(x, area.bottom())])
        )


def _with_alpha(colour: QColor, alpha: int) -> QColor:
    changed = QColor(colour)
    changed.setAlpha(alpha)
    return changed
