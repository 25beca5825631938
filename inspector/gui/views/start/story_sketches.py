"""Small pictures of what each story looks like, painted in the colours of the theme.

A sketch is a ladder of four lanes with invented times: the shape of a wait, not a measurement.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen, QPolygonF

from inspector.catalogue import READ_RATE
from inspector.gui.style.theme import Theme

#: Where the four lanes lie, as shares of the height: top and height.
_LANE_TOPS = (0.03, 0.345, 0.66, 0.845)
_LANE_HEIGHT = 0.125
_SERVER_LANES = 2
_MARGIN = 0.045


@dataclass(frozen=True, slots=True)
class Sketch:
    """A ladder in miniature. Times are shares of the width.

    ``lanes`` has the times of each lane's marks, ``ways`` for each gap which marks of the lower lane those of the upper
    one reach. ``label`` stands in gap ``held``, where things wait. ``cut`` is where it ends too early.
    """

    lanes: tuple[tuple[float, ...], ...]
    ways: tuple[tuple[int, ...], ...]
    held: int = -1
    label: str = ""
    cut: float | None = None


def _even(count: int, start: float = 0.0, stop: float = 1.0) -> tuple[float, ...]:
    return tuple(start + (stop - start) * at / (count - 1) for at in range(count))


def _straight(count: int) -> tuple[int, ...]:
    return tuple(range(count))


def _joined(count: int, size: int) -> tuple[int, ...]:
    return tuple(at // size for at in range(count))


def _through(times: tuple[float, ...], *, cut: float | None = None, label: str = "") -> Sketch:
    """Return what falls straight down."""
    return Sketch((times,) * 4, (_straight(len(times)),) * 3, cut=cut, label=label)


def _held(times: tuple[float, ...], size: int, gap: int, label: str, *, head: bool = False) -> Sketch:
    """Return what leaves in one with the last of ``size`` marks, in one gap; ``head`` has the first one pass alone."""
    ways = (0, *(1 + at // size for at in range(len(times) - 1))) if head else _joined(len(times), size)
    ends = [max(time for time, way in zip(times, ways, strict=True) if way == out) for out in range(max(ways) + 1)]
    after = tuple(ends)
    lanes = tuple(times if lane <= gap else after for lane in range(4))
    return Sketch(
        lanes,
        tuple(ways if at == gap else _straight(len(lanes[at])) for at in range(3)),
        held=gap,
        label=label,
    )


def _slow_reader() -> Sketch:
    made = (*_even(9, 0.0, 0.36), 0.5, 0.66, 0.82, 0.98)
    taken = _even(13, 0.05, 1.0)
    return Sketch((made, made, taken, taken), (_straight(13),) * 3, held=1, label="300 B/s")


_STEADY = _even(16)
SKETCHES: Mapping[str, Sketch] = {
    "streams": _through(_STEADY),
    "buffer": _held(_even(15), 5, 0, "5 into 1"),
    "gzip": _held(_STEADY, 15, 1, "gzip", head=True),
    "join": _held(_STEADY, 16, 1, "b''.join()"),
    "proxy": _held(_even(18), 9, 1, "nginx, 4 KB"),
    "slow": _slow_reader(),
    "cut": _through(_even(7, 0.0, 0.36), cut=0.42, label="RuntimeError"),
}
#: Not a ladder: memory over time.
_MEMORY = "memory"
#: What tells a sketch for a story: words of its id and its hint.
_TOLD_BY: tuple[tuple[str, str], ...] = (
    ("memory", _MEMORY), ("proxy", "proxy"), ("context", "cut"), ("gzip", "gzip"),
    ("join", "join"), (READ_RATE.name, "slow"), ("reader", "slow"), ("buffer", "buffer"),
)  # fmt: skip


def sketch_name(story_id: str, hint: str) -> str:
    """Return the name of the sketch that looks like a story, by the words of its id and of its hint."""
    words = f"{story_id} {hint}".lower()
    return next((name for word, name in _TOLD_BY if word in words), "streams")


def paint_sketch(painter: QPainter, area: QRectF, name: str, theme: Theme) -> None:
    """Paint a sketch into an area."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setClipRect(area)
    painter.fillRect(area, QColor(theme.background))
    if name == _MEMORY:
        _paint_memory(painter, area, theme)
    else:
        _paint_ladder(painter, area, SKETCHES[name], theme)
    painter.restore()


def _paint_ladder(painter: QPainter, area: QRectF, sketch: Sketch, theme: Theme) -> None:
    def x_of(time: float) -> float:
        return area.left() + area.width() * (_MARGIN + (1 - 2 * _MARGIN) * time)

    bands = [
        QRectF(area.left(), area.top() + top * area.height(), area.width(), _LANE_HEIGHT * area.height())
        for top in _LANE_TOPS
    ]
    sides = ["server" if lane < _SERVER_LANES else "client" for lane in range(len(bands))]
    for band, side in zip(bands, sides, strict=True):
        painter.fillRect(band, theme.lane_colour(side))
    for gap, ways in enumerate(sketch.ways):
        upper, lower = sketch.lanes[gap], sketch.lanes[gap + 1]
        top, bottom = bands[gap].bottom(), bands[gap + 1].top()
        lines = [QLineF(x_of(upper[at]), top, x_of(lower[way]), bottom) for at, way in enumerate(ways)]
        _paint_gap(painter, lines, ways, theme, side=sides[gap] if gap == sketch.held else "")
    for band, times, side in zip(bands, sketch.lanes, sides, strict=True):
        _paint_marks(painter, band, [x_of(time) for time in times], theme.layer_colour(side))
    if sketch.held >= 0 and sketch.label:
        room = QRectF(bands[sketch.held].bottomLeft(), bands[sketch.held + 1].topRight())
        _write(
            painter,
            room.adjusted(8, 0, -8, 0),
            sketch.label,
            (theme.text, theme.background),
            Qt.AlignmentFlag.AlignVCenter,
        )
    if sketch.cut is not None:
        _paint_cut(painter, bands, x_of(sketch.cut), sketch.label, theme)


def _paint_gap(painter: QPainter, lines: Sequence[QLineF], ways: Sequence[int], theme: Theme, *, side: str) -> None:
    """Draw the lines of a gap; where things wait, in the colour of their side, over a tinted funnel."""
    if side:
        colour = theme.layer_colour(side)
        fill = QColor(colour)
        fill.setAlphaF(0.22)
        for way in set(ways):
            group = [line for line, each in zip(lines, ways, strict=True) if each == way]
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(fill)
            painter.drawPolygon(QPolygonF([group[0].p1(), group[-1].p1(), group[-1].p2(), group[0].p2()]))
    else:
        colour = QColor(theme.dim)
    painter.setPen(QPen(colour, 1.2 if side else 1.0))
    painter.drawLines(list(lines))


def _paint_marks(painter: QPainter, band: QRectF, places: Sequence[float], colour: QColor) -> None:
    few = len(places) <= 4  # marks that stand for many are wider
    width = max(2.0, band.width() / (55 if few else 95))
    inset = band.height() * 0.08
    for x in places:
        painter.fillRect(QRectF(x - width / 2, band.top() + inset, width, band.height() - 2 * inset), colour)


def _paint_cut(painter: QPainter, bands: Sequence[QRectF], x: float, label: str, theme: Theme) -> None:
    """Draw where it ends too early, and what does not come any more."""
    first = bands[0]
    painter.setPen(QPen(QColor(theme.dim), 1, Qt.PenStyle.DotLine))
    step = first.width() * 0.055
    for number in range(1, int((first.right() - 4 - x) / step) + 1):
        painter.drawLine(QPointF(x + number * step, first.top() + 2), QPointF(x + number * step, first.bottom() - 2))
    painter.setPen(QPen(QColor(theme.error), 2))
    painter.drawLine(QPointF(x, first.top()), QPointF(x, bands[-1].bottom()))
    room = QRectF(x + 8, first.bottom(), first.right() - x - 12, bands[1].top() - first.bottom())
    _write(painter, room, label, (theme.error, theme.background), Qt.AlignmentFlag.AlignVCenter)


def _paint_memory(painter: QPainter, area: QRectF, theme: Theme) -> None:
    left, right = area.left() + area.width() * _MARGIN, area.right() - area.width() * _MARGIN
    floor, top = area.bottom() - area.height() * 0.08, area.top() + area.height() * 0.1
    grows = QColor(theme.server)
    grows.setAlphaF(0.3)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(grows)
    painter.drawPolygon(QPolygonF([QPointF(left, floor), QPointF(right, top), QPointF(right, floor)]))
    painter.setPen(QPen(QColor(theme.server), 2))
    painter.drawLine(QPointF(left, floor), QPointF(right, top))
    flat = area.bottom() - area.height() * 0.2
    painter.setPen(QPen(QColor(theme.client), 2.5))
    painter.drawLine(QPointF(left, flat), QPointF(right, flat))
    room = QRectF(left + 4, area.top() + 6, right - left - 8, flat - area.top() - 8)
    _write(painter, room, "list", (theme.text, theme.background), Qt.AlignmentFlag.AlignTop)
    _write(painter, room, "generator", (theme.text, theme.background), Qt.AlignmentFlag.AlignBottom)


def _write(painter: QPainter, room: QRectF, text: str, colours: tuple[str, str], align: Qt.AlignmentFlag) -> None:
    """Write a label on a ground of its own, so that lines don't cross it; ``colours`` are its own and the ground's."""
    font = QFont(painter.font())
    fitting = 0.9 * min(1.0, room.height() / QFontMetrics(font).height())
    font.setPointSizeF(max(6.0, font.pointSizeF() * fitting))
    painter.setFont(font)
    flags = int(align | Qt.AlignmentFlag.AlignLeft)
    ground = QColor(colours[1])
    ground.setAlphaF(0.85)
    painter.fillRect(painter.boundingRect(room, flags, text).adjusted(-3, 0, 3, 0), ground)
    painter.setPen(QColor(colours[0]))
    painter.drawText(room, flags, text)
