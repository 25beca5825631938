"""Without taps: what reads and chunks alone can tell, and what they can't."""

from __future__ import annotations

import pytest

from inspector.analysis.diagnosis.finding import Verdict
from inspector.analysis.diagnosis.run_analysis import RunAnalysisBuilder
from inspector.analysis.diagnosis.verdict import judge, sentence
from tests.analysis.judging import analysis_of, without_taps
from tests.analysis.simulated_road import MS, SENT_T_NS, Road, gzipping, joining, rechunking, simulate

ALL = 10**9


def foreign(road: Road, *, head_ms: float | None = None, server: str = "") -> Verdict:
    run = without_taps(simulate(road))
    assert run.meta.response is not None
    if head_ms is not None:
        run.meta.response.head_t_ns = SENT_T_NS + int(head_ms * MS)
    if server:
        run.meta.response.headers.append(("Server", server))
    return judge(analysis_of(run))


def test_that_a_healthy_stream_streams() -> None:
    verdict = foreign(Road())
    assert (verdict.kind, verdict.layer) == ("streams", "")
    assert "40 chunks, one every 20 ms" in verdict.figure


def test_that_an_early_head_and_a_late_body_are_held_by_either() -> None:
    verdict = foreign(Road(template=joining(ALL)), head_ms=3)
    assert (verdict.kind, verdict.layer, verdict.culprit) == ("held", "read", "either the app or something before it")
    assert verdict.cure is None


def test_that_a_late_head_is_unknown() -> None:
    verdict = foreign(Road(template=joining(ALL)), head_ms=780)
    assert verdict.kind == "unknown"
    assert "either the app or something before it" in verdict.figure


def test_that_a_coding_is_suspected() -> None:
    verdict = foreign(Road(middlewares=[("gzip", gzipping(flush=False))]), head_ms=3)
    assert verdict.kind == "held"
    assert verdict.culprit.startswith("the compression (gzip)")


def test_that_nginx_is_suspected() -> None:
    verdict = foreign(Road(template=joining(ALL)), head_ms=3, server="nginx/1.22")
    assert verdict.kind == "held"
    assert "nginx/1.22" in verdict.culprit
    assert "proxy_http_version" in verdict.advice


def test_that_whole_pages_in_lumps_are_either_a_proxy_or_blocks() -> None:
    verdict = foreign(Road(row_bytes=1_500, middlewares=[("rechunk", rechunking(4_096))]))
    assert verdict.kind == "unknown"
    assert "whole pages" in verdict.figure


def test_that_a_clients_own_buffer_is_seen_without_taps() -> None:
    verdict = foreign(Road(client_buffer=512))
    assert (verdict.kind, verdict.layer, verdict.cure) == ("coalesced", "client", {"client_buffer": "0"})


def test_that_a_standstill_is_seen_without_a_culprit() -> None:
    verdict = foreign(Road(interval_ms=5, count=300, pauses_ms={100: 1_500, 150: 2_500}))
    assert (verdict.kind, verdict.layer, verdict.culprit) == ("stalls", "read", "either the app or something before it")


@pytest.mark.parametrize("road", [Road(count=1), Road(count=40, interval_ms=0.1)])
def test_that_too_little_is_unknown(road: Road) -> None:
    verdict = foreign(road)
    assert verdict.kind == "unknown"
    assert sentence(verdict).startswith("Can't tell. ")


def test_that_what_is_quiet_now_is_told_while_it_is() -> None:
    run = without_taps(simulate(Road()))
    run.meta.ending = None
    builder = RunAnalysisBuilder()
    builder.update(run.snapshot(), now_t_ns=SENT_T_NS + 2_000 * MS)
    assert judge(builder.analysis()).kind == "streams"
    builder.update(run.snapshot(), now_t_ns=SENT_T_NS + 9_000 * MS)
    verdict = judge(builder.analysis())
    assert (verdict.kind, verdict.so_far) == ("stalls", True)
