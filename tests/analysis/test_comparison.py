"""Two runs in one sentence: the figures are right, and A and B may change places."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.analysis.comparison import comparison, differences
from inspector.analysis.summary import RunSummary

FAST = RunSummary(
    ending="complete", content_bytes=10_240, ttfb_ms=12.0, total_ms=2000.0, items={"chunk": 100}, held_bytes_max=200
)
SLOW = msgspec.structs.replace(FAST, ttfb_ms=372.0, total_ms=2030.0, items={"chunk": 10}, held_bytes_max=9000)

figures = st.builds(
    RunSummary,
    ending=st.sampled_from(["", "complete", "stopped"]),
    content_bytes=st.integers(1, 10**9),
    ttfb_ms=st.none() | st.floats(0.1, 1e5),
    total_ms=st.none() | st.floats(0.1, 1e5),
    items=st.fixed_dictionaries({"chunk": st.integers(0, 10**6)}),
    held_bytes_max=st.integers(0, 10**9),
    rss_rise_bytes=st.none() | st.integers(0, 10**9),
)


def test_that_the_sentence_has_what_is_the_same_and_what_is_not() -> None:
    assert comparison(FAST, SLOW) == (
        "Same 10,240 bytes, same total 2.0 s; first byte 31 times earlier in A (12 ms against 372 ms); "
        "B holds 45 times as much at most (200 B against 9.0 KB)."
    )


def test_that_no_difference_is_said_so() -> None:
    assert comparison(FAST, FAST) == "Same 10,240 bytes, same total 2.0 s; no difference that matters."


def test_that_different_bytes_and_totals_are_told() -> None:
    longer = msgspec.structs.replace(FAST, content_bytes=20_000, total_ms=4000.0)
    assert comparison(FAST, longer).startswith("10,240 bytes in A, 20,000 in B, 2.0 s in A, 4.0 s in B in all; ")


@pytest.mark.parametrize("ending", ["cut_short", "refused", "untrusted", "timed_out", "protocol_error", "bad_coding"])
def test_that_a_run_that_failed_is_told(ending: str) -> None:
    assert comparison(FAST, msgspec.structs.replace(SLOW, ending=ending)).startswith("B did not end well")


def test_that_a_run_without_a_byte_is_nothing_to_compare_with() -> None:
    assert "Nothing to compare" in comparison(FAST, RunSummary())


def test_that_what_still_runs_is_compared_so_far() -> None:
    assert comparison(msgspec.structs.replace(FAST, ending="", total_ms=None), SLOW).startswith("So far: same 10,240")


@given(figures, figures)
def test_that_swapping_changes_the_letters_and_not_the_ratios(a: RunSummary, b: RunSummary) -> None:
    one, other = differences(a, b), differences(b, a)
    assert [(each.name, each.ratio) for each in one] == [(each.name, each.ratio) for each in other]
    assert comparison(a, b).endswith(".")
