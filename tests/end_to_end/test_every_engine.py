"""Every engine and every setting of the proxy, running: the same body from all, true statistics, nobody accused."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from inspector.catalogue import ENGINES, engine_of
from inspector.session import Session
from tests.judged_runs import Judged, check_run, check_statistics, judged
from tests.needs import each_of, needs
from tests.served import Wire
from tests.server_process import port_of, server_process
from tests.sessions import Driver, driven

ROWS = "/large.csv?rows=20&delay_ms=20"
#: From a few yields a second up to as many as the engine makes.
PACES = ("rows=4&delay_ms=100", "rows=40&delay_ms=5", "rows=1000&delay_ms=0.1", "rows=5000&delay_ms=0")


@pytest.fixture(scope="module")
def chunks() -> list[bytes]:
    """The chunks of ``ROWS`` as a raw socket gets them from the built-in server, with no tap at work."""
    with server_process() as process, Wire(port_of(process), ROWS) as wire:
        return wire.chunks()


@pytest.fixture
def driver(tmp_path: Path) -> Iterator[Driver]:
    """A session that starts no server before it is needed."""
    with Session(tmp_path, start_server=False) as session:
        yield Driver(session)


def sizes(run: Judged, layer: str) -> list[int]:
    return [end - begin for begin, end in pairwise([0, *run.ends(layer)])]


@pytest.mark.parametrize("engine", each_of(*(row.name for row in ENGINES)))
def test_that_an_engine_carries_each_yield_and_is_not_accused(engine: str, driver: Driver, chunks: list[bytes]) -> None:
    run = judged(driver, f"{ROWS}&engine={engine}")
    check_run(run)
    check_statistics(run)
    assert run.meta.request.knobs["engine"] == engine
    assert run.content == b"".join(chunks)
    for layer in ("part", "yield", "write"):
        assert sizes(run, layer) == [len(chunk) for chunk in chunks]
    assert run.meta.response is not None
    assert run.meta.response.http_version == f"HTTP/{engine_of(engine).http_version}"
    if run.meta.response.framing == "chunked":
        assert sizes(run, "chunk") == [len(chunk) for chunk in chunks]
    assert run.statistics["layers"]["read"]["count"] >= len(chunks) / 2
    assert run.verdict.kind == "streams", run.verdict
    for pace in PACES:
        healthy = judged(driver, f"/large.csv?engine={engine}&{pace}")
        check_run(healthy)
        assert healthy.verdict.kind == "streams", (pace, healthy.verdict)


@needs("waitress")
def test_that_waitress_with_send_bytes_is_found_to_hold_everything(driver: Driver, chunks: list[bytes]) -> None:
    run = judged(driver, f"{ROWS}&engine=waitress&send_bytes=18000")
    check_run(run)
    check_statistics(run)
    assert sizes(run, "write") == [len(chunk) for chunk in chunks]
    assert run.statistics["gaps"]["server"]["coalescing"] >= 10
    assert (run.verdict.kind, run.verdict.layer) == ("held", "server")
    assert "waitress" in run.verdict.culprit
    assert run.verdict.cure == {"send_bytes": "1"}


@needs("waitress")
def test_that_on_waitress_a_middleware_is_blamed_and_not_waitress(driver: Driver) -> None:
    run = judged(driver, f"{ROWS}&engine=waitress&middleware=lint,join")
    assert (run.verdict.kind, run.verdict.layer) == ("held", "middleware.2")
    assert "join" in run.verdict.culprit
    assert run.meta.response is not None
    assert run.meta.response.framing == "content-length"


@needs("nginx")
@pytest.mark.parametrize(
    ("query", "accused"),
    [
        ("proxy_http_version=1.0", "held"),
        ("proxy_http_version=1.0&row_bytes=1500", "coalesced"),
        ("proxy_http_version=1.0&row_bytes=1500&proxy_buffer_size=65536", "held"),
        ("proxy_gzip=on&proxy_http_version=1.1", "held"),
        pytest.param("proxy_http_version=1.0&engine=cheroot", "held", marks=needs("cheroot")),
    ],
)
def test_that_nginx_is_accused_where_it_buffers_and_the_cure_cures(query: str, accused: str, driver: Driver) -> None:
    text = f"{ROWS}&proxy=nginx&{query}"
    run = judged(driver, text)
    check_run(run)
    check_statistics(run)
    assert ("Server", "nginx") in [(name, value.partition("/")[0]) for name, value in headers(run)]
    assert (run.verdict.kind, run.verdict.layer) == (accused, "server"), run.verdict
    assert "nginx" in run.verdict.culprit
    cured = judged(driver, text, dict(run.verdict.cure or {}))
    assert cured.content == run.content
    assert cured.verdict.kind == "streams", cured.verdict


@needs("nginx")
def test_that_nginx_is_not_accused_where_it_does_not_buffer(tmp_path: Path, chunks: list[bytes]) -> None:
    with driven(tmp_path) as driver:
        for query in (
            "proxy_http_version=1.1", "proxy_buffering=off", "x_accel=no", "proxy_buffering=off&proxy_gzip=on",
        ):  # fmt: skip
            run = judged(driver, f"{ROWS}&proxy=nginx&{query}")
            check_run(run)
            check_statistics(run)
            assert run.content == b"".join(chunks)
            assert run.statistics["layers"]["piece"]["count"] >= len(chunks) / 2
            assert run.verdict.kind == "streams", (query, run.verdict)
            coded = run.meta.response is not None and run.meta.response.content_coding == "gzip"
            assert coded == query.endswith("gzip=on")
            assert "X-Accel-Buffering" not in [name for name, _ in headers(run)]


def headers(run: Judged) -> list[tuple[str, str]]:
    assert run.meta.response is not None
    return run.meta.response.headers
