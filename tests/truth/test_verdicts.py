"""The truth table of the verdict: each sentence is said of a run whose cause is known, and not of the run beside it.

The rows are the sentences that the table of rules declares: a rule or a sentence more needs a row more here.
"""

from __future__ import annotations

import ast
import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from msgspec import structs

from inspector.analysis.diagnosis import rules as rules_package
from inspector.analysis.diagnosis.finding import KIND_WORDS, Verdict
from inspector.analysis.diagnosis.rules import RULES
from inspector.analysis.diagnosis.run_analysis import RunAnalysisBuilder
from inspector.analysis.diagnosis.verdict import judge, rule_of, sentence
from inspector.recording.change_log import Change
from inspector.recording.meta import Ending, EndingKind, Meta, RequestMeta
from inspector.recording.process_samples import ProcessSamples
from inspector.recording.snapshot import Snapshot
from inspector.recording.track import Track
from tests.analysis.judging import analysis_of, until, without_taps
from tests.analysis.metrics.test_process_metrics import samples
from tests.analysis.simulated_road import MS, SENT_T_NS, Item, Road, Stage, gzipping, joining, rechunking, simulate

ALL = 10**9
#: What a run is judged by; its cause is in what it is made of.
Run = Callable[[], Verdict]


@dataclass(frozen=True)
class Row:
    """One sentence: a run that makes it true, words that it must have, and the run beside it that makes it untrue."""

    said: Run
    words: tuple[str, ...]
    beside: Run


def of(road: Road, **changed: Any) -> Run:
    return lambda: judge(analysis_of(simulate(replace(road, **changed))))


def from_outside(road: Road, *, head_ms: float | None = None, server: str = "", user_lag_ms: int = 0) -> Run:
    def verdict() -> Verdict:
        run = without_taps(simulate(road))
        run.meta.title = "http://127.0.0.1:5000/"
        assert run.meta.response is not None
        if head_ms is not None:
            run.meta.response.head_t_ns = SENT_T_NS + int(head_ms * MS)
        if server:
            run.meta.response.headers.append(("Server", server))
        if user_lag_ms:
            reads = run.tracks["read"]
            rows = reads.rows.copy()
            rows[:, reads.layer.columns.index("user_t_ns")] += user_lag_ms * MS
            run.tracks["read"] = Track(reads.layer, rows)
        return judge(analysis_of(run))

    return verdict


def ended(
    kind: EndingKind, text: str = "The last chunk is missing.", *, road: Road | None = None, foreign: bool = False,
    after_ms: float = 1.0, keep: int | None = None, framing: Any = None, head: bool = True, cut_by: Any = "",
) -> Run:  # fmt: skip
    """Return a run with this ending, ``after_ms`` after its last read; ``keep`` leaves so many items at the client."""

    def verdict() -> Verdict:
        run = simulate(road or Road())
        if foreign:
            run = without_taps(run)
        if keep is not None:
            for name in ("read", "chunk", "piece"):
                run.tracks[name] = Track(run.tracks[name].layer, run.tracks[name].rows[:keep])
        reads = run.tracks["read"]
        last_t_ns = int(reads.t_ns[-1]) if len(reads) else SENT_T_NS
        if framing is not None and run.meta.response is not None:
            run.meta.response.framing = framing
        if not head:
            run.meta.response = None
            run.tracks.clear()
        run.meta.ending = Ending(kind=kind, text=text, t_ns=last_t_ns + int(after_ms * MS), cut_by=cut_by)
        return judge(analysis_of(run))

    return verdict


def at(road: Road, at_ms: float) -> Run:
    """Return a run as it is while it runs, so long after its request."""
    return lambda: judge(analysis_of(until(simulate(road), SENT_T_NS + int(at_ms * MS))))


def quiet_since(road: Road, quiet_ms: float) -> Run:
    def verdict() -> Verdict:
        run = simulate(road)
        run.meta.ending = None
        builder = RunAnalysisBuilder()
        now_t_ns = int(run.tracks["read"].t_ns[-1]) + int(quiet_ms * MS)
        builder.update(run.snapshot(), now_t_ns=now_t_ns)
        return judge(builder.analysis())

    return verdict


def joining_during(first: int, stop: int, count: int) -> Stage:
    """Join so many of the items from one to another, and leave the others alone."""

    def stage(items: Iterator[Item]) -> Iterator[Item]:
        inside = joining(count)
        every = enumerate(items)
        for index, item in every:
            if index < first or index >= stop:
                yield item
            else:
                yield from inside(
                    itertools.chain([item], (each for _, each in itertools.islice(every, stop - first - 1)))
                )

    return stage


def one_after_the_other(changes: int) -> Run:
    """Return a run in which five places buffered, each for a fifth of the time, and so many settings were changed."""

    def verdict() -> Verdict:
        # A place further out meets the items of those before it: four of five are joined to one there.
        places = [(f"own{at}", joining_during(4 * at, 4 * at + 16, 4)) for at in range(5)]
        run = simulate(Road(count=80, middlewares=places))
        end_t_ns = int(run.tracks["piece"].t_ns[-1]) + 1
        builder = RunAnalysisBuilder()
        turned = [Change(t_ns=end_t_ns, side="server", knob="rows_per_yield", before="1", after="2")] * changes
        builder.update(run.snapshot(changes=turned))
        return judge(builder.analysis())

    return verdict


def later_by(late_ms: int, road: Road) -> Run:
    """Return a run that takes so long from the server to the client, and where each item comes by itself."""

    def verdict() -> Verdict:
        run = simulate(road)
        for name in ("read", "chunk", "piece"):
            track = run.tracks[name]
            rows = track.rows.copy()
            for at, column in enumerate(track.layer.columns):
                rows[:, at] += late_ms * MS * column.endswith("t_ns")
            run.tracks[name] = Track(track.layer, rows)
        return judge(analysis_of(run))

    return verdict


def before_a_response(ending: EndingKind | None, text: str = "", waited_ms: float = 900.0) -> Run:
    def verdict() -> Verdict:
        meta = Meta(id="x", started_at="", title="/large.csv", request=RequestMeta(sent_t_ns=SENT_T_NS))
        t_ns = SENT_T_NS + int(waited_ms * MS)
        meta.ending = Ending(kind=ending, text=text, t_ns=t_ns) if ending else None
        builder = RunAnalysisBuilder()
        builder.update(Snapshot(meta=meta), now_t_ns=t_ns)
        return judge(builder.analysis())

    return verdict


def lost(*names: str) -> Run:
    def verdict() -> Verdict:
        run = simulate(Road())
        run.meta.lost = list(names)
        return judge(analysis_of(run))

    return verdict


def sampled(found: ProcessSamples, road: Road) -> Run:
    """Return a run beside which the server's process was sampled: from the request to long after."""

    def verdict() -> Verdict:
        run = simulate(road)
        builder = RunAnalysisBuilder()
        rows = found.rows.copy()
        rows[:, 0] += SENT_T_NS
        builder.update(run.snapshot(samples=ProcessSamples(rows)))
        return judge(builder.analysis())

    return verdict


def stuck_in_the_connection(first: int, last: int) -> Run:
    """Return a run some of whose writes came out of the connection all at once, a second and more late."""

    def verdict() -> Verdict:
        run = simulate(Road(count=60, interval_ms=50))
        writes, reads = run.tracks["write"], run.tracks["read"]
        kept = ~((reads.rows[:, 1] > writes.end[first]) & (reads.rows[:, 1] <= writes.end[last]))
        kept[last] = True
        for name in ("read", "chunk", "piece"):
            track = run.tracks[name]
            run.tracks[name] = Track(track.layer, track.rows[kept[: len(track)]])
        return judge(analysis_of(run))

    return verdict


def blind_middleware(road: Road) -> Run:
    """Return a run whose middleware codes with something that is undone before the client: its sides share no axis."""

    def verdict() -> Verdict:
        run = simulate(road)
        run.taps = [structs.replace(tap, content_coding="br") if tap.layer == "write" else tap for tap in run.taps]
        return judge(analysis_of(run))

    return verdict


HEALTHY = Road()
IN_MEMORY = Road(title="/in-memory.csv", template=joining(ALL))
BUFFERED = Road(title="/timeline", parts_per_row=3, template=joining(5), knobs={"template_buffer": "5"})
GZIP = Road(middlewares=[("gzip", gzipping(flush=False))], knobs={"middleware": "gzip"})
SLOW = Road(bytes_per_s=1_000, capacity_bytes=2_000, count=120, knobs={"read_rate": "1000"})
MACRO = Road(
    title="/timeline", interval_ms=0, pauses_ms={1: 2_000.0}, parts_per_row=3, knobs={"template": "macro"},
    buffers=("template:macro", "template_buffer:0"),
)  # fmt: skip
CL = Road(count=1, row_bytes=9_000, chunked=False, content_length=True, read_bytes=4_096)
HEAD_FIRST = Road(count=40, interval_ms=0, pauses_ms={8: 2_000.0})

TABLE: dict[tuple[str, str], Row] = {
    ("lost", "lost"): Row(lost("part.npy"), ("part.npy", "lost"), lost("content.bin")),
    ("failed", "not_valid"): Row(
        ended("protocol_error", "Transfer-Encoding is given twice.", framing="unknown", keep=0),
        ("Not valid HTTP. Transfer-Encoding is given twice.",), ended("complete"),
    ),
    ("failed", "not_started"): Row(
        before_a_response("not_started", "The recorder could not be kept running: it ended with exit status 1."),
        ("Not started. The recorder could not be kept running: it ended with exit status 1.",),
        before_a_response("refused", "No connection: 127.0.0.1 port 1 refused it. Is the server running?"),
    ),
    ("failed", "no_connection"): Row(
        before_a_response("refused", "No connection: 127.0.0.1 port 1 refused it. Is the server running?"),
        ("No connection. 127.0.0.1 port 1 refused it. Is the server running?",),
        before_a_response("timed_out", "No response in 5 s."),
    ),
    ("failed", "untrusted"): Row(
        before_a_response("untrusted", "Self-signed, for localhost."),
        ("Certificate not trusted. Self-signed, for localhost.",), before_a_response("refused", "Refused."),
    ),
    ("failed", "bad_coding"): Row(
        ended("bad_coding", "The gzip data ends too early.", road=replace(HEALTHY, count=9)),
        ("Broken content coding. The gzip data ends too early.", "540 B"), ended("complete"),
    ),
    ("no_answer", "waiting"): Row(
        before_a_response(None), ("Waiting so far. No response after 900 ms.",), before_a_response("stopped")
    ),
    ("no_answer", "lost"): Row(
        before_a_response("cut_short", "The server closed the connection before the head was whole."),
        ("Connection lost. The server closed",), before_a_response("protocol_error", "An illegal head."),
    ),
    ("no_answer", "timed_out"): Row(
        before_a_response("timed_out", "No response in 5 s."), ("Timed out. No response in 5 s.",),
        before_a_response("over_limit", "5 s are over."),
    ),
    ("no_answer", "stopped"): Row(
        before_a_response("stopped"), ("Stopped by you. No response had come after 900 ms.",), before_a_response(None)
    ),
    ("no_answer", "over_limit"): Row(
        before_a_response("over_limit", "The response head is longer than 100 KiB."),
        ("Stopped at a limit. The response head is longer than 100 KiB.",), before_a_response("stopped"),
    ),
    ("no_body", "no_body"): Row(
        ended("complete", keep=0, framing="none"), ("No body.", "status 200"),
        ended("protocol_error", "Content-Length is given as 3 and as 5.", keep=0, framing="unknown"),
    ),
    ("cut_short", "by_the_recorder"): Row(
        ended("cut_short", "Recording stopped: no space left.", cut_by="recorder"),
        ("Recording stopped.", "after 2.4 KB", "no space left"), ended("cut_short"),
    ),
    ("cut_short", "server_died"): Row(
        ended("cut_short", "The built-in server was killed by SIGKILL while it answered.", cut_by="server"),
        ("Cut short by the end of its server.", "killed by SIGKILL"), ended("cut_short"),
    ),
    ("cut_short", "timed_out"): Row(
        ended("timed_out", "Nothing came for 12 s.", after_ms=12_000), ("Timed out.", "2.4 KB"),
        ended("cut_short", after_ms=12_000),
    ),
    ("cut_short", "from_outside"): Row(
        ended("cut_short", foreign=True), ("Connection lost.", "after 2.4 KB", "last chunk is missing"),
        ended("bad_coding", foreign=True),
    ),
    ("cut_short", "after_the_app"): Row(
        ended("cut_short", keep=20, road=Road(knobs={"proxy": "nginx"})),
        ("Cut short by nginx with HTTP/1.0 upstream.", "after 1.2 KB"), ended("cut_short"),
    ),
    ("cut_short", "by_the_view"): Row(
        ended("cut_short"), ("Cut short by the view.", "after 2.4 KB"), ended("cut_short", keep=20)
    ),
    ("held_in_the_app", "memory"): Row(
        sampled(samples(84, 0), replace(IN_MEMORY, row_bytes=2_000_000)), ("grew by 30.8 MB", "joins all rows first"),
        sampled(samples(0, 0), replace(IN_MEMORY, row_bytes=2_000_000)),
    ),
    ("held_in_the_app", "disk"): Row(
        sampled(samples(0, 90), replace(IN_MEMORY, title="/through-a-file.csv", row_bytes=2_000_000)),
        ("to disk", "into a file first"), sampled(samples(0, 90), replace(HEALTHY, row_bytes=2_000_000)),
    ),
    ("slow_reader", "own_rate"): Row(
        from_outside(replace(SLOW, count=60)), ("Slow reader.", "read_rate=1000", "the pace that is seen here is its"),
        from_outside(Road(knobs={"read_rate": "100000"})),
    ),
    ("slow_reader", "late_reads"): Row(
        from_outside(HEALTHY, user_lag_ms=400), ("Slow reader.", "waits 400 ms"), from_outside(HEALTHY, user_lag_ms=3)
    ),
    ("held", "at_the_end"): Row(
        of(GZIP), ("Held until the end by the gzip middleware.", "all of them left at the end"),
        of(replace(GZIP, middlewares=[("gzip", gzipping(flush=True))])),
    ),
    ("held", "still_waiting"): Row(
        at(replace(IN_MEMORY, count=200), 2_000),
        ("Held so far by the view, which joins all rows first.", "still wait"),
        at(replace(HEALTHY, count=200), 2_000),
    ),
    ("coalesced", "joined"): Row(
        of(BUFFERED), ("Buffered 5 into 1 by Jinja2's buffer of 5 items. A part waits 20 ms",),
        of(replace(BUFFERED, template=joining(3), knobs={"template_buffer": "3"})),
    ),
    ("coalesced", "split"): Row(
        of(Road(middlewares=[("rechunk:7", rechunking(7))])),
        ("Split 1 into 8.6 by the re-chunk middleware of 7 bytes. The end of a yield waits 20 ms",),
        of(Road(middlewares=[("rechunk:10", rechunking(10))])),
    ),
    ("coalesced", "shared_ends"): Row(
        of(Road(middlewares=[("rechunk:59", rechunking(59))])),
        ("Cut anew by the re-chunk middleware of 59 bytes. The end of a yield",),
        of(Road(middlewares=[("rechunk:60", rechunking(60))])),
    ),
    ("back_pressure", "view_done"): Row(
        of(Road(bytes_per_s=1_000, count=100)), ("Slow reader.", "it was done long before"), of(Road(count=100))
    ),
    ("back_pressure", "view_blocked"): Row(
        of(replace(SLOW, interval_ms=1.0, count=400)), ("Slow reader.", "The view is blocked"),
        at(Road(bytes_per_s=1_000, count=400), 2_500),
    ),
    ("back_pressure", "view_free"): Row(
        at(Road(bytes_per_s=1_000, count=400), 2_500), ("Slow reader so far.", "isn't blocked: the buffers between"),
        of(replace(SLOW, interval_ms=1.0, count=400)),
    ),
    ("bunched", "late_head"): Row(
        from_outside(Road(template=joining(ALL)), head_ms=780), ("Can't tell.", "and the head no earlier"),
        from_outside(Road(template=joining(ALL)), head_ms=3),
    ),
    ("bunched", "coded"): Row(
        from_outside(GZIP, head_ms=3), ("Held until the end by the compression (gzip)",),
        from_outside(replace(GZIP, middlewares=[("gzip", gzipping(flush=True))]), head_ms=3),
    ),
    ("bunched", "proxy"): Row(
        from_outside(Road(template=joining(ALL)), head_ms=3, server="nginx/1.22"), ("probably a proxy (nginx/1.22)",),
        from_outside(HEALTHY, head_ms=3, server="nginx/1.22"),
    ),
    ("bunched", "either"): Row(
        from_outside(Road(template=joining(ALL)), head_ms=3), ("Held until the end by either the app or something",),
        from_outside(Road(pauses_ms={0: 1_500}, interval_ms=10), head_ms=3),
    ),
    ("somewhere", "held"): Row(
        blind_middleware(Road(middlewares=[("own", joining(ALL))])), ("Held until the end by the own middleware",),
        blind_middleware(Road(middlewares=[("own", joining(1))])),
    ),
    ("somewhere", "coalesced"): Row(
        blind_middleware(Road(count=80, middlewares=[("own", joining(8))])), ("Buffered by the own middleware",),
        blind_middleware(Road(count=80, middlewares=[("own", joining(1))])),
    ),
    ("somewhere", "turned"): Row(
        one_after_the_other(1), ("Can't tell. rows_per_yield was changed while it ran",), one_after_the_other(0)
    ),
    ("known_length", "built_first"): Row(
        of(CL), ("Sent in one go.", "Content-Length of 9000", "1 yield"), of(replace(CL, count=10))
    ),
    ("known_length", "from_outside"): Row(
        from_outside(CL), ("Arrived in one go.", "9.0 KB", "From outside we can't tell"),
        from_outside(replace(CL, count=2, interval_ms=3_000)),
    ),
    ("lump", "template"): Row(
        of(MACRO), ("Held until the end by the macro in the template.", "Nothing came for 2.0 s"),
        of(replace(MACRO, knobs={"template": "macro", "fetch_rows": "40"})),
    ),
    ("lump", "source_or_template"): Row(
        of(replace(MACRO, knobs={"template": "macro", "fetch_rows": "40"})),
        ("either the source or the template", "Nothing came for 2.0 s"), of(HEAD_FIRST),
    ),
    ("lump", "late"): Row(
        of(Road(interval_ms=0, pauses_ms={0: 2_000.0})), ("Came all at once.", "No part for 2.0 s"),
        of(Road(interval_ms=10, pauses_ms={0: 500.0})),
    ),
    ("lump", "mostly_late"): Row(
        of(HEAD_FIRST), ("Most came at the end.", "480 B came first, then nothing for 2.0 s, then 1.9 KB (80 %)"),
        of(replace(HEAD_FIRST, pauses_ms={30: 2_000.0})),
    ),
    ("stalls", "once"): Row(
        of(Road(interval_ms=5, count=300, pauses_ms={100: 2_500})),
        ("Stalled once in the source. No parts for 2.5 s, starting at 503 ms.",),
        of(Road(interval_ms=5, count=300, pauses_ms={100: 200})),
    ),
    ("stalls", "often"): Row(
        of(Road(interval_ms=5, count=300, pauses_ms={100: 1_500, 150: 2_500})),
        ("Stalled 2 times in the source. No parts for up to 2.5 s; 4.0 s of 5.5 s in all.",),
        of(Road(interval_ms=1_500, count=12)),
    ),
    ("stalls", "quiet_now"): Row(
        quiet_since(Road(), 9_000), ("Quiet so far in the source. No parts for 9.0 s.",), quiet_since(Road(), 900)
    ),
    ("stalls", "in_a_gap"): Row(
        stuck_in_the_connection(9, 39), ("Stalled once in Werkzeug. Writes waited up to 1.5 s in it",),
        stuck_in_the_connection(9, 12),
    ),
    ("pages", "pages"): Row(
        from_outside(Road(row_bytes=1_500, middlewares=[("rechunk", rechunking(4_096))])), ("whole pages of 4,096",),
        from_outside(Road(row_bytes=4_000)),
    ),
    ("streams", "passes"): Row(
        of(HEALTHY), ("Streams. Each part reaches the reader", "40 parts, one every 20 ms"), of(BUFFERED)
    ),
    ("streams", "shares"): Row(
        of(Road(parts_per_row=3, template=joining(3), title="/timeline", knobs={"template_buffer": "3"})),
        ("3 parts share a yield, but 95 % wait",), of(BUFFERED),
    ),
    ("streams", "slow_way"): Row(
        later_by(80, Road(interval_ms=100)), ("Streams.", "that time is spent in Werkzeug, but items stay apart"),
        later_by(10, Road(interval_ms=100)),
    ),
    ("streams", "from_outside"): Row(
        from_outside(HEALTHY), ("Arrives steadily. 40 chunks, one every 20 ms. From outside we can't tell",),
        from_outside(HEAD_FIRST),
    ),
    ("cannot_tell", "too_few"): Row(
        from_outside(Road(count=2, interval_ms=1)), ("Can't tell. 2 chunks in 1.1 ms are too few",),
        from_outside(Road(count=20)),
    ),
    ("cannot_tell", "too_few_and_silent"): Row(
        from_outside(replace(CL, count=2, interval_ms=3_000, read_bytes=9_000)),
        ("2 reads in 3.0 s, with nothing for 3.0 s between",), from_outside(CL),
    ),
    ("cannot_tell", "no_body_yet"): Row(
        at(Road(), 0.1), ("Waiting so far. Nothing of the body has come.",), ended("complete", keep=0, foreign=True)
    ),
    ("cannot_tell", "no_content"): Row(
        ended("complete", keep=0, foreign=True), ("No content. The body is empty.",),
        ended("stopped", keep=0, foreign=True),
    ),
    ("cannot_tell", "stopped"): Row(
        ended("stopped", keep=0, foreign=True), ("Stopped by you. Nothing of the body had come.",),
        ended("stopped", foreign=True),
    ),
    ("cannot_tell", "over_limit"): Row(
        ended("over_limit", "The limit of 5 seconds is over.", keep=0, foreign=True),
        ("Stopped at a limit. The limit of 5 seconds is over.",),
        ended("over_limit", foreign=True),
    ),
}  # fmt: skip
DECLARED = [(rule.name, says) for rule in RULES for says in rule.says]


def test_that_each_sentence_of_each_rule_has_a_run_that_says_it_and_one_beside_it() -> None:
    assert set(TABLE) == set(DECLARED)
    assert len(DECLARED) == len(set(DECLARED))


@pytest.mark.parametrize(("rule", "says"), TABLE, ids=["-".join(key) for key in TABLE])
def test_that_a_sentence_is_said_where_it_is_true_and_not_beside(rule: str, says: str) -> None:
    row = TABLE[rule, says]
    verdict, beside = row.said(), row.beside()
    assert (verdict.evidence.rule, verdict.evidence.says) == (rule, says), sentence(verdict)
    for words in row.words:
        assert words in sentence(verdict)
    assert (beside.evidence.rule, beside.evidence.says) != (rule, says), sentence(beside)
    assert (beside.evidence.rule, beside.evidence.says) in DECLARED


def test_that_no_rule_says_what_it_does_not_declare() -> None:
    """Sentences that are named where they are made; the others are those that the table made them say."""
    folder = Path(rules_package.__path__[0])
    named = set()
    for path in folder.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Evidence":
                pair = [argument.value for argument in node.args[:2] if isinstance(argument, ast.Constant)]
                named |= {tuple(pair)} if len(pair) == 2 else set()
    assert len(named) > 10
    assert named <= set(DECLARED)


def test_that_every_sentence_reads_as_one() -> None:
    verdicts = [run() for row in TABLE.values() for run in (row.said, row.beside)]
    assert {verdict.kind for verdict in verdicts} == set(KIND_WORDS), "a kind that nothing is called"
    for verdict in verdicts:
        text = sentence(verdict)
        assert 1 <= len(verdict.headline.split()) <= 5
        assert text[0].isupper()
        assert text.endswith((".", "?"))
        assert not any(bad in text for bad in ("..", "?.", "1 to 1", "1 into 1 ", " no middleware", "%%"))
        assert "{" not in text


def test_that_every_verdict_says_what_its_rule_looked_at_in_this_run_and_what_would_change_it() -> None:
    for verdict in (run() for row in TABLE.values() for run in (row.said, row.beside)):
        rule, said = rule_of(verdict), verdict.evidence.in_this_run
        assert rule is not None
        assert verdict.evidence.says in rule.says
        for text in (said, rule.looks_for, rule.changes_if, *rule.says.values()):
            assert text[0].isupper() or text[0].isdigit(), text
            assert text.endswith(".")
            assert not any(bad in text for bad in ("..", "{", "  ", " -", "nan", "None"))
        assert any(sign.isdigit() for sign in said) or rule.name in ("failed", "no_answer"), said


def test_that_the_numbers_of_the_run_are_said_as_its_rule_compares_them() -> None:
    joined = of(BUFFERED)().evidence
    assert joined.in_this_run == (
        "120 parts came in over 783 ms and 24 yields left. In 100 % of the yields, the first of the parts waited 5.0 "
        "ms or more for the last one to come in: 20 ms (median), at most 40 ms. Such waits fill 82 % of the time."
    )
    held = of(GZIP)().evidence
    assert "of the bytes before the last burst, 100 % had not left when the last one came in." in held.in_this_run


@pytest.mark.parametrize(
    ("title", "name", "words"),
    [
        ("http://127.0.0.1:5000/", "", "by a middleware that could not be named."),
        ("http://127.0.0.1:5000/", "their_own", "by the their_own middleware."),
        ("/large.csv", "", "by something between the view and the server."),
        ("/large.csv", "rechunk:7", "by the re-chunk middleware of 7 bytes."),
    ],
)
def test_that_a_middleware_has_only_the_name_that_its_tap_told(title: str, name: str, words: str) -> None:
    verdict = of(Road(title=title, middlewares=[(name, rechunking(7))], knobs={"template_buffer": "5"}))()
    assert words in sentence(verdict)
    assert verdict.cure is None


def test_that_an_ending_without_a_connection_gives_no_advice_on_hosts_unless_it_names_one() -> None:
    assert before_a_response("refused", "The name 'h' was not found.")().advice == ""
    assert before_a_response("refused", "No connection: h port 1 can't be reached.")().advice.startswith("Start the")
