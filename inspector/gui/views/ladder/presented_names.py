"""The names of gaps in a presentation: what holds the bytes, and how it is set, in the empty column beside them."""

from __future__ import annotations

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter

from inspector.gui.style.presented_type import PresentedType
from inspector.gui.style.theme import Theme

from .gap_content import GapContent
from .row_headers import bold_of

_RIGHT_MARGIN_PX = 6
#: Of longer settings a room reads what matters most.
_LONG = 18
#: Type gets so much smaller, step by step, until the words fit into their column.
_STEP = 0.92


def presented_name(content: GapContent) -> tuple[str, ...]:
    """Return the lines that name a gap: what sits in it, and how it is set where that can be said."""
    value = next((text for text in content.values if len(text) <= _LONG), content.values[-1])
    return tuple(filter(None, (content.titles[0], value)))


def paint_presented_name(
    painter: QPainter, area: QRect, lines: tuple[str, ...], look: PresentedType, theme: Theme
) -> None:
    """Write the name of a gap into its place: in two lines, in one where it is low, in smaller type where narrow."""
    room = area.adjusted(look.margin_px, 0, -_RIGHT_MARGIN_PX, 0)
    least = QFontMetrics(look.small).height()
    if room.height() < least:
        return
    if room.height() < 2 * least:
        lines = (lines[-1],)
    font = _fitting(lines, look, room)
    height = QFontMetrics(font).height()
    top = room.top() + (room.height() - height * len(lines)) // 2
    for index, line in enumerate(lines):
        is_last = index == len(lines) - 1
        painter.setFont(bold_of(font) if is_last else font)
        painter.setPen(QColor(theme.text if is_last else theme.dim))
        elided = painter.fontMetrics().elidedText(line, Qt.TextElideMode.ElideRight, room.width())
        place = QRect(room.left(), top + index * height, room.width(), height)
        painter.drawText(place, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, elided)


def _fitting(lines: tuple[str, ...], look: PresentedType, room: QRect) -> QFont:
    """Return the largest type, from that of a sentence down to the small one, in which these lines fit."""
    font, least_pt = look.sentence, look.small.pointSizeF()
    while font.pointSizeF() > least_pt:
        metrics = QFontMetrics(bold_of(font))
        widest = max(metrics.horizontalAdvance(line) for line in lines)
        if widest <= room.width() and metrics.height() * len(lines) <= room.height():
            break
        font.setPointSizeF(max(least_pt, font.pointSizeF() * _STEP))
    return font
