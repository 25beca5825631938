"""Following one gap and one layer as their tracks grow, and taking their figures at a moment."""

from __future__ import annotations

import numpy as np

from inspector.analysis.pipeline.gap_list import PipelineGap
from inspector.analysis.tracks.alignment import Alignment
from inspector.analysis.tracks.offset_map import OffsetMap
from inspector.recording.layers import LAYER_BY_NAME
from inspector.recording.track import Int64Array, Track, search_left

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
_TAKEN = _READ._replace(columns=("t_ns", *reversed(_READ.columns[1:-2]), "arrival_t_ns"))


class GapFollower:
    """The statistics of one gap; ``gap`` must stay comparable (`compares_like`) for as long as it is fed."""

    def __init__(self, gap: PipelineGap) -> None:
        self.gap = gap
        self.statistics = GapStatistics()
        on_connection = gap.id in BETWEEN_PROCESSES
        self._material_ns = MATERIAL_ON_CONNECTION_NS if on_connection else MATERIAL_IN_SERVER_NS
        self.merging = MergeStatistics(self._material_ns)
        self._map: OffsetMap | None = None
        #: Both layers on the axis they share, None before the first update.
        self.alignment: Alignment | None = None
        self._raw_later: Track | None = None
        self._lengths: tuple[int, int, int] | None = None

    def compares_like(self, gap: PipelineGap) -> bool:
        """Tell whether another description of the gap compares the same marks in the same way."""
        mine = self.gap
        return (mine.earlier, mine.later, mine.columns, mine.coded) == (gap.earlier, gap.later, gap.columns, gap.coded)

    def update(self, earlier: Track, later: Track, points: Track) -> None:
        """Take in what the tracks have grown by. ``points`` carries body offsets over to content (`offset_map`)."""
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
        self.alignment = Alignment(earlier, later, self.gap.columns)
        self.statistics.update(self.alignment)
        self.merging.update(self.alignment)

    def figures(self, now_t_ns: int) -> GapMetrics:
        """Return the figures of now (monotonic ns)."""
        if self.alignment is None:
            return GapMetrics(self.gap)
        earlier, gap, merging = self.alignment.earlier, self.statistics, self.merging
        span_ns = int(earlier.t_ns[-1] - earlier.t_ns[0]) if len(earlier) else 0
        since = gap.waiting_since_t_ns
        # What waits now has waited for all that came in after it: the merge that is being made.
        open_ns = max(0, int(earlier.t_ns[-1]) - since) if since is not None else 0
        merged_ns = merging.merged_spread_ns + (open_ns if open_ns >= self._material_ns else 0)
        ends_in, ends_out = self.alignment.ends_in, self.alignment.ends_out
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
            held_share=self._held_share(self.alignment),
            release_ms=_release_ms(self.alignment),
            body_held_share=self._body_held_share(self.alignment),
            widest=merging.widest,
            widest_ms=merging.widest_spread_ns / 1e6,
            left_behind_bytes=left,
            is_exact=self._is_exact(),
        )

    def _held_share(self, alignment: Alignment) -> float | None:
        """Return which share of what came in early had not left when the last item came in."""
        came = _came_early(alignment)
        return max(0.0, 1 - _left_before(alignment, alignment.ends_out) / came) if came else None

    def _body_held_share(self, alignment: Alignment) -> float | None:
        """Return the same from the shares of all bytes, for a coded layer whose marks can't be carried over."""
        later, came = self._raw_later, _came_early(alignment)
        if later is None or not came or not later.total_bytes or not self.gap.coded:
            return None
        left = _left_before(Alignment(alignment.earlier, later), later.end)
        return max(0.0, 1 - (left / later.total_bytes) / (came / alignment.earlier.total_bytes))

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
        after_gap = int(track.index_of_byte(rhythm.largest_gap_offset))
        gap_from_ns = int(track.t_ns[after_gap - 1]) - (sent_t_ns or first_t_ns) if 0 < after_gap < len(track) else None
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
            gap_max_from_ms=_ms(gap_from_ns),
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


def _came_early(alignment: Alignment) -> int:
    """Return the bytes that came in before the last burst of the earlier layer."""
    t_ns = alignment.earlier.t_ns
    if len(t_ns) < 2:
        return 0
    first_t_ns, last_t_ns = int(t_ns[0]), int(t_ns[-1])
    early = int(search_left(t_ns, last_t_ns - int(_END_SHARE * (last_t_ns - first_t_ns))))
    return int(alignment.ends_in[early - 1]) if early else 0


def _left_before(alignment: Alignment, ends_out: Int64Array) -> int:
    """Return the bytes that had left before the last item of the earlier layer came in, by this column of the later."""
    gone = int(search_left(alignment.later.t_ns, int(alignment.earlier.t_ns[-1])))
    return int(ends_out[gone - 1]) if gone else 0


def _release_ms(alignment: Alignment) -> float | None:
    """Return the time from the end of the earlier layer until nearly all had left, None where it has not."""
    earlier, later = alignment.earlier, alignment.later
    if not len(earlier):
        return None
    at = int(alignment.carriers(np.array([int(_RELEASED_SHARE * int(alignment.ends_in[-1]))]))[0])
    return max(0, int(later.t_ns[at] - earlier.t_ns[-1])) / 1e6 if at < len(later) else None
