"""Paints a gap: lines from each item to the item of the next layer that carried its bytes on.

Where a buffer merges items their lines run together into a funnel, where something splits them they fan out, where
nothing waits they fall straight down. The slant of a line is the wait.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from inspector.analysis.tracks.alignment import Alignment
from inspector.gui.views.paint_context import PaintContext
from inspector.recording.track import Int64Array

from ..time_scale import TimeScale
from .lane_paint import VisibleItems

#: More stretches than this in sight are drawn by the outermost ones of each pixel column.
MOST_LINES = 1_200
#: Above this many slanted lines in a gap only those are drawn that can be told apart.
_MOST_LINES_APIECE = 200
_STRAIGHT_PX = 1.5
#: What is held gets so far down its gap: less than all of it, for it did not get through.
_HELD_REACH = 0.62
_CAP_PX = 4.0
_BEYOND_PX = 40.0
#: A line that is less wide has no slope that numbers could hold.
_UPRIGHT_PX = 1e-6


@dataclass(frozen=True, slots=True)
class Limit:
    """How far the run has got: ``x`` in pixels. ``is_stop`` once it has ended; ``words`` then say what held means."""

    x: float
    is_stop: bool = False
    words: str = ""


@dataclass(frozen=True, slots=True)
class Stretches:
    """Stretches of bytes that pass a gap: times at both sides, and the items that held them, all of shape ``(n,)``.

    ``later_t_ns`` is -1 for bytes that are still held; ``ends`` are their last offsets plus one on the common axis.
    """

    ends: Int64Array
    earlier_t_ns: Int64Array
    later_t_ns: Int64Array
    later_index: Int64Array


def find_joins(alignment: Alignment, seen_earlier: VisibleItems, seen_later: VisibleItems) -> Stretches:
    """Return the stretches that touch what is in sight at either side of a gap.

    Both tracks cut the bytes; a stretch lies between two neighbouring cuts of either. Costs the width of the window.
    """
    ends = _distinct_cuts(alignment, seen_earlier, seen_later)
    reached = int(alignment.ends_in[-1]) if len(alignment.earlier) else 0
    return joins_of(alignment, ends[(ends > 0) & (ends <= reached)])


def joins_of(alignment: Alignment, ends: Int64Array) -> Stretches:
    """Return the stretches that end at offsets, which lie on what has come in."""
    earlier, later = alignment.earlier, alignment.later
    at_earlier, at_later = alignment.origins(ends), alignment.carriers(ends)
    arrived = at_later < len(later)
    later_t_ns = np.full(len(ends), -1, dtype=np.int64)
    later_t_ns[arrived] = later.t_ns[at_later[arrived]]
    return Stretches(ends, np.asarray(earlier.t_ns[at_earlier], dtype=np.int64), later_t_ns, at_later)


def _distinct_cuts(alignment: Alignment, seen_earlier: VisibleItems, seen_later: VisibleItems) -> Int64Array:
    """Return where either track cuts the bytes in sight, rising; two cuts a pixel column where there are too many."""
    earlier_end, later_end = alignment.ends_in, alignment.ends_out
    if seen_earlier.count > MOST_LINES:
        cuts = [_outermost_of_columns(earlier_end, seen_earlier)]
    else:
        cuts = [
            earlier_end[seen_earlier.first : seen_earlier.stop],
            _held_over(alignment, seen_later),
        ]
    cuts.append(_still_held(alignment, seen_earlier))
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


def _held_over(alignment: Alignment, seen_later: VisibleItems) -> Int64Array:
    """Return cuts of earlier items that may lie before the window but were carried on within it."""
    if not seen_later.count:
        return np.empty(0, dtype=np.int64)
    later_end = alignment.ends_out
    before = later_end[seen_later.first - 1] if seen_later.first else np.int64(0)
    first, stop = alignment.origins(np.array([before + 1, later_end[seen_later.stop - 1] + 1])).tolist()
    return _spread(alignment.ends_in, first, stop)


def _still_held(alignment: Alignment, seen_earlier: VisibleItems) -> Int64Array:
    """Return cuts of earlier items that lie before the window and have not been carried on yet."""
    later_end = alignment.ends_out
    carried = later_end[-1] if len(later_end) else np.int64(0)
    first = int(alignment.origins(np.array([carried + 1]))[0])
    return _spread(alignment.ends_in, first, max(first, seen_earlier.first))


def _spread(end: Int64Array, first: int, stop: int) -> Int64Array:
    """Return the cuts ``[first, stop)``, evenly thinned where they are too many."""
    if stop - first <= MOST_LINES:
        return end[first:stop]
    return np.asarray(end[np.linspace(first, stop - 1, MOST_LINES).astype(np.int64)], dtype=np.int64)


def paint_joins(
    context: PaintContext,
    area: QRectF,
    joins: Stretches,
    side: str,
    *,
    selected_bytes: tuple[int, int] | None,
    limit: Limit,
) -> None:
    """Paint the stretches of one gap into an area. Bytes that are still held lean towards ``limit``."""
    if not len(joins.ends):
        return
    painter, theme = context.painter, context.theme
    held = joins.later_t_ns < 0
    lines = lines_of(context.scale, area, joins, limit)
    top_x, bottom_x = lines[:, 0], lines[:, 2]
    colour = theme.layer_colour(side)
    _paint_funnels(painter, area, joins, (top_x, bottom_x), colour)
    slanted = np.abs(bottom_x - top_x) > _STRAIGHT_PX
    chosen = np.zeros(len(held), dtype=bool)
    if selected_bytes is not None:
        chosen = (joins.ends > selected_bytes[0]) & (joins.ends <= max(selected_bytes[1], selected_bytes[0] + 1))
    _paint_falls(context, area, top_x[~slanted & ~held & ~chosen])
    few = int(np.count_nonzero(slanted | chosen)) <= _MOST_LINES_APIECE
    plain = slanted & ~held & ~chosen
    if not few:
        plain &= _apart(top_x, bottom_x, context.strokes.room)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
    width = context.strokes.line
    slant = QPen(colour, width)
    waiting = QPen(colour, width, Qt.PenStyle.DashLine if few else Qt.PenStyle.SolidLine)
    way = QPen(QColor(theme.lit), 2.0 * width if few else width)
    for pen, which in ((slant, plain), (waiting, held & ~chosen), (way, chosen)):
        _paint_lines(painter, context.scale, lines[which], pen)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    if limit.is_stop and held.any():
        _mark_held(context, area, lines[held], limit, colour)


def _apart(top_x: NDArray[np.float64], bottom_x: NDArray[np.float64], room_px: float) -> NDArray[np.bool_]:
    """Return the lines that begin or end far enough from the one before them, so that single lines are seen."""
    places = np.stack([np.floor(top_x / room_px), np.floor(bottom_x / room_px)])
    return np.asarray(np.any(np.diff(places, axis=1, prepend=-1e9) != 0, axis=0), dtype=np.bool_)


def lines_of(scale: TimeScale, area: QRectF, joins: Stretches, limit: Limit) -> NDArray[np.float64]:
    """Return the line of each stretch as ``x1, y1, x2, y2``, shape ``(n, 4)``, logical pixels.

    What passed reaches the floor of the gap. What is still held ends above it, at the limit or, made later than that,
    straight below its mark; it never leans back in time.
    """
    top_x = scale.x(joins.earlier_t_ns)
    held = joins.later_t_ns < 0
    held_x = np.maximum(limit.x, top_x)
    ends_x = np.where(held, held_x, scale.x(joins.later_t_ns))
    ends_y = np.where(held, area.top() + _HELD_REACH * area.height(), area.bottom())
    return np.stack([top_x, np.full(len(top_x), area.top()), ends_x, ends_y], axis=1)


def _mark_held(context: PaintContext, area: QRectF, lines: NDArray[np.float64], limit: Limit, colour: QColor) -> None:
    """Close the ends of what was held when the run ended, and write beside them what that means."""
    in_sight = (lines[:, 2] >= context.scale.left) & (lines[:, 2] <= context.scale.left + context.scale.width)
    if not in_sight.any():
        return
    tips = np.unique(np.round(lines[in_sight][:, 2:]), axis=0)
    context.painter.setPen(QPen(colour, 2.0))
    context.painter.drawLines([QLineF(x - _CAP_PX, y, x + _CAP_PX, y) for x, y in tips[:MOST_LINES].tolist()])
    metrics = context.painter.fontMetrics()
    width, height = metrics.horizontalAdvance(limit.words) + 4, metrics.height()
    if not limit.words or area.height() < height:
        return
    x, y = tips[0].tolist()
    right = context.scale.left + context.scale.width
    rightmost = float(tips[:, 0].max())
    left = rightmost + _CAP_PX + 3 if rightmost + _CAP_PX + 3 + width <= right else x - _CAP_PX - 3 - width
    box = QRectF(left, min(max(area.top(), y - height / 2), area.bottom() - height), width, height)
    context.fill(box, context.theme.background)
    context.text(box.adjusted(2, 0, 0, 0), limit.words, context.theme.error)


def _paint_falls(context: PaintContext, area: QRectF, xs: NDArray[np.float64]) -> None:
    """Draw what falls straight down: one line a pixel column, columns side by side as one block."""
    if not len(xs):
        return
    columns = np.sort(np.floor(xs).astype(np.int64))
    columns = columns[np.diff(columns, prepend=columns[0] - 1) > 0]
    starts = np.flatnonzero(np.diff(columns, prepend=columns[0] - 2) > 1)
    stops = np.append(starts[1:], len(columns)) - 1
    ranges = zip(columns[starts].tolist(), columns[stops].tolist(), strict=True)
    top, height, line = area.top(), area.height(), context.strokes.line
    context.painter.setPen(Qt.PenStyle.NoPen)
    context.painter.setBrush(QColor(context.theme.fall))
    context.painter.drawRects([QRectF(first, top, last - first + line, height) for first, last in ranges])


def _paint_lines(painter: QPainter, scale: TimeScale, lines: NDArray[np.float64], pen: QPen) -> None:
    """Draw lines, those that would cover each other once, and of each no more than can be seen."""
    if not len(lines):
        return
    halves = np.round(lines * 2) / 2
    differs = np.any(np.diff(halves[:, [0, 2]], axis=0, prepend=-1e9) != 0, axis=1)
    painter.setPen(pen)
    seen = clipped(halves[differs], scale.left - _BEYOND_PX, scale.left + scale.width + _BEYOND_PX)
    painter.drawLines([QLineF(*line) for line in seen.tolist()])


def clipped(lines: NDArray[np.float64], left: float, right: float) -> NDArray[np.float64]:
    """Return what of each line lies between two positions; lines beside them are left out.

    A line to a time far out of sight would be millions of pixels long, and dashes are made over all of it.
    """
    x1, y1, x2, y2 = lines.T
    shown = (np.maximum(x1, x2) >= left) & (np.minimum(x1, x2) <= right)
    x1, y1, x2, y2 = x1[shown], y1[shown], x2[shown], y2[shown]
    run = np.where(np.abs(x2 - x1) < _UPRIGHT_PX, 1.0, x2 - x1)
    first, second = np.clip(x1, left, right), np.clip(x2, left, right)
    slope = (y2 - y1) / run
    return np.stack([first, y1 + (first - x1) * slope, second, y2 - (x2 - second) * slope], axis=1)


def _paint_funnels(
    painter: QPainter,
    area: QRectF,
    joins: Stretches,
    xs: tuple[NDArray[np.float64], NDArray[np.float64]],
    colour: QColor,
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
