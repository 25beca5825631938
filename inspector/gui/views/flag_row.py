"""Flags on the time axis, in a row of their own: what happened once, and settings that were changed meanwhile."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFontMetrics, QPolygonF

from .paint_context import PaintContext

_PENNANT_PX = 8.0
_SPACE_PX = 4.0
#: So far, in heights of a line, words may stand from their flag where another's are in their way.
_REACH_EM = 7.0


@dataclass(frozen=True, slots=True)
class Flag:
    """Something at a place on the time axis: ``x`` in pixels, and its words, in full and shorter and shorter."""

    x: float
    texts: tuple[str, ...]
    colour: str
    #: A setting was changed here: it has a pennant and is named before all others.
    is_change: bool = False


def paint_flags(context: PaintContext, flags: Sequence[Flag], row: QRectF, bottom: float) -> None:
    """Draw a line from each flag down to ``bottom``, a pennant where a setting was changed, and words in the row."""
    left, right = context.scale.left, context.scale.left + context.scale.width
    seen = sorted((flag for flag in flags if left - 1 <= flag.x <= right + 1), key=lambda flag: flag.x)
    places = place_words(seen, context.painter.fontMetrics(), left, right)
    for flag in seen:
        # A pattern costs next to nothing, where a dotted pen costs half a millisecond.
        style = Qt.BrushStyle.SolidPattern if flag.is_change else Qt.BrushStyle.Dense4Pattern
        line = QRectF(round(flag.x), row.top() + 2, 1, bottom - row.top() - 2)
        context.painter.fillRect(line, QBrush(QColor(flag.colour), style))
        if flag.is_change:
            _paint_pennant(context, flag, row)
    # No line runs through words.
    for flag, place in zip(seen, places, strict=True):
        if place is not None:
            text, x, width = place
            area = QRectF(x, row.top(), width, row.height())
            context.fill(area.adjusted(0, 1, 0, -1), context.theme.background)
            context.text(area, text, context.theme.text if flag.is_change else flag.colour)


def _paint_pennant(context: PaintContext, flag: Flag, row: QRectF) -> None:
    top = row.center().y() - _PENNANT_PX / 2
    context.painter.setPen(Qt.PenStyle.NoPen)
    context.painter.setBrush(QColor(flag.colour))
    tip = QPointF(flag.x + _PENNANT_PX, top + _PENNANT_PX / 2)
    context.painter.drawPolygon(QPolygonF([QPointF(flag.x, top), tip, QPointF(flag.x, top + _PENNANT_PX)]))
    context.painter.setBrush(Qt.BrushStyle.NoBrush)


def place_words(
    flags: Sequence[Flag], metrics: QFontMetrics, left: float, right: float
) -> list[tuple[str, float, float] | None]:
    """Return text, left edge and width for each flag, from left to right; None where there is no room for its words.

    Words stand right of their flag, or left of it at the end of the axis. None cover others or pass a change.
    Changes are placed first.
    """
    places: list[tuple[str, float, float] | None] = [None] * len(flags)
    for at in sorted(range(len(flags)), key=lambda at: (not flags[at].is_change, flags[at].x)):
        flag = flags[at]
        taken = [(place[1], place[1] + place[2]) for place in places if place is not None]
        taken += [(each.x, each.x + _PENNANT_PX + 2) for each in flags if each.is_change and each is not flag]
        for text in flag.texts:
            width = metrics.horizontalAdvance(text) + 2.0
            for x in _candidates(flag, width, taken, _REACH_EM * metrics.height()):
                is_inside = left <= x and x + width <= right + _SPACE_PX
                is_free = all(x + width <= first or x >= last for first, last in taken)
                if places[at] is None and is_inside and is_free and _is_in_order(flags, places, at, x):
                    places[at] = text, x, width
    return places


def _is_in_order(flags: Sequence[Flag], places: Sequence[tuple[str, float, float] | None], at: int, x: float) -> bool:
    """Return whether words at ``x`` are read as those of their flag: no change stands between, no words out of turn."""
    near, far = sorted((flags[at].x, x))
    if any(near < each.x < far for each in flags if each.is_change):
        return False
    return all(place is None or (place[1] < x) == (other < at) for other, place in enumerate(places))


def _candidates(flag: Flag, width: float, taken: Sequence[tuple[float, float]], reach: float) -> list[float]:
    """Return left edges for words, the best first: behind the flag, behind others' words, before the flag."""
    begin = flag.x + _SPACE_PX + (_PENNANT_PX if flag.is_change else 0.0)
    behind = [last + 2 * _SPACE_PX for _, last in sorted(taken)]
    return [begin, *(x for x in behind if begin < x <= begin + reach), flag.x - _SPACE_PX - width]
