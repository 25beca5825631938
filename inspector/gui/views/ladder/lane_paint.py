"""Paints one lane: every item where there is room, otherwise a density per pixel column."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPolygonF

from inspector.gui.views.paint_context import PLAIN_STROKES, PaintContext
from inspector.recording.layers import Layer
from inspector.recording.track import Int64Array, Track

from ..time_scale import TimeScale

#: Items are drawn one by one while there is at least this much room for each on average.
ROOM_PER_ITEM_PX = PLAIN_STROKES.room


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

    def in_column(self, column: int) -> tuple[int, int]:
        """Return the items ``[first, stop)`` of one pixel column."""
        column = max(0, min(column, len(self.at_edges) - 2))
        return int(self.at_edges[column]), int(self.at_edges[column + 1])


def visible_items(track: Track, scale: TimeScale) -> VisibleItems:
    """Find what is in sight; costs the width of the window, not the length of the track."""
    at_edges = track.first_at_or_after(scale.edges_ns())
    return VisibleItems(int(at_edges[0]), int(at_edges[-1]), at_edges)


def are_drawn_one_by_one(items: VisibleItems, scale: TimeScale, room_px: float = ROOM_PER_ITEM_PX) -> bool:
    """Return whether a lane draws each item (True) or density (False)."""
    return items.count * room_px <= scale.width


def item_heights(sizes: Int64Array, largest: int) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Return heights from 0.35 to 1 for item sizes, logarithmic, so that 1 B and 64 KiB both show; 0.2 for no bytes."""
    share = np.log2(1.0 + sizes) / np.log2(2.0 + max(largest, 1))
    return np.asarray(np.where(sizes > 0, 0.35 + 0.65 * share, 0.2), dtype=np.float64)


def paint_lane(
    context: PaintContext, area: QRectF, track: Track, items: VisibleItems, selected: tuple[int, int] | None = None
) -> None:
    """Paint the marks of a lane that are in sight into an area."""
    if not items.count:
        return
    if are_drawn_one_by_one(items, context.scale, context.strokes.room):
        _paint_items(context, area, track, items, selected)
    else:
        _paint_density(context, area, track.layer, items)
        if selected is not None:
            _paint_selected_columns(context, area, track, selected)


def _paint_items(
    context: PaintContext, area: QRectF, track: Track, items: VisibleItems, selected: tuple[int, int] | None
) -> None:
    sizes = track.sizes(items.first, items.stop)
    xs = context.scale.x(track.t_ns[items.first : items.stop]).tolist()
    heights = (item_heights(sizes, int(sizes.max())) * (area.height() - 4)).tolist()
    chosen = range(*selected) if selected else range(0)
    colours = (context.theme.layer_colour(track.layer.side), QColor(context.theme.lit))
    context.painter.setPen(Qt.PenStyle.NoPen)
    for index, (x, height) in enumerate(zip(xs, heights, strict=True), items.first):
        is_chosen = index in chosen
        if track.is_bound(index):
            _paint_bound(context, area, x, height, colours[is_chosen], wide=is_chosen)
            continue
        context.painter.setBrush(colours[is_chosen])
        _paint_mark(context, area, track.layer, x, height, wide=is_chosen)


def _paint_bound(context: PaintContext, area: QRectF, x: float, height: float, colour: QColor, *, wide: bool) -> None:
    """Paint a hollow bar: the item came not later than this."""
    painter, width = context.painter, context.strokes.bar + 2 * wide
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(colour)
    painter.drawRect(QRectF(x - width / 2, area.bottom() - 2 - height, width, height - 1))
    painter.setPen(Qt.PenStyle.NoPen)


def _paint_mark(context: PaintContext, area: QRectF, layer: Layer, x: float, height: float, *, wide: bool) -> None:
    """Paint a server's tick with its head down or a client's bar; both stand on the lane's floor."""
    painter, floor = context.painter, area.bottom() - 2
    if layer.side == "client":
        width = context.strokes.bar + 2 * wide
        painter.drawRect(QRectF(x - width / 2, floor - height, width, height))
        return
    width = context.strokes.tick + 2 * wide
    painter.drawRect(QRectF(x - width / 2, floor - height, width, height))
    head = context.strokes.tick / 2 + 1.5 + wide
    corners = [QPointF(x - head, floor - head), QPointF(x + head, floor - head), QPointF(x, floor + 1)]
    painter.drawPolygon(QPolygonF(corners))


def _paint_density(context: PaintContext, area: QRectF, layer: Layer, items: VisibleItems) -> None:
    counts = np.diff(items.at_edges)
    width, height = len(counts), max(1, int(area.height()) - 3)
    share = np.log1p(counts) / np.log1p(counts.max())
    tops = np.where(counts > 0, height - np.maximum(2, share * height), height).astype(np.int64)
    filled = tops.copy()
    for shift in range(1, round(context.strokes.column)):
        tops[shift:] = np.minimum(tops[shift:], filled[:-shift])
    colour = context.theme.layer_colour(layer.side)
    pixels = np.where(np.arange(height)[:, None] >= tops[None, :], np.uint32(colour.rgba()), np.uint32(0))
    pixels = np.ascontiguousarray(pixels, dtype=np.uint32)
    image = QImage(pixels.data, width, height, width * 4, QImage.Format.Format_ARGB32)
    context.painter.drawImage(QPointF(area.left(), area.bottom() - 2 - height), image)


def _paint_selected_columns(context: PaintContext, area: QRectF, track: Track, selected: tuple[int, int]) -> None:
    left = context.scale.x_of(int(track.t_ns[selected[0]]))
    right = context.scale.x_of(int(track.t_ns[min(selected[1], len(track)) - 1]))
    context.painter.setPen(Qt.PenStyle.NoPen)
    context.painter.setBrush(QColor(context.theme.lit))
    context.painter.drawRect(QRectF(left - 1.5, area.top() + 2, max(3.0, right - left + 3), area.height() - 4))
