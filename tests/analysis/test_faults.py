"""Each single fault is found, and the right one named; the same road without it is left alone."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inspector.analysis.diagnosis.finding import Verdict
from inspector.analysis.diagnosis.verdict import judge, sentence
from inspector.catalogue import template_of
from tests.analysis.judging import analysis_of, until, verdict_of
from tests.analysis.simulated_road import SENT_T_NS, Road, gzipping, joining, rechunking, simulate

ALL = 10**9


def as_it_is(items: Any) -> Any:
    return items


#: Name: the fault, kind, layer, a word of the culprit, the cure.
FAULTS: dict[str, tuple[dict[str, Any], str, str, str, dict[str, str] | None]] = {
    "template buffer": (
        {"title": "/timeline", "parts_per_row": 3, "template": joining(5), "knobs": {"template_buffer": "5"}},
        "coalesced", "template", "Jinja2's buffer of 5 items", {"template_buffer": "0"},
    ),
    "Jinja2's buffer of two": (
        {"title": "/timeline", "parts_per_row": 3, "template": joining(2), "knobs": {"template_buffer": "2"}},
        "coalesced", "template", "Jinja2's buffer of 2 items", {"template_buffer": "0"},
    ),
    "template buffer by default": (
        {"parts_per_row": 3, "template": joining(5), "title": "/my-large-page.html?rows=4"},
        "coalesced", "template", "Jinja2's buffer of 5 items", {"template_buffer": "0"},
    ),
    "huge template buffer": (
        {"title": "/timeline", "parts_per_row": 3, "template": joining(1_000), "knobs": {"template_buffer": "1000"}},
        "held", "template", "Jinja2's buffer of 1000 items", {"template_buffer": "0"},
    ),
    "rows per yield": (
        {"template": joining(4), "knobs": {"rows_per_yield": "4"}},
        "coalesced", "template", "joins 4 rows", {"rows_per_yield": "1"},
    ),
    "view in memory": ({"template": joining(ALL)}, "held", "template", "the view itself", None),
    "get_data hook": (
        {"template": joining(ALL), "hooks": "get_data", "chunked": False, "content_length": True,
         "knobs": {"middleware": "get_data,lint"}, "middlewares": [("lint", as_it_is)]},
        "held", "template", "get_data() hook", {"middleware": "lint"},
    ),
    "join": (
        {"middlewares": [("join", joining(ALL))], "knobs": {"middleware": "join"}},
        "held", "middleware.1", "joins everything", {"middleware": ""},
    ),
    "profiler in a stack": (
        {"middlewares": [("lint", as_it_is), ("profiler", joining(ALL)), ("debugger", as_it_is)],
         "knobs": {"middleware": "lint,profiler,debugger"}},
        "held", "middleware.2", "ProfilerMiddleware", {"middleware": "lint,debugger"},
    ),
    "rechunk": (
        {"middlewares": [("rechunk:128", rechunking(128))], "knobs": {"middleware": "rechunk:128"}},
        "coalesced", "middleware.1", "re-chunk middleware of 128 bytes", {"middleware": ""},
    ),
    "rechunk of large items": (
        {"middlewares": [("rechunk:4096", rechunking(4096))], "row_bytes": 3_000},
        "coalesced", "middleware.1", "re-chunk middleware of 4096 bytes", None,
    ),
    "gzip": (
        {"middlewares": [("gzip", gzipping(flush=False))], "knobs": {"middleware": "gzip"}},
        "held", "middleware.1", "gzip middleware", {"middleware": "gzip-flush"},
    ),
    "gzip inside": (
        {"middlewares": [("gzip", gzipping(flush=False)), ("lint", as_it_is)], "knobs": {"middleware": "gzip,lint"}},
        "held", "middleware.1", "gzip middleware", {"middleware": "gzip-flush,lint"},
    ),
    "gzip with windows": (
        {"middlewares": [("gzip", gzipping(flush=False, window_bytes=100_000))], "row_bytes": 30_000},
        "coalesced", "middleware.1", "gzip middleware", None,
    ),
    "gzip without chunks": (
        {"middlewares": [("gzip", gzipping(flush=False))], "chunked": False},
        "held", "middleware.1", "gzip middleware", None,
    ),
    "waitress": (
        {"send_bytes": 18_000, "knobs": {"engine": "waitress", "send_bytes": "18000"}},
        "held", "server", "waitress (send_bytes=18000)", {"send_bytes": "1"},
    ),
    "waitress, long": (
        {"send_bytes": 500, "knobs": {"engine": "waitress", "send_bytes": "500"}},
        "coalesced", "server", "waitress (send_bytes=500)", {"send_bytes": "1"},
    ),
    "waitress after a flushing gzip": (
        {"send_bytes": 18_000, "knobs": {"engine": "waitress", "send_bytes": "18000"},
         "middlewares": [("gzip-flush", gzipping(flush=True))]},
        "held", "server", "waitress", {"send_bytes": "1"},
    ),
    "nginx, small rows": (
        {"send_bytes": 4_096, "pages": True, "chunked": False, "knobs": {"proxy": "nginx"}},
        "held", "server", "nginx with HTTP/1.0 upstream", {"proxy_http_version": "1.1"},
    ),
    "nginx, rows of 1500": (
        {"send_bytes": 4_096, "pages": True, "row_bytes": 1_500, "count": 6, "interval_ms": 100,
         "knobs": {"proxy": "nginx"}},
        "coalesced", "server", "nginx with HTTP/1.0 upstream", {"proxy_http_version": "1.1"},
    ),
    "client buffer": (
        {"client_buffer": 512, "knobs": {"client_buffer": "512"}},
        "coalesced", "client", "buffer of 512 bytes", {"client_buffer": "0"},
    ),
    "slow reader": (
        {"bytes_per_s": 1_000, "capacity_bytes": 2_000, "count": 120, "knobs": {"read_rate": "1000"}},
        "back_pressure", "server", "the slow reader", {"read_rate": "0"},
    ),
    "slow reader, small buffers": (
        {"bytes_per_s": 200_000, "capacity_bytes": 4_000, "row_bytes": 2_000, "count": 200, "interval_ms": 2,
         "read_bytes": 4_000, "knobs": {"read_rate": "200000"}},
        "back_pressure", "server", "the slow reader", {"read_rate": "0"},
    ),
    "slow reader, large items": (
        {"bytes_per_s": 50_000, "capacity_bytes": 10_000, "row_bytes": 65_536, "count": 20, "interval_ms": 10},
        "back_pressure", "server", "the slow reader", None,
    ),
    "slow reader, large buffers": (
        {"bytes_per_s": 1_000, "count": 100}, "back_pressure", "server", "the slow reader", None,
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", FAULTS)
def test_that_the_fault_is_found_and_named(name: str) -> None:
    fault, kind, layer, culprit, cure = FAULTS[name]
    verdict = verdict_of(Road(**fault))
    assert (verdict.kind, verdict.layer, verdict.cure) == (kind, layer, cure), sentence(verdict)
    assert culprit in verdict.culprit
    assert verdict.advice
    assert "wait_ms" in verdict.evidence.numbers


HEALED: dict[str, Any] = {
    "template": None, "hooks": "", "send_bytes": 1, "pages": False, "client_buffer": 0, "bytes_per_s": 0.0,
    "capacity_bytes": 4_000_000,
}  # fmt: skip


@pytest.mark.parametrize("name", FAULTS)
def test_that_the_same_knobs_without_the_fault_are_not_blamed(name: str) -> None:
    road = Road(**FAULTS[name][0])
    flushing = {"gzip", "gzip-flush"}
    stack = [(each, gzipping(flush=True) if each in flushing else as_it_is) for each, _ in road.middlewares]
    chunked = road.chunked or road.content_length
    healed = replace(road, **HEALED, middlewares=stack, chunked=chunked, content_length=False)
    verdict = verdict_of(healed)
    assert verdict.kind == "streams", sentence(verdict)


@settings(max_examples=40, deadline=None)
@given(
    name=st.sampled_from(sorted(FAULTS)),
    seed=st.integers(0, 2**32),
    busy=st.sampled_from((0.0, 0.002, 0.005)),
    kernel_clock=st.booleans(),
    jitter=st.sampled_from((0.0, 0.3)),
)
def test_that_noise_does_not_hide_a_fault(name: str, seed: int, busy: float, kernel_clock: bool, jitter: float) -> None:
    fault, kind, layer, _, _ = FAULTS[name]
    road = Road(**fault, seed=seed, busy=busy, kernel_clock=kernel_clock, jitter=jitter)
    verdict = verdict_of(road)
    assert (verdict.kind, verdict.layer) == (kind, layer), (sentence(verdict), verdict.evidence.numbers)


def held_so_far(fault: dict[str, Any], at_ms: float) -> Verdict:
    return judge(analysis_of(until(simulate(Road(**fault, count=200)), SENT_T_NS + int(at_ms * 1e6))))


@pytest.mark.parametrize(
    ("fault", "layer"),
    [
        ({"middlewares": [("join", joining(ALL))]}, "middleware.1"),
        ({"send_bytes": 18_000}, "server"),
        ({"template": joining(1_000)}, "template"),
    ],
)
def test_that_what_is_held_is_told_while_it_is_held(fault: dict[str, Any], layer: str) -> None:
    assert held_so_far(fault, 200).kind in {"streams", "unknown"}
    verdict = held_so_far(fault, 2_000)
    assert (verdict.kind, verdict.layer, verdict.so_far) == ("held", layer, True)
    assert "so far" in sentence(verdict)
    assert "still wait" in verdict.figure


def test_that_the_first_release_of_a_buffer_is_no_sign_of_health() -> None:
    run = simulate(Road(send_bytes=2_000, count=400))
    kinds = [judge(analysis_of(until(run, SENT_T_NS + at_ms * 1_000_000))).kind for at_ms in range(0, 6_000, 20)]
    changes = [kind for index, kind in enumerate(kinds) if not index or kinds[index - 1] != kind]
    assert changes in (["unknown", "held", "coalesced"], ["unknown", "streams", "held", "coalesced"])


def test_that_coalescing_is_told_while_it_streams() -> None:
    run = until(simulate(Road(parts_per_row=3, template=joining(5), count=200)), SENT_T_NS + 600_000_000)
    verdict = judge(analysis_of(run))
    assert (verdict.kind, verdict.layer, verdict.so_far) == ("coalesced", "template", True)


def test_that_the_longer_wait_of_two_is_named() -> None:
    template: dict[str, Any] = {"title": "/timeline", "parts_per_row": 3, "template": joining(5)}
    assert verdict_of(Road(**template, client_buffer=3_000)).layer == "client"
    assert verdict_of(Road(**template, client_buffer=20)).layer == "template"


def test_that_the_bytes_of_the_widest_merge_are_the_evidence() -> None:
    verdict = verdict_of(Road(template=joining(4), count=40, row_bytes=10, pauses_ms={9: 500}))
    assert verdict.evidence.bytes == (80, 120)


@pytest.mark.parametrize("variant", ["macro", "filter", "super", "recursive", "length", "without-context", "async"])
def test_that_a_lump_of_a_template_is_named_by_its_variant(variant: str) -> None:
    pauses = {0: 2_000.0} if variant == "async" else {1: 2_000.0}
    row = template_of(variant)
    assert row is not None
    noun = row.noun
    road = Road(title="/timeline", interval_ms=0, pauses_ms=pauses, parts_per_row=3, knobs={"template": variant})
    verdict = verdict_of(road)
    assert (verdict.kind, verdict.layer, verdict.culprit) == ("held", "part", noun)
    assert verdict.cure == {"template": "plain"}
    assert verdict_of(replace(road, pauses_ms={}, interval_ms=50)).kind == "streams"


def test_that_a_source_that_gives_all_at_once_may_also_be_the_template() -> None:
    verdict = verdict_of(Road(interval_ms=0, pauses_ms={1: 2_000}))
    assert (verdict.kind, verdict.layer, verdict.cure) == ("stalls", "part", None)
    assert verdict.culprit == "either the source or the template"


def test_that_two_rows_and_a_pause_are_no_lump() -> None:
    assert verdict_of(Road(count=2, interval_ms=2_000, parts_per_row=7)).kind == "streams"


def test_that_a_source_that_stands_still_is_named_and_no_buffer() -> None:
    verdict = verdict_of(Road(interval_ms=5, count=300, pauses_ms={100: 1_500, 150: 2_500}))
    assert (verdict.kind, verdict.layer, verdict.culprit) == ("stalls", "part", "the source")
    assert "2.5 s" in verdict.figure


def test_that_one_long_standstill_in_a_gap_names_the_gap() -> None:
    road = Road(count=60, interval_ms=50, bytes_per_s=0.0)
    run = simulate(road)
    writes, reads = run.tracks["write"], run.tracks["read"]
    stuck = (reads.rows[:, 1] > writes.end[9]) & (reads.rows[:, 1] <= writes.end[39])
    kept = ~stuck
    kept[39] = True
    for name in ("read", "chunk", "piece"):
        track = run.tracks[name]
        run.tracks[name] = type(track)(track.layer, track.rows[kept[: len(track)]])
    verdict = judge(analysis_of(run))
    assert (verdict.kind, verdict.layer) == ("stalls", "server")
