"""From a simulated road to its verdict, and what a recording without taps keeps of it."""

from __future__ import annotations

from inspector.analysis.diagnosis import run_analysis
from inspector.analysis.diagnosis.finding import Verdict
from inspector.analysis.diagnosis.run_analysis import RunAnalysis
from inspector.analysis.diagnosis.verdict import judge
from inspector.recording.track import Track
from tests.analysis.simulated_road import Road, Simulated, simulate

ACCUSING = {"coalesced", "held", "stalls", "back_pressure", "cut_short", "not_a_stream"}


def analysis_of(run: Simulated) -> RunAnalysis:
    return run_analysis.analysis_of(run.snapshot())


def verdict_of(road: Road) -> Verdict:
    return judge(analysis_of(simulate(road)))


def without_taps(run: Simulated) -> Simulated:
    """Return the same recording as made of a server that has no taps."""
    tracks = {name: track for name, track in run.tracks.items() if name in {"read", "chunk", "piece"}}
    return Simulated(tracks, run.meta, [])


def until(run: Simulated, t_ns: int) -> Simulated:
    """Return a recording as it was at a time, still running."""
    tracks = {
        name: Track(track.layer, track.rows[: int(track.first_at_or_after(t_ns + 1))])
        for name, track in run.tracks.items()
    }
    run.meta.ending = None
    return Simulated(tracks, run.meta, run.taps)
