"""A strip below the picture: memory of the server process, and bytes it wrote to disk, over time.

It stands under the ladder's headers and canvas, so that the same time is at the same place. Of the whole process, seen
ten times a second from outside.
"""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QHelpEvent, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from inspector.analysis.formatting import bytes_text, duration_text
from inspector.gui.style.safe_text import plain_tip
from inspector.gui.style.shield import override
from inspector.gui.style.theme import Theme
from inspector.recording.process_samples import ProcessSamples

from ..models.document import Document
from ..models.time_range import TimeRange
from .paint_context import PaintContext
from .pointer_paint import paint_cursor
from .time_canvas import LEFT_MARGIN_PX, RIGHT_MARGIN_PX
from .time_scale import TimeScale

_LINES = 2
#: Less is what any process writes.
_LEAST_WRITTEN_BYTES = 1_000_000
_TOP_PX = 4
#: The scale is never finer than this: less is the coming and going of any process.
_LEAST_SPAN_BYTES = 8_000_000


class MemoryStrip(QWidget):
    """Painted from the samples of the document's recording; costs what its width costs. GUI thread."""

    def __init__(self, document: Document, time_range: TimeRange, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("memory_strip")
        self.setAccessibleName("Memory of the server process")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._document = document
        self._time_range = time_range
        self._theme = theme
        #: Where the time axis begins.
        self.left_px = 0
        document.was_reset.connect(self.update)
        document.grew.connect(self._grew)
        time_range.changed.connect(self.update)
        time_range.pointed.connect(self.update)

    def set_left(self, left_px: int) -> None:
        """Begin the time axis so far from the left: the width of the ladder's headers, 0 for none."""
        if left_px != self.left_px:
            self.left_px = left_px
            self.update()

    def set_theme(self, theme: Theme) -> None:
        """Change the colours."""
        self._theme = theme
        self.update()

    @override
    def sizeHint(self) -> QSize:
        return QSize(200, _LINES * (self.fontMetrics().height() + 2) + 2 * _TOP_PX)

    # Words

    def text(self) -> str:
        """Return the figures: ``71.2 MB (+34.0 MB)``; why there are none, where there are none."""
        samples = self._document.snapshot.samples
        if not len(samples):
            return "not available for this URL" if self._document.snapshot.meta is not None else ""
        now, rise = int(samples.rss_bytes[-1]), samples.rss_rise_bytes()
        return f"{bytes_text(now)} (+{bytes_text(rise)})"

    def written_text(self) -> str:
        """Return what was written to disk, "" for nothing or where the system does not tell."""
        samples = self._document.snapshot.samples
        written = int(samples.written_bytes[-1]) if len(samples) else 0
        return f"{bytes_text(written)} written to disk" if written >= _LEAST_WRITTEN_BYTES else ""

    def _grew(self, changed: set[str]) -> None:
        if "samples" in changed or "meta" in changed:
            texts = filter(None, (self.text(), self.written_text()))
            self.setAccessibleDescription(f"Server memory: {', '.join(texts)}")
        self.update()

    # Painting

    def _scale(self) -> TimeScale:
        left = self.left_px + LEFT_MARGIN_PX
        width = max(1.0, float(self.width() - left - RIGHT_MARGIN_PX))
        time_range = self._time_range
        return TimeScale(self._document.snapshot.origin_ns, time_range.start_ns, time_range.span_ns, left, width)

    @override
    def paintEvent(self, _event: object) -> None:
        with QPainter(self) as painter:
            context = PaintContext(painter, self._scale(), self._theme)
            context.fill(QRectF(self.rect()), self._theme.background)
            context.fill(QRectF(0, 0, self.left_px, self.height()), self._theme.panel)
            painter.setPen(QPen(QColor(self._theme.border), 1))
            painter.drawLine(0, 0, self.width(), 0)
            samples = self._document.snapshot.samples
            if len(samples):
                painter.setClipRect(QRectF(context.scale.left, 0, context.scale.width, self.height()))
                self._paint_memory(context, samples)
                self._paint_written(context, samples)
                painter.setClipping(False)
            if (cursor_ns := self._time_range.cursor_ns) is not None:
                paint_cursor(context, context.scale.x_of(context.scale.origin_ns + cursor_ns), self.height())
            self._paint_words(context)

    def _paint_memory(self, context: PaintContext, samples: ProcessSamples) -> None:
        """Draw memory over that of the first sample as an area."""
        first, most = int(samples.rss_bytes[0]), int(samples.rss_bytes.max())
        values = (samples.rss_bytes - min(first, int(samples.rss_bytes.min()))).astype(np.float64)
        outline = self._outline(context, samples, values, max(most - first, _LEAST_SPAN_BYTES))
        if len(outline) < 2:
            return
        colour = self._theme.layer_colour("server")
        bottom = self.height() - 1.0
        area = QPolygonF([QPointF(outline[0].x(), bottom), *outline, QPointF(outline[-1].x(), bottom)])
        shade = QColor(colour)
        shade.setAlpha(60)
        context.painter.setPen(Qt.PenStyle.NoPen)
        context.painter.setBrush(shade)
        context.painter.drawPolygon(area)
        context.painter.setBrush(Qt.BrushStyle.NoBrush)
        context.painter.setPen(QPen(colour, 1.5))
        context.painter.drawPolyline(QPolygonF(outline))

    def _paint_written(self, context: PaintContext, samples: ProcessSamples) -> None:
        """Draw what was written to disk as a dashed line, on the scale of the memory."""
        written = np.maximum(samples.written_bytes, 0).astype(np.float64)
        if written[-1] < _LEAST_WRITTEN_BYTES:
            return
        rise = samples.rss_rise_bytes()
        outline = self._outline(context, samples, written, max(float(written[-1]), rise, _LEAST_SPAN_BYTES))
        context.painter.setPen(QPen(QColor(self._theme.client), 1.5, Qt.PenStyle.DashLine))
        context.painter.drawPolyline(QPolygonF(outline))

    def _outline(
        self, context: PaintContext, samples: ProcessSamples, values: np.ndarray, span: float
    ) -> list[QPointF]:
        """Return the points in sight, thinned to two a pixel."""
        start = context.scale.origin_ns + context.scale.start_ns
        first = max(0, samples.at(start))
        stop = min(len(samples), samples.at(start + context.scale.span_ns) + 2)
        step = max(1, (stop - first) // max(1, int(2 * context.scale.width)))
        chosen = np.unique(np.append(np.arange(first, stop, step), max(first, stop - 1)))
        xs = context.scale.x(samples.t_ns[chosen])
        height = self.height() - 2 * _TOP_PX
        ys = self.height() - 1 - np.minimum(1.0, values[chosen] / span) * height
        return [QPointF(float(x), float(y)) for x, y in zip(xs, ys, strict=True)]

    def _paint_words(self, context: PaintContext) -> None:
        line = context.painter.fontMetrics().height() + 2
        left = 12 if self.left_px else context.scale.left + 4
        width = (self.left_px or self.width()) - left
        theme, metrics = self._theme, context.painter.fontMetrics()
        title = "server memory"
        context.text(QRectF(left, _TOP_PX, width, line), title, theme.text)
        beside = left + metrics.horizontalAdvance(title) + 10
        rows = ((beside, _TOP_PX, self.text(), theme.dim), (left, _TOP_PX + line, self.written_text(), theme.client))
        for x, y, text, colour in rows:
            room = int(left + width - x - 8)
            context.text(QRectF(x, y, room, line), metrics.elidedText(text, Qt.TextElideMode.ElideRight, room), colour)

    @override
    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            QToolTip.showText(event.globalPos(), plain_tip(self._tip_at(event.pos().x())), self)
            return True
        return super().event(event)

    def _tip_at(self, x: float) -> str:
        samples = self._document.snapshot.samples
        at = samples.at(self._scale().t_ns(x)) if len(samples) else -1
        if at < 0:
            return "Memory of the server process, seen ten times a second from outside"
        since = duration_text(int(samples.t_ns[at]) - self._document.snapshot.origin_ns)
        written = int(samples.written_bytes[at])
        disk = f", {bytes_text(written)} written to disk" if written > 0 else ""
        return f"+{since}: {bytes_text(int(samples.rss_bytes[at]))} of memory in the server process{disk}"
