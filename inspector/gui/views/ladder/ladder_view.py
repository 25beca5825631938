"""The ladder: row headers with settings at the left, the canvas at the right."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QRect, Qt, Signal
from PySide6.QtGui import QFontMetrics, QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QSplitter

from inspector.analysis.diagnosis.gap_summary import GapLine, gap_line
from inspector.analysis.metrics.measurements import GapMetrics
from inspector.catalogue import kind_of
from inspector.gui.editors.knob_editors import KnobEditors
from inspector.gui.models.analysis_model import AnalysisModel
from inspector.gui.models.document import Document
from inspector.gui.models.time_range import TimeRange
from inspector.gui.style.presented_type import PresentedType
from inspector.gui.style.shield import override
from inspector.gui.style.theme import Theme

from .header_column import HeaderColumn
from .ladder_canvas import LadderCanvas
from .lane_layout import Gap, Lane, ladder_rows, lay_out, least_height
from .lane_layout import kind_of as gap_kind_of
from .legend_button import LegendButton
from .pointed_frame import PointedFrame
from .presented_buttons import PresentedButtons
from .row_headers import Detail
from .tall_gap import TallGap

#: The header column is about a fifth of the ladder.
_HEADER_SHARE = 0.22
#: What ruler and lanes have besides their line of type, logical pixels, by how much the gaps show.
_ROOM_AROUND = {
    Detail.WHOLE: (8, 7), Detail.SHORT: (8, 7), Detail.COMPACT: (5, 4), Detail.FOLDED: (5, 4), Detail.BARE: (3, 2),
}  # fmt: skip
#: While presenting there are only names in it, and the buttons of the buffer.
_PRESENTED_SHARE = 0.19
#: A wait shorter than this is not worth a mark of its own.
_WORTH_A_MARK_MS = 1.0
#: The gap with the wait is at least so many lines of text high, where others can give way for it.
_TALL_GAP_EM = 5.0


class LadderView(QScrollArea):
    """The ladder. Scrolls only where the window is too low for its rows. GUI thread."""

    #: The rows, or the type, need another height.
    needed_height_changed = Signal()

    def __init__(
        self,
        document: Document,
        analysis: AnalysisModel,
        time_range: TimeRange,
        knobs: KnobEditors,
        theme: Theme,
        *,
        suffix: str = "",
    ) -> None:
        """``suffix`` ends the object names: ``_b`` for the ladder of run B."""
        super().__init__()
        self.setObjectName(f"ladder{suffix}")
        self.setAccessibleName("Ladder B" if suffix else "Ladder")
        self._document = document
        self._analysis = analysis
        self.rows: tuple[Lane | Gap, ...] = ()
        self.headers = HeaderColumn(knobs, theme)
        self.headers.setObjectName(f"ladder{suffix}_headers")
        self.canvas = LadderCanvas(document, analysis, time_range, theme)
        self.canvas.setObjectName(f"ladder{suffix}_canvas")
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
        self._frame = PointedFrame(self.viewport(), theme)  # a splitter would take it for a pane
        #: The gap or the lane that a story points at, empty for none.
        self.pointed = ""
        self.legend_button = LegendButton(f"legend_button{suffix}", self.headers, theme)
        self._knobs = knobs
        self._theme = theme
        self._look: PresentedType | None = None
        self._buttons: PresentedButtons | None = None
        self._is_outside = False
        #: The gaps that the picture names: the accused one, and the one in which items wait longest.
        self._named = ("", "")
        self._needs: tuple[int, ...] = ()
        self._tall = TallGap()
        self._other: LadderView | None = None
        #: The share of the width that the user gave to the header column, None where it was never dragged.
        self.dragged_share: float | None = None
        self.columns.splitterMoved.connect(lambda *_moved: self._dragged())
        self.verticalScrollBar().valueChanged.connect(lambda _value: self._place_frame())
        knobs.shown_changed.connect(self.lay_out)
        document.grew.connect(self._count_items)
        document.was_reset.connect(self._count_items)
        analysis.gaps_changed.connect(self._take_rows)
        analysis.judged.connect(self._show_figures)
        document.selection_changed.connect(self._describe)
        self._take_rows()

    def set_theme(self, theme: Theme) -> None:
        """Change the colours."""
        self._theme = theme
        if self._buttons is not None:
            self._buttons.set_theme(theme)
        self.headers.set_theme(theme)
        self.canvas.set_theme(theme)
        self.legend_button.set_theme(theme)
        self._frame.set_theme(theme)

    # Laying out

    def _take_rows(self) -> None:
        layers = {name: track.layer for name, track in self._document.snapshot.tracks.items()}
        self._is_outside = self._seen_from_outside()
        self.rows = ladder_rows(self._analysis.gaps, layers, is_outside=self._is_outside)
        self.headers.set_rows(self.rows)
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

    def set_presenting(self, look: PresentedType | None) -> None:
        """Show lanes with names in large type and thick marks and no settings, or (None) what is usual."""
        if look is None and self._look is None:
            return
        self._look = look
        self.headers.set_presenting(look)
        self.canvas.set_presenting(look is not None)
        self.legend_button.setVisible(look is None)
        self.lay_out()

    def show_buttons(self, shown: bool) -> None:
        """Show the buttons of the buffer at its gap while presenting."""
        if shown == (self._buttons is not None):
            return
        if self._buttons is not None:
            self._buttons.hide()
            self._buttons.deleteLater()
            self._buttons = None
        else:
            self._buttons = PresentedButtons(self._knobs, self._theme, self.viewport())
            self._buttons.show()
        self._place_buttons()

    def join(self, other: LadderView | None) -> None:
        """Have a header column as wide as another ladder's, so that the same time stands at the same place."""
        self._other = other
        self.lay_out()

    @property
    def tall_gap_id(self) -> str:
        """The id of the gap that is tall, "" for none: of two ladders that where it waits longest is so in both."""
        other = self._other._tall if self._other is not None else self._tall
        ids = {row.id for row in self.rows if isinstance(row, Gap)}
        is_others = other.wait_ms > self._tall.wait_ms and other.gap_id in ids
        return other.gap_id if is_others else self._tall.gap_id

    def _dragged(self) -> None:
        """A hand moved the edge of the header column: it stays there, whatever the window and the type do."""
        self.dragged_share = self.headers.width() / max(1, self.columns.width())
        if self._other is not None:
            self._other.dragged_share = self.dragged_share
            self._other.lay_out()
        self.lay_out()

    def header_width(self) -> int:
        """Return how wide the header column shall be: what its knobs need, from a fifth to a third of the ladder."""
        whole = self.viewport().width()
        if self._look is not None:
            return max(self.headers.names_width(), round(_PRESENTED_SHARE * whole))
        if self.dragged_share is not None:
            wanted = round(self.dragged_share * whole)
        else:
            columns = (self.headers, *((self._other.headers,) if self._other is not None else ()))
            wanted = max(round(_HEADER_SHARE * whole), *(column.rows_width() for column in columns), 0)
        return max(self.headers.minimumSizeHint().width(), min(wanted, whole // 3))

    def _set_header_width(self) -> int:
        width, whole = self.header_width(), self.viewport().width()
        self.headers.setMaximumWidth(max(whole // 3, width, self.headers.minimumSizeHint().width()))
        if self.columns.sizes()[0] != width:
            self.columns.setSizes([width, max(1, whole - width - self.columns.handleWidth())])
        return width

    def height_at(self, detail: Detail) -> int:
        """Return the height that the rows need when the gaps show so much, logical pixels."""
        return self._least(detail, self.header_width())[0]

    def _least(self, detail: Detail, width: int) -> tuple[int, int, int, dict[str, int]]:
        """Return the height in all, those of ruler and lanes, and those of the gaps by their ids."""
        line = self.fontMetrics().height()
        ruler, lane = _ROOM_AROUND[detail]
        ruler, lane = line + ruler, line + lane
        gaps = [row for row in self.rows if isinstance(row, Gap)]
        if self._look is not None:
            return self._least_presented(gaps, self._look, ruler)
        least = {gap.id: self.headers.gaps[gap.id].height_at(detail, width) for gap in gaps}
        return least_height(self.rows, ruler, lane, least) + 2, ruler, lane, least

    def _least_presented(
        self, gaps: Sequence[Gap], look: PresentedType, ruler: int
    ) -> tuple[int, int, int, dict[str, int]]:
        """Return the same while presenting: lanes as high as their names.

        Where there are two ladders, lanes are lower and the other gaps narrow, for the sake of the gap with the wait.
        """
        line, lanes = self.fontMetrics().height(), len(self.rows) - len(gaps)
        wanted = round(1.15 * QFontMetrics(look.name).height())
        apart = {gap.id: line if gap.kind.share == 0 else line // 3 for gap in gaps}
        room = self.viewport().height() - 2
        if least_height(self.rows, ruler, wanted, apart) + 2 * line > room:
            apart = {gap.id: line if gap.kind.share == 0 else max(4, line // 5) for gap in gaps}
            if self.tall_gap_id in apart:
                apart[self.tall_gap_id] = 2 * line
        free = room - least_height(self.rows, ruler, 0, apart)
        lane = max(line * 3 // 4, min(wanted, free // max(1, lanes)))
        return least_height(self.rows, ruler, lane, apart) + 2, ruler, lane, apart

    def lay_out(self) -> None:
        """Share the height among the rows, and show as much of the gaps as there is height for."""
        width = self._set_header_width()
        heights = {detail: self._least(detail, width) for detail in Detail}
        room = self.viewport().height()
        tall_px = round(_TALL_GAP_EM * self.fontMetrics().height())
        wanted = {each: heights[each][0] + max(0, tall_px - heights[each][3].get(self.tall_gap_id, tall_px))
                  for each in Detail}  # fmt: skip
        detail = next((each for each in Detail if wanted[each] <= room), None)
        if self._look is not None:
            detail = Detail.BARE
        elif detail is None:  # too low for a tall gap
            detail = next((each for each in Detail if heights[each][0] <= room), Detail.BARE)
        self.columns.setMinimumHeight(heights[Detail.BARE][0])
        self.headers.set_detail(detail)
        needed, ruler, lane, least = heights[detail]
        bands = lay_out(self.rows, max(needed, room) - 2, ruler, lane, least, tall=self.tall_gap_id)
        self.headers.set_bands(bands)
        self.canvas.set_bands(bands, ruler)
        self.legend_button.place(ruler)
        self._place_frame()
        self._place_buttons()
        needs = tuple(heights[each][0] for each in Detail)
        if needs != self._needs:
            self._needs = needs
            self.needed_height_changed.emit()

    def _place_buttons(self) -> None:
        """Put the buttons into the gap of their buffer; the gap with the wait and the pointed one have names."""
        kind = self._knobs.buffer.shown_at
        band = next(
            (band for band in self.canvas.bands if isinstance(band.row, Gap) and gap_kind_of(band.row.id) == kind), None
        )
        named = {self.tall_gap_id, self.pointed}
        if self._buttons is not None:
            named = {gap_id for gap_id in named if gap_kind_of(gap_id) != kind}
        self.headers.name_while_presenting(frozenset(named))
        if self._buttons is None or self._look is None:
            return
        self._buttons.setVisible(band is not None)
        if band is None:
            return
        self._buttons.set_look(self._look)
        height = self._buttons.sizeHint().height()
        top = band.top + max(0, (band.height - height) // 2)
        self._buttons.setGeometry(QRect(self._look.margin_px, top, self.headers.width() - self._look.margin_px, height))
        self._buttons.raise_()

    def point_at(self, place: str) -> None:
        """Frame the row of a gap, by its id, or of a lane, by its name; nothing where it is empty or not there."""
        self.pointed = place
        self._place_frame()
        self._place_buttons()

    def _place_frame(self) -> None:
        places = {band.row.id if isinstance(band.row, Gap) else band.row.name: band for band in self.canvas.bands}
        band = places.get(self.pointed)
        top = self.columns.y()
        self._frame.surround(QRect(0, top + band.top, self.columns.width(), band.height) if band is not None else None)

    # Figures

    def _seen_from_outside(self) -> bool:
        """Return whether this is a foreign server without taps."""
        meta, tracks = self._document.snapshot.meta, self._document.snapshot.tracks
        if meta is None or kind_of(meta.title).has_taps:
            return False
        return not any(len(track) for track in tracks.values() if track.layer.side == "server")

    def _count_items(self, _changed: set[str] | None = None) -> None:
        if self._seen_from_outside() != self._is_outside:
            self._take_rows()
            return
        for name, lane in self.headers.lanes.items():
            track = self._document.snapshot.tracks.get(name)
            lane.set_count(len(track) if track is not None else 0)

    def _show_figures(self) -> None:
        slowest = self._analysis.slowest_gap
        for gap in (row for row in self.rows if isinstance(row, Gap) and row.gap is not None):
            figures = self._analysis.figures(gap.id)
            line = self._line_of(figures) if figures is not None and figures.items_in else GapLine("", "", "")
            is_longest = slowest is not None and slowest.wait.ms >= _WORTH_A_MARK_MS and slowest.gap.id == gap.id
            self.headers.gaps[gap.id].set_figures(line.whole, line.shorter, line.explanation, is_longest=is_longest)
        self._describe()
        waits_ms = {gap.gap.id: gap.wait.ms for gap in self._analysis.shown.gaps if gap.items_in}
        if self._tall.follow(waits_ms, self._analysis.accused_gap_id, is_live=self._analysis.shown.is_running):
            self.lay_out()
            if self._other is not None:
                self._other.lay_out()
        named = (self._analysis.accused_gap_id, slowest.gap.id if slowest is not None else "")
        if named != self._named or not self._document.is_live or self._is_still():
            self._named = named
            self.canvas.repaint_content()  # else it is painted with its next marks

    def _is_still(self) -> bool:
        """Return whether no new marks will paint the picture anew: it is frozen, or of a moment of a replay."""
        return self._document.paused or self._document.moment_ns is not None

    def _line_of(self, figures: GapMetrics) -> GapLine:
        return gap_line(figures, is_running=self._analysis.shown.is_running, since=self._analysis.since)

    def _describe(self) -> None:
        """Describe what is selected and the whole ladder to those who can't see them."""
        selected = ". ".join(self.canvas.selected_readout())
        self.canvas.setAccessibleDescription(f"Selected: {selected}. {self.summary()}" if selected else self.summary())

    def summary(self) -> str:
        """Return the ladder in words, for those who can't see it."""
        lanes = [row for row in self.rows if isinstance(row, Lane) and row.name in self._document.snapshot.tracks]
        counts = ", ".join(f"{len(self._document.snapshot.tracks[row.name]):,} {row.layer.items}" for row in lanes)
        gaps = "; ".join(
            f"{row.kind.title}: {self._line_of(figures).whole}"
            for row in self.rows
            if isinstance(row, Gap) and (figures := self._analysis.figures(row.id)) is not None and figures.items_in
        )
        return f"{counts}. {gaps}."
