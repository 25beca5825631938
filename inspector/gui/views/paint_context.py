"""What functions that paint on a time axis share: painter, time scale, theme and line widths."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from inspector.gui.style.theme import Theme

from .time_scale import TimeScale, format_time, tick_step_ns


@dataclass(frozen=True, slots=True)
class Strokes:
    """How wide marks and lines are, logical pixels, and how much room an item needs to be drawn by itself."""

    bar: float
    tick: float
    line: float
    room: float
    #: How wide a column of marks that share their place is.
    column: float


PLAIN_STROKES = Strokes(bar=3.0, tick=2.0, line=1.0, room=3.0, column=1.0)
PRESENTED_STROKES = Strokes(bar=4.0, tick=4.0, line=2.0, room=4.5, column=4.0)


@dataclass(frozen=True, slots=True)
class PaintContext:
    """A painter with its time scale and theme."""

    painter: QPainter
    scale: TimeScale
    theme: Theme
    strokes: Strokes = PLAIN_STROKES

    def fill(self, area: QRectF, colour: QColor | str) -> None:
        """Fill an area."""
        self.painter.fillRect(area, QColor(colour))

    def text(self, area: QRectF, text: str, colour: str, align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft) -> None:
        """Write one line, centred vertically, never wrapped."""
        self.painter.setPen(QColor(colour))
        self.painter.drawText(area, Qt.AlignmentFlag.AlignVCenter | align | Qt.TextFlag.TextSingleLine, text)

    def grid(self, area: QRectF, ruler_height: float) -> None:
        """Draw vertical time lines over an area and label them in the ruler at its top."""
        metrics = self.painter.fontMetrics()
        label_px = metrics.horizontalAdvance("00,000.00 ms") + 16
        step_ns = tick_step_ns(self.scale.span_ns, self.scale.width, label_px)
        tick_ns = -(-self.scale.start_ns // step_ns) * step_ns
        while tick_ns <= self.scale.start_ns + self.scale.span_ns:
            x = round(self.scale.x_of(self.scale.origin_ns + tick_ns)) + 0.5
            self.painter.setPen(QPen(QColor(self.theme.grid), 1))
            self.painter.drawLine(QPointF(x, area.top() + ruler_height - 5), QPointF(x, area.bottom()))
            label = QRectF(x + 4, area.top(), label_px, ruler_height)
            if label.left() + metrics.horizontalAdvance(format_time(tick_ns, step_ns)) < area.right():
                self.text(label, format_time(tick_ns, step_ns), self.theme.dim)
            tick_ns += step_ns
