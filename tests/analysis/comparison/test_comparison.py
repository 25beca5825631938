"""Two runs in a few sentences: the figures are right, nothing is claimed without ground, A and B may change places."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.analysis.comparison.comparison import Side, comparison, differences
from inspector.analysis.runs.run_summary import RunSummary

FAST = RunSummary(
    ending="complete", content_bytes=10_240, ttfb_ms=12.0, total_ms=2000.0, items={"chunk": 100}, held_bytes_max=200,
    wait_ms=0.1,
)  # fmt: skip
SLOW = msgspec.structs.replace(
    FAST, ttfb_ms=372.0, total_ms=2015.0, items={"chunk": 10}, held_bytes_max=9000, wait_ms=240.0
)

figures = st.builds(
    RunSummary,
    ending=st.sampled_from(["", "complete", "stopped"]),
    content_bytes=st.integers(1, 10**9),
    ttfb_ms=st.none() | st.floats(0.1, 1e5),
    total_ms=st.none() | st.floats(0.1, 1e5),
    items=st.fixed_dictionaries({"chunk": st.integers(0, 10**6)}),
    held_bytes_max=st.integers(0, 10**9),
    wait_ms=st.none() | st.floats(0, 1e5),
    rss_rise_bytes=st.none() | st.integers(0, 10**9),
)
sides = st.builds(Side, figures, st.lists(figures, max_size=4).map(tuple), st.booleans())


def sides_of(a: RunSummary, b: RunSummary) -> tuple[Side, Side]:
    return Side(a), Side(b)


def test_that_the_first_byte_and_the_wait_of_a_part_are_said_with_their_figures() -> None:
    assert comparison(*sides_of(FAST, SLOW), 1) == (
        "First byte 31 times earlier in A: 12 ms against 372 ms. Parts wait 0.1 ms in A, 240 ms in B. "
        "Same 10,240 bytes in the same 2.0 s."
    )
    assert comparison(*sides_of(SLOW, FAST), 1).startswith("First byte 31 times earlier in B: 12 ms against 372 ms. ")


def test_that_equal_settings_have_no_winner_whatever_the_figures() -> None:
    assert comparison(*sides_of(FAST, SLOW), 0) == (
        "Same settings on both sides. The difference is noise. "
        "First byte after 12 ms in A, 372 ms in B. Parts wait 0.1 ms in A, 240 ms in B."
    )


@pytest.mark.parametrize(("differing", "count"), [(2, "Two"), (3, "Three"), (13, "13")])
def test_that_several_settings_are_no_fair_comparison(differing: int, count: str) -> None:
    text = comparison(*sides_of(FAST, SLOW), differing)
    assert text.startswith(f"{count} settings differ, so this isn't a fair comparison. First byte after 12 ms in A, ")
    assert "times" not in text


def test_that_a_setting_that_was_turned_is_no_fair_comparison() -> None:
    text = comparison(Side(FAST), Side(SLOW, was_turned=True), 1)
    assert text.startswith("A setting was turned while B ran, so this isn't a fair comparison. ")
    assert "times" not in text


def test_that_single_runs_that_differ_by_chance_are_told_without_a_factor() -> None:
    """The first answer of a process, for one, comes some 12 ms later than all others."""
    other = msgspec.structs.replace(FAST, ttfb_ms=36.0, wait_ms=2.0)
    assert comparison(*sides_of(FAST, other), 1) == (
        "No difference that runs of the same settings would not show. First byte after 12 ms in A, 36 ms in B. "
        "Parts wait 0.1 ms in A, 2.0 ms in B. Same 10,240 bytes in the same 2.0 s."
    )


def runs(*ttfbs_ms: float) -> Side:
    made = [msgspec.structs.replace(FAST, ttfb_ms=ttfb_ms) for ttfb_ms in ttfbs_ms]
    return Side(made[-1], tuple(made[:-1]))


@pytest.mark.parametrize(
    ("a", "b", "is_claimed"),
    [
        (runs(12.0), runs(40.0), False),
        (runs(12.0, 12.4), runs(40.0, 41.0), False),
        (runs(12.0, 12.4, 11.8), runs(40.0, 41.0, 40.2), True),
        (runs(12.0, 12.4, 39.0), runs(40.0, 41.0, 40.2), False),
        (runs(12.0, 12.4, 11.8), runs(40.0, 41.0, 12.1), False),
        (runs(12.0, 12.4, 11.8), runs(16.0, 16.1, 16.2), False),
        (runs(12.0, 12.4, 500.0), runs(372.0, 371.0, 372.0), False),
    ],
)
def test_that_repeated_runs_carry_what_their_spread_allows(a: Side, b: Side, is_claimed: bool) -> None:
    text = comparison(a, b, 1)
    assert ("times earlier" in text) == is_claimed
    assert ("medians of 3 and 3 runs" in text) == is_claimed


def test_that_a_server_nobody_could_warm_up_has_no_slow_first_byte() -> None:
    text = comparison(Side(FAST), Side(SLOW, is_cold=True), 1)
    assert "earlier" not in text
    assert text.endswith("The first request to B's server may be slower.")
    assert "31 times earlier in A" in comparison(Side(FAST, is_cold=True), Side(SLOW), 1), "A was faster all the same"


def test_that_different_bytes_and_totals_are_told() -> None:
    longer = msgspec.structs.replace(FAST, content_bytes=20_000, total_ms=4000.0)
    text = comparison(*sides_of(FAST, longer), 1)
    assert text.endswith("10,240 bytes in A, 20,000 in B. 2.0 s in A, 4.0 s in B.")
    stopped = msgspec.structs.replace(longer, ending="stopped")
    assert comparison(*sides_of(FAST, stopped), 1).endswith("10,240 bytes in A, 20,000 in B.")


@pytest.mark.parametrize("ending", ["cut_short", "refused", "timed_out", "protocol_error", "bad_coding"])
def test_that_a_run_that_failed_is_told(ending: str) -> None:
    text = comparison(*sides_of(FAST, msgspec.structs.replace(SLOW, ending=ending)), 1)
    assert text == f"B did not complete ({ending.replace('_', ' ')}), so there is nothing to compare."


def test_that_a_run_without_a_byte_is_nothing_to_compare_with() -> None:
    assert comparison(*sides_of(FAST, RunSummary()), 1) == "Nothing to compare yet: the reader of B has nothing."


def test_that_what_still_runs_is_compared_so_far() -> None:
    running = msgspec.structs.replace(FAST, ending="", total_ms=None)
    assert comparison(*sides_of(running, SLOW), 1).startswith("So far: first byte 31 times earlier in A")


@given(sides, sides, st.integers(0, 3))
def test_that_swapping_changes_the_letters_and_not_the_ratios(a: Side, b: Side, differing: int) -> None:
    one, other = differences(a, b), differences(b, a)
    assert [(each.name, each.ratio) for each in one] == [(each.name, each.ratio) for each in other]
    text = comparison(a, b, differing)
    assert text.endswith(".")
    assert differing == 1 or " times " not in text
