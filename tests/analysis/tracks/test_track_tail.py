"""The time since a knob was turned: its tracks, and the verdict on it alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.analysis.diagnosis.finding import Verdict
from inspector.analysis.diagnosis.run_analysis import RunAnalysisBuilder
from inspector.analysis.diagnosis.verdict import judge, sentence, verdict_report
from inspector.analysis.tracks.track_tail import TrackTails
from inspector.recording.change_log import Change
from inspector.recording.meta import Ending
from inspector.recording.track import Track
from tests.analysis.simulated_road import MS, Item, Road, Simulated, Stage, gzipping, joining, simulate

COUNT, TURNED_AT = 120, 60


def joining_then(before: int, after: int) -> Stage:
    """Join ``before`` items into one, and ``after`` from the turned one on, which goes out with all that is held."""

    def stage(items: Iterator[Item]) -> Iterator[Item]:
        held: list[Item] = []
        for index, item in enumerate(items):
            held.append(item)
            if len(held) >= (before if index < TURNED_AT else after):
                yield Item(sum(each.body_bytes for each in held), item.content_end)
                held.clear()
        if held:
            yield Item(sum(each.body_bytes for each in held), held[-1].content_end)

    return stage


def turned(road: Road, knob: str = "template_buffer", after: str = "10") -> tuple[Simulated, list[Change]]:
    """Return a run and the change just before its item `TURNED_AT`."""
    run = simulate(replace(road, count=COUNT))
    t_ns = int(run.tracks["part"].t_ns[TURNED_AT]) - MS
    return run, [Change(t_ns=t_ns, side="server", knob=knob, before="?", after=after)]


def verdict_on(run: Simulated, changes: list[Change]) -> Verdict:
    builder = RunAnalysisBuilder()
    builder.update(run.snapshot(changes=tuple(changes)))
    return judge(builder.analysis())


@pytest.mark.parametrize("before", [1, 7, 10**9])
def test_that_a_buffer_is_accused_of_what_it_does_since_it_was_turned(before: int) -> None:
    run, changes = turned(
        Road(title="/timeline", template=joining_then(before, 10), knobs={"template_buffer": str(before)})
    )
    verdict = verdict_on(run, changes)
    assert (verdict.kind, verdict.layer, verdict.since) == ("coalesced", "template", "template_buffer=10")
    ratio = "10" if before == 1 else "8.6"  # the first one went out with one item and all that had been held
    assert sentence(verdict) == (
        f"Buffered {ratio} into 1 since you set the buffer to 10. A part waits 80 ms (median)."
    )
    assert verdict_report(verdict)["since"] == "template_buffer=10"


@pytest.mark.parametrize("before", [7, 10**9])
def test_that_a_buffer_is_not_accused_of_what_it_did_before_it_was_turned_off(before: int) -> None:
    verdict = verdict_on(*turned(Road(template=joining_then(before, 1)), after="0"))
    assert (verdict.kind, verdict.since) == ("streams", "template_buffer=0")
    assert sentence(verdict).startswith("Streams since you set the buffer to none. ")


def test_that_what_a_turned_buffer_holds_is_told_while_it_runs() -> None:
    run, changes = turned(Road(title="/timeline", template=joining_then(1, 10**9)), after="100000")
    last_ns = int(run.tracks["part"].t_ns[-1])
    run.meta.ending = None
    for name in ("yield", "write", "read", "chunk", "piece"):
        track = run.tracks[name]
        run.tracks[name] = Track(track.layer, track.rows[: int(track.first_at_or_after(last_ns))])
    verdict = verdict_on(run, changes)
    assert sentence(verdict).startswith("Held since you set the buffer to all. 60 parts")


def test_that_the_bytes_concerned_are_those_of_the_whole_body() -> None:
    run, changes = turned(Road(template=joining_then(1, 10)))
    found = verdict_on(run, changes).evidence.bytes
    assert found is not None
    start, stop = found
    assert start >= run.tracks["part"].start(TURNED_AT)
    assert stop <= run.tracks["part"].total_bytes
    assert stop - start == 10 * Road().row_bytes


def test_that_a_cut_is_one_of_the_whole_response() -> None:
    run, changes = turned(Road(template=joining_then(1, 10)))
    run.meta.ending = Ending(kind="cut_short", text="cut", t_ns=int(run.tracks["part"].t_ns[-1]))
    verdict = verdict_on(run, changes)
    assert (verdict.kind, verdict.since) == ("cut_short", "")


def test_that_a_coded_body_is_judged_as_a_whole() -> None:
    road = Road(middlewares=[("gzip", gzipping(flush=False))])
    run, changes = turned(road, "delay_ms", "5")
    whole = verdict_on(run, [])
    assert verdict_on(run, changes) == whole
    assert whole.kind == "held"


def test_that_nothing_is_told_of_a_time_in_which_nothing_was_made() -> None:
    run, _ = turned(Road())
    later = Change(t_ns=int(run.tracks["part"].t_ns[-1]) + 1, side="server", knob="delay_ms", before="1", after="9")
    assert verdict_on(run, [later]).since == ""


@given(
    st.integers(0, COUNT), st.sampled_from([1, 3, 50]), st.lists(st.integers(0, 400), max_size=6).map(sorted),
    st.sampled_from([1, 18_000]),
)  # fmt: skip
def test_that_the_tracks_since_a_moment_are_the_rest_of_the_recording(
    at: int, joined: int, cuts: list[int], send_bytes: int
) -> None:
    run = simulate(Road(count=COUNT, template=joining(joined), send_bytes=send_bytes, row_bytes=500))
    part = run.tracks["part"]
    t_ns = int(part.t_ns[at]) - 1 if at < COUNT else int(part.t_ns[-1])
    since = TrackTails(t_ns)
    for cut in cuts:
        since.update({name: Track(track.layer, track.rows[:cut]) for name, track in run.tracks.items()})
    found = since.update(run.tracks)
    if at == COUNT:
        assert (since.base_bytes, found) == (None, {})
        return
    assert since.base_bytes == part.start(at)
    for name, track in found.items():
        column = "body_end" if name == "read" else "end"
        rest = run.tracks[name].column(column) - since.base_bytes
        assert track.column(column).tolist() == [end for end in rest.tolist() if end > 0], name
        assert track.t_ns.tolist() == run.tracks[name].t_ns[len(rest) - len(track) :].tolist()
        assert track.sizes().min() > 0
    assert found["part"].sizes().tolist() == part.sizes(at).tolist()
