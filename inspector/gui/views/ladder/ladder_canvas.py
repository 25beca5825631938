"""The right side of the ladder: lanes with marks and the lines between them, on a time axis."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSizeF

from inspector.analysis.tracks.alignment import Alignment
from inspector.gui.models.analysis_model import AnalysisModel
from inspector.gui.models.document import Document
from inspector.gui.models.selection import Selection
from inspector.gui.models.time_range import TimeRange
from inspector.gui.style.shield import override
from inspector.gui.style.theme import Theme
from inspector.gui.views.canvas_pointer import Pointed
from inspector.gui.views.paint_context import PaintContext
from inspector.gui.views.time_canvas import TimeCanvas
from inspector.recording.track import Track

from .join_paint import Limit, find_joins, lines_of
from .ladder_picture import LadderPicture
from .lane_layout import Band, Gap, Lane
from .lane_paint import are_lines_told_apart, visible_items
from .pointing import nearest_of, under_in_gap, under_in_lane
from .readout import Readout
from .way import way_of
from .way_paint import paint_lit_lines, paint_lit_marks


class LadderCanvas(TimeCanvas):
    """Paints the bands that `LadderView` laid out."""

    def __init__(self, document: Document, analysis: AnalysisModel, time_range: TimeRange, theme: Theme) -> None:
        super().__init__(document, time_range, theme)
        self._analysis = analysis
        self._picture = LadderPicture(document, analysis)
        self.bands: Sequence[Band] = ()

    def set_bands(self, bands: Sequence[Band], ruler_height: int) -> None:
        """Take over where the rows lie."""
        self.bands = bands
        self.ruler_height = ruler_height
        self.repaint_content()

    # Painting

    @override
    def paint_content(self, context: PaintContext) -> None:
        self._picture.paint(context, self.bands, self.ruler_height, QSizeF(self.size()), self._now_t_ns)

    @property
    def _now_t_ns(self) -> int:
        moment_ns = self.document.moment_ns
        since_ns = self.time_range.whole_ns if moment_ns is None else moment_ns
        return self.document.snapshot.origin_ns + since_ns

    def _track(self, name: str) -> Track:
        return self._picture.track(name)

    def _area(self, band: Band) -> QRectF:
        return QRectF(0, band.top, self.width(), band.height)

    def _limit(self, gap_id: str) -> Limit:
        return self._picture.limit(self.scale(), gap_id, self._now_t_ns)

    # Pointing

    @override
    def paint_way(self, context: PaintContext, items: Selection) -> None:
        way = way_of(self.document, self._analysis, items)
        for band in self.bands:
            if isinstance(band.row, Gap) and band.row.id in way.lines:
                joins = way.lines[band.row.id]
                paint_lit_lines(context, lines_of(context.scale, self._area(band), joins, self._limit(band.row.id)))
        for band in self.bands:
            if isinstance(band.row, Lane) and band.row.name in way.items:
                paint_lit_marks(context, self._area(band), self._track(band.row.name), way.items[band.row.name])

    @override
    def layer_at(self, position: QPointF) -> str:
        band = self.band_at(position.y())
        return band.row.name if band is not None and isinstance(band.row, Lane) else self.current_layer

    @override
    def selected_readout(self) -> tuple[str, ...]:
        selection = self.document.selection
        if selection is None or not len(self.document.snapshot.tracks[selection.layer]):
            return ()
        return Readout(self.document, self._analysis, self.scale()).of_items(selection)

    @override
    def pointed_at(self, position: QPointF) -> Pointed:
        scale, band = self.scale(), self.band_at(position.y())
        readout = Readout(self.document, self._analysis, scale)
        t_ns = scale.t_ns(position.x())
        if band is None:
            return Pointed(readout.of_nothing(t_ns, None, None))
        if isinstance(band.row, Lane):
            return self._pointed_in_lane(readout, band.row, position)
        return self._pointed_in_gap(readout, band, band.row, position)

    def _pointed_in_gap(self, readout: Readout, band: Band, row: Gap, position: QPointF) -> Pointed:
        gap, alignment, scale = row.gap, self._alignment(row), readout.scale
        if gap is None or alignment is None:
            return Pointed(readout.of_nothing(scale.t_ns(position.x()), None, None))
        seen, seen_later = visible_items(alignment.earlier, scale), visible_items(alignment.later, scale)
        if are_lines_told_apart(seen, seen_later, scale, self.strokes.room):
            items = self._line_at(self._area(band), row.id, alignment, position)
            if items is not None:
                return Pointed(readout.of_line(gap, alignment, items), items)
        else:
            column = under_in_lane(alignment.earlier, seen, scale, position.x(), self.strokes.room)
            if column is not None:
                return Pointed(readout.of_column(column.items, gap, alignment), column.items)
        return Pointed(readout.of_nothing(scale.t_ns(position.x()), gap, alignment))

    def _pointed_in_lane(self, readout: Readout, lane: Lane, position: QPointF) -> Pointed:
        track, scale = self._track(lane.name), readout.scale
        under = under_in_lane(track, visible_items(track, scale), scale, position.x(), self.strokes.room)
        if under is None:
            return Pointed(readout.of_nothing(scale.t_ns(position.x()), None, None))
        if not under.is_column:
            return Pointed(readout.of_items(under.items), under.items)
        below = next((gap for gap in self._analysis.gaps if gap.earlier == lane.name), None)
        alignment = self._analysis.alignment(below) if below is not None else None
        return Pointed(readout.of_column(under.items, below, alignment), under.items)

    def _line_at(self, area: QRectF, gap_id: str, alignment: Alignment, position: QPointF) -> Selection | None:
        """Return the items whose lines pass a point of a gap."""
        scale = self.scale()
        joins = find_joins(alignment, *(visible_items(side, scale) for side in (alignment.earlier, alignment.later)))
        lines = lines_of(scale, area, joins, self._limit(gap_id))
        return under_in_gap(alignment, joins, lines, (position.x(), position.y()))

    def _alignment(self, gap: Gap) -> Alignment | None:
        alignment = self._analysis.alignment(gap.gap) if gap.gap is not None else None
        return alignment if alignment is not None and len(alignment.earlier) else None

    @override
    def height_of(self, layer: str) -> float:
        bands = (band for band in self.bands if isinstance(band.row, Lane) and band.row.name == layer)
        return next((band.top + band.height / 2 for band in bands), super().height_of(layer))

    def band_at(self, y: float) -> Band | None:
        """Return the row at a height."""
        return next((band for band in self.bands if band.top <= y < band.bottom), None)

    @override
    def item_at(self, position: QPointF) -> Selection | None:
        band, scale = self.band_at(position.y()), self.scale()
        if band is None:
            return None
        if isinstance(band.row, Gap):
            return self.pointed_at(position).items
        track = self._track(band.row.name)
        under = under_in_lane(track, visible_items(track, scale), scale, position.x(), self.strokes.room)
        return nearest_of(track, under, scale, position.x()) if under is not None else None
