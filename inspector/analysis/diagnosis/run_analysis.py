"""All measurements of one run that the rules may look at, taken from a recording that may still grow.

`RunAnalysisBuilder` follows the tracks; `RunAnalysisBuilder.analysis` takes the measurements of the moment. They depend
on the tracks, the meta data and the taps as last given, never on how often they were given before.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
from msgspec import structs

from inspector.analysis.metrics.flow_control import ReadLags, WritesAfterReads, write_rates
from inspector.analysis.metrics.incremental_metrics import GapFollower, LayerFollower, as_taken
from inspector.analysis.metrics.layer_statistics import LayerStatistics
from inspector.analysis.metrics.measurements import GapMetrics, LayerMetrics
from inspector.analysis.metrics.process_metrics import ProcessMetrics, memory_of
from inspector.analysis.pipeline.gap_list import PipelineGap, compared, gaps_of
from inspector.analysis.pipeline.settings_in_force import Settings, settings_of
from inspector.analysis.tracks.axes import Axes
from inspector.analysis.tracks.track_tail import TrackTails
from inspector.recording.change_log import Change
from inspector.recording.layers import LAYERS
from inspector.recording.meta import Meta
from inspector.recording.snapshot import Snapshot
from inspector.recording.tap_log import TapMeta
from inspector.recording.track import Track

#: Times that are upper bounds are mentioned where they are more than this share of all.
BOUNDS_LEAST_SHARE = 0.05
_EMPTY = {layer.name: Track.empty(layer) for layer in LAYERS}


#: Buffers before the reader are nearly full at this share of the most that ever waited in them.
_NEARLY_FULL_SHARE = 0.8

#: The whole pipeline as one gap.
PIPELINE = PipelineGap("pipeline", "Pipeline", "part", "piece", "something between the view and the reader")
#: From the write to the reader itself.
TAKING = PipelineGap("taking", "Reader", "write", "read", "slow reader")


@dataclass(frozen=True, slots=True)
class RunAnalysis:
    """One recording at one moment. ``gaps`` are from the view to the reader, ``layers`` hold those with marks."""

    meta: Meta | None = None
    taps: tuple[TapMeta, ...] = ()
    gaps: tuple[GapMetrics, ...] = ()
    layers: Mapping[str, LayerMetrics] = field(default_factory=dict)
    now_t_ns: int = 0
    #: From the part to the piece: the whole pipeline as one gap, both sides counting content.
    pipeline: GapMetrics = field(default_factory=lambda: GapMetrics(PIPELINE))
    #: From the write to the time at which the reading process took the bytes, which the kernel may have had for long.
    taking: GapMetrics = field(default_factory=lambda: GapMetrics(TAKING))
    #: Wire bytes per second that the reading process took, between its first and its last read.
    taken_bytes_per_s: float = 0.0
    #: Median time between two reads, and the share of it after which the median write comes (`flow_control`).
    between_reads_ms: float = 0.0
    write_after_read_share: float | None = None
    #: The server process beside the stream, None where it was not sampled.
    memory: ProcessMetrics | None = None
    #: How long the kernel had a read before the reading process took it (median), its own pace where it is slow.
    read_lag_ms: float = 0.0
    #: Bytes per second that the server wrote until the buffers before the reader were nearly full, and since.
    write_rates: tuple[float, float] | None = None
    #: What was turned while it ran, by time.
    changes: tuple[Change, ...] = ()
    #: The time since the last of these, None where nothing was turned or that time can't be told apart.
    tail: Tail | None = None

    @property
    def settings(self) -> Settings:
        """What is in force now: for names, cures, and what the reader itself does."""
        return settings_of(self.meta, self.changes)

    @property
    def is_running(self) -> bool:
        """Tell whether the response has no ending yet."""
        return self.meta is None or self.meta.ending is None

    @property
    def is_tapped(self) -> bool:
        """Tell whether the server's side was recorded."""
        return any(name in self.layers for name in ("part", "yield", "write"))

    def layer(self, name: str) -> LayerMetrics:
        """Return the figures of a layer, empty ones where it has no marks."""
        return self.layers.get(name) or LayerMetrics(name)

    def gap(self, gap_id: str) -> GapMetrics | None:
        """Return the figures of a gap, None where the recording has no such gap."""
        return next((each for each in self.gaps if each.gap.id == gap_id), None)

    @property
    def slowest_gap(self) -> GapMetrics | None:
        """The gap in which items wait longest (`GapMetrics.wait`), None where nothing waited anywhere."""
        waited = [each for each in self.gaps if each.items_in and each.wait.ms > 0]
        return max(waited, key=lambda each: each.wait.ms, default=None)


@dataclass(frozen=True, slots=True)
class Tail:
    """A recording since a knob was last turned, analysed by itself; its bytes count from ``base_bytes``."""

    change: Change
    base_bytes: int
    analysis: RunAnalysis


class RunAnalysisBuilder:
    """Follows one recording. Thread: any one at a time; the cost of an update is that of the marks that were added."""

    def __init__(self) -> None:
        self._meta: Meta | None = None
        self._taps: tuple[TapMeta, ...] = ()
        self._gaps: dict[str, GapFollower] = {}
        #: By name of layer: how many of its items were counted, and of how many of them the time is an upper bound.
        self._bounds: dict[str, tuple[int, int]] = {}
        self._layers: dict[str, LayerFollower] = {}
        self._gap_list: tuple[PipelineGap, ...] = gaps_of(None, (), {})
        self._pace = WritesAfterReads()
        self._lags = ReadLags()
        self._last_mark_t_ns = 0
        self._taken_bytes_per_s = 0.0
        self._now_t_ns = 0
        self._memory: ProcessMetrics | None = None
        self._changes: tuple[Change, ...] = ()
        self._tail: _TailBuilder | None = None

    def update(self, snapshot: Snapshot, *, now_t_ns: int | None = None) -> None:
        """Take in what a recording has grown by.

        ``now_t_ns`` is the monotonic time of the look, for "nothing has come for 2 s"; without it, it is the last mark
        or the ending. Raises ``ValueError`` for tracks that became shorter: another recording needs another builder.
        """
        tracks, meta = snapshot.tracks, snapshot.meta
        self._meta, self._taps, self._changes = meta, snapshot.taps, snapshot.changes
        self._gap_list = gaps_of(meta, self._taps, tracks, settings_of(meta, self._changes))
        for name, track in tracks.items():
            if len(track):
                self._layers.setdefault(name, LayerFollower(name)).update(track)
                self._last_mark_t_ns = max(self._last_mark_t_ns, int(track.t_ns[-1]))
        axes = Axes.of(meta.response if meta else None, self._taps)
        for gap in (*self._gap_list, compared(PIPELINE, axes)):
            self._follow(gap, tracks)
        self._count_bounds(tracks)
        if len(tracks.get("read", ())):
            taken_t_ns = tracks["read"].column("user_t_ns")
            taken_s = max(0, int(taken_t_ns[-1] - taken_t_ns[0])) / 1e9
            self._taken_bytes_per_s = tracks["read"].total_bytes / taken_s if taken_s else 0.0
            by_reader = {**tracks, "read": as_taken(tracks["read"])}
            self._follow(compared(TAKING, axes), by_reader)
            self._lags.update(tracks["read"])
            self._pace.update(tracks.get("write", _EMPTY["write"]), by_reader["read"])
        ending = meta.ending if meta else None
        self._now_t_ns = max(self._last_mark_t_ns, ending.t_ns if ending else now_t_ns or 0)
        self._memory = memory_of(snapshot.samples, tracks, self._now_t_ns)
        self._follow_tail(snapshot)

    @property
    def gaps(self) -> tuple[PipelineGap, ...]:
        """The gaps of the recording as far as they are known."""
        return self._gap_list

    def follower(self, gap_id: str) -> GapFollower | None:
        """Return the live statistics of a gap (``.statistics``, ``.merging``), None before its first update."""
        return self._gaps.get(gap_id)

    def layer_statistics(self, layer: str) -> LayerStatistics | None:
        """Return the live statistics of a layer, None before its first item."""
        follower = self._layers.get(layer)
        return follower.statistics if follower is not None else None

    def seen(self, layer: str) -> int:
        """Return how many marks of a layer were taken in."""
        follower = self._layers.get(layer)
        return follower.statistics.count if follower else 0

    def _count_bounds(self, tracks: Mapping[str, Track]) -> None:
        """Count the chunks (the reads, where there are no chunks) whose time is an upper bound."""
        for name in ("chunk", "read"):
            track = tracks.get(name)
            if track is not None and len(track):
                seen, bounds = self._bounds.get(name, (0, 0))
                bounds += int(np.count_nonzero(track.column("at_most")[seen:]))
                self._bounds[name] = len(track), bounds
                return

    def _bounded(self, figures: GapMetrics) -> GapMetrics:
        """Return figures that say so where many of the client's times are upper bounds."""
        received = ("read", "chunk")
        if not any(bounds > BOUNDS_LEAST_SHARE * seen for seen, bounds in self._bounds.values()):
            return figures
        if figures.gap.later in received and figures.gap.earlier not in received:
            return replace(figures, bound="at_most")
        if figures.gap.earlier in received and figures.gap.later not in received:
            return replace(figures, bound="at_least")
        return figures

    def analysis(self) -> RunAnalysis:
        """Return the measurements of this moment; they do not change any more. Takes about a millisecond."""
        sent_t_ns = self._meta.request.sent_t_ns if self._meta else 0
        gaps = [
            self._bounded(self._gaps[gap.id].figures(self._now_t_ns)) if gap.id in self._gaps else GapMetrics(gap)
            for gap in self._gap_list
        ]
        layers = {name: follower.figures(sent_t_ns) for name, follower in self._layers.items()}
        whole, taking = (
            self._gaps[gap.id].figures(self._now_t_ns) if gap.id in self._gaps else GapMetrics(gap)
            for gap in (PIPELINE, TAKING)
        )
        between_ms = (self._pace.between_reads_ns.median or 0) / 1e6
        return RunAnalysis(
            self._meta, self._taps, tuple(gaps), layers, self._now_t_ns, whole, taking, self._taken_bytes_per_s,
            between_ms, self._pace.share, self._memory, (self._lags.lag_ns.median or 0) / 1e6,
            self._write_rates(taking.held_bytes_max), self._changes,
            self._tail.tail() if self._tail else None,
        )  # fmt: skip

    def _write_rates(self, held_bytes_max: int) -> tuple[float, float] | None:
        follower = self._gaps.get(TAKING.id)
        alignment = follower.alignment if follower is not None else None
        if alignment is None:
            return None
        return write_rates(alignment.earlier, int(_NEARLY_FULL_SHARE * held_bytes_max))

    def _follow_tail(self, snapshot: Snapshot) -> None:
        """Follow the time since the last change, where one offset in bytes tells it apart on every layer."""
        if not self._changes or self._meta is None or not Axes.of(self._meta.response, self._taps).is_plain:
            self._tail = None
            return
        if self._tail is None or self._tail.changes != self._changes:
            self._tail = _TailBuilder(self._changes)
        self._tail.update(snapshot, self._meta, self._now_t_ns)

    def _follow(self, gap: PipelineGap, tracks: Mapping[str, Track]) -> None:
        earlier, later = tracks.get(gap.earlier), tracks.get(gap.later)
        if earlier is None or later is None or not len(earlier):
            return
        follower = self._gaps.get(gap.id)
        if follower is None or not follower.compares_like(gap):
            follower = self._gaps[gap.id] = GapFollower(gap)
        follower.gap = gap
        chunked = bool(self._meta and self._meta.response and self._meta.response.framing == "chunked")
        points = "chunk" if chunked else "read"
        follower.update(earlier, later, tracks.get(points, _EMPTY[points]))


class _TailBuilder:
    """Follows the time since the last change: a recording that began then, with the knobs as they are since."""

    def __init__(self, changes: tuple[Change, ...]) -> None:
        self.changes = changes
        self._tracks = TrackTails(changes[-1].t_ns)
        self._builder = RunAnalysisBuilder()

    def update(self, snapshot: Snapshot, meta: Meta, now_t_ns: int) -> None:
        found = self._tracks.update(snapshot.tracks)
        knobs = meta.request.knobs | {change.knob: change.after for change in self.changes}
        request = structs.replace(meta.request, sent_t_ns=self._tracks.t_ns, knobs=knobs)
        since = Snapshot(found, structs.replace(meta, request=request), snapshot.taps)
        self._builder.update(since, now_t_ns=now_t_ns)

    def tail(self) -> Tail | None:
        base_bytes = self._tracks.base_bytes
        return None if base_bytes is None else Tail(self.changes[-1], base_bytes, self._builder.analysis())


def analysis_of(snapshot: Snapshot) -> RunAnalysis:
    """Return the analysis of a recording as of a snapshot."""
    builder = RunAnalysisBuilder()
    builder.update(snapshot)
    return builder.analysis()
