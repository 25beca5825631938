"""The signs of the legend: their words, and a small picture of each in the colours of the theme."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from inspector.gui.style.theme import Theme
from inspector.gui.views.paint_context import PLAIN_STROKES


@dataclass(frozen=True, slots=True)
class Sample:
    """One sign: the name of its picture, and what it means."""

    sign: str
    words: str


#: Sections of the legend after that of the lanes.
SECTIONS: tuple[tuple[str, Sequence[Sample]], ...] = (
    (
        "Marks",
        (
            Sample("sizes", "The height of a mark is its size in bytes; the bracket says how much a full lane is"),
            Sample("bound", "Hollow: came not later than this, because the reader was away"),
            Sample("columns", "More items than pixels: each column is as high as the largest of its items"),
            Sample("selected", "Selected, with the items of all layers that carried its bytes"),
            Sample("pointed", "Under the pointer, with its way"),
        ),
    ),
    (
        "Lines in the gaps",
        (
            Sample("fall", "Straight down: it did not wait"),
            Sample("slant", "The slant is the wait"),
            Sample("funnel", "\N{MULTIPLICATION SIGN}5: five items leave as one, because something buffers them"),
            Sample("split", "One item leaves as several: something splits it"),
            Sample("held", "Dashed: still waiting"),
            Sample("left", "With an end: held when the run ended, and never sent on"),
            Sample("bands", "Too many for lines: how long they waited, median and longest, on one scale for all gaps"),
            Sample("accused", "Tinted: the gap that the verdict names; ◆: bytes wait longest here"),
            Sample("changed", "A setting that is not at its default"),
        ),
    ),
    (
        "Time",
        (
            Sample("flag", "A setting was changed while it ran"),
            Sample("dotted", "Request sent, head of the response, end"),
            Sample("playhead", "The moment of a replay; drag it in the ruler"),
            Sample("span", "Measured by dragging with Shift"),
        ),
    ),
)


@dataclass(frozen=True, slots=True)
class _Brush:
    """A painter in an area, with the colours of a theme."""

    painter: QPainter
    area: QRectF
    theme: Theme

    def lane(self, side: str) -> None:
        self.painter.fillRect(self.area, self.theme.lane_colour(side))

    def mark(self, side: str, x: float, height: float, colour: QColor | None = None) -> None:
        """Draw a mark that stands on the floor; ``x`` and ``height`` are shares of the area."""
        self.painter.setPen(Qt.PenStyle.NoPen)
        self.painter.setBrush(colour or self.theme.layer_colour(side))
        at, floor = self.x(x), self.area.bottom() - 2
        tall = height * (self.area.height() - 5)
        width = PLAIN_STROKES.tick if side == "server" else PLAIN_STROKES.bar
        self.painter.drawRect(QRectF(at - width / 2, floor - tall, width, tall))
        if side == "server":
            head = PLAIN_STROKES.tick / 2 + 1.5
            corners = [QPointF(at - head, floor - head), QPointF(at + head, floor - head), QPointF(at, floor + 1)]
            self.painter.drawPolygon(QPolygonF(corners))

    def x(self, share: float) -> float:
        return self.area.left() + share * self.area.width()

    def lines(self, pairs: Sequence[tuple[float, float]], colour: QColor, *, reach: float = 1.0, **pen: object) -> None:
        """Draw lines from the top at one share to ``reach`` of the height at another."""
        style = Qt.PenStyle.DashLine if pen.get("dashed") else Qt.PenStyle.SolidLine
        self.painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        self.painter.setPen(QPen(colour, 1.2, style))
        bottom = self.area.top() + reach * self.area.height()
        self.painter.drawLines([QLineF(self.x(a), self.area.top(), self.x(b), bottom) for a, b in pairs])
        self.painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)


def paint_sample(painter: QPainter, area: QRectF, theme: Theme, sample: Sample) -> None:
    """Paint the picture of a sign into an area."""
    _PAINTERS[sample.sign](_Brush(painter, area, theme))


def _lane_of(side: str) -> Callable[[_Brush], None]:
    def paint(brush: _Brush) -> None:
        brush.lane(side)
        for x, height in ((0.2, 0.8), (0.5, 0.55), (0.8, 0.9)):
            brush.mark(side, x, height)

    return paint


def _sizes(brush: _Brush) -> None:
    brush.lane("client")
    for at, height in enumerate((0.3, 0.5, 0.7, 1.0)):
        brush.mark("client", 0.25 + 0.2 * at, height)
    left, top, bottom = brush.area.left() + 2, brush.area.top() + 2, brush.area.bottom() - 2
    brush.painter.setPen(QPen(QColor(brush.theme.dim), 1))
    brush.painter.drawLine(QPointF(left, top), QPointF(left, bottom))
    for y in (top, bottom):
        brush.painter.drawLine(QPointF(left, y), QPointF(left + 3, y))


def _bound(brush: _Brush) -> None:
    brush.lane("client")
    brush.painter.setBrush(Qt.BrushStyle.NoBrush)
    brush.painter.setPen(brush.theme.layer_colour("client"))
    tall = 0.8 * brush.area.height()
    brush.painter.drawRect(QRectF(brush.x(0.5) - 2, brush.area.bottom() - 2 - tall, 4, tall - 1))


def _columns(brush: _Brush) -> None:
    brush.lane("server")
    left, right = int(brush.x(0.1)), int(brush.x(0.9))
    colour = brush.theme.layer_colour("server")
    for x in range(left, right):
        tall = (0.55 + 0.4 * ((x * 7919 % 13) / 13)) * (brush.area.height() - 4)
        brush.painter.fillRect(QRectF(x, brush.area.bottom() - 2 - tall, 1, tall), colour)


def _selected(brush: _Brush) -> None:
    brush.lane("client")
    brush.mark("client", 0.25, 0.7)
    brush.painter.fillRect(
        QRectF(brush.x(0.5) - 6, brush.area.top(), 12, brush.area.height()), QColor(brush.theme.band)
    )
    brush.mark("client", 0.5, 0.7, QColor(brush.theme.lit))
    brush.mark("client", 0.75, 0.7)


def _pointed(brush: _Brush) -> None:
    brush.lane("client")
    for x in (0.25, 0.5, 0.75):
        brush.mark("client", x, 0.7)
    brush.painter.setBrush(Qt.BrushStyle.NoBrush)
    brush.painter.setPen(QPen(QColor(brush.theme.text), 1))
    at = round(brush.x(0.5)) + 0.5
    brush.painter.drawRect(QRectF(at - 5, brush.area.top() + 0.5, 9, brush.area.height() - 1.5))


def _fall(brush: _Brush) -> None:
    brush.lines([(0.3, 0.3), (0.5, 0.5), (0.7, 0.7)], QColor(brush.theme.fall))


def _slant(brush: _Brush) -> None:
    brush.lines([(0.15, 0.85)], brush.theme.layer_colour("server"))


def _funnel(brush: _Brush) -> None:
    colour = brush.theme.layer_colour("server")
    fill = QColor(colour)
    fill.setAlpha(40)
    brush.painter.setPen(Qt.PenStyle.NoPen)
    brush.painter.setBrush(fill)
    corners = [QPointF(brush.x(0.1), brush.area.top()), QPointF(brush.x(0.85), brush.area.top())]
    brush.painter.drawPolygon(QPolygonF([*corners, QPointF(brush.x(0.88), brush.area.bottom())]))
    brush.lines([(x, 0.88) for x in (0.1, 0.3, 0.5, 0.7, 0.85)], colour)


def _split(brush: _Brush) -> None:
    brush.lines([(0.2, x) for x in (0.25, 0.45, 0.65, 0.85)], brush.theme.layer_colour("server"))


def _held(brush: _Brush) -> None:
    colour = brush.theme.layer_colour("server")
    brush.lines([(0.2, 0.7), (0.4, 0.78), (0.6, 0.86)], colour, reach=0.62, dashed=True)


def _left(brush: _Brush) -> None:
    colour = brush.theme.layer_colour("server")
    brush.lines([(0.2, 0.7), (0.4, 0.7)], colour, reach=0.62, dashed=True)
    y, x = brush.area.top() + 0.62 * brush.area.height(), brush.x(0.7)
    brush.painter.setPen(QPen(colour, 2))
    brush.painter.drawLine(QLineF(x - 4, y, x + 4, y))


def _bands(brush: _Brush) -> None:
    colour, light = brush.theme.wait_colours("server")
    left, right = int(brush.x(0.1)), int(brush.x(0.9))
    for x in range(left, right):
        peak = max(0.15, 1 - abs(x - brush.x(0.6)) / (0.18 * brush.area.width()))
        tall = peak * (brush.area.height() - 4)
        brush.painter.fillRect(QRectF(x, brush.area.top(), 1, tall), light)
        brush.painter.fillRect(QRectF(x, brush.area.top(), 1, 0.5 * tall), colour)


def _accused(brush: _Brush) -> None:
    brush.painter.fillRect(brush.area, QColor(brush.theme.accused))
    brush.painter.setPen(QColor(brush.theme.warning))
    brush.painter.drawText(brush.area, Qt.AlignmentFlag.AlignCenter, "◆")


def _changed(brush: _Brush) -> None:
    brush.painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
    brush.painter.setPen(Qt.PenStyle.NoPen)
    brush.painter.setBrush(QColor(brush.theme.selection))
    brush.painter.drawEllipse(QPointF(brush.x(0.5), brush.area.center().y()), 3, 3)
    brush.painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)


def _flag(brush: _Brush) -> None:
    colour, x, top = QColor(brush.theme.selection), brush.x(0.4), brush.area.top() + 1
    brush.painter.setPen(QPen(colour, 1, Qt.PenStyle.DashLine))
    brush.painter.drawLine(QPointF(x, top), QPointF(x, brush.area.bottom()))
    brush.painter.setPen(Qt.PenStyle.NoPen)
    brush.painter.setBrush(colour)
    brush.painter.drawPolygon(QPolygonF([QPointF(x, top), QPointF(x + 8, top + 4), QPointF(x, top + 8)]))


def _dotted(brush: _Brush) -> None:
    brush.painter.setPen(QPen(QColor(brush.theme.dim), 1, Qt.PenStyle.DotLine))
    brush.painter.drawLine(QPointF(brush.x(0.5), brush.area.top()), QPointF(brush.x(0.5), brush.area.bottom()))


def _playhead(brush: _Brush) -> None:
    brush.painter.setPen(QPen(QColor(brush.theme.selection), 2))
    brush.painter.drawLine(QPointF(brush.x(0.5), brush.area.top()), QPointF(brush.x(0.5), brush.area.bottom()))


def _span(brush: _Brush) -> None:
    tint = QColor(brush.theme.selection)
    tint.setAlpha(46)
    inner = QRectF(brush.x(0.25), brush.area.top(), 0.5 * brush.area.width(), brush.area.height())
    brush.painter.fillRect(inner, tint)
    brush.painter.setPen(QPen(QColor(brush.theme.selection), 1.5))
    for x in (inner.left(), inner.right()):
        brush.painter.drawLine(QPointF(x, inner.top()), QPointF(x, inner.bottom()))


_PAINTERS: Mapping[str, Callable[[_Brush], None]] = {
    "server": _lane_of("server"),
    "client": _lane_of("client"),
    "sizes": _sizes,
    "bound": _bound,
    "columns": _columns,
    "selected": _selected,
    "pointed": _pointed,
    "fall": _fall,
    "slant": _slant,
    "funnel": _funnel,
    "split": _split,
    "held": _held,
    "left": _left,
    "bands": _bands,
    "accused": _accused,
    "changed": _changed,
    "flag": _flag,
    "dotted": _dotted,
    "playhead": _playhead,
    "span": _span,
}
