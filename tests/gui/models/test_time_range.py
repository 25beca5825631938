"""The time range on screen: what it shows by itself, and what a hand makes of it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from inspector.gui.models.time_range import FIRST_SPAN_NS, LONGEST_LIVE_SPAN_NS, SHORTEST_SPAN_NS, TimeRange

_TIMES = st.integers(0, 10**13)


@given(st.lists(_TIMES, min_size=1, max_size=30))
def test_that_a_live_run_always_has_its_last_moment_in_sight(elapsed_ns: list[int]) -> None:
    shown = TimeRange()
    shown.restart()
    for moment_ns in sorted(elapsed_ns):
        shown.follow(moment_ns, live=True)
        assert shown.start_ns <= moment_ns <= shown.stop_ns
        assert shown.span_ns <= 2 * LONGEST_LIVE_SPAN_NS


@given(_TIMES)
def test_that_a_finished_run_is_fitted_whole(elapsed_ns: int) -> None:
    shown = TimeRange()
    shown.restart()
    shown.follow(elapsed_ns, live=False)
    assert shown.start_ns < 0
    assert shown.stop_ns > elapsed_ns
    if elapsed_ns >= 20_000:
        assert shown.span_ns <= elapsed_ns * 1.05 + 3 * SHORTEST_SPAN_NS


def test_that_a_run_that_brought_nothing_has_an_axis_all_the_same() -> None:
    shown = TimeRange()
    shown.restart()
    shown.follow(0, live=False)
    assert shown.span_ns > FIRST_SPAN_NS


@given(st.floats(0.01, 100), st.integers(0, FIRST_SPAN_NS), st.floats(-3, 3))
def test_that_a_range_chosen_by_hand_stays_within_sight_of_the_run(factor: float, at_ns: int, share: float) -> None:
    shown = TimeRange()
    shown.restart()
    shown.follow(FIRST_SPAN_NS, live=False)
    shown.zoom(factor, at_ns)
    shown.pan(share)
    assert not shown.automatic
    assert shown.span_ns >= SHORTEST_SPAN_NS
    assert shown.start_ns < FIRST_SPAN_NS
    assert shown.stop_ns > 0
    assert -shown.start_ns <= shown.span_ns / 20, "there is next to nothing to see before the request"
    before = (shown.start_ns, shown.stop_ns)
    shown.follow(2 * FIRST_SPAN_NS, live=True)
    assert (shown.start_ns, shown.stop_ns) == before


def test_that_zooming_keeps_the_time_under_the_pointer() -> None:
    shown = TimeRange()
    shown.follow(10**9, live=False)
    at_ns = 250_000_000
    share = (at_ns - shown.start_ns) / shown.span_ns
    shown.zoom(0.5, at_ns)
    assert abs((at_ns - shown.start_ns) / shown.span_ns - share) < 1e-6
