"""The right side of the ladder: lanes with marks and the lines between them, on a time axis."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPen

from inspector.analysis.tracks.alignment import Alignment
from inspector.gui.models.analysis_model import AnalysisModel
from inspector.gui.models.document import Document
from inspector.gui.models.selection import Selection
from inspector.gui.models.time_range import TimeRange
from inspector.gui.style.shield import override
from inspector.gui.style.theme import Theme
from inspector.gui.views.canvas_pointer import Pointed
from inspector.gui.views.change_flags import paint_change_flags
from inspector.gui.views.paint_context import PaintContext
from inspector.gui.views.time_canvas import TimeCanvas
from inspector.recording.layers import layer_of
from inspector.recording.track import Track

from .join_paint import Limit, find_joins, lines_of, paint_joins
from .lane_captions import empty_lane_text, flags_of, held_words
from .lane_layout import Band, Gap, Lane
from .lane_paint import VisibleItems, are_drawn_one_by_one, paint_lane, visible_items
from .pointing import nearest_of, under_in_gap, under_in_lane
from .readout import Readout
from .way import way_of
from .way_paint import paint_lit_lines, paint_lit_marks


class LadderCanvas(TimeCanvas):
    """Paints the bands that `LadderView` laid out."""

    def __init__(self, document: Document, analysis: AnalysisModel, time_range: TimeRange, theme: Theme) -> None:
        super().__init__(document, time_range, theme)
        self._analysis = analysis
        self.bands: Sequence[Band] = ()

    def set_bands(self, bands: Sequence[Band], ruler_height: int) -> None:
        """Take over where the rows lie."""
        self.bands = bands
        self.ruler_height = ruler_height
        self.repaint_content()

    # Painting

    @override
    def paint_content(self, context: PaintContext) -> None:
        lanes = [(band, band.row) for band in self.bands if isinstance(band.row, Lane)]
        for band, lane in lanes:
            context.fill(self._area(band), self.theme.lane_colour(lane.layer.side))
        for band in self.bands:
            if isinstance(band.row, Gap) and band.row.id == self._analysis.accused_gap_id:
                context.fill(self._area(band), self.theme.accused)
        context.grid(QRectF(0, 0, self.width(), self.height()), self.ruler_height)
        self._paint_selected_time(context)
        seen = {lane.name: visible_items(self._track(lane.name), context.scale) for _, lane in lanes}
        for band in self.bands:
            if isinstance(band.row, Gap):
                self._paint_gap(context, band, band.row, seen)
        self._paint_flags(context)
        paint_change_flags(context, self.document.snapshot.changes, 0, self.ruler_height, self.height())
        for band, lane in lanes:
            self._paint_lane(context, band, lane, seen[lane.name])

    def _track(self, name: str) -> Track:
        """Return the track of a lane, an empty one for a middleware's that the shown recording does not have."""
        track = self.document.snapshot.tracks.get(name)
        return Track.empty(layer_of("write")) if track is None else track

    def _area(self, band: Band) -> QRectF:
        return QRectF(0, band.top, self.width(), band.height)

    def _paint_lane(self, context: PaintContext, band: Band, lane: Lane, seen: VisibleItems) -> None:
        track = self._track(lane.name)
        area = self._area(band).adjusted(context.scale.left, 0, 0, 0)
        if len(track):
            paint_lane(context, area, track, seen, self.document.selected_items(lane.name))
        else:
            context.text(area, empty_lane_text(self.document, lane), self.theme.dim)

    def _paint_gap(self, context: PaintContext, band: Band, gap: Gap, seen: dict[str, VisibleItems]) -> None:
        alignment = self._alignment(gap)
        if gap.gap is None or alignment is None:
            return
        earlier, later = alignment.earlier, alignment.later
        # The analysis may still be catching up, and a coded layer reaches as far as the client has decoded.
        seen_sides = [
            seen[name] if len(side) == len(self._track(name)) else visible_items(side, context.scale)
            for name, side in ((gap.gap.earlier, earlier), (gap.later, later))
        ]
        joins = find_joins(alignment, *seen_sides)
        side = earlier.layer.side if earlier.layer.side == later.layer.side else "client"
        selected = self.document.selected_bytes
        paint_joins(context, self._area(band), joins, side, selected_bytes=selected, limit=self._limit(gap.id))

    def _limit(self, gap_id: str) -> Limit:
        """Return how far the run has got, and what it means that a gap still holds bytes when it is over."""
        meta = self.document.snapshot.meta
        if self.document.is_live or meta is None or meta.ending is None:
            return Limit(self.now_x)
        return Limit(self.scale().x_of(meta.ending.t_ns), is_stop=True, words=held_words(gap_id))

    def _paint_flags(self, context: PaintContext) -> None:
        """Mark on the time axis what happened once: request sent, head received, end."""
        if not self.bands:
            return
        top, bottom = self.bands[0].top, self.bands[0].bottom
        line = context.painter.fontMetrics().height() + 2
        taken: list[QRectF] = []
        for row, flag in enumerate(flags_of(self.document)):
            x = context.scale.x_of(flag.t_ns)
            if not context.scale.left - 1 <= x <= self.width():
                continue
            colour = {"plain": self.theme.dim, "good": self.theme.message, "bad": self.theme.error}[flag.tone]
            context.painter.setPen(QPen(QColor(colour), 1, Qt.PenStyle.DotLine))
            context.painter.drawLine(QPointF(x, top), QPointF(x, self.height()))
            width = context.painter.fontMetrics().horizontalAdvance(flag.text) + 8
            left = x + 4 if x + 4 + width < self.width() else x - width
            y = min(top + 2 + row * line, max(top, bottom - line))
            area = QRectF(left, y, width, line)
            for other in taken:
                if area.intersects(other):  # too low for a line each
                    area.moveLeft(other.right())
            taken.append(area)
            context.fill(area.translated(-2, 0), self.theme.background)
            context.text(area, flag.text, colour)

    def _paint_selected_time(self, context: PaintContext) -> None:
        selection = self.document.selection
        if selection is None:
            return
        start, stop = selection.time_range(self.document.snapshot.tracks[selection.layer])
        left, right = context.scale.x_of(start), context.scale.x_of(stop)
        context.fill(QRectF(left - 4, self.ruler_height, right - left + 8, self.height()), self.theme.band)

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
        seen = visible_items(alignment.earlier, scale)
        if are_drawn_one_by_one(seen, scale, self.strokes.room):
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
