"""The ladder as a whole: headers with knobs at the left, the canvas at the right, both on the same rows."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QSplitter

from inspector.analysis.figures import GapFigures
from inspector.analysis.gap_line import GapLine, gap_line

from ...editors.knobs import Knobs
from ...models.case_model import CaseModel
from ...models.document import Document
from ...models.time_range import TimeRange
from ...shield import override
from ...theme import Theme
from .canvas import LadderCanvas
from .columns import HeaderColumn
from .road import Gap, Lane, lay_out, least_height, road_of

_LEAST_GAP_PX = 18
#: A wait shorter than this is not worth a mark of its own.
_WORTH_A_MARK_MS = 1.0


class LadderView(QScrollArea):
    """The ladder. Scrolls only where the window is too low for its rows. GUI thread."""

    #: The rows, or the type, need another height.
    needed_height_changed = Signal()

    def __init__(self, document: Document, case: CaseModel, time_range: TimeRange, knobs: Knobs, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("ladder")
        self.setAccessibleName("Ladder")
        self._document = document
        self._case = case
        self.road: tuple[Lane | Gap, ...] = ()
        self.headers = HeaderColumn(knobs, theme)
        self.canvas = LadderCanvas(document, case, time_range, theme)
        self.canvas.setObjectName("ladder_canvas")
        self.canvas.setAccessibleName("Ladder: time to the right, layers down")
        self.canvas.setToolTip("Point at a mark to see what it is; F1 lists the keys")
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
        self._is_compact = False
        self._whole_height = 0
        #: Below this height the ladder scrolls, logical pixels.
        self.needed_height = 0
        document.grew.connect(self._count_items)
        document.was_reset.connect(self._count_items)
        case.road_changed.connect(self._take_road)
        case.judged.connect(self._show_figures)
        self._take_road()

    def set_theme(self, theme: Theme) -> None:
        """Change the colours."""
        self.headers.set_theme(theme)
        self.canvas.set_theme(theme)

    # Laying out

    def _take_road(self) -> None:
        layers = {name: track.layer for name, track in self._document.tracks.items()}
        self.road = road_of(self._case.road, layers)
        self.headers.set_road(self.road)
        for header in self.headers.gaps.values():
            header.installEventFilter(self)
        self.lay_out()
        self._count_items()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
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

    def set_compact(self, compact: bool) -> None:
        """Show the gaps without figures and the source without its knobs, where there is little height."""
        if compact != self._is_compact:
            self._is_compact = compact
            self.headers.set_compact(compact)
            self.lay_out()

    def whole_height(self) -> int:
        """Return the height that it needs when it is not compact, as last laid out."""
        return self._whole_height

    def lay_out(self) -> None:
        """Share the height among the rows."""
        metrics = self.fontMetrics()
        ruler, lane = metrics.height() + 8, metrics.height() + 7
        gaps = [row for row in self.road if isinstance(row, Gap)]
        least = {gap.id: max(_LEAST_GAP_PX, self.headers.gaps[gap.id].sizeHint().height()) for gap in gaps}
        needed = least_height(self.road, ruler, lane, least) + 2
        if not self._is_compact:
            self._whole_height = needed
        if needed != self.needed_height:
            self.needed_height = needed
            self.columns.setMinimumHeight(needed)
            self.needed_height_changed.emit()
        bands = lay_out(self.road, max(self.needed_height, self.viewport().height()) - 2, ruler, lane, least)
        self.headers.setMinimumWidth(self.headers.minimumSizeHint().width())
        self.headers.set_bands(bands)
        self.canvas.set_bands(bands, ruler)

    # Figures

    def _count_items(self, _changed: set[str] | None = None) -> None:
        for name, lane in self.headers.lanes.items():
            track = self._document.tracks.get(name)
            lane.set_count(len(track) if track is not None else 0)

    def _show_figures(self) -> None:
        slowest = self._case.slowest_gap
        for gap in (row for row in self.road if isinstance(row, Gap) and row.gap is not None):
            figures = self._case.figures(gap.id)
            line = self._line_of(figures) if figures is not None and figures.items_in else GapLine("", "", "")
            is_longest = slowest is not None and slowest.wait.ms >= _WORTH_A_MARK_MS and slowest.gap.id == gap.id
            self.headers.gaps[gap.id].set_figures(line.whole, line.shorter, line.explanation, is_longest=is_longest)
        self.canvas.setAccessibleDescription(self.summary())
        self.canvas.update()

    def _line_of(self, figures: GapFigures) -> GapLine:
        return gap_line(figures, is_running=self._case.shown.is_running, since=self._case.since)

    def summary(self) -> str:
        """Return the ladder in words, for those who can't see it."""
        lanes = [row for row in self.road if isinstance(row, Lane) and row.name in self._document.tracks]
        counts = ", ".join(f"{len(self._document.tracks[row.name]):,} {row.layer.items}" for row in lanes)
        gaps = "; ".join(
            f"{row.look.title}: {self._line_of(figures).whole}"
            for row in self.road
            if isinstance(row, Gap) and (figures := self._case.figures(row.id)) is not None and figures.items_in
        )
        return f"{counts}. {gaps}."
