"""Analyses the recording on screen as it grows: metrics of every gap, and the verdict, a slice per frame.

Opening a long recording takes in a prefix of its tracks per frame, so that nothing freezes; the result in the end
does not depend on the cuts. At an earlier moment of a recording the lines between items are those of all of it, cut off
at that moment, and there at once; figures and verdict of that moment follow when the hand rests.
"""

from __future__ import annotations

import time
from dataclasses import replace

from PySide6.QtCore import QObject, QTimer, Signal

from inspector.analysis.diagnosis.run_analysis import RunAnalysis, RunAnalysisBuilder
from inspector.analysis.diagnosis.verdict import Verdict, judge
from inspector.analysis.metrics.item_blocks import Blocks
from inspector.analysis.metrics.measurements import GapMetrics
from inspector.analysis.pipeline.gap_list import PipelineGap
from inspector.analysis.tracks.alignment import Alignment
from inspector.analysis.tracks.track_prefixes import TrackPrefixes

from .document import Document

#: Time between two verdicts; the figures are read by people.
_JUDGE_EVERY_NS = 100_000_000
#: So long nobody may have gone back in time before an earlier moment is analysed.
_RESTING_MS = 60


class AnalysisModel(QObject):
    """Figures by the id of a gap, and the verdict. GUI thread."""

    #: The run was judged again: new figures, perhaps another verdict.
    judged = Signal()
    #: The recording has other gaps than before: a middleware more, a response without chunks.
    gaps_changed = Signal()

    def __init__(self, document: Document) -> None:
        super().__init__()
        self._document = document
        self._builder = RunAnalysisBuilder()
        self._heads = TrackPrefixes()
        #: While a replay shows a moment: what had been taken in of all of the recording.
        self._kept: tuple[RunAnalysisBuilder, TrackPrefixes] | None = None
        self._judged_ns = 0
        #: When the document was last looked at: the time goes on no further while it is paused.
        self._looked_ns: int | None = None
        self.whole_run = RunAnalysis()
        self.verdict: Verdict | None = None
        self.gaps: tuple[PipelineGap, ...] = self._builder.gaps
        self._catching_up = QTimer(self)
        self._catching_up.setInterval(0)
        self._catching_up.timeout.connect(self._take)
        self._settling = QTimer(self)
        self._settling.setSingleShot(True)
        self._settling.timeout.connect(self._judge)
        self._resting = QTimer(self)
        self._resting.setSingleShot(True)
        self._resting.setInterval(_RESTING_MS)
        self._resting.timeout.connect(self._look)
        document.was_reset.connect(self._restart)
        document.shrank.connect(self._shrink)
        document.grew.connect(lambda _changed: self._look())

    def figures(self, gap_id: str) -> GapMetrics | None:
        """Return the figures of a gap as last looked at, over the time that the verdict is about."""
        return self.shown.gap(gap_id)

    @property
    def shown(self) -> RunAnalysis:
        """What the figures shown are of: the time since the last change where the verdict is about it."""
        tail = self.whole_run.tail
        return tail.analysis if tail is not None and self.since else self.whole_run

    @property
    def since(self) -> str:
        """The change that figures and verdict count from (``template_buffer=50``), "" for the request."""
        return self.verdict.since if self.verdict is not None else ""

    def alignment(self, gap: PipelineGap) -> Alignment | None:
        """Return the tracks of a gap's layers on the axis they share, as far as they were taken in."""
        follower = self._builder_of_all.follower(gap.id)
        found = follower.alignment if follower is not None else None
        moment_ns = self._document.moment_ns
        if found is None or moment_ns is None:
            return found
        until_ns = self._document.whole.origin_ns + moment_ns
        return replace(found, earlier=found.earlier.until(until_ns), later=found.later.until(until_ns))

    def waits(self, gap: PipelineGap) -> Blocks | None:
        """Return how long the items of a gap's earlier layer waited, in blocks, as far as they were carried on."""
        follower = self._builder_of_all.follower(gap.id)
        return follower.statistics.delay_blocks.blocks if follower is not None else None

    def sizes(self, layer: str) -> tuple[Blocks, int] | None:
        """Return the sizes of a layer's items in blocks and the largest of all, as far as they were taken in."""
        statistics = self._builder_of_all.layer_statistics(layer)
        return (statistics.size_blocks.blocks, statistics.sizes_bytes.largest) if statistics is not None else None

    @property
    def _builder_of_all(self) -> RunAnalysisBuilder:
        """What follows all of the recording, also what comes after the moment of a replay."""
        return self._builder if self._kept is None else self._kept[0]

    @property
    def accused_gap_id(self) -> str:
        """The id of the gap that the verdict accuses, "" where it accuses none: a view that failed is no gap."""
        verdict = self.verdict
        if verdict is None or verdict.kind in ("streams", "unknown") or self.whole_run.gap(verdict.layer) is None:
            return ""
        return verdict.layer

    @property
    def slowest_gap(self) -> GapMetrics | None:
        """The gap in which items wait longest, over the time that the verdict is about."""
        return self.shown.slowest_gap

    @property
    def is_behind(self) -> bool:
        """Whether there are marks that were not taken in yet: the layers may be taken in up to different times."""
        return self._catching_up.isActive()

    @property
    def is_current(self) -> bool:
        """Return whether figures and verdict are of all marks that the document has."""
        return not self._document.has_untold and not any(
            timer.isActive() for timer in (self._catching_up, self._settling, self._resting)
        )

    def _restart(self) -> None:
        self._catching_up.stop()
        self._settling.stop()
        self._resting.stop()
        self._builder, self._heads, self._kept = RunAnalysisBuilder(), TrackPrefixes(), None
        self._judged_ns = 0
        self.whole_run = RunAnalysis()
        self.verdict = None
        self._see_gaps()
        self.judged.emit()

    def _shrink(self) -> None:
        """Begin anew for an earlier moment, once nobody goes back any further."""
        if self._kept is None:
            self._kept = (self._builder, self._heads)
        self._builder, self._heads = RunAnalysisBuilder(), TrackPrefixes()
        self._catching_up.stop()
        self._settling.stop()
        self._resting.start()

    def _look(self) -> None:
        """Take in what the document has now, so that lines are painted with the marks that they lead to."""
        self._looked_ns = self._document.now_ns
        if self._kept is not None and self._document.moment_ns is None:
            (self._builder, self._heads), self._kept = self._kept, None
            self._resting.stop()
        if not self._resting.isActive():
            self._take()

    def _take(self) -> None:
        """Take in a frame's worth of every track."""
        snapshot = self._document.snapshot
        seen = replace(snapshot, tracks=self._heads.step(snapshot.tracks))
        self._builder.update(seen, now_t_ns=self._looked_ns)
        is_kept_behind = self._kept is not None and self._take_in_all(*self._kept)
        self._see_gaps()
        if self._heads.is_behind or is_kept_behind:
            self._catching_up.start()
        else:
            self._catching_up.stop()
        if self._kept is not None and self._heads.is_behind:  # the figures of a moment are shown when they are whole
            return
        if not self._settling.isActive():  # judged in a pass of the event loop of its own: a frame is short
            waited_ns = time.monotonic_ns() - self._judged_ns
            self._settling.start(max(0, _JUDGE_EVERY_NS - waited_ns) // 1_000_000)

    def _take_in_all(self, builder: RunAnalysisBuilder, heads: TrackPrefixes) -> bool:
        """Take in a frame's worth of what comes after the moment of a replay too; return whether there is more."""
        whole = self._document.whole
        if any(len(track) > builder.seen(name) for name, track in whole.tracks.items()):
            builder.update(replace(whole, tracks=heads.step(whole.tracks)))
        return heads.is_behind

    def _see_gaps(self) -> None:
        gaps = self._builder_of_all.gaps
        if gaps != self.gaps:
            self.gaps = gaps
            self.gaps_changed.emit()

    def _judge(self) -> None:
        self._settling.stop()
        self._judged_ns = time.monotonic_ns()
        self.whole_run = self._builder.analysis()
        self.verdict = judge(self.whole_run) if self._document.snapshot.meta is not None else None
        self.judged.emit()
