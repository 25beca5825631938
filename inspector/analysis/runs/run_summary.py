"""One run in a few numbers: for the list of runs, for sweeps, for comparisons. Kept as ``summary.json`` beside it.

The file is a cache: absent, broken or of another version it is made anew from the tracks.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import msgspec
import numpy as np

from inspector.analysis.diagnosis.run_analysis import RunAnalysis, RunAnalysisBuilder
from inspector.analysis.diagnosis.statistics_report import framing_overhead
from inspector.analysis.diagnosis.verdict import Verdict, judge, sentence
from inspector.analysis.tracks.track_prefixes import TrackPrefixes
from inspector.recording.atomic_replace import replace_file
from inspector.recording.snapshot import Snapshot

SUMMARY_NAME = "summary.json"
#: Raised whenever a figure changes its meaning.
VERSION = 4
SPARKLINE_BINS = 32


class RunSummary(msgspec.Struct, kw_only=True):
    """Figures of one run; None where there is none.

    ``kind``, ``headline``, ``sentence``, ``figure`` and ``culprit`` are the verdict's. ``ttfb_ms`` is from the sending
    of the request to the first body byte at the client. ``wait_ms`` is the wait in the gap where it is longest
    (`GapMetrics.wait`), None where the server was not seen. ``framing_overhead`` is wire bytes per body byte.
    ``held_bytes_max`` is that of the fullest gap. ``sparkline`` are content bytes received in `SPARKLINE_BINS` equal
    times.
    """

    version: int = VERSION
    kind: str = "unknown"
    headline: str = ""
    sentence: str = ""
    figure: str = ""
    culprit: str = ""
    ending: str = ""
    status: int = 0
    content_bytes: int = 0
    wire_bytes: int = 0
    items: dict[str, int] = {}
    ttfb_ms: float | None = None
    total_ms: float | None = None
    gap_p50_ms: float | None = None
    wait_ms: float | None = None
    framing_overhead: float | None = None
    held_bytes_max: int = 0
    server_cpu_ms: float | None = None
    rss_rise_bytes: int | None = None
    written_bytes: int | None = None
    sparkline: list[int] = []

    @property
    def chunks(self) -> int:
        """Chunks, and of a response without them, reads."""
        return self.items.get("chunk") or self.items.get("read", 0)


class SummaryBuilder:
    """Makes the summary of a recording that has ended, in steps of some 20 ms. Thread: any one at a time."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._builder = RunAnalysisBuilder()
        self._heads = TrackPrefixes()

    def step(self) -> RunSummary | None:
        """Take in some more; return the summary when all was."""
        snapshot = self._snapshot
        self._builder.update(replace(snapshot, tracks=self._heads.step(snapshot.tracks)))
        if self._heads.is_behind:
            return None
        analysis = self._builder.analysis()
        summary = summary_of_analysis(analysis, judge(analysis))
        summary.sparkline = _sparkline(snapshot)
        return summary


def summary_of(snapshot: Snapshot) -> RunSummary:
    """Return the summary of a recording. Any thread; a million marks take about a second."""
    summary_builder = SummaryBuilder(snapshot)
    while (summary := summary_builder.step()) is None:
        pass
    return summary


def summary_of_analysis(analysis: RunAnalysis, verdict: Verdict) -> RunSummary:
    """Return the summary of an analysed run, without its sparkline."""
    meta, reads = analysis.meta, analysis.layer("read")
    chunked = analysis.layer("chunk")
    pace = chunked if chunked.count else reads
    return RunSummary(
        kind=verdict.kind,
        headline=verdict.headline,
        sentence=sentence(verdict),
        figure=verdict.figure,
        culprit=verdict.culprit,
        ending=meta.ending.kind if meta and meta.ending else "",
        status=meta.response.status if meta and meta.response else 0,
        content_bytes=analysis.layer("piece").total_bytes,
        wire_bytes=reads.total_bytes,
        items={name: figures.count for name, figures in analysis.layers.items() if figures.count},
        ttfb_ms=_first_byte_ms(analysis),
        total_ms=_total_ms(analysis),
        gap_p50_ms=pace.gap_p50_ms,
        wait_ms=_wait_ms(analysis),
        framing_overhead=framing_overhead(analysis),
        held_bytes_max=max((gap.held_bytes_max for gap in analysis.gaps), default=0),
        server_cpu_ms=analysis.memory.cpu_ms if analysis.memory else None,
        rss_rise_bytes=analysis.memory.rss_rise_bytes if analysis.memory else None,
        written_bytes=analysis.memory.written_bytes if analysis.memory else None,
    )


def read_summary(folder: Path) -> RunSummary | None:
    """Return the summary that is kept with a recording, None where there is none of this version."""
    try:
        summary = msgspec.json.decode((folder / SUMMARY_NAME).read_bytes(), type=RunSummary)
    except (OSError, msgspec.DecodeError, UnicodeDecodeError):
        return None
    return summary if summary.version == VERSION else None


def write_summary(folder: Path, summary: RunSummary) -> None:
    """Keep a summary with its recording. Raises ``OSError`` (full disk, folder gone)."""
    replace_file(folder / SUMMARY_NAME, msgspec.json.encode(summary))


def _first_byte_ms(analysis: RunAnalysis) -> float | None:
    return analysis.layer("read").ttfb_ms


def _wait_ms(analysis: RunAnalysis) -> float | None:
    slowest = analysis.slowest_gap
    return slowest.wait.ms if analysis.is_tapped and slowest is not None else None


def _total_ms(analysis: RunAnalysis) -> float | None:
    meta = analysis.meta
    if meta is None or meta.ending is None or not meta.request.sent_t_ns:
        return None
    return max(0, meta.ending.t_ns - meta.request.sent_t_ns) / 1e6


def _sparkline(snapshot: Snapshot) -> list[int]:
    """Return the content bytes that came in each of equal times from the request to the last read."""
    reads, meta = snapshot.tracks["read"], snapshot.meta
    if not len(reads) or meta is None:
        return []
    start_ns = meta.request.sent_t_ns or int(reads.t_ns[0])
    stop_ns = max(int(reads.t_ns[-1]), meta.ending.t_ns if meta.ending else 0, start_ns + 1)
    edges = start_ns + (np.arange(1, SPARKLINE_BINS + 1) * ((stop_ns - start_ns) / SPARKLINE_BINS)).astype(np.int64)
    edges[-1] = stop_ns + 1
    passed = reads.first_at_or_after(edges)
    ends = np.concatenate(([0], reads.column("content_end")[np.maximum(passed - 1, 0)]))
    ends[1:][passed == 0] = 0
    return [int(value) for value in np.diff(ends)]
