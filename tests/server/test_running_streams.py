"""The running streams that can be turned or left, without a server around them."""

from __future__ import annotations

from inspector.catalogue import parse_knobs, view_of
from server.running_streams import RunningStream, RunningStreams


def a_live() -> RunningStream:
    view = view_of("/large.csv")
    assert view is not None
    return RunningStream(parse_knobs(view, {}), view)


def test_that_a_stream_is_left_whether_it_runs_or_has_not_begun() -> None:
    streams, running, late, other = RunningStreams(), a_live(), a_live(), a_live()
    streams.add("running", running)
    for recording_id in ("running", "late", "never"):
        streams.leave(recording_id)
    streams.add("late", late)
    streams.add("other", other)
    assert [live.client_left for live in (running, late, other)] == [True, True, False]
    assert running.turned.is_set(), "a pause ends at once"


def test_that_streams_that_never_begin_are_not_collected_for_ever() -> None:
    streams, first = RunningStreams(), a_live()
    for number in range(1000):
        streams.leave(str(number))
    streams.add("0", first)
    assert not first.client_left
