"""The left column of the ladder: one header per lane and gap, reused when the rows change."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRect, QSize
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from inspector.gui.editors.knob_editors import KnobEditors
from inspector.gui.style.presented_type import PresentedType
from inspector.gui.style.shield import override
from inspector.gui.style.theme import Theme

from .gap_header import GapHeader
from .lane_layout import Band, Gap, Lane, kind_of
from .presented_names import paint_presented_name, presented_name
from .row_headers import Detail, LaneHeader


class HeaderColumn(QWidget):
    """Stacks the headers where the bands lie. GUI thread."""

    def __init__(self, knobs: KnobEditors, theme: Theme) -> None:
        super().__init__()
        self.lanes: dict[str, LaneHeader] = {}
        self.gaps: dict[str, GapHeader] = {}
        self._knobs = knobs
        self._theme = theme
        self._bands: tuple[Band, ...] = ()
        self._detail = Detail.WHOLE
        self._look: PresentedType | None = None
        self._shown_gaps: set[str] = set()
        self._named: frozenset[str] = frozenset()

    def set_presenting(self, look: PresentedType | None) -> None:
        """Show nothing but names, in large type, or (None) what is usual."""
        self._look = look
        for lane in self.lanes.values():
            lane.set_presenting(look)
        self._show_gaps()

    def _show_gaps(self) -> None:
        for gap_id, gap in self.gaps.items():
            gap.setVisible(gap_id in self._shown_gaps and self._look is None)

    def name_while_presenting(self, gaps: frozenset[str]) -> None:
        """Name these gaps, by their ids, while presenting."""
        self._named = gaps
        self.setAccessibleDescription("; ".join(", ".join(lines) for lines in self.presented_names().values()))
        self.update()

    def presented_names(self) -> dict[str, tuple[str, ...]]:
        """Return the lines that name gaps while presenting, by the ids of the gaps."""
        if self._look is None:
            return {}
        return {gap_id: presented_name(self.gaps[gap_id].content) for gap_id in self._named & self._shown_gaps}

    def names_width(self) -> int:
        """Return the width of the longest name of a lane."""
        return max((lane.name_width() for lane in self.lanes.values() if not lane.isHidden()), default=0)

    def set_detail(self, detail: Detail) -> None:
        """Show more or less of the gaps."""
        self._detail = detail
        for gap in self.gaps.values():
            gap.set_detail(detail)

    def rows_width(self) -> int:
        """Return the width at which every knob that likes to stand in sight does, logical pixels."""
        return max((gap.row_width() for gap in self.gaps.values() if not gap.isHidden()), default=0)

    def set_rows(self, rows: Sequence[Lane | Gap]) -> None:
        """Make the headers that are missing, hide those of rows that are not there."""
        before: QWidget | None = None
        for row in rows:
            header: QWidget
            if isinstance(row, Lane):
                lane = self.lanes.setdefault(row.name, LaneHeader(row, self._theme))
                lane.set_lane(row)
                lane.set_presenting(self._look)
                header = lane
            else:
                header = self._gap_header(row)
            if header.parent() is not self:
                header.setParent(self)
            header.show()
            if before is not None:
                QWidget.setTabOrder(before, header)
            before = header
        shown = {row.name for row in rows if isinstance(row, Lane)}, {row.id for row in rows if isinstance(row, Gap)}
        for name, lane in self.lanes.items():
            lane.setVisible(name in shown[0])
        self._shown_gaps = shown[1]
        self._show_gaps()

    def _gap_header(self, row: Gap) -> GapHeader:
        """Return the header of a gap; the first middleware's has the knob of them all."""
        header = self.gaps.get(row.id)
        if header is None:
            has_knobs = row.gap is None or row.gap.stack_index <= 1
            header = GapHeader(row.id, row.kind, self._knobs if has_knobs else None, self._theme)
            header.set_detail(self._detail)
            self.gaps[row.id] = header
        if kind_of(row.id) == "middleware" and row.gap is not None and row.gap.stack_index > 1:
            header.set_title(row.kind.title)
        return header

    def header_of(self, row: Lane | Gap) -> QWidget:
        """Return the header of a row."""
        return self.lanes[row.name] if isinstance(row, Lane) else self.gaps[row.id]

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
        return QSize(8 * self.fontMetrics().averageCharWidth(), 0)

    @override
    def sizeHint(self) -> QSize:
        return QSize(max(self.rows_width(), self.minimumSizeHint().width()), 0)

    @override
    def paintEvent(self, _event: object) -> None:
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), self._theme.panel if self._look is None else self._theme.background)
            if self._look is None:
                return
            names = self.presented_names()
            for band in self._bands:
                if isinstance(band.row, Gap) and band.row.id in names:
                    area = QRect(0, band.top, self.width(), band.height)
                    paint_presented_name(painter, area, names[band.row.id], self._look, self._theme)

    @override
    def resizeEvent(self, _event: object) -> None:
        self.set_bands(self._bands)
