"""An analysis does not depend on how the recording was seen to grow, and a frame costs what was added."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inspector.analysis.diagnosis.run_analysis import RunAnalysis, RunAnalysisBuilder
from inspector.analysis.diagnosis.verdict import judge, verdict_report
from inspector.analysis.tracks import alignment
from inspector.analysis.tracks.alignment import Alignment
from inspector.recording.layers import LAYER_BY_NAME
from inspector.recording.track import Track, search_left
from tests.analysis.judging import analysis_of
from tests.analysis.simulated_road import MS, SENT_T_NS, Road, gzipping, joining, simulate

ROADS = {
    "template": Road(parts_per_row=3, template=joining(5)),
    "gzip": Road(middlewares=[("gzip", gzipping(flush=False, window_bytes=400)), ("lint", lambda items: items)]),
    "waitress": Road(send_bytes=500, chunked=False),
    "slow": Road(bytes_per_s=1_000, capacity_bytes=2_000),
    "client": Road(client_buffer=100, busy=0.01),
}


def everything(analysis: RunAnalysis) -> dict[str, Any]:
    return {
        "gaps": analysis.gaps,
        "layers": analysis.layers,
        "pipeline": analysis.pipeline,
        "taking": analysis.taking,
        "now": analysis.now_t_ns,
    }


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(sorted(ROADS)), st.lists(st.integers(0, 4_000), max_size=6), st.data())
def test_that_a_case_does_not_depend_on_how_the_recording_was_seen_to_grow(
    name: str, looks_ms: list[int], data: st.DataObject
) -> None:
    run = simulate(ROADS[name])
    builder = RunAnalysisBuilder()
    for look_ms in sorted(looks_ms):
        late = {layer: data.draw(st.integers(0, 30)) for layer in run.tracks}
        seen = {
            layer: Track(
                track.layer, track.rows[: int(track.first_at_or_after(SENT_T_NS + (look_ms - late[layer]) * MS))]
            )
            for layer, track in run.tracks.items()
        }
        shorter = any(len(seen[layer]) < builder.seen(layer) for layer in seen)
        if shorter:
            continue
        builder.update(run.snapshot(tracks=seen, meta=None if look_ms < 3 else run.meta))
        analysis = builder.analysis()
        assert analysis.is_running == (look_ms < 3)
    builder.update(run.snapshot())
    whole = analysis_of(run)
    assert everything(builder.analysis()) == everything(whole)
    assert verdict_report(judge(builder.analysis())) == verdict_report(judge(whole))


@pytest.mark.parametrize("name", ["template", "waitress", "client"])
def test_that_delays_along_the_road_add_up(name: str) -> None:
    run = simulate(ROADS[name])
    names = ("part", "yield", "write", "piece")
    parts = run.tracks["part"]
    at, total_ns = np.arange(len(parts)), np.zeros(len(parts), dtype=np.int64)
    ends = parts.end.copy()
    for earlier, later in pairwise(names):
        first, second = run.tracks[earlier], run.tracks[later]
        by = second.index_of_byte(ends - 1)
        total_ns += second.t_ns[by] - first.t_ns[at]
        at = by
    whole = Alignment(parts, run.tracks["piece"]).carriers(parts.end)
    assert total_ns.tolist() == (run.tracks["piece"].t_ns[whole] - parts.t_ns).tolist()


def test_that_figures_of_a_growing_recording_are_those_of_now() -> None:
    run = simulate(Road(count=10, middlewares=[("join", joining(100))]))
    run.meta.ending = None
    held = {name: track for name, track in run.tracks.items() if name in {"part", "yield"}}
    builder = RunAnalysisBuilder()
    held["write"] = Track.empty(LAYER_BY_NAME["write"])
    builder.update(run.snapshot(tracks=held), now_t_ns=SENT_T_NS + 900 * MS)
    gap = builder.analysis().gap("middleware.1")
    assert gap is not None
    assert (gap.items_in, gap.items_out, gap.held_bytes) == (10, 0, 600)
    assert gap.waiting_ms == pytest.approx(898, abs=1)
    slowest = builder.analysis().slowest_gap
    assert slowest is not None
    assert slowest.gap.id == "middleware.1"


def test_that_another_recording_needs_another_builder() -> None:
    run, shorter = simulate(Road()), simulate(Road(count=3))
    builder = RunAnalysisBuilder()
    builder.update(run.snapshot())
    with pytest.raises(ValueError, match="shorter"):
        builder.update(shorter.snapshot())


def test_that_the_axes_of_a_gap_may_become_known_late() -> None:
    run = simulate(ROADS["gzip"])
    builder = RunAnalysisBuilder()
    builder.update(run.snapshot(meta=None, taps=()))
    builder.update(run.snapshot(taps=()))
    builder.update(run.snapshot())
    assert everything(builder.analysis()) == everything(analysis_of(run))


def test_that_an_update_looks_only_at_what_was_added(monkeypatch: pytest.MonkeyPatch) -> None:
    run = simulate(Road(count=3_000, interval_ms=1))
    builder = RunAnalysisBuilder()
    seen = {name: Track(track.layer, track.rows[:-5]) for name, track in run.tracks.items()}
    builder.update(run.snapshot(tracks=seen))
    looked_at: list[int] = []
    real = search_left

    def spy(column: Any, values: Any) -> Any:
        looked_at.append(np.asarray(values).size)
        return real(column, values)

    monkeypatch.setattr(alignment, "search_left", spy)
    builder.update(run.snapshot())
    assert looked_at
    assert max(looked_at) <= 6
