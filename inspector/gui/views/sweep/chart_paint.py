"""Paints one sweep chart: axes, best trade-off, medians with their range, and single runs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen

from inspector.analysis.formatting import count_of
from inspector.analysis.sweep.sweep_results import Measured
from inspector.analysis.sweep.trade_off import figure_text, value_text
from inspector.gui.style.theme import Theme

from .chart_geometry import ChartGeometry

_MEDIAN_PX = 3.5
_RUN_PX = 2.0
_RING_PX = 6.5
_CAP_PX = 4.0
_CROSS_PX = 3.5
_TRADE_OFF = "best"
_NOISE = "no more than chance"
_ALIGN_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_ALIGN_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


@dataclass(frozen=True, slots=True)
class Highlight:
    """What is highlighted on a chart: the current value and the best trade-off; texts of the axis below.

    ``is_over`` tells that no more runs come, so that it can be said where there is but chance.
    """

    current: str | None
    trade_off: str | None
    axis_title: str
    unit: str
    is_over: bool = True


def paint_chart(painter: QPainter, plot: ChartGeometry, theme: Theme, highlight: Highlight) -> None:
    """Paint a whole chart; ``painter`` has the font of the widget."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    _paint_axes(painter, plot, theme, highlight)
    _paint_heading(painter, plot, theme, highlight)
    if not plot.medians and not plot.failed:
        painter.setPen(QColor(theme.dim))
        words = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
        painter.drawText(plot.area.adjusted(8, 0, -8, 0), int(words), "no data for these runs")
        return
    _paint_trade_off(painter, plot, theme, highlight.trade_off)
    _paint_current(painter, plot, theme, highlight.current)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    _paint_medians(painter, plot, theme)
    _paint_failed(painter, plot, theme)
    _paint_ring(painter, plot, theme, highlight.current)


def _paint_heading(painter: QPainter, plot: ChartGeometry, theme: Theme, highlight: Highlight) -> None:
    """Name the metric with its unit; right of it the figure of the current value."""
    plain = painter.font()
    bold = QFont(plain)
    bold.setBold(True)
    metrics = QFontMetricsF(bold)
    row = QRectF(plot.area.left(), 0, plot.area.width() + 6, 1.5 * metrics.height())
    painter.setFont(bold)
    painter.setPen(QColor(theme.text))
    painter.drawText(row, _ALIGN_LEFT, plot.metric.title)
    painter.setFont(plain)
    painter.setPen(QColor(theme.dim))
    after = row.adjusted(metrics.horizontalAdvance(plot.metric.title) + 6, 0, 0, 0)
    painter.drawText(after, _ALIGN_LEFT, plot.figures.unit)
    after.adjust(metrics.horizontalAdvance(plot.figures.unit) + 12, 0, 0, 0)
    text = _read_out(plot, highlight, QFontMetricsF(plain), after.width())
    painter.setPen(QColor(theme.text))
    painter.drawText(after, _ALIGN_RIGHT, text)


def _read_out(plot: ChartGeometry, highlight: Highlight, metrics: QFontMetricsF, width: float) -> str:
    """Return the text of the current value, as much of it as there is room for."""
    if highlight.current is None:
        is_noise = highlight.is_over and not plot.has_line and len(plot.medians) > 1
        return _NOISE if is_noise and metrics.horizontalAdvance(_NOISE) <= width else ""
    at = plot.medians.get(highlight.current)
    if at is None:
        failed = sum(point.value == highlight.current for point in plot.failed)
        return f"{value_text(highlight.current, highlight.unit)}: {failed} failed" if failed else ""
    median = figure_text(plot.metric, at.median)
    texts = [f"{value_text(highlight.current, highlight.unit)}: {median}", median]
    low, high = (figure_text(plot.metric, figure) for figure in (at.low, at.high))
    if low != high:
        texts = [f"{texts[0]} ({low} to {high})", f"{median} ({low} to {high})", *texts]
    return next((text for text in texts if metrics.horizontalAdvance(text) <= width), "")


def _paint_axes(painter: QPainter, plot: ChartGeometry, theme: Theme, highlight: Highlight) -> None:
    area, metrics = plot.area, QFontMetricsF(painter.font())
    for tick in plot.figures.ticks:
        y = round(plot.y(tick)) + 0.5
        painter.setPen(QPen(QColor(theme.grid), 1))
        painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))
        painter.setPen(QColor(theme.dim))
        label = QRectF(0, y - metrics.height() / 2, area.left() - 6, metrics.height())
        painter.drawText(label, _ALIGN_RIGHT, plot.figures.label(tick))
    base = round(area.bottom()) + 0.5
    painter.setPen(QPen(QColor(theme.border), 1))
    painter.drawLine(QPointF(area.left(), base), QPointF(area.right(), base))
    for value in plot.values.shares:
        x = round(plot.x(value)) + 0.5
        painter.drawLine(QPointF(x, base), QPointF(x, base + 3))
    for value, (text, label) in plot.value_labels(metrics, (highlight.trade_off, highlight.current)).items():
        painter.setPen(QColor(theme.text if value in (highlight.trade_off, highlight.current) else theme.dim))
        painter.drawText(label, int(Qt.AlignmentFlag.AlignCenter), text)
    _paint_break(painter, plot, theme, base)
    title = QRectF(area.left(), plot.labels_top + metrics.height() - 1, area.width(), 1.2 * metrics.height())
    painter.setPen(QColor(theme.dim))
    painter.drawText(title, int(Qt.AlignmentFlag.AlignCenter), highlight.axis_title)


def _paint_break(painter: QPainter, plot: ChartGeometry, theme: Theme, base: float) -> None:
    """Break the axis behind 0, which has no place on decades."""
    x = plot.break_x
    if x is None:
        return
    painter.fillRect(QRectF(x - 2, base - 2, 5, 4), QColor(theme.background))
    painter.setPen(QPen(QColor(theme.dim), 1))
    for left in (x - 3, x + 2):
        painter.drawLine(QPointF(left, base + 4), QPointF(left + 3, base - 4))


def _paint_trade_off(painter: QPainter, plot: ChartGeometry, theme: Theme, trade_off: str | None) -> None:
    if trade_off is None or trade_off not in plot.values.shares:
        return
    x = round(plot.x(trade_off)) + 0.5
    pen = QPen(QColor(theme.warning), 1)
    pen.setDashPattern([4.0, 3.0])
    painter.setPen(pen)
    painter.drawLine(QPointF(x, plot.area.top() - 2), QPointF(x, plot.area.bottom()))
    metrics = QFontMetricsF(painter.font())
    width = metrics.horizontalAdvance(_TRADE_OFF) + 2
    left = x + 4 if x + 4 + width <= plot.area.right() else x - 4 - width
    painter.drawText(QRectF(left, plot.area.top() - 3, width, metrics.height()), _ALIGN_LEFT, _TRADE_OFF)


def _paint_current(painter: QPainter, plot: ChartGeometry, theme: Theme, current: str | None) -> None:
    if current is None or current not in plot.values.shares:
        return
    x = round(plot.x(current))
    band = QColor(theme.selection)
    band.setAlpha(36)
    painter.fillRect(QRectF(x - 7, plot.area.top(), 15, plot.area.height()), band)


def _paint_medians(painter: QPainter, plot: ChartGeometry, theme: Theme) -> None:
    colour = theme.layer_colour(plot.metric.side)
    if plot.has_line and not plot.values.are_words:
        _paint_line(painter, plot, colour)
    faint = QColor(colour)
    faint.setAlpha(120)
    painter.setBrush(faint)
    painter.setPen(Qt.PenStyle.NoPen)
    for point, figure in plot.runs:
        painter.drawEllipse(QPointF(plot.x(point.value), plot.y(figure)), _RUN_PX, _RUN_PX)
    for value, each in plot.medians.items():
        _paint_median(painter, plot, value, each, colour)
    painter.setBrush(Qt.BrushStyle.NoBrush)


def _paint_line(painter: QPainter, plot: ChartGeometry, colour: QColor) -> None:
    """Join the medians; across the break of the axis only as a hint."""
    line = [QPointF(plot.x(value), plot.y(each.median)) for value, each in plot.medians.items()]
    for start, end in pairwise(line):
        crosses = plot.break_x is not None and start.x() < plot.break_x < end.x()
        painter.setPen(QPen(colour, 1.2, Qt.PenStyle.DotLine) if crosses else QPen(colour, 1.8))
        painter.drawLine(start, end)


def _paint_median(painter: QPainter, plot: ChartGeometry, value: str, each: Measured, colour: QColor) -> None:
    x, y = plot.x(value), plot.y(each.median)
    if each.count > 1:
        low, high = plot.y(each.low), plot.y(each.high)
        painter.setPen(QPen(colour, 1))
        painter.drawLine(QPointF(x, low), QPointF(x, high))
        if low - high > 2 * _MEDIAN_PX:  # shorter ones end inside the point
            for end in (low, high):
                painter.drawLine(QPointF(x - _CAP_PX, end), QPointF(x + _CAP_PX, end))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    painter.drawEllipse(QPointF(x, y), _MEDIAN_PX, _MEDIAN_PX)


def _paint_failed(painter: QPainter, plot: ChartGeometry, theme: Theme) -> None:
    painter.setPen(QPen(QColor(theme.error), 2))
    for _, at in plot.crosses():
        for way in (1, -1):
            reach = QPointF(_CROSS_PX, way * _CROSS_PX)
            painter.drawLine(at - reach, at + reach)


def _paint_ring(painter: QPainter, plot: ChartGeometry, theme: Theme, current: str | None) -> None:
    at = plot.medians.get(current) if current is not None else None
    if at is not None:
        painter.setPen(QPen(QColor(theme.selection), 2))
        painter.drawEllipse(QPointF(plot.x(at.value), plot.y(at.median)), _RING_PX, _RING_PX)


def summary_of_chart(plot: ChartGeometry, values: Sequence[str], unit: str, trade_off: str | None) -> str:
    """Return what a chart shows in words, for those who don't see it."""
    texts = []
    for value in values:
        at = plot.medians.get(value)
        if at is not None:
            texts.append(f"{value_text(value, unit)}: {figure_text(plot.metric, at.median)}")
    count = len(plot.failed)
    failed = f" {count_of(count, 'run')} failed." if count else ""
    at_trade_off = f" The best trade-off is at {value_text(trade_off, unit)}." if trade_off is not None else ""
    noise = "" if plot.has_line or len(texts) < 2 else f" The difference is {_NOISE}."
    return f"{plot.metric.title}. {'; '.join(texts) or 'Nothing known'}.{noise}{at_trade_off}{failed}"
