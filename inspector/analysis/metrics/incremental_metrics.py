"""Following one gap and one layer as their tracks grow, and taking their figures at a moment."""

from __future__ import annotations

from dataclasses import replace

from inspector.analysis.pipeline.gap_list import PipelineGap
from inspector.analysis.tracks.offset_map import OffsetMap
from inspector.recording.layers import LAYER_BY_NAME
from inspector.recording.track import Track, search_left

from .coalescing import MergeStatistics
from .gap_metrics import GapStatistics
from .layer_rhythm import LayerRhythm
from .layer_statistics import LayerStatistics
from .measurements import GapMetrics, LayerMetrics

#: A shorter spread inside of the server, where one thread does it all: a buffer that nobody notices.
MATERIAL_IN_SERVER_NS = 5_000_000
#: The same between processes, where a busy machine lets a reader wait for its turn.
MATERIAL_ON_CONNECTION_NS = 25_000_000
#: So much of the time before the end of the earlier layer counts as its end: the last burst of a template.
_END_SHARE = 0.02
#: Gaps whose two sides are marked by different processes.
BETWEEN_PROCESSES = frozenset({"server", "pipeline", "taking"})
_RELEASED_SHARE = 0.95
_MOST_INEXACT_SHARE = 0.2
#: The last part of the time, in which a body that was held arrives.
_LATE_SHARE = 0.05


_READ = LAYER_BY_NAME["read"]
_TAKEN = replace(_READ, columns=("t_ns", *reversed(_READ.columns[1:-2]), "arrival_t_ns"))


class GapFollower:
    """The statistics of one gap; ``gap`` must stay comparable (`compares_like`) for as long as it is fed."""

    def __init__(self, gap: PipelineGap) -> None:
        self.gap = gap
        self.statistics = GapStatistics()
        on_connection = gap.id in BETWEEN_PROCESSES
        self._material_ns = MATERIAL_ON_CONNECTION_NS if on_connection else MATERIAL_IN_SERVER_NS
        self.merging = MergeStatistics(self._material_ns)
        self._map: OffsetMap | None = None
        self._earlier: Track | None = None
        self._later: Track | None = None
        self._raw_later: Track | None = None
        self._lengths: tuple[int, int, int] | None = None

    def compares_like(self, gap: PipelineGap) -> bool:
        """Tell whether another description of the gap compares the same marks in the same way."""
        mine = self.gap
        return (mine.earlier, mine.later, mine.columns, mine.coded) == (gap.earlier, gap.later, gap.columns, gap.coded)

    def update(self, earlier: Track, later: Track, points: Track) -> None:
        """Take in what the tracks have grown by. ``points`` carries body offsets over to content (`coding`)."""
        lengths = (len(earlier), len(later), len(points))
        if self.gap.columns is None or lengths == self._lengths:
            return
        self._lengths = lengths
        self._raw_later = later
        if self.gap.coded:
            if self._map is None:
                self._map = OffsetMap(later.layer)
            self._map.update(later, points)
            later = self._map.track
        self.statistics.update(earlier, later, self.gap.columns)
        self.merging.update(earlier, later, self.gap.columns)
        self._earlier, self._later = earlier, later

    @property
    def sides(self) -> tuple[Track, Track] | None:
        """The tracks of both layers on the axis they share (``gap.columns``), None before the first update."""
        return (self._earlier, self._later) if self._earlier is not None and self._later is not None else None

    def figures(self, now_t_ns: int) -> GapMetrics:
        """Return the figures of now (monotonic ns)."""
        if self._earlier is None or self._later is None or self.gap.columns is None:
            return GapMetrics(self.gap)
        gap, merging = self.statistics, self.merging
        span_ns = int(self._earlier.t_ns[-1] - self._earlier.t_ns[0]) if len(self._earlier) else 0
        since = gap.waiting_since_t_ns
        # What waits now has waited for all that came in after it: the merge that is being made.
        open_ns = max(0, int(self._earlier.t_ns[-1]) - since) if since is not None else 0
        merged_ns = merging.merged_spread_ns + (open_ns if open_ns >= self._material_ns else 0)
        ends_in, ends_out = self._earlier.column(self.gap.columns[0]), self._later.column(self.gap.columns[1])
        left = merging.left_behind_bytes.median or 0
        return GapMetrics(
            self.gap,
            items_in=gap.items_in,
            items_out=gap.items_out,
            bytes_in=int(ends_in[-1]) if len(ends_in) else 0,
            bytes_out=int(ends_out[-1]) if len(ends_out) else 0,
            held_bytes=gap.held_bytes,
            held_bytes_max=gap.largest_held_bytes,
            delay_median_ms=_ms(gap.median_delay_ns),
            delay_p95_ms=_ms(gap.delays_ns.quantile(0.95)),
            delay_max_ms=_ms(gap.largest_delay_ns),
            coalescing=gap.coalescing,
            waiting_ms=max(0, now_t_ns - since) / 1e6 if since is not None else 0.0,
            span_in_ms=span_ns / 1e6,
            carriers=merging.carriers,
            merged=merging.merged,
            merged_share=min(1.0, merged_ns / span_ns) if span_ns else 0.0,
            merged_cause=merging.merged_spread_ns / merging.merged_wait_ns if merging.merged_wait_ns else 0.0,
            merged_median_ms=_ms(merging.spreads_ns.median),
            left_behind_share=left / gap.largest_held_bytes if gap.largest_held_bytes else 0.0,
            held_share=self._held_share(),
            release_ms=self._release_ms(),
            body_held_share=self._body_held_share(),
            widest=merging.widest,
            widest_ms=merging.widest_spread_ns / 1e6,
            left_behind_bytes=left,
            is_exact=self._is_exact(),
        )

    def _held_share(self) -> float | None:
        """Return which share of what came in early had not left when the last item came in."""
        earlier, later, columns = self._earlier, self._later, self.gap.columns
        if later is None or columns is None or not (came := self._came_early()):
            return None
        return max(0.0, 1 - _left_before(later, columns[1], _last_t_ns(earlier)) / came)

    def _body_held_share(self) -> float | None:
        """Return the same from the shares of all bytes, for a coded layer whose marks can't be carried over."""
        earlier, later = self._earlier, self._raw_later
        came = self._came_early()
        if earlier is None or later is None or not came or not later.total_bytes or not self.gap.coded:
            return None
        left = _left_before(later, "end", _last_t_ns(earlier))
        return max(0.0, 1 - (left / later.total_bytes) / (came / earlier.total_bytes))

    def _came_early(self) -> int:
        """Return the bytes that came in before the last burst of the earlier layer."""
        earlier, columns = self._earlier, self.gap.columns
        if earlier is None or columns is None or len(earlier) < 2:
            return 0
        first_t_ns, last_t_ns = int(earlier.t_ns[0]), int(earlier.t_ns[-1])
        early = int(search_left(earlier.t_ns, last_t_ns - int(_END_SHARE * (last_t_ns - first_t_ns))))
        return int(earlier.column(columns[0])[early - 1]) if early else 0

    def _release_ms(self) -> float | None:
        earlier, later, columns = self._earlier, self._later, self.gap.columns
        if earlier is None or later is None or columns is None or not len(earlier):
            return None
        wanted = int(_RELEASED_SHARE * int(earlier.column(columns[0])[-1]))
        at = int(search_left(later.column(columns[1]), wanted))
        return max(0, int(later.t_ns[at] - earlier.t_ns[-1])) / 1e6 if at < len(later) else None

    def _is_exact(self) -> bool:
        coded = self._map
        return coded is None or coded.inexact <= _MOST_INEXACT_SHARE * (coded.exact + coded.inexact)


class LayerFollower:
    """The statistics of one layer."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.statistics = LayerStatistics()
        self.rhythm = LayerRhythm()
        self._track: Track | None = None

    def update(self, track: Track) -> None:
        """Take in what the track has grown by."""
        self.statistics.update(track)
        self.rhythm.update(track)
        self._track = track

    def figures(self, sent_t_ns: int) -> LayerMetrics:
        """Return the figures. ``sent_t_ns`` is the monotonic time at which the request was sent, 0 if it is unknown."""
        layer, rhythm, track = self.statistics, self.rhythm, self._track
        if track is None or not len(track) or layer.last_t_ns is None:
            return LayerMetrics(self.name)
        first_t_ns, last_t_ns = int(track.t_ns[0]), layer.last_t_ns
        since_ns = max(0, last_t_ns - (sent_t_ns or first_t_ns))
        late = int(search_left(track.t_ns, last_t_ns - int(_LATE_SHARE * since_ns)))
        span_s = max(0, last_t_ns - first_t_ns) / 1e9
        pauses, pauses_ns = rhythm.pauses
        return LayerMetrics(
            self.name,
            count=layer.count,
            total_bytes=layer.total_bytes,
            size_median_bytes=layer.sizes_bytes.median,
            size_max_bytes=layer.sizes_bytes.largest,
            gap_p50_ms=_ms(layer.gaps_ns.median),
            gap_p95_ms=_ms(layer.gaps_ns.quantile(0.95)),
            gap_p99_ms=_ms(layer.gaps_ns.quantile(0.99)),
            gap_max_ms=_ms(layer.gaps_ns.largest) if layer.gaps_ns.count else None,
            pace_ms=(rhythm.pace_ns.median or 0) / 1e6,
            bursts=rhythm.pace_ns.count,
            first_item_ms=max(0, first_t_ns - sent_t_ns) / 1e6 if sent_t_ns else 0.0,
            after_gap_share=1 - rhythm.largest_gap_offset / layer.total_bytes if layer.total_bytes else 0.0,
            after_gap_offset=rhythm.largest_gap_offset,
            pauses=pauses,
            pauses_ms=pauses_ns / 1e6,
            long_gaps=rhythm.long_gaps,
            long_gaps_ms=rhythm.long_gaps_ns / 1e6,
            ttfb_ms=_ms(layer.time_to_first_byte_ns(sent_t_ns)),
            span_ms=span_s * 1e3,
            since_sent_ms=since_ns / 1e6,
            late_share=1 - track.start(late) / layer.total_bytes if layer.total_bytes else 0.0,
            page_items=rhythm.page_items,
            last_t_ns=last_t_ns,
            bytes_per_s=layer.total_bytes / span_s if span_s else 0.0,
        )


def as_taken(reads: Track) -> Track:
    """Return the reads at the times at which the reading process had them, instead of the kernel's. Copies nothing."""
    return Track(_TAKEN, reads.rows[:, -2::-1])


def _ms(value_ns: int | None) -> float | None:
    return None if value_ns is None else value_ns / 1e6


def _last_t_ns(track: Track | None) -> int:
    return int(track.t_ns[-1]) if track is not None and len(track) else 0


def _left_before(track: Track, column: str, t_ns: int) -> int:
    """Return the bytes that a track had passed before a time."""
    gone = int(search_left(track.t_ns, t_ns))
    return int(track.column(column)[gone - 1]) if gone else 0
