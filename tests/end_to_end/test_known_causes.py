"""Every known cause of a stream that does not stream, set up for real: it is named, and its cure cures it.

The controls, which must not be blamed, run with the same parts.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from inspector.catalogue import MIDDLEWARES, knob_of
from tests.judged_runs import check_run, check_statistics, judged
from tests.needs import each_of, needs
from tests.sessions import Driver, driven

ROWS = "/large.csv?rows=20&delay_ms=20"
#: Long beside the first use of a template, which has to be compiled.
PAGE = "/timeline?rows=10&delay_ms=70"
SLOW = "rows=0&delay_ms=0&row_bytes=1000&send_buffer=4096&receive_buffer=4096&read_rate=30000"
#: Target, kind, layer, a word of the culprit's name.
FAULTS = [
    (f"{ROWS}&middleware=join", "held", "middleware.1", "join"),
    (f"{ROWS}&middleware=get_data", "held", "template", "get_data"),
    (f"{ROWS}&middleware=etag", "held", "template", "ETag"),
    (f"{ROWS}&middleware=profiler", "held", "middleware.1", "Profiler"),
    (f"{ROWS}&middleware=rechunk:128", "coalesced", "middleware.1", "re-chunk middleware of 128 bytes"),
    (f"{ROWS}&middleware=rechunk:4096", "held", "middleware.1", "re-chunk middleware of 4096 bytes"),
    (f"{ROWS}&middleware=gzip", "held", "middleware.1", "gzip"),
    (f"{ROWS}&middleware=compress", "held", "middleware.1", "Flask-Compress"),
    (f"{ROWS}&middleware=content_length", "held", "middleware.1", "Content-Length"),
    (f"{ROWS}&middleware=lint,join,debugger", "held", "middleware.2", "join"),
    (f"{ROWS}&middleware=gzip-flush,rechunk:256", "coalesced", "middleware.2", "re-chunk"),
    (f"{PAGE}&template=macro", "held", "part", "macro"),
    (f"{PAGE}&template=filter", "held", "part", "filter"),
    (f"{PAGE}&template=super", "held", "part", "super"),
    (f"{PAGE}&template=recursive", "held", "part", "recursive"),
    (f"{PAGE}&template=length", "held", "part", "length"),
    (f"{PAGE}&template=without-context", "held", "part", "without context"),
    (f"{PAGE}&template=async", "held", "part", "async"),
    (f"{PAGE}&template_buffer=20", "coalesced", "template", "Jinja2's buffer of 20 items"),
    (f"{PAGE}&template_buffer=1000", "held", "template", "Jinja2's buffer of 1000 items"),
    (f"{ROWS}&rows_per_yield=5", "coalesced", "template", "the view"),
    ("/in-memory.csv?rows=20&delay_ms=20", "held", "template", "the view"),
    (f"{ROWS}&client_buffer=256", "coalesced", "client", "client's buffer of 256 bytes"),
    (f"{ROWS}&client_buffer=65536", "held", "client", "client's buffer"),
]
CONTROLS = [
    ROWS,
    PAGE,
    "/stream?name=Jo&delay_ms=20",
    f"{ROWS}&middleware=gzip-flush",
    f"{ROWS}&middleware=lint,debugger",
    f"{ROWS}&fetch_rows=5",
    f"{ROWS}&read_size=16",
    f"{ROWS}&read_rate=100000",
    "/large.csv?rows=4000&delay_ms=0&row_bytes=200",
]
#: Templates and views that hold without a knob that would cure them.
INCURABLE = ("/in-memory.csv",)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Driver]:
    """One session for all that the built-in server serves as it comes."""
    with driven(tmp_path_factory.mktemp("home")) as driver:
        driver.until_ready()
        yield driver


def test_that_every_middleware_and_every_lump_has_its_fault_or_is_a_control() -> None:
    named = {text.partition("middleware=")[2].partition(":")[0] for text, *_ in FAULTS}
    assert {row.name for row in MIDDLEWARES if row.holds} <= named
    assert all(row.name in " ".join(CONTROLS) for row in MIDDLEWARES if not row.holds)
    assert {text.partition("template=")[2] for text, *_ in FAULTS} >= set(knob_of("template").choices) - {"plain"}


@pytest.mark.parametrize(
    ("text", "kind", "layer", "name"),
    [
        pytest.param(*fault, id=fault[0], marks=needs("compress") if "middleware=compress" in fault[0] else ())
        for fault in FAULTS
    ],
)
def test_that_the_one_that_holds_is_named_and_its_cure_cures(
    text: str, kind: str, layer: str, name: str, shared: Driver
) -> None:
    run = judged(shared, text)
    check_run(run)
    check_statistics(run)
    verdict = run.verdict
    assert (verdict.kind, verdict.layer) == (kind, layer), verdict
    assert name in verdict.culprit
    assert verdict.figure
    assert verdict.advice
    if text.startswith(INCURABLE):
        assert verdict.cure is None
        return
    assert verdict.cure
    cured = judged(shared, text, dict(verdict.cure))
    assert cured.verdict.kind == "streams", (verdict.cure, cured.verdict)


@pytest.mark.parametrize("text", CONTROLS)
def test_that_a_healthy_stream_is_not_accused(text: str, shared: Driver) -> None:
    run = judged(shared, text)
    check_run(run)
    check_statistics(run)
    assert run.verdict.kind == "streams", run.verdict


def test_that_a_generator_that_fails_cut_the_response_short(shared: Driver) -> None:
    verdict = judged(shared, "/stream-without-context?name=Jo").verdict
    assert (verdict.kind, verdict.layer, verdict.culprit) == ("cut_short", "yield", "the view")


def test_that_a_run_that_was_ended_here_is_no_ones_fault(shared: Driver) -> None:
    run = judged(shared, "/large.csv?rows=0&delay_ms=20", max_seconds=0.5)
    assert run.ending.kind == "over_limit"
    assert run.verdict.kind == "streams", run.verdict


@pytest.mark.parametrize("engine", each_of("werkzeug", "waitress"))
def test_that_a_slow_reader_is_seen_up_to_the_generator(engine: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    with driven(tmp_path_factory.mktemp("home")) as driver:
        run = judged(driver, f"/large.csv?{SLOW}&engine={engine}", max_seconds=1.5)
    assert (run.verdict.kind, run.verdict.culprit) == ("back_pressure", "the slow reader"), run.verdict
    says = "view_blocked" if engine == "werkzeug" else "view_free"
    assert run.verdict.evidence.says == says, run.verdict.evidence.numbers
    ahead_bytes = run.tracks["yield"].total_bytes - len(run.content)
    if engine == "werkzeug":
        assert ahead_bytes < 40_000, "small buffers of the sockets, and no other"
        blocked = run.tracks["yield"].t_ns[-20:]
        assert (blocked[-1] - blocked[0]) / 1e9 > 0.2, "the generator goes at the pace of the reader"
    else:
        assert ahead_bytes > 1_000_000, "waitress keeps what the reader does not take"


def test_that_a_slow_reader_behind_small_buffers_is_seen_though_nothing_waits_long(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    path = "/large.csv?rows=150&delay_ms=2&row_bytes=2000&send_buffer=4096&receive_buffer=4096"
    with driven(tmp_path_factory.mktemp("home")) as driver:
        slow = judged(driver, f"{path}&read_rate=200000")
        control = judged(driver, path)
    assert (slow.verdict.kind, slow.verdict.culprit) == ("back_pressure", "the slow reader"), slow.verdict
    assert slow.verdict.cure == {"read_rate": "0"}
    assert control.verdict.kind == "streams", control.verdict
