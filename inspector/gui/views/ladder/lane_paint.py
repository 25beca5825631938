"""Paints one lane: a mark for every item where there is room, otherwise one for each pixel column.

The height of a mark means bytes, at any zoom: of the item, or of the largest item of a column, on one scale for the
whole run. It is logarithmic and ends at a round size, so that it seldom changes while a stream runs.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPen, QPolygonF

from inspector.analysis.formatting import bytes_text
from inspector.analysis.metrics.item_blocks import Blocks
from inspector.gui.views.paint_context import PLAIN_STROKES, PaintContext
from inspector.recording.layers import Layer
from inspector.recording.track import Int64Array, Track

from ..time_scale import TimeScale
from .pixel_columns import column_values
from .wait_paint import paint_levels

#: Items, or columns that have any, are drawn one by one while each has at least this much room on average.
ROOM_PER_ITEM_PX = PLAIN_STROKES.room
#: Funnels are told apart while there is so many times the room of an item for each, whatever runs into them.
_ROOM_PER_FUNNEL = 3.0
#: A burst that is not wider than about this many pixels may be drawn as one block.
_BURST_PX = 60.0
_LEAST_TOP_BYTES = 100
_LOWEST = 0.2
_EMPTY = 0.12

#: Heads of ticks are drawn where there is so much room for each, in halves of a head.
_ROOM_PER_HEAD = 3.0


@dataclass(frozen=True, slots=True)
class VisibleItems:
    """The items of a track within a time scale: ``first`` to ``stop``, and the first item at each pixel edge."""

    first: int
    stop: int
    at_edges: Int64Array

    @property
    def count(self) -> int:
        """How many items are in sight."""
        return self.stop - self.first

    @property
    def filled_columns(self) -> Int64Array:
        """The pixel columns that have items."""
        return np.asarray(np.flatnonzero(np.diff(self.at_edges)), dtype=np.int64)

    def in_column(self, column: int) -> tuple[int, int]:
        """Return the items ``[first, stop)`` of one pixel column."""
        column = max(0, min(column, len(self.at_edges) - 2))
        return int(self.at_edges[column]), int(self.at_edges[column + 1])

    def near(self, x: float, reach_px: float) -> tuple[int, int]:
        """Return the items of the pixel column at ``x``, or of the nearest within reach that has any."""
        filled = self.filled_columns
        if not len(filled):
            return 0, 0
        distances = np.abs(filled - np.floor(x))
        nearest = int(np.argmin(distances))
        return self.in_column(int(filled[nearest])) if distances[nearest] <= reach_px else (0, 0)

    def columns_of(self, selected: tuple[int, int] | None) -> NDArray[np.bool_]:
        """Return which columns have any of some items."""
        first, stop = selected or (0, 0)
        before, after = self.at_edges[:-1], self.at_edges[1:]
        return np.asarray((np.maximum(before, first) < np.minimum(after, stop)), dtype=np.bool_)


def visible_items(track: Track, scale: TimeScale) -> VisibleItems:
    """Find what is in sight; costs the width of the window, not the length of the track."""
    at_edges = track.first_at_or_after(scale.edges_ns())
    return VisibleItems(int(at_edges[0]), int(at_edges[-1]), at_edges)


def are_drawn_one_by_one(items: VisibleItems, scale: TimeScale, room_px: float = ROOM_PER_ITEM_PX) -> bool:
    """Return whether a lane draws each item (True) or one mark for all in a pixel column (False)."""
    return items.count * room_px <= scale.width


def are_told_apart(items: VisibleItems, scale: TimeScale, room_px: float = ROOM_PER_ITEM_PX) -> bool:
    """Return whether the places at which items are drawn can be told from each other, however many share one."""
    if items.count * room_px <= scale.width:
        return True
    # A run that fills a part of the window fills that: what is empty before and behind it is no room for its items.
    filled = items.filled_columns
    return len(filled) * room_px <= float(filled[-1] - filled[0] + 1) + _BURST_PX


def are_lines_told_apart(earlier: VisibleItems, later: VisibleItems, scale: TimeScale, room_px: float) -> bool:
    """Return whether the lines of a gap, or at least the funnels that they make, can be told from each other."""
    return are_told_apart(earlier, scale, room_px) or are_told_apart(later, scale, _ROOM_PER_FUNNEL * room_px)


@dataclass(frozen=True, slots=True)
class LaneSizes:
    """Sizes of a lane's items as far as they are known: in blocks, and what full height stands for, bytes."""

    blocks: Blocks
    top_bytes: int

    @classmethod
    def seen(cls, track: Track, items: VisibleItems) -> LaneSizes:
        """Return sizes whose scale fits what is in sight of a lane, where nothing else is known of it."""
        none = np.empty(0, dtype=np.float32)
        largest = _largest_of_columns(track, items, Blocks(none, none))
        return cls.of((Blocks(none, none), int(largest.max(initial=0.0))))

    @classmethod
    def of(cls, known: tuple[Blocks, int]) -> LaneSizes:
        """Return sizes for blocks of them and the largest of all."""
        top = _LEAST_TOP_BYTES
        while top < known[1]:
            top *= 10
        return cls(known[0], top)

    @property
    def text(self) -> str:
        """What full height stands for: ``1 KB``."""
        return bytes_text(self.top_bytes).replace(".0 ", " ")

    def heights(self, sizes: NDArray[np.float32] | Int64Array) -> NDArray[np.float64]:
        """Return heights from 0 to 1 for sizes in bytes, logarithmic, so that 1 B and 64 KB both show."""
        share = np.log1p(np.maximum(sizes, 0)) / np.log1p(self.top_bytes)
        return np.asarray(np.where(sizes > 0, _LOWEST + (1 - _LOWEST) * np.minimum(share, 1), _EMPTY), dtype=np.float64)


def paint_lane(
    context: PaintContext,
    area: QRectF,
    track: Track,
    items: VisibleItems,
    sizes: LaneSizes,
    *,
    selected: tuple[int, int] | None = None,
) -> None:
    """Paint the marks of a lane that are in sight into an area."""
    if not items.count:
        return
    if are_drawn_one_by_one(items, context.scale, context.strokes.room):
        _paint_items(context, area, track, items, sizes, selected=selected)
        return
    largest = _largest_of_columns(track, items, sizes.blocks)
    chosen = items.columns_of(selected)
    if are_told_apart(items, context.scale, context.strokes.room):
        columns = np.flatnonzero(largest >= 0)
        heights = sizes.heights(largest[columns]) * (area.height() - 4)
        _paint_marks(
            context,
            area,
            track.layer,
            context.scale.left + 0.5 + columns.astype(np.float64),
            heights,
            lit=chosen[columns],
        )
        return
    _paint_columns(context, area, track.layer, np.where(largest >= 0, sizes.heights(largest), 0.0), chosen)


def paint_size_scale(context: PaintContext, lane: QRectF, sizes: LaneSizes, side: str) -> None:
    """Write at the left of a lane what its full height stands for."""
    height = context.small_height()
    if lane.height() < height or not context.strokes.has_sizes:
        return
    painter, top, floor = context.painter, lane.top() + 2, lane.bottom() - 2
    ground = context.theme.lane_colour(side)
    place = context.small_text(QPointF(4, lane.center().y() - height / 2), sizes.text, context.theme.dim, ground.name())
    painter.setPen(QPen(QColor(context.theme.dim), 1))
    painter.drawLine(QPointF(2, top), QPointF(2, floor))
    for y in (top, floor):
        painter.drawLine(QPointF(2, y), QPointF(min(5.0, place.right()), y))


def _largest_of_columns(track: Track, items: VisibleItems, blocks: Blocks) -> NDArray[np.float32]:
    """Return the size of the largest item of each pixel column, -1 where there is none."""
    return column_values(items.at_edges, blocks, lambda at: _sizes_at(track, at), with_medians=False).largest


def _sizes_at(track: Track, items: Int64Array) -> Int64Array:
    ends = track.end
    return np.asarray(ends[items] - np.where(items > 0, ends[np.maximum(items - 1, 0)], 0), dtype=np.int64)


def _paint_items(
    context: PaintContext,
    area: QRectF,
    track: Track,
    items: VisibleItems,
    sizes: LaneSizes,
    *,
    selected: tuple[int, int] | None,
) -> None:
    xs = context.scale.x(track.t_ns[items.first : items.stop])
    heights = sizes.heights(track.sizes(items.first, items.stop)) * (area.height() - 4)
    lit = np.zeros(items.count, dtype=bool)
    if selected is not None:
        lit[max(0, selected[0] - items.first) : max(0, selected[1] - items.first)] = True
    bound = track.bounds(items.first, items.stop)
    _paint_marks(context, area, track.layer, xs[~bound], heights[~bound], lit=lit[~bound])
    for at in np.flatnonzero(bound).tolist():
        _paint_bound(context, area, track.layer, float(xs[at]), float(heights[at]), is_lit=bool(lit[at]))


def _colour(context: PaintContext, layer: Layer, *, is_lit: bool) -> QColor:
    return QColor(context.theme.lit) if is_lit else context.theme.layer_colour(layer.side)


def _paint_bound(context: PaintContext, area: QRectF, layer: Layer, x: float, height: float, *, is_lit: bool) -> None:
    """Paint a hollow bar: the item came not later than this."""
    painter, width = context.painter, context.strokes.bar + 2 * is_lit
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(_colour(context, layer, is_lit=is_lit), max(1.0, context.strokes.bar / 3)))
    painter.drawRect(QRectF(x - width / 2, area.bottom() - 2 - height, width, height - 1))


def _paint_marks(
    context: PaintContext,
    area: QRectF,
    layer: Layer,
    xs: NDArray[np.float64],
    heights: NDArray[np.float64],
    *,
    lit: NDArray[np.bool_],
) -> None:
    """Paint a server's ticks with their heads down or a client's bars, the lit ones last; all stand on the floor."""
    painter, floor = context.painter, area.bottom() - 2
    painter.setPen(Qt.PenStyle.NoPen)
    for is_lit in (False, True):
        which = np.flatnonzero(lit == is_lit)
        if not len(which):
            continue
        painter.setBrush(_colour(context, layer, is_lit=is_lit))
        width = (context.strokes.bar if layer.side == "client" else context.strokes.tick) + 2 * is_lit
        shown = list(zip((xs[which] - width / 2).tolist(), heights[which].tolist(), strict=True))
        painter.drawRects([QRectF(left, floor - height, width, height) for left, height in shown])
        half = context.strokes.tick / 2 + 1.5 + is_lit
        has_room = len(xs) * _ROOM_PER_HEAD * half <= context.scale.width  # where heads would touch, they say nothing
        if layer.side != "client" and has_room:
            head = QPolygonF([QPointF(-half, floor - half), QPointF(half, floor - half), QPointF(0, floor + 1)])
            for left, _ in shown:
                painter.drawConvexPolygon(head.translated(left + width / 2, 0))


def _paint_columns(
    context: PaintContext, area: QRectF, layer: Layer, shares: NDArray[np.float64], chosen: NDArray[np.bool_]
) -> None:
    """Paint one column a pixel, so broad that it is seen from afar where that is asked for."""
    height = max(1, int(area.height()) - 3)
    tall = np.where(shares > 0, np.maximum(2, np.round(shares * height)), 0)
    own, lit = tall.copy(), chosen.copy()
    for shift in range(1, round(context.strokes.column)):
        np.maximum(tall[shift:], own[:-shift], out=tall[shift:])
        lit[shift:] |= chosen[:-shift]
    rows = np.arange(height, dtype=np.int16)[:, None]
    levels = (rows >= (height - tall).astype(np.int16)).view(np.uint8) * (1 + lit.view(np.uint8))
    colours = [_colour(context, layer, is_lit=is_lit) for is_lit in (False, True)]
    paint_levels(context, QPointF(area.left(), area.bottom() - 2 - height), levels, colours)
