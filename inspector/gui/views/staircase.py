"""The staircase: cumulative bytes over time, one line per layer.

Between two staircases the height is how many bytes are held, the width how long they wait. All are drawn on the content
axis; coded bytes of the server are carried over to it as far as the client has decoded them.
"""

from __future__ import annotations

from functools import partial
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPen, QPolygonF, QResizeEvent
from PySide6.QtWidgets import QPushButton

from inspector.analysis.formatting import bytes_text, items_text
from inspector.gui.models.overlay_runs import OverlayRuns
from inspector.gui.style.shield import override
from inspector.gui.style.theme import Theme
from inspector.recording.layers import Layer, pipeline_position
from inspector.recording.track import Int64Array, Track

from ..models.document import Document
from ..models.selection import Selection
from ..models.time_range import TimeRange
from .canvas_pointer import Pointed
from .change_flags import change_flags
from .flag_row import paint_flags
from .ladder.lane_captions import describe
from .overlay_paint import paint_overlays
from .paint_context import PaintContext
from .time_canvas import TimeCanvas
from .time_scale import instant_text, tick_step

#: With more corners than this the lines are drawn plain: dashes and smoothing could not be told apart.
_MOST_SMOOTH_POINTS = 2_000
_DASHES = {
    "part": [6.0, 3.0], "yield": [2.0, 2.0], "write": [], "read": [2.0, 2.0], "chunk": [], "piece": [6.0, 3.0],
}  # fmt: skip
_KEY_PX = 22
_SPACE_PX = 18


class StaircaseView(TimeCanvas):
    """Cumulative bytes over time; same zoom, selection and keys as the ladder.

    Shows the first and the last layer and what is held between them; the layers between on wish.
    """

    ruler_height = 26

    def __init__(self, document: Document, time_range: TimeRange, theme: Theme, overlays: OverlayRuns) -> None:
        super().__init__(document, time_range, theme)
        self._overlays = overlays
        overlays.changed.connect(self.repaint_content)
        self.setObjectName("staircase")
        self.setAccessibleName("Staircase: bytes passed over time, a line for each layer")
        self.all_layers = QPushButton("All layers", self)
        self.all_layers.setCheckable(True)
        self.all_layers.setObjectName("staircase_all_layers")
        self.all_layers.setAccessibleName("Show all layers in the staircase")
        self.all_layers.setToolTip("A line for every layer, not only for the first and the last")
        self.all_layers.toggled.connect(lambda _checked: self.repaint_content())

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_box()

    @override
    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._place_box()

    def _place_box(self) -> None:
        size = self.all_layers.sizeHint()
        self.all_layers.setGeometry(
            self.width() - size.width() - 8, self.height() - (self._bottom_px + size.height()) // 2,
            size.width(), size.height(),
        )  # fmt: skip

    @property
    def _bottom_px(self) -> int:
        """How high the line with the names below the picture is."""
        return self.fontMetrics().height() + 14

    @override
    def paint_content(self, context: PaintContext) -> None:
        area = QRectF(0, 0, self.width(), self.height())
        context.grid(area, self.ruler_height)
        curves = self._shown_curves()
        top_bytes = self._top_bytes(context, curves)
        self._paint_bytes_grid(context, top_bytes)
        self._paint_selection(context, top_bytes)
        outlines = [(track.layer, self._outline(context, track, top_bytes)) for track in curves]
        for (_, upper), (layer, lower) in pairwise(outlines):
            self._paint_between(context, upper, lower, layer)
        if len(curves) > 1:
            self._paint_most_held(context, curves[0], curves[-1], top_bytes)
        smooth = sum(len(outline) for _, outline in outlines) <= _MOST_SMOOTH_POINTS
        context.painter.setRenderHint(context.painter.RenderHint.Antialiasing, smooth)
        for layer, outline in outlines:
            pen = QPen(self.theme.layer_colour(layer.side), (1.6 if len(outlines) > 2 else 2.0) if smooth else 1.0)
            if smooth and len(outlines) > 2 and _DASHES.get(layer.name):
                pen.setDashPattern(_DASHES[layer.name])
            context.painter.setPen(pen)
            context.painter.drawPolyline(QPolygonF(outline))
        context.painter.setRenderHint(context.painter.RenderHint.Antialiasing, False)
        paint_overlays(context, self._overlays.shown, partial(self._y, top_bytes=top_bytes))
        row = QRectF(0, self.ruler_height, self.width(), context.painter.fontMetrics().height() + 4)
        paint_flags(context, change_flags(self.document.snapshot.changes, context), row, self.height())
        self._paint_legend(context, [track.layer for track in curves])

    def _shown_curves(self) -> list[Track]:
        """Return the first and the last layer, or all of them."""
        curves = self._curves()
        return curves if self.all_layers.isChecked() or len(curves) < 3 else [curves[0], curves[-1]]

    def _passed(self, context: PaintContext, track: Track) -> tuple[NDArray[np.float64], Int64Array]:
        """Return positions up to now, a column of pixels apart, and how many bytes a layer had passed at each."""
        passed = track.first_at_or_after(context.scale.edges_ns())
        ends = track.column(track.layer.content_column)
        values = np.where(passed > 0, ends[np.maximum(passed - 1, 0)], 0)
        xs = context.scale.left + np.arange(len(values), dtype=np.float64)
        seen = xs <= min(self.now_x, context.scale.left + context.scale.width)
        return xs[seen], values[seen]

    def _paint_most_held(self, context: PaintContext, first: Track, last: Track, top_bytes: int) -> None:
        """Measure the height between first and last layer where most is held, and say how much that is."""
        xs, made = self._passed(context, first)
        _, had = self._passed(context, last)
        if not len(xs):
            return
        at = int((made - had).argmax())
        held, x = int(made[at] - had[at]), float(xs[at])
        if held <= 0:
            return
        top, bottom = self._y(float(made[at]), top_bytes), self._y(float(had[at]), top_bytes)
        context.painter.setPen(QPen(QColor(self.theme.text), 1.5))
        context.painter.drawLines([
            QLineF(x, top, x, bottom), QLineF(x - 3, top, x + 3, top), QLineF(x - 3, bottom, x + 3, bottom)
        ])  # fmt: skip
        metrics = context.painter.fontMetrics()
        text = f"{bytes_text(held)} held"
        width, height = metrics.horizontalAdvance(text) + 8, metrics.height()
        beside = x - width - 6 if x - width - 6 > context.scale.left else x + 6
        area = QRectF(beside, max(self.ruler_height + height, min(top, (top + bottom) / 2) - height / 2), width, height)
        context.fill(area, self.theme.background)
        context.text(area, text, self.theme.text, Qt.AlignmentFlag.AlignHCenter)

    def _top_bytes(self, context: PaintContext, curves: list[Track]) -> int:
        """Return the largest offset in sight, so that the picture fills the height."""
        stop_ns = context.scale.t_ns(context.scale.left + context.scale.width)
        most = 0
        for overlay in self._overlays.shown:
            at = int(overlay.reads.first_at_or_after(stop_ns - context.scale.origin_ns + overlay.origin_ns))
            most = max(most, int(overlay.reads.column("content_end")[at - 1]) if at else 0)
        for track in curves:
            at = int(track.first_at_or_after(stop_ns))
            if at:
                most = max(most, int(track.column(track.layer.content_column)[at - 1]))
        return max(most, 1)

    def _y(self, offset: float, top_bytes: int) -> float:
        return self.height() - self._bottom_px - offset / top_bytes * self._height

    @property
    def _height(self) -> int:
        return max(1, self.height() - self.ruler_height - self._bottom_px)

    def _outline(self, context: PaintContext, track: Track, top_bytes: int) -> list[QPointF]:
        """Return the staircase as points; at most two per pixel column, whatever the length of the track."""
        now = min(self.now_x, context.scale.left + context.scale.width)
        xs, values = self._passed(context, track)
        ys = np.round(self._y(0.0, top_bytes) - values * (self._height / top_bytes), 1)
        if not len(xs):
            return []
        turns = np.flatnonzero(np.diff(ys)) + 1
        points = [QPointF(float(xs[0]), float(ys[0]))]
        for x, before, after in zip(xs[turns].tolist(), ys[turns - 1].tolist(), ys[turns].tolist(), strict=True):
            points += [QPointF(x, before), QPointF(x, after)]
        points.append(QPointF(now, float(ys[-1])))
        return points

    def _paint_between(self, context: PaintContext, upper: list[QPointF], lower: list[QPointF], layer: Layer) -> None:
        colour = QColor(self.theme.layer_colour(layer.side))
        colour.setAlpha(70)
        context.painter.setPen(Qt.PenStyle.NoPen)
        context.painter.setBrush(colour)
        context.painter.drawPolygon(QPolygonF([*upper, *reversed(lower)]))
        context.painter.setBrush(Qt.BrushStyle.NoBrush)

    def _paint_bytes_grid(self, context: PaintContext, top_bytes: int) -> None:
        height = context.painter.fontMetrics().height()
        step = tick_step(top_bytes, self._height, 3.0 * height)
        for offset in range(0, top_bytes + 1, step):
            y = round(self._y(offset, top_bytes)) + 0.5
            context.painter.setPen(QPen(QColor(self.theme.grid), 1))
            context.painter.drawLine(QPointF(0, y), QPointF(self.width(), y))
            if offset:
                context.text(QRectF(6, y + 1, 10 * height, height), bytes_text(offset), self.theme.dim)

    def _paint_selection(self, context: PaintContext, top_bytes: int) -> None:
        selected = self.document.selected_bytes
        if selected is None:
            return
        top, bottom = self._y(selected[1], top_bytes), self._y(selected[0], top_bytes)
        context.fill(QRectF(0, top, self.width(), max(2.0, bottom - top)), self.theme.band)
        selection = self.document.selection
        if selection is not None:
            text = describe(self.document, selection)
            context.text(
                QRectF(context.scale.left, self.height() - self._bottom_px, self.width(), self._bottom_px),
                text,
                self.theme.text,
            )

    def _paint_legend(self, context: PaintContext, layers: list[Layer]) -> None:
        """Name the lines in the order that bytes pass them, with their dash as key, where no line runs."""
        if self.document.selection is not None:
            return
        metrics = context.painter.fontMetrics()
        x = context.scale.left
        y = self.height() - self._bottom_px + (self._bottom_px - metrics.height()) / 2
        for layer in layers:
            pen = QPen(self.theme.layer_colour(layer.side), 2)
            if len(layers) > 2 and _DASHES.get(layer.name):
                pen.setDashPattern(_DASHES[layer.name])
            context.painter.setPen(pen)
            middle = y + metrics.height() / 2
            context.painter.drawLine(QPointF(x, middle), QPointF(x + _KEY_PX, middle))
            width = metrics.horizontalAdvance(layer.name)
            context.text(QRectF(x + _KEY_PX + 4, y, width + 4, metrics.height()), layer.name, self.theme.text)
            x += _KEY_PX + width + _SPACE_PX

    @override
    def pointed_at(self, position: QPointF) -> Pointed:
        scale = self.scale()
        t_ns = scale.t_ns(position.x())
        lines = [instant_text(t_ns - scale.origin_ns, scale)]
        curves = self._curves()
        if len(curves) > 1:
            made, had = (_bytes_at(curve, t_ns) for curve in (curves[0], curves[-1]))
            first, last = (items_text(curve.layer.name) for curve in (curves[0], curves[-1]))
            lines += [f"{bytes_text(made)} in {first}, {bytes_text(had)} in {last}"]
            lines += [f"holding {bytes_text(made - had)}" if made > had else "nothing is held"]
        elif curves:
            lines += [f"{bytes_text(_bytes_at(curves[0], t_ns))} in {items_text(curves[0].layer.name)}"]
        return Pointed(tuple(lines))

    def _curves(self) -> list[Track]:
        """Return the tracks that have marks, on the content axis, in the order that bytes pass them."""
        names = sorted(self.document.snapshot.tracks, key=pipeline_position)
        return [track for name in names if len(track := self.document.content_track(name))]

    @override
    def item_at(self, position: QPointF) -> Selection | None:
        layer = self.current_layer
        track = self.document.snapshot.tracks[layer]
        at = int(track.first_at_or_after(self.scale().t_ns(position.x())))
        if not len(track):
            return None
        at = min(at, len(track) - 1)
        return Selection(layer, at, at + 1)


def _bytes_at(track: Track, t_ns: int) -> int:
    """Return how many content bytes a layer had passed at a time."""
    at = int(track.first_at_or_after(t_ns + 1))
    return int(track.column(track.layer.content_column)[at - 1]) if at else 0
