"""The sweep charts in a grid of as many columns as there is room for; those that would show nothing are left out."""

from __future__ import annotations

from collections.abc import Collection

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QScrollArea, QWidget

from inspector.analysis.sweep.sweep_results import METRICS
from inspector.gui.models.sweep_model import SweepModel
from inspector.gui.style.shield import override
from inspector.gui.style.theme import Theme, palette_of

from .chart import SweepChart

_MOST_COLUMNS = 3
_GAP_PX = 10


class ChartGrid(QScrollArea):
    """The charts of all metrics; scrolls where they don't fit. Up and Down go to the one above or below. GUI thread."""

    #: Show a recording; carries its folder.
    open_requested = Signal(object)

    def __init__(self, model: SweepModel, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("sweep_charts")
        self.setAccessibleName("Charts of the sweep")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.charts = [SweepChart(model, metric, theme) for metric in METRICS]
        self._body = QWidget()
        self._grid = QGridLayout(self._body)
        self._grid.setContentsMargins(_GAP_PX, 2, _GAP_PX, 6)
        self._grid.setSpacing(_GAP_PX)
        self._columns = 0
        self._shown = list(self.charts)
        for chart in self.charts:
            chart.open_requested.connect(self.open_requested)
        self.setWidget(self._body)
        self._arrange()
        self.set_theme(theme)

    def set_theme(self, theme: Theme) -> None:
        """Change the colours."""
        for widget in (self._body, self.viewport()):
            palette = palette_of(theme)
            palette.setColor(palette.ColorRole.Window, palette.color(palette.ColorRole.Base))
            widget.setPalette(palette)
            widget.setAutoFillBackground(True)
        for chart in self.charts:
            chart.set_theme(theme)
        self._arrange()

    def show_metrics(self, ids: Collection[str]) -> None:
        """Show the charts of these metrics alone."""
        shown = [chart for chart in self.charts if chart.shown_metric.id in ids]
        if shown != self._shown:
            self._shown = shown
            self._columns = 0
            self._arrange()

    @property
    def columns(self) -> int:
        """How many charts stand beside each other."""
        return self._columns

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        by = {Qt.Key.Key_Up: -self._columns, Qt.Key.Key_Down: self._columns}.get(Qt.Key(event.key()))
        at = next((at for at, chart in enumerate(self._shown) if chart.hasFocus()), None)
        if by is None or at is None or not 0 <= at + by < len(self._shown):
            super().keyPressEvent(event)
            return
        chart = self._shown[at + by]
        chart.setFocus(Qt.FocusReason.OtherFocusReason)
        corner = chart.mapTo(self._body, QPoint())
        self.ensureVisible(corner.x(), corner.y() + chart.height() // 2, 0, chart.height() // 2)

    def _arrange(self) -> None:
        """Lay the charts out anew where another number of them fits beside each other."""
        least = max(chart.minimumSizeHint().width() for chart in self.charts) + _GAP_PX
        columns = min(_columns_of(len(self._shown)), max(1, (self.viewport().width() - _GAP_PX) // least))
        if columns == self._columns:
            return
        for at in range(_MOST_COLUMNS):
            self._grid.setColumnStretch(at, 1 if at < columns else 0)
        for row in range(len(self.charts)):
            self._grid.setRowStretch(row, 1 if row < -(-len(self._shown) // columns) else 0)
        for chart in self.charts:
            chart.setVisible(chart in self._shown)
        for at, chart in enumerate(self._shown):
            self._grid.addWidget(chart, at // columns, at % columns)
        self._columns = columns


def _columns_of(charts: int) -> int:
    """Return how many charts stand beside each other at most: four are two rows of two."""
    return {0: 1, 1: 1, 2: 2, 4: 2}.get(charts, _MOST_COLUMNS)
