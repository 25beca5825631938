"""The picture of the ladder: lanes with their marks, and between them how bytes went on and how long they waited."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSizeF, Qt

from inspector.analysis.tracks.alignment import Alignment
from inspector.gui.models.analysis_model import AnalysisModel
from inspector.gui.models.document import Document
from inspector.gui.views.paint_context import PaintContext
from inspector.recording.layers import layer_of
from inspector.recording.track import Track

from ..change_flags import change_flags
from ..flag_row import paint_flags
from ..time_scale import TimeScale
from .funnel_feet import feet_of, name_feet
from .join_paint import Limit, find_joins, lines_of, paint_joins
from .lane_captions import empty_lane_text, empty_text, event_flags, held_words
from .lane_layout import Band, Gap, Lane
from .lane_paint import LaneSizes, VisibleItems, are_lines_told_apart, paint_lane, paint_size_scale, visible_items
from .wait_columns import GapWaits, WaitScale, wait_scale, waits_of
from .wait_paint import paint_waits
from .way import MOST_LINES, Way, way_of
from .way_paint import paint_lit_lines


@dataclass(frozen=True, slots=True)
class _SeenGap:
    """A gap with both of its tracks, as far as the analysis has taken them in, and what is in sight of each."""

    band: Band
    gap: Gap
    alignment: Alignment
    seen: tuple[VisibleItems, VisibleItems]

    @property
    def side(self) -> str:
        earlier, later = self.alignment.earlier.layer.side, self.alignment.later.layer.side
        return earlier if earlier == later else "client"


class LadderPicture:
    """Paints what a document shows into the bands of a ladder. GUI thread."""

    def __init__(self, document: Document, analysis: AnalysisModel) -> None:
        self._document = document
        self._analysis = analysis
        #: How far the run has got, or had at the moment of a replay.
        self._now_t_ns = 0
        #: The way of what is selected, None while no gap needs it.
        self._way: Way | None = None

    def paint(
        self, context: PaintContext, bands: Sequence[Band], ruler_height: float, size: QSizeF, now_t_ns: int
    ) -> None:
        """Paint all of it, from the grounds of the lanes to their marks; a run that is not over has got to a time."""
        meta = self._document.snapshot.meta
        self._now_t_ns = meta.ending.t_ns if meta is not None and meta.ending is not None else now_t_ns
        lanes = [(band, band.row) for band in bands if isinstance(band.row, Lane)]
        for band in bands:
            if isinstance(band.row, Lane):
                context.fill(_area(band, size), context.theme.lane_colour(band.row.layer.side))
            elif band.row.id == self._analysis.accused_gap_id:
                context.fill(_area(band, size), context.theme.accused)
        context.grid(QRectF(0, 0, size.width(), size.height()), ruler_height)
        self._paint_selected_time(context, ruler_height, size)
        seen = {lane.name: visible_items(self.track(lane.name), context.scale) for _, lane in lanes}
        self._paint_gaps(context, self._seen_gaps(context.scale, bands, seen), size)
        if bands:
            flags = [*event_flags(self._document, context), *change_flags(self._document.snapshot.changes, context)]
            paint_flags(context, flags, _area(bands[0], size), size.height())
        for band, lane in lanes:
            self._paint_lane(context, _area(band, size), lane, seen[lane.name])
        if not any(len(self.track(lane.name)) for _, lane in lanes):
            whole = QRectF(0, ruler_height, size.width(), size.height() - ruler_height)
            context.text(whole, empty_text(self._document), context.theme.dim, Qt.AlignmentFlag.AlignHCenter)

    def track(self, name: str) -> Track:
        """Return the track of a lane, an empty one for a middleware's that the shown recording does not have."""
        track = self._document.snapshot.tracks.get(name)
        return Track.empty(layer_of("write")) if track is None else track

    # Lanes

    def _paint_lane(self, context: PaintContext, area: QRectF, lane: Lane, seen: VisibleItems) -> None:
        track = self.track(lane.name)
        inside = area.adjusted(context.scale.left, 0, 0, 0)
        if not len(track):
            context.text(inside, empty_lane_text(self._document, lane), context.theme.dim)
            return
        known = self._analysis.sizes(lane.name)
        sizes = LaneSizes.of(known) if known is not None else LaneSizes.seen(track, seen)
        paint_lane(context, inside, track, seen, sizes, selected=self._document.selected_items(lane.name))
        paint_size_scale(context, area, sizes, lane.layer.side)

    def _paint_selected_time(self, context: PaintContext, ruler_height: float, size: QSizeF) -> None:
        selection = self._document.selection
        if selection is None:
            return
        start, stop = selection.time_range(self._document.snapshot.tracks[selection.layer])
        left, right = context.scale.x_of(start), context.scale.x_of(stop)
        context.fill(QRectF(left - 4, ruler_height, right - left + 8, size.height()), context.theme.band)

    # Gaps

    def _seen_gaps(self, scale: TimeScale, bands: Sequence[Band], seen: dict[str, VisibleItems]) -> list[_SeenGap]:
        found: list[_SeenGap] = []
        for band in bands:
            gap = band.row.gap if isinstance(band.row, Gap) else None
            alignment = self._analysis.alignment(gap) if gap is not None else None
            if not isinstance(band.row, Gap) or gap is None or alignment is None or not len(alignment.earlier):
                continue
            # The analysis may still be catching up, and a coded layer reaches as far as the client has decoded.
            sides = [
                seen[name] if len(side) == len(self.track(name)) else visible_items(side, scale)
                for name, side in ((gap.earlier, alignment.earlier), (gap.later, alignment.later))
            ]
            found.append(_SeenGap(band, band.row, alignment, (sides[0], sides[1])))
        return found

    def _paint_gaps(self, context: PaintContext, gaps: Sequence[_SeenGap], size: QSizeF) -> None:
        dense: list[tuple[_SeenGap, GapWaits]] = []
        for gap in gaps:
            if are_lines_told_apart(*gap.seen, context.scale, context.strokes.room):
                self._paint_lines(context, gap, _area(gap.band, size))
            else:
                dense.append((gap, self._waits(gap)))
        scale = wait_scale([(waits, float(gap.band.height)) for gap, waits in dense])
        selection = self._document.selection
        # Of a long selection the lines would hide the waits that they are drawn over.
        is_short = selection is not None and selection.stop - selection.first <= MOST_LINES
        self._way = way_of(self._document, self._analysis, selection) if selection and dense and is_short else None
        for gap, waits in dense:
            self._paint_dense(context, gap, waits, scale, _area(gap.band, size))

    def _waits(self, gap: _SeenGap) -> GapWaits:
        blocks = self._analysis.waits(gap.gap.gap) if gap.gap.gap is not None else None
        assert blocks is not None, "what is aligned is measured"
        now_t_ns = self._now_t_ns
        if self._analysis.is_behind:
            earlier, later = gap.alignment.earlier.t_ns, gap.alignment.later.t_ns
            now_t_ns = min(int(earlier[-1]), int(later[-1]) if len(later) else 0)
        is_live = self._document.is_live
        return waits_of(gap.alignment, gap.seen[0].at_edges, blocks, now_t_ns, is_live=is_live)

    def _paint_dense(
        self, context: PaintContext, gap: _SeenGap, waits: GapWaits, scale: WaitScale | None, area: QRectF
    ) -> None:
        if scale is None:
            return
        is_accused = gap.gap.id == self._analysis.accused_gap_id
        limit = self.limit(context.scale, gap.gap.id, self._now_t_ns)
        paint_waits(context, area, waits, scale, gap.side, is_accused=is_accused, held_words=limit.words)
        way = self._way
        if way is not None and gap.gap.id in way.lines:
            paint_lit_lines(context, lines_of(context.scale, area, way.lines[gap.gap.id], limit))

    def _paint_lines(self, context: PaintContext, gap: _SeenGap, area: QRectF) -> None:
        joins = find_joins(gap.alignment, *gap.seen)
        selected, limit = self._document.selected_bytes, self.limit(context.scale, gap.gap.id, self._now_t_ns)
        paint_joins(context, area, joins, gap.side, selected_bytes=selected, limit=limit)
        slowest = self._analysis.slowest_gap
        if gap.gap.id == self._analysis.accused_gap_id or (slowest is not None and slowest.gap.id == gap.gap.id):
            name_feet(context, area, feet_of(gap.alignment, gap.seen[1]))

    def limit(self, scale: TimeScale, gap_id: str, now_t_ns: int) -> Limit:
        """Return how far the run has got, and what it means that a gap still holds bytes when it is over."""
        meta = self._document.snapshot.meta
        if self._document.is_live or meta is None or meta.ending is None:
            return Limit(scale.x_of(now_t_ns))
        return Limit(scale.x_of(meta.ending.t_ns), is_stop=True, words=held_words(gap_id))


def _area(band: Band, size: QSizeF) -> QRectF:
    return QRectF(0, band.top, size.width(), band.height)
