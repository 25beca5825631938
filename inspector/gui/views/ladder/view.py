"""The ladder as a whole: headers with knobs at the left, the canvas at the right, both on the same rows."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QRect, QSize, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QFrame, QScrollArea, QSplitter, QWidget
from typing_extensions import override

from inspector.analysis.gaps import GapStatistics

from ...knob_editors import Knobs
from ...models.document import Document
from ...models.gap_figures import GapFigures
from ...models.time_range import TimeRange
from ...theme import Theme
from ..time_scale import format_bytes, format_duration
from .canvas import LadderCanvas
from .headers import GapHeader, LaneHeader
from .road import GAPS, LANES, ROAD, Band, Gap, Lane, lay_out, least_height

_LEAST_GAP_PX = 18


class HeaderColumn(QWidget):
    """Stacks the headers where the bands lie; as wide as its widest header."""

    def __init__(self, knobs: Knobs, theme: Theme) -> None:
        super().__init__()
        self.lanes = {lane.name: LaneHeader(lane, theme) for lane in LANES}
        self.gaps = {gap.name: GapHeader(gap, knobs, theme) for gap in GAPS}
        self._theme = theme
        for header in (*self.lanes.values(), *self.gaps.values()):
            header.setParent(self)
        # Tab goes down the road, whatever the order of making.
        self._bands: tuple[Band, ...] = ()

    def header_of(self, row: Lane | Gap) -> QWidget:
        """Return the header of a row."""
        return self.lanes[row.name] if isinstance(row, Lane) else self.gaps[row.name]

    def set_bands(self, bands: tuple[Band, ...]) -> None:
        """Move the headers to their rows."""
        self._bands = bands
        for band in bands:
            self.header_of(band.row).setGeometry(QRect(0, band.top, self.width(), band.height))

    def set_theme(self, theme: Theme) -> None:
        """Change the colours."""
        self._theme = theme
        for lane in self.lanes.values():
            lane.set_theme(theme)
        for gap in self.gaps.values():
            gap.set_theme(theme)
        self.update()

    @override
    def minimumSizeHint(self) -> QSize:
        width = max(header.sizeHint().width() for header in (*self.lanes.values(), *self.gaps.values()))
        return QSize(width, 0)

    @override
    def sizeHint(self) -> QSize:
        return self.minimumSizeHint()

    @override
    def paintEvent(self, _event: object) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._theme.panel)
        painter.end()

    @override
    def resizeEvent(self, _event: object) -> None:
        self.set_bands(self._bands)


class LadderView(QScrollArea):
    """The ladder. Scrolls only where the window is too low for its rows. GUI thread."""

    def __init__(self, document: Document, time_range: TimeRange, knobs: Knobs, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("ladder")
        self.setAccessibleName("Ladder")
        self._document = document
        self.headers = HeaderColumn(knobs, theme)
        self.canvas = LadderCanvas(document, time_range, theme)
        self.canvas.setObjectName("ladder_canvas")
        self.canvas.setAccessibleName("Ladder: time to the right, layers down")
        self.columns = QSplitter(Qt.Orientation.Horizontal)
        self.columns.setChildrenCollapsible(False)
        self.columns.addWidget(self.headers)
        self.columns.addWidget(self.canvas)
        self.columns.setStretchFactor(1, 1)
        self.columns.setHandleWidth(3)
        self.setWidget(self.columns)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusProxy(self.canvas)
        #: Below this height the ladder scrolls, logical pixels.
        self.needed_height = 0
        self.figures = GapFigures(document)
        for header in self.headers.gaps.values():
            header.installEventFilter(self)
        document.was_reset.connect(self._forget)
        document.grew.connect(self._count_items)
        self.figures.changed.connect(self._show_figures)

    def set_theme(self, theme: Theme) -> None:
        """Change the colours."""
        self.headers.set_theme(theme)
        self.canvas.set_theme(theme)

    # Laying out

    @override
    def resizeEvent(self, event: object) -> None:
        super().resizeEvent(event)  # type: ignore[arg-type]
        self.lay_out()

    @override
    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.ApplicationFontChange):
            self.lay_out()

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest:
            self.lay_out()
        return super().eventFilter(watched, event)

    def lay_out(self) -> None:
        """Share the height among the rows."""
        metrics = self.fontMetrics()
        ruler, lane = metrics.height() + 8, metrics.height() + 7
        least = [max(_LEAST_GAP_PX, self.headers.gaps[gap.name].sizeHint().height()) for gap in GAPS]
        self.needed_height = least_height(ruler, lane, least) + 2
        if self.columns.minimumHeight() != self.needed_height:
            self.columns.setMinimumHeight(self.needed_height)
        bands = lay_out(max(self.needed_height, self.viewport().height()) - 2, ruler, lane, least)
        self.headers.setMinimumWidth(self.headers.minimumSizeHint().width())
        self.headers.set_bands(bands)
        self.canvas.set_bands(bands, ruler)

    # Figures

    def _forget(self) -> None:
        for lane in self.headers.lanes.values():
            lane.set_count(0)
        self.canvas.setAccessibleDescription("")

    def _count_items(self, changed: set[str]) -> None:
        for name, lane in self.headers.lanes.items():
            lane.set_count(len(self._document.tracks[name]))
        if "meta" in changed:
            self.canvas.setAccessibleDescription(self.summary())

    def _show_figures(self) -> None:
        for gap in GAPS:
            statistics, names = self.figures.of(gap), self.figures.layers_of(gap)
            texts = figures_of(statistics, names) if statistics and names else ("", "")
            self.headers.gaps[gap.name].set_figures(*texts)

    def summary(self) -> str:
        """Return the ladder in words, for those who can't see it."""
        counts = ", ".join(
            f"{len(self._document.tracks[row.name]):,} {row.layer.items}" for row in ROAD if isinstance(row, Lane)
        )
        gaps = "; ".join(
            f"{gap.title}: {figures_of(statistics, (gap.earlier or '', gap.later))[0]}"
            for gap in GAPS
            if (statistics := self.figures.of(gap)) is not None
        )
        return f"{counts}. {gaps}."


def figures_of(statistics: GapStatistics, names: tuple[str, str]) -> tuple[str, str]:
    """Return a gap's line of figures and its tooltip: ``5 : 1 · 24 B held · 12.4 ms``."""
    median, largest = statistics.median_delay_ns, statistics.largest_delay_ns
    items = f"{statistics.items_in:,} → {statistics.items_out:,}"
    delay = format_duration(median) if median is not None else "no wait yet"
    text = f"{items} · {format_bytes(statistics.held_bytes)} held · {delay}"
    tip = (
        f"{statistics.items_in:,} {names[0]} in, {statistics.items_out:,} {names[1]} out<br>"
        f"{statistics.held_bytes:,} bytes held now, {statistics.largest_held_bytes:,} at most<br>"
        f"waited {delay} (median), {format_duration(largest or 0)} at most"
    )
    return text, tip
