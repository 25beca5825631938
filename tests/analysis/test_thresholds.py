"""Every condition of an accusation is needed: from figures that accuse, each one taken away alone acquits."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from inspector.analysis.diagnosis.rules.back_pressure import back_pressure
from inspector.analysis.diagnosis.rules.buffering import coalesced, held
from inspector.analysis.diagnosis.rules.healthy import somewhere
from inspector.analysis.diagnosis.run_analysis import PIPELINE, TAKING, RunAnalysis, RunAnalysisBuilder
from inspector.analysis.diagnosis.verdict import judge
from inspector.analysis.metrics.incremental_metrics import GapFollower
from inspector.analysis.metrics.measurements import GapMetrics, LayerMetrics
from inspector.analysis.pipeline.gap_list import PipelineGap
from inspector.recording.meta import Ending, Meta, RequestMeta, ResponseMeta
from inspector.recording.track import Track
from tests.analysis.judging import analysis_of, without_taps
from tests.analysis.simulated_road import MS, SENT_T_NS, Road, gzipping, rechunking, seen_tap, simulate
from tests.sample_recording import marks_of, track_of

ENDS = ("end", "end")
GAPS = {
    "middleware.1": PipelineGap("middleware.1", "gzip", "yield", "write", "gzip middleware", ENDS),
    "server": PipelineGap("server", "Server", "write", "read", "the server", ("end", "body_end")),
    "client": PipelineGap("client", "Client", "chunk", "piece", "the client's buffer", ("content_end", "end")),
    "framing": PipelineGap("framing", "Chunks", "read", "chunk", "chunked framing", ("body_end", "end")),
    "pipeline": PIPELINE,
    "taking": replace(TAKING, columns=("end", "body_end")),
}
LAYERS = {
    name: LayerMetrics(name, count=40, bursts=39, size_median_bytes=60) for name in ("part", "yield", "write", "chunk")
}
COALESCED: dict[str, Any] = {
    "items_in": 40, "items_out": 10, "bytes_in": 2_400, "bytes_out": 2_400, "span_in_ms": 800.0, "carriers": 10,
    "merged": 10, "merged_share": 0.75, "merged_cause": 0.9, "merged_median_ms": 60.0, "coalescing": 4.0,
    "delay_median_ms": 40.0, "delay_max_ms": 61.0, "held_bytes_max": 240, "held_share": 0.1, "release_ms": 1.0,
}  # fmt: skip
HELD: dict[str, Any] = COALESCED | {"held_share": 1.0, "merged_share": 1.0, "merged": 1, "carriers": 1}
BACKED_UP: dict[str, Any] = {
    "items_in": 40, "items_out": 200, "carriers": 200, "delay_median_ms": 900.0, "held_bytes_max": 9_000,
    "left_behind_bytes": 5_000, "left_behind_share": 0.6, "span_in_ms": 800.0,
}  # fmt: skip


def analysis_with(
    gap_id: str, figures: dict[str, Any], *, running: bool = False, client_buffer: int = 99, **options: Any
) -> RunAnalysis:
    ending = None if running else Ending(kind="complete", text="", t_ns=9)
    response = ResponseMeta(http_version="HTTP/1.1", status=200, framing="chunked")
    meta = Meta(id="x", started_at="", request=RequestMeta(), response=response, ending=ending,
                client_buffer_bytes=client_buffer)  # fmt: skip
    one = GapMetrics(GAPS[gap_id], **figures)
    extra: dict[str, Any] = {"pipeline": one} if gap_id == "pipeline" else {"taking": one} if gap_id == "taking" else {}
    return RunAnalysis(meta, (), () if extra else (one,), layers=options.pop("layers", LAYERS), **extra, **options)


@pytest.mark.parametrize("gap_id", ["middleware.1", "server", "client"])
def test_that_figures_of_a_buffer_accuse_it(gap_id: str) -> None:
    for rule, figures in ((coalesced, COALESCED), (held, HELD)):
        verdict = rule(analysis_with(gap_id, figures))
        assert verdict is not None
        assert verdict.layer == gap_id


@pytest.mark.parametrize(
    ("gap_id", "change"),
    [
        ("middleware.1", {"merged_cause": 0.4}),
        ("middleware.1", {"merged_share": 0.2}),
        ("middleware.1", {"merged": 1, "merged_median_ms": 200.0}),
        ("middleware.1", {"span_in_ms": 19.0}),
        ("middleware.1", {"items_in": 2}),
        ("middleware.1", {"carriers": 100, "items_in": 1_000}),
        ("middleware.1", {"is_exact": False}),
        ("server", {"merged_share": 0.45}),
        ("server", {"span_in_ms": 190.0}),
        ("server", {"carriers": 40}),
    ],
)
def test_that_each_condition_of_coalescing_is_needed(gap_id: str, change: dict[str, Any]) -> None:
    assert coalesced(analysis_with(gap_id, COALESCED | change)) is None


@pytest.mark.parametrize(
    ("gap_id", "change"),
    [
        ("middleware.1", {"held_share": 0.85}),
        ("middleware.1", {"merged_share": 0.4}),
        ("middleware.1", {"release_ms": 900.0}),
        ("middleware.1", {"span_in_ms": 19.0}),
        ("middleware.1", {"items_in": 2}),
        ("middleware.1", {"is_exact": False}),
        ("middleware.1", {"is_exact": False, "body_held_share": 0.8}),
        ("middleware.1", {"release_ms": None, "bytes_out": 0, "waiting_ms": 400.0}),
        ("middleware.1", {"release_ms": None, "bytes_out": 1_000, "waiting_ms": 900.0}),
        ("server", {"span_in_ms": 190.0}),
    ],
)
def test_that_each_condition_of_holding_is_needed(gap_id: str, change: dict[str, Any]) -> None:
    assert held(analysis_with(gap_id, HELD | change)) is None


def test_that_a_coded_layer_whose_place_is_not_known_is_judged_by_its_bytes() -> None:
    change = {"is_exact": False, "body_held_share": 0.95, "held_share": 0.2, "merged_share": 0.0}
    assert held(analysis_with("middleware.1", HELD | change)) is not None


def test_that_one_burst_that_was_interrupted_did_not_come_apart() -> None:
    for bursts, span_ms in ((0, 800.0), (2, 140.0)):
        layers = LAYERS | {"yield": LayerMetrics("yield", count=40, bursts=bursts)}
        for rule, figures in ((coalesced, COALESCED), (held, HELD)):
            assert rule(analysis_with("middleware.1", figures | {"span_in_ms": span_ms}, layers=layers)) is None


@pytest.mark.parametrize("rule", [coalesced, held])
def test_that_framing_and_a_client_without_a_buffer_are_never_accused(rule: Any) -> None:
    figures = COALESCED if rule is coalesced else HELD
    assert rule(analysis_with("framing", figures)) is None
    assert rule(analysis_with("client", figures, client_buffer=0)) is None


def test_that_the_first_release_accuses_only_while_it_runs_and_after_long() -> None:
    first = COALESCED | {"merged": 1, "carriers": 1, "widest_ms": 300.0}
    assert coalesced(analysis_with("middleware.1", first)) is None
    assert coalesced(analysis_with("middleware.1", first, running=True)) is not None
    assert coalesced(analysis_with("middleware.1", first | {"widest_ms": 60.0}, running=True)) is None
    assert coalesced(analysis_with("server", first | {"widest_ms": 190.0}, running=True)) is None
    assert coalesced(analysis_with("middleware.1", first | {"merged_share": 0.4}, running=True)) is None


def test_that_a_server_is_innocent_of_what_its_reader_leaves_behind() -> None:
    taking = GapMetrics(GAPS["taking"], **BACKED_UP)
    assert coalesced(analysis_with("server", COALESCED, taking=taking)) is None
    assert coalesced(analysis_with("server", COALESCED, taking=replace(taking, left_behind_bytes=60, items_in=200)))
    seen = analysis_with("pipeline", COALESCED)
    assert somewhere(seen) is None, "no gap is blind"
    blind = GapMetrics(replace(GAPS["middleware.1"], columns=None))
    found = somewhere(replace(seen, gaps=(blind,)))
    assert found is not None
    assert (found.layer, found.culprit) == ("pipeline", "gzip middleware")
    assert somewhere(replace(seen, gaps=(blind,), taking=taking)) is None


def test_that_figures_of_a_slow_reader_accuse_it() -> None:
    verdict = back_pressure(analysis_with("taking", BACKED_UP, taken_bytes_per_s=5_000.0))
    assert verdict is not None
    assert (verdict.layer, verdict.culprit) == ("server", "the slow reader")
    split = BACKED_UP | {"left_behind_bytes": 30}
    assert back_pressure(analysis_with("taking", split, taken_bytes_per_s=5_000.0)) is not None


@pytest.mark.parametrize(
    ("change", "bytes_per_s"),
    [
        ({"delay_median_ms": 45.0}, 5_000.0),
        ({"left_behind_bytes": 100, "carriers": 80}, 5_000.0),
        ({"carriers": 4}, 5_000.0),
        ({}, 30_000_000.0),
    ],
)
def test_that_each_condition_of_back_pressure_is_needed(change: dict[str, Any], bytes_per_s: float) -> None:
    assert back_pressure(analysis_with("taking", BACKED_UP | change, taken_bytes_per_s=bytes_per_s)) is None


def test_that_a_merge_that_is_short_for_its_gap_is_none() -> None:
    """20 ms are material in one thread, and a late reader's between two processes."""
    writes = marks_of("write", [(20 * MS * index, 10 * index) for index in range(1, 41)])
    pairs = [(20 * MS * index, 0, 10 * index, 0, 0) for index in range(2, 41, 2)]
    reads = track_of("read", [(t_ns, end, end, end, t_ns) for t_ns, _, end, _, _ in pairs])
    server, middleware = GapFollower(GAPS["server"]), GapFollower(GAPS["middleware.1"])
    server.update(writes, reads, Track.empty(reads.layer))
    middleware.update(writes, marks_of("yield", [(row[0], row[2]) for row in pairs]), Track.empty(reads.layer))
    assert (server.figures(0).merged, middleware.figures(0).merged) == (0, 20)


def test_that_taps_that_come_late_start_the_comparison_anew() -> None:
    run = simulate(Road(middlewares=[("gzip", gzipping(flush=False))]))
    taps = (seen_tap("yield"), seen_tap("write", "lint"))
    late, at_once = RunAnalysisBuilder(), RunAnalysisBuilder()
    late.update(run.snapshot())
    late.update(run.snapshot(taps=taps))
    at_once.update(run.snapshot(taps=taps))
    assert late.analysis().gaps == at_once.analysis().gaps


def test_that_a_late_start_of_a_stream_is_not_bunched() -> None:
    run = simulate(Road(count=40, interval_ms=4, pauses_ms={0: 1_500}))
    assert judge(analysis_of(without_taps(run))).kind == "streams"
    assert judge(analysis_of(run)).kind == "streams"


def test_that_blocks_of_a_file_as_fast_as_they_go_are_no_proxys_pages() -> None:
    road = Road(count=300, interval_ms=1, row_bytes=6_000, middlewares=[("rechunk", rechunking(4_096))])
    verdict = judge(analysis_of(without_taps(simulate(road))))
    assert verdict.evidence.rule == "streams"


def test_that_one_item_that_took_long_is_too_little_to_tell() -> None:
    run = simulate(Road(count=1))
    for name in ("read", "chunk", "piece"):
        rows = np.array(run.tracks[name].rows)
        rows[:, 0] += 300 * MS
        run.tracks[name] = Track(run.tracks[name].layer, rows)
    verdict = judge(analysis_of(run))
    assert verdict.kind == "unknown"
    assert verdict.figure.startswith("1 part")
    assert run.meta.request.sent_t_ns == SENT_T_NS
