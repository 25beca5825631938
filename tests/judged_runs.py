"""Whole runs with real servers and clients: recorded by a session, then judged as the command line judges them."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from inspector.analysis.diagnosis.finding import Verdict
from inspector.analysis.diagnosis.run_analysis import analysis_of
from inspector.analysis.diagnosis.statistics_report import statistics_report
from inspector.analysis.diagnosis.verdict import judge
from inspector.recording.meta import Ending, Meta
from inspector.recording.track import Track
from inspector.session import Target
from tests.sessions import Driver

#: Times of one process and of the kernel may seem to lie this much apart (nanoseconds).
SKEW_NS = 1_000_000


@dataclass(frozen=True)
class Judged:
    """One finished run: what it recorded and what is said of it."""

    ending: Ending
    meta: Meta
    tracks: dict[str, Track]
    content: bytes
    verdict: Verdict
    statistics: dict[str, Any]

    def ends(self, layer: str) -> list[int]:
        """Offsets of a layer's items, those without bytes left out."""
        return sorted(set(self.tracks[layer].end.tolist()) - {0})


def judged(driver: Driver, text: str, knobs: dict[str, str] | None = None, **limits: Any) -> Judged:
    """Record a target to its end, wait for the server's last marks, and judge it."""
    run = driver.session.record(Target.parse(text, knobs or {}), **limits)
    ending = driver.until_ended(run)
    recording = run.recording

    def server_marks_are_there() -> bool:
        recording.refresh()
        snapshot = recording.snapshot()
        tracks = snapshot.tracks
        received = int(tracks["read"].column("body_end")[-1]) if len(tracks["read"]) else 0
        return tracks["yield"].total_bytes >= snapshot.content_bytes and tracks["write"].total_bytes >= received

    driver.until(server_marks_are_there, "the server's last marks")
    assert recording.meta is not None
    analysis = analysis_of(recording.snapshot())
    result = Judged(
        ending,
        recording.meta,
        dict(recording.tracks),
        recording.read_content(0, recording.snapshot().content_bytes),
        judge(analysis),
        statistics_report(analysis),
    )
    recording.close()
    return result


def check_run(run: Judged) -> None:
    """Assert what holds for every complete run: offsets tile the same body, and no byte is early."""
    size_bytes = len(run.content)
    for layer in ("part", "yield", "piece"):
        assert run.ends(layer)[-1] == size_bytes
    for layer, track in run.tracks.items():
        assert (track.sizes() >= 0).all(), layer
        assert (track.t_ns[1:] >= track.t_ns[:-1]).all(), layer
    reads = run.tracks["read"]
    assert int(reads.column("content_end")[-1]) == size_bytes
    # Only where a layer counts content is its last byte known; a read may follow that brings the end of the framing.
    counts_content = [layer for layer in ("part", "yield", "write", "piece") if run.ends(layer)[-1] == size_bytes]
    for end in (1, size_bytes):
        times = {layer: int(track.t_ns[np.searchsorted(track.end, end)]) for layer, track in run.tracks.items()
                 if layer in counts_content}  # fmt: skip
        times["read"] = int(reads.t_ns[np.searchsorted(reads.column("content_end"), end)])
        in_order = [times[layer] for layer in ("part", "yield", "write", "read", "piece") if layer in times]
        assert all(later >= earlier - SKEW_NS for earlier, later in pairwise(in_order)), times


def check_statistics(run: Judged) -> None:
    """Assert that the statistics are those of the tracks, counted anew."""
    layers, gaps = run.statistics["layers"], run.statistics["gaps"]
    for name, track in run.tracks.items():
        if len(track):
            assert (layers[name]["count"], layers[name]["total_bytes"]) == (len(track), track.total_bytes)
            ttfb_ms = (int(track.t_ns[0]) - run.meta.request.sent_t_ns) / 1e6
            assert abs(layers[name]["ttfb_ms"] - ttfb_ms) < 0.01
    for gap in gaps.values():
        assert gap["items_in"] == layers[gap["earlier"]]["count"]
        if gap["comparable"]:
            assert gap["held_bytes"] == 0
            assert 0 <= gap["delay_ms"]["median"] <= gap["delay_ms"]["p95"] <= gap["delay_ms"]["max"]
    reads = run.tracks["read"]
    body_bytes = int(reads.column("body_end")[-1])
    assert abs(run.statistics["framing_overhead"] - reads.total_bytes / body_bytes) < 0.001
