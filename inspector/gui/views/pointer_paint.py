"""Paints what goes with the pointer: the time cursor, the card with its read-out, a measured span."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen

from .paint_context import PaintContext

#: From the pointer to its card, so that an arrow of usual size covers nothing.
_OFFSET_PX = 16.0
_CORNER_PX = 4.0


def paint_cursor(context: PaintContext, x: float, height: float) -> bool:
    """Draw the thin line of the time under the pointer through all lanes; return whether it is in sight."""
    if not context.scale.left <= x <= context.scale.left + context.scale.width:
        return False
    context.painter.setPen(QPen(QColor(context.theme.dim), 1))
    context.painter.drawLine(QPointF(round(x) + 0.5, 0), QPointF(round(x) + 0.5, height))
    return True


def paint_pill(context: PaintContext, x: float, text: str, ruler_height: float) -> None:
    """Write a time into the ruler, centred on its line and never out of sight."""
    width = context.painter.fontMetrics().horizontalAdvance(text) + 14
    right = context.scale.left + context.scale.width
    left = min(max(context.scale.left, x - width / 2), max(context.scale.left, right - width))
    area = QRectF(round(left) + 0.5, 1.5, width, ruler_height - 3)
    _box(context, area, context.theme.raised)
    context.text(area, text, context.theme.text, Qt.AlignmentFlag.AlignHCenter)


def paint_card(context: PaintContext, lines: Sequence[str], at: QPointF, bounds: QRectF) -> QRectF:
    """Draw a card with lines of text beside a point, the first bold and the last of several dim; return its area.

    It keeps within the bounds and away from the point; what is too long for them is cut.
    """
    if not lines:
        return QRectF()
    painter = context.painter
    bold = QFont(painter.font())
    bold.setBold(True)
    fonts = [bold, *[painter.font()] * (len(lines) - 1)]
    metrics = [QFontMetricsF(font) for font in fonts]
    line, pad = round(metrics[0].height() * 1.25), metrics[0].height() * 0.5
    widest = max(each.horizontalAdvance(text) for each, text in zip(metrics, lines, strict=True))
    width = min(widest + 2 * pad + 2, bounds.width() - 8)
    height = line * len(lines) + 2 * pad * 0.6
    left = at.x() + _OFFSET_PX if at.x() + _OFFSET_PX + width <= bounds.right() else at.x() - _OFFSET_PX - width
    top = at.y() + _OFFSET_PX if at.y() + _OFFSET_PX + height <= bounds.bottom() else at.y() - _OFFSET_PX - height
    left, top = max(bounds.left() + 4, left), max(bounds.top() + 2, top)
    area = QRectF(round(left) + 0.5, round(top) + 0.5, round(width), round(height))
    _box(context, area, context.theme.raised)
    kept = painter.font()
    for number, (font, measure, text) in enumerate(zip(fonts, metrics, lines, strict=True)):
        painter.setFont(font)
        colour = context.theme.dim if 1 < number == len(lines) - 1 else context.theme.text
        place = QRectF(area.left() + pad, area.top() + pad * 0.6 + number * line, area.width() - 2 * pad, line)
        context.text(place, measure.elidedText(text, Qt.TextElideMode.ElideRight, place.width() + 1), colour)
    painter.setFont(kept)
    return area


def paint_span_area(context: PaintContext, edges: tuple[float, float], ruler_height: float, height: float) -> None:
    """Tint a span while it is measured; what is selected in it has a colour of its own afterwards."""
    tint = QColor(context.theme.selection)
    tint.setAlpha(46)
    context.fill(QRectF(edges[0], ruler_height, edges[1] - edges[0], height), tint)


def paint_span(
    context: PaintContext, edges: tuple[float, float], text: str, ruler_height: float, height: float
) -> None:
    """Draw a measured span: two lines, and its figures in the middle between them."""
    left, right = edges
    context.painter.setPen(QPen(QColor(context.theme.selection), 1.5))
    for x in (left, right):
        context.painter.drawLine(QPointF(x, 0), QPointF(x, height))
    metrics = context.painter.fontMetrics()
    width, tall = metrics.horizontalAdvance(text) + metrics.height(), metrics.height() + 6
    middle = min(max((left + right) / 2, context.scale.left), context.scale.left + context.scale.width)
    begin = min(max(2.0, middle - width / 2), max(2.0, context.scale.left + context.scale.width - width))
    area = QRectF(round(begin) + 0.5, ruler_height + 4.5, width, tall)
    _box(context, area, context.theme.selection)
    context.text(area, text, context.theme.selection_text, Qt.AlignmentFlag.AlignHCenter)


def _box(context: PaintContext, area: QRectF, colour: str) -> None:
    painter = context.painter
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
    painter.setPen(QPen(QColor(context.theme.border), 1))
    painter.setBrush(QColor(colour))
    painter.drawRoundedRect(area, _CORNER_PX, _CORNER_PX)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
