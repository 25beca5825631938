"""One small chart of a sweep: a metric against the setting's values, with medians and single runs."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QKeyEvent, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from inspector.analysis.sweep.sweep_results import Metric, Point
from inspector.gui.style.shield import override
from inspector.gui.style.theme import Theme

from ...models.sweep_model import SweepModel
from .chart_geometry import ChartData, ChartGeometry
from .chart_paint import Highlight, paint_chart, summary_of_chart

_LEAST_CHARACTERS = 34
_LEAST_LINES = 10


class SweepChart(QWidget):
    """Point at a value to read its figures in all charts, click a point to open its run.

    Left and Right step through the values, Home and End go to the ends, Enter opens the median run. GUI thread.
    """

    #: Show a recording; carries its folder.
    open_requested = Signal(object)

    def __init__(self, model: SweepModel, metric: Metric, theme: Theme) -> None:
        super().__init__()
        self.shown_metric = metric
        self._model = model
        self._theme = theme
        self.setObjectName(f"sweep_{metric.id}")
        self.setAccessibleName(f"{metric.title} against the values of the sweep")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setToolTip("Click a point to open its run; Left and Right step through the values, Enter opens")
        model.changed.connect(self._changed)
        model.current_changed.connect(self.update)
        self._changed()

    @override
    def sizeHint(self) -> QSize:
        return self.minimumSizeHint() * 1.3

    @override
    def minimumSizeHint(self) -> QSize:
        metrics = self.fontMetrics()
        return QSize(_LEAST_CHARACTERS * metrics.averageCharWidth(), _LEAST_LINES * metrics.height())

    def set_theme(self, theme: Theme) -> None:
        """Change the colours."""
        self._theme = theme
        self.update()

    def plot(self) -> ChartGeometry:
        """Return the chart as it is laid out now."""
        model = self._model
        metric = self.shown_metric
        has_line = metric.id in model.lined
        given = ChartData(metric, model.values, model.points, model.medians.get(metric.id, {}), has_line)
        return ChartGeometry.of(given, QRectF(self.rect()), QFontMetricsF(self.font()))

    def summary(self) -> str:
        """Return what it shows in words."""
        return summary_of_chart(self.plot(), self._model.values, self._model.unit, self._model.trade_off.value)

    def _changed(self) -> None:
        self.setAccessibleDescription(self.summary())
        self.update()

    @override
    def paintEvent(self, _event: object) -> None:
        model = self._model
        name = model.knob_name.replace("_", " ")
        title = f"{name} ({model.unit})" if model.unit else name
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), QColor(self._theme.background))
            highlight = Highlight(model.current, model.trade_off.value, title, model.unit, is_over=not model.is_running)
            paint_chart(painter, self.plot(), self._theme, highlight)
            if self.hasFocus():
                painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
                painter.setPen(QPen(QColor(self._theme.selection), 1))
                painter.drawRect(self.rect().adjusted(0, 0, -1, -1))

    # Mouse and keys

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        plot = self.plot()
        self._model.hover(plot.value_at(event.position()))
        over = plot.median_at(event.position()) is not None or plot.run_at(event.position()) is not None
        self.setCursor(Qt.CursorShape.PointingHandCursor if over else Qt.CursorShape.ArrowCursor)

    @override
    def leaveEvent(self, _event: QEvent) -> None:
        self._model.hover(None)

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._click(event.position())

    def _click(self, position: QPointF) -> None:
        """Choose a value; a median point opens its run, any other point its own."""
        plot = self.plot()
        value = plot.value_at(position)
        self._model.choose(value)
        median = plot.median_at(position)
        self._open(plot.run_at(position) if median is None else self._model.median_point(self.shown_metric, median))

    def _open(self, point: Point | None) -> None:
        if point is not None:
            self.open_requested.emit(point.folder)

    def _open_current(self) -> None:
        current = self._model.current
        if current is not None:
            self._open(self._model.median_point(self.shown_metric, current))

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        model = self._model
        keys: dict[Qt.Key, Callable[[], object]] = {
            Qt.Key.Key_Left: lambda: model.step(-1),
            Qt.Key.Key_Right: lambda: model.step(1),
            Qt.Key.Key_Home: lambda: model.choose_end(last=False),
            Qt.Key.Key_End: lambda: model.choose_end(last=True),
            Qt.Key.Key_Return: self._open_current,
            Qt.Key.Key_Enter: self._open_current,
            Qt.Key.Key_Escape: lambda: model.choose(None),
        }
        action = keys.get(Qt.Key(event.key()))
        plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        ends_nothing = event.key() == Qt.Key.Key_Escape and model.current is None
        if action is None or not plain or ends_nothing:
            super().keyPressEvent(event)
            return
        action()
