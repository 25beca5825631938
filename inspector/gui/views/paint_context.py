"""What functions that paint on a time axis share: painter, time scale, theme and line widths."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen

from inspector.gui.style.theme import Theme

from .time_scale import TimeScale, format_time, tick_step

#: No type is smaller, points.
_LEAST_SMALL_PT = 7.0


#: Between a tick of the ruler and its label.
_LABEL_PX = 4


@dataclass(frozen=True, slots=True)
class Strokes:
    """How wide marks and lines are, logical pixels, and how much room an item needs to be drawn by itself."""

    bar: float
    tick: float
    line: float
    room: float
    #: How wide a column of marks that share their place is.
    column: float
    #: Numbers inside of the picture are so much of the usual type.
    small: float = 0.82
    #: Whether lanes say what their full height stands for.
    has_sizes: bool = True


PLAIN_STROKES = Strokes(bar=3.0, tick=2.0, line=1.0, room=3.0, column=1.0)
PRESENTED_STROKES = Strokes(bar=6.0, tick=5.0, line=2.0, room=7.0, column=4.0, small=1.1, has_sizes=False)


@lru_cache(maxsize=16)
def _small_type(usual: str, scale: float, *, is_bold: bool) -> tuple[QFont, QFontMetrics]:
    """Return small type and its measures for usual type, given as `QFont.toString` says it: asked for many times."""
    font = QFont()
    font.fromString(usual)
    font.setPointSizeF(max(_LEAST_SMALL_PT, scale * font.pointSizeF()))
    font.setBold(is_bold)
    return font, QFontMetrics(font)


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

    def _small_type(self, *, bold: bool = False) -> tuple[QFont, QFontMetrics]:
        return _small_type(self.painter.font().toString(), self.strokes.small, is_bold=bold)

    def small_height(self) -> float:
        """Return the height of a line in small type, for numbers inside of the picture."""
        return float(self._small_type()[1].height())

    def small_width(self, text: str) -> float:
        """Return the width of a text in small type."""
        return float(self._small_type(bold=True)[1].horizontalAdvance(text))

    def small_text(
        self, corner: QPointF, text: str, colour: str, ground: str, *, at_right: bool = False, bold: bool = False
    ) -> QRectF:
        """Write one line in small type, its top left corner (or right) given; return its place.

        ``ground`` is painted behind it, "" leaves what is there.
        """
        font, metrics = self._small_type(bold=bold)
        width = float(metrics.horizontalAdvance(text))
        area = QRectF(corner.x() - at_right * (width + 4), corner.y(), width + 4, float(metrics.height()))
        before = self.painter.font()
        self.painter.setFont(font)
        if ground:
            self.fill(area, ground)
        self.text(area.adjusted(2, 0, 2, 0), text, colour)
        self.painter.setFont(before)
        return area

    def ticks(self, right: float) -> Iterator[tuple[float, str, float]]:
        """Iterate over the ticks of the ruler: place, label ("" where there is none) and the width of the label."""
        metrics = self.painter.fontMetrics()
        label_px = metrics.horizontalAdvance("00,000.00 ms") + 16
        step_ns = tick_step(self.scale.span_ns, self.scale.width, label_px)
        tick_ns = -(-self.scale.start_ns // step_ns) * step_ns
        while tick_ns <= self.scale.start_ns + self.scale.span_ns:
            x = round(self.scale.x_of(self.scale.origin_ns + tick_ns)) + 0.5
            text = format_time(tick_ns, step_ns)
            width = metrics.horizontalAdvance(text)
            # Nothing happens before the request is sent.
            yield x, text if tick_ns >= 0 and x + _LABEL_PX + width < right else "", width
            tick_ns += step_ns

    def grid(self, area: QRectF, ruler_height: float) -> None:
        """Draw vertical time lines over an area and label them in the ruler at its top."""
        for x, text, width in self.ticks(area.right()):
            self.painter.setPen(QPen(QColor(self.theme.grid), 1))
            self.painter.drawLine(QPointF(x, area.top() + ruler_height - 5), QPointF(x, area.bottom()))
            self.text(QRectF(x + _LABEL_PX, area.top(), width + 1, ruler_height), text, self.theme.dim)

    def clear_labels(self, area: QRectF) -> None:
        """Paint over the labels of the ruler that an area would cut."""
        for x, text, width in self.ticks(self.scale.left + self.scale.width + area.width()):
            label = QRectF(x + _LABEL_PX, area.top(), width + 1, area.height())
            if text and label.intersects(area):
                self.fill(label, self.theme.background)
