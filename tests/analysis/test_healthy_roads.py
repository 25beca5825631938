"""No accusation on a healthy road, whatever its rate, its sizes, and how busy the machine is."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inspector.analysis.diagnosis.rules.healthy import LEAST_ITEMS, LEAST_SPAN_MS
from inspector.analysis.diagnosis.verdict import judge, sentence
from tests.analysis.judging import ACCUSING, analysis_of, until, verdict_of, without_taps
from tests.analysis.simulated_road import Road, Stage, gzipping, joining, simulate


def as_it_is(items: Any) -> Any:
    return items


MIDDLEWARES: list[list[tuple[str, Stage]]] = [
    [],
    [("lint", as_it_is)],
    [("gzip-flush", gzipping(flush=True))],
    [("lint", as_it_is), ("debugger", as_it_is)],
]


@st.composite
def healthy_roads(draw: st.DrawFn) -> Road:
    interval_ms = 1_000 / 10 ** draw(st.floats(0, 4))
    parts = draw(st.sampled_from((1, 1, 3, 7)))
    return Road(
        interval_ms=interval_ms,
        count=draw(st.integers(1, max(2, min(400, int(20_000 / interval_ms))))),
        jitter=draw(st.sampled_from((0, 0.2, 1))),
        row_bytes=max(parts, int(10 ** draw(st.floats(0, 4)))),
        parts_per_row=parts,
        template=draw(st.sampled_from((None, joining(parts) if parts > 1 else None))),
        middlewares=draw(st.sampled_from(MIDDLEWARES)),
        busy=draw(st.sampled_from((0, 0.001, 0.005, 0.02))),
        reader_turn_ms=draw(st.sampled_from((0, 1, 4, 8))),
        step_us=draw(st.sampled_from((5, 20, 100))),
        kernel_clock=draw(st.booleans()),
        chunked=draw(st.booleans()),
        read_bytes=draw(st.sampled_from((262_144, 65_536))),
        ended=draw(st.booleans()),
        seed=draw(st.integers(0, 2**32)),
    )


@settings(max_examples=80, deadline=None)
@given(healthy_roads())
def test_that_no_healthy_road_is_accused(road: Road) -> None:
    run = simulate(road)
    analysis = analysis_of(run)
    verdict = judge(analysis)
    is_long = len(run.tracks["part"]) >= LEAST_ITEMS and analysis.layer("part").span_ms >= LEAST_SPAN_MS
    kinds = {"streams"} if is_long else {"streams", "unknown"}
    assert verdict.kind in kinds, (sentence(verdict), verdict.evidence.numbers)
    foreign = judge(analysis_of(without_taps(run)))
    assert foreign.kind in {"streams", "unknown"}, (sentence(foreign), foreign.evidence.numbers)


@pytest.mark.parametrize("per_second", [1, 10, 100, 1_000, 10_000])
def test_that_a_steady_stream_streams_at_any_rate(per_second: int) -> None:
    road = Road(interval_ms=1_000 / per_second, count=min(5 * per_second, 3_000) + 2, busy=0.002)
    assert verdict_of(road).kind == "streams"


def test_that_a_reader_that_takes_several_items_at_a_time_is_no_buffer() -> None:
    verdict = verdict_of(Road(interval_ms=0.1, count=4_000, step_us=2, reader_turn_ms=2))
    assert verdict.kind == "streams"
    assert "share a read, but 95 % wait" in verdict.figure


def test_that_a_joiner_of_what_came_together_is_no_buffer() -> None:
    verdict = verdict_of(Road(parts_per_row=3, template=joining(3), knobs={"template_buffer": "3"}))
    assert verdict.kind == "streams"
    assert "3 parts share a yield" in verdict.figure


@pytest.mark.parametrize("count", [1, 2])
def test_that_one_or_two_items_that_passed_quickly_stream(count: int) -> None:
    assert verdict_of(Road(count=count, interval_ms=700)).kind == "streams"


def test_that_a_stream_that_just_began_is_not_accused() -> None:
    run = simulate(Road(count=400, interval_ms=5, busy=0.01))
    for at_ms in range(0, 300, 7):
        verdict = judge(analysis_of(until(run, 3_000_000_000 + at_ms * 1_000_000)))
        assert verdict.kind not in ACCUSING, sentence(verdict)
        assert verdict.so_far


def test_that_full_speed_through_full_buffers_is_no_back_pressure() -> None:
    verdict = verdict_of(Road(interval_ms=0, count=3_000, row_bytes=65_536, step_us=50, capacity_bytes=1_000_000))
    assert verdict.kind == "streams"


@pytest.mark.parametrize("pause_ms", [1_000, 3_000])
def test_that_a_slow_and_steady_template_does_not_stall(pause_ms: int) -> None:
    assert verdict_of(Road(interval_ms=pause_ms, count=12, parts_per_row=3, jitter=1)).kind == "streams"


def test_that_a_short_slow_template_on_a_busy_machine_does_not_stall() -> None:
    """Some pieces of a row come 2 to 9 ms apart; jitter makes one pause of two longer than a second."""
    for seed in range(40):
        road = Road(interval_ms=1_000, count=3, parts_per_row=11, jitter=0.2, busy=0.01, seed=seed, step_us=300)
        assert verdict_of(road).kind == "streams"


def test_that_events_that_come_when_something_happens_do_not_stall() -> None:
    run = simulate(Road(interval_ms=20, count=60, pauses_ms={20: 5_000, 40: 9_000}))
    assert judge(analysis_of(run)).kind == "stalls"
    assert run.meta.response is not None
    run.meta.response.headers = [("Content-Type", "text/event-stream")]
    assert judge(analysis_of(run)).kind == "streams"


def test_that_tiny_chunks_get_a_word_of_advice_and_no_accusation() -> None:
    verdict = verdict_of(Road(row_bytes=3, interval_ms=5, count=100))
    assert verdict.kind == "streams"


def test_that_a_body_that_ends_with_the_connection_is_not_called_complete() -> None:
    verdict = verdict_of(Road(chunked=False))
    assert verdict.kind == "streams"
    assert "nobody can tell whether it is complete" in verdict.advice


def test_that_a_debugger_in_the_stack_makes_completeness_unknown() -> None:
    verdict = verdict_of(Road(middlewares=[("debugger", as_it_is)]))
    assert verdict.kind == "streams"
    assert "debugger" in verdict.advice
