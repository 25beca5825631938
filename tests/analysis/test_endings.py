"""What head and ending say: no answer yet, refused, no body, a known length, and bodies that were cut."""

from __future__ import annotations

from typing import Any

import pytest

from inspector.analysis.diagnosis.finding import Verdict
from inspector.analysis.diagnosis.run_analysis import RunAnalysisBuilder
from inspector.analysis.diagnosis.verdict import judge, sentence
from inspector.recording.meta import Ending, EndingKind, Meta, RequestMeta
from inspector.recording.snapshot import Snapshot
from inspector.recording.track import Track
from tests.analysis.judging import analysis_of, until, verdict_of, without_taps
from tests.analysis.simulated_road import MS, SENT_T_NS, Road, Simulated, joining, simulate


def ended(run: Simulated, kind: EndingKind, at_ms: float, text: str = "cut") -> Simulated:
    run.meta.ending = Ending(kind=kind, text=text, t_ns=SENT_T_NS + int(at_ms * MS))
    return run


def of_meta(meta: Meta | None, **options: Any) -> Verdict:
    builder = RunAnalysisBuilder()
    builder.update(Snapshot(meta=meta), **options)
    return judge(builder.analysis())


def test_that_nothing_is_known_before_the_response() -> None:
    assert sentence(of_meta(None)) == "Waiting so far. No response yet."
    meta = Meta(id="x", started_at="", request=RequestMeta(sent_t_ns=SENT_T_NS))
    assert of_meta(meta, now_t_ns=SENT_T_NS + 1_500 * MS).figure == "No response after 1.5 s."


@pytest.mark.parametrize("stopped", [False, True])
def test_that_a_response_that_is_held_is_told_before_it_comes(stopped: bool) -> None:
    run = until(simulate(Road(template=joining(10**9), chunked=False, content_length=True)), SENT_T_NS + 700 * MS)
    assert len(run.tracks["part"]) > 20
    assert not len(run.tracks["yield"])
    run.meta.response = None
    if stopped:
        ended(run, "stopped", 700)
    builder = RunAnalysisBuilder()
    builder.update(run.snapshot(), now_t_ns=SENT_T_NS + 700 * MS)
    verdict = judge(builder.analysis())
    assert (verdict.kind, verdict.layer, verdict.so_far) == ("held", "template", not stopped)
    assert "still wait" in verdict.figure


def test_that_a_refused_connection_is_told_as_it_is() -> None:
    meta = Meta(id="x", started_at="", request=RequestMeta(sent_t_ns=SENT_T_NS))
    meta.ending = Ending(
        kind="refused", text="No connection: 127.0.0.1 port 9 refused it. Is the server running?", t_ns=SENT_T_NS
    )
    assert sentence(of_meta(meta)) == "No connection. 127.0.0.1 port 9 refused it. Is the server running?"


def test_that_a_response_without_a_body_is_no_stream() -> None:
    run = simulate(Road())
    assert run.meta.response is not None
    run.meta.response.framing = "none"
    run.meta.request.method = "HEAD"
    verdict = judge(analysis_of(run))
    assert (verdict.kind, verdict.layer) == ("not_a_stream", "")
    assert "HEAD" in verdict.figure


@pytest.mark.parametrize("foreign", [False, True])
def test_that_a_body_of_known_length_that_was_there_at_once_is_no_stream(foreign: bool) -> None:
    run = simulate(Road(count=1, row_bytes=9_000, chunked=False, content_length=True, read_bytes=4_096))
    verdict = judge(analysis_of(without_taps(run) if foreign else run))
    assert (verdict.kind, verdict.headline) == (
        ("unknown", "Arrived in one go") if foreign else ("not_a_stream", "Sent in one go")
    )
    assert ("9.0 KB" if foreign else "Content-Length of 9000") in verdict.figure


@pytest.mark.parametrize("foreign", [False, True])
def test_that_a_known_length_alone_is_no_fault(foreign: bool) -> None:
    run = simulate(Road(chunked=False, content_length=True))
    assert judge(analysis_of(without_taps(run) if foreign else run)).kind == "streams"


def test_that_a_hook_that_reads_the_body_comes_before_its_content_length() -> None:
    verdict = verdict_of(Road(template=joining(10**9), hooks="etag", chunked=False, content_length=True))
    assert (verdict.kind, verdict.culprit) == ("held", "the ETag hook (make_conditional)")


def test_that_a_view_that_stopped_in_mid_stream_is_named() -> None:
    verdict = judge(analysis_of(ended(simulate(Road()), "cut_short", 900)))
    assert (verdict.kind, verdict.layer, verdict.culprit) == ("cut_short", "yield", "the view")
    assert "2.4 KB" in verdict.figure
    assert "traceback" in verdict.advice


def test_that_bytes_lost_after_the_app_are_the_servers_or_the_proxys() -> None:
    run = ended(simulate(Road(knobs={"proxy": "nginx"})), "cut_short", 900)
    for name in ("read", "chunk", "piece"):
        track = run.tracks[name]
        run.tracks[name] = Track(track.layer, track.rows[:20])
    verdict = judge(analysis_of(run))
    assert (verdict.kind, verdict.layer, verdict.culprit) == ("cut_short", "server", "nginx with HTTP/1.0 upstream")


def test_that_without_taps_it_is_either_of_them() -> None:
    verdict = judge(analysis_of(without_taps(ended(simulate(Road()), "cut_short", 900))))
    assert (verdict.kind, verdict.culprit, verdict.headline) == ("cut_short", "", "Connection lost")


@pytest.mark.parametrize(("silent_ms", "word"), [(30_100, "30 s"), (5_020, "5 s"), (60_300, "60 s"), (17_000, "log")])
def test_that_a_connection_cut_after_a_usual_silence_says_so(silent_ms: float, word: str) -> None:
    run = simulate(Road())
    last_ms = (int(run.tracks["read"].t_ns[-1]) - SENT_T_NS) / MS
    assert word in judge(analysis_of(ended(run, "cut_short", last_ms + silent_ms))).advice


def test_that_a_cut_in_the_middle_of_bytes_is_no_time_out() -> None:
    run = simulate(Road(interval_ms=125, count=41))
    assert "time-out" not in judge(analysis_of(ended(run, "cut_short", 5_010))).advice


def test_that_a_time_out_of_the_reader_is_its_own() -> None:
    verdict = judge(analysis_of(ended(simulate(Road()), "timed_out", 12_000)))
    assert (verdict.kind, verdict.layer, verdict.headline) == ("timed_out", "read", "Timed out")


def test_that_a_stream_stopped_by_the_user_is_judged_as_any_other() -> None:
    assert judge(analysis_of(ended(simulate(Road()), "stopped", 900))).kind == "streams"
