"""Sweeps as figures: values as a person writes them, the order of runs, medians, and which run is the median one."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.analysis.runs.run_summary import RunSummary
from inspector.analysis.sweep.sweep_results import (
    METRICS,
    Point,
    interleaved,
    measured,
    median_point,
    spans_a_decade,
    values_of,
)
from inspector.analysis.sweep.sweep_values import MOST_VALUES, BadValues, number_of, parse_values, values_text
from tests.sweep_metrics import METRIC_BY_ID

PRESETS = ("0", "2", "50")
TTFB = METRIC_BY_ID["ttfb_ms"]


def point(value: str, repetition: int = 1, *, failure: str = "", **figures: float) -> Point:
    summary = RunSummary(ending="complete", **figures)  # type: ignore[arg-type]
    return Point(value, repetition, f"{value}-{repetition}", Path(f"/{value}/{repetition}"), summary, failure)


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("0,2,5,50", ["0", "2", "5", "50"]),
        (" 0 , 2 ,, 2 ", ["0", "2"]),
        ("0..100 step 25", ["0", "25", "50", "75", "100"]),
        ("0..100 step 30", ["0", "30", "60", "90"]),
        ("2..5", ["2", "3", "4", "5"]),
        ("0..1 step 0.25", ["0", "0.25", "0.5", "0.75", "1"]),
        ("0 .. 0.3 STEP .1", ["0", "0.1", "0.2", "0.3"]),
        ("1..1000 x10", ["1", "10", "100", "1000"]),
        ("1..20 x1.5", ["1", "2", "3", "5", "8", "11", "17"]),
        ("0, 1..8 x2, 100", ["0", "1", "2", "4", "8", "100"]),
        ("presets", ["0", "2", "50"]),
        ("presets, 7", ["0", "2", "50", "7"]),
    ],
)
def test_that_numbers_are_lists_ranges_and_presets(text: str, values: list[str]) -> None:
    assert parse_values(text, presets=PRESETS, numeric=True) == values


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("waitress, cheroot", ["waitress", "cheroot"]),
        ("none, gzip", ["", "gzip"]),
        ("none; gzip, rechunk:4096; collect", ["", "gzip, rechunk:4096", "collect"]),
        ("gzip, rechunk:4096;", ["gzip, rechunk:4096"]),
        ("1..3", ["1..3"]),
    ],
)
def test_that_words_are_lists_and_semicolons_keep_commas_together(text: str, values: list[str]) -> None:
    assert parse_values(text, presets=(), numeric=False) == values


@pytest.mark.parametrize(
    "text",
    ["", " , ", "0..", "1..x", "9..1", "0..9 step 0", "0..9 step -1", "0..8 x2", "1..8 x1", "1..2 x1.000001",
     f"0..{MOST_VALUES}", "0..1000000000000 step 0.0000001", "1..2..3"],
)  # fmt: skip
def test_that_what_makes_no_values_or_too_many_is_refused_in_a_sentence(text: str) -> None:
    with pytest.raises(BadValues, match=r"[a-z].*\.$|\d"):
        parse_values(text, presets=PRESETS, numeric=True)


WORDS = st.text("abc,:", min_size=1, max_size=6).map(lambda word: word.strip(",")).filter(bool)


@given(st.lists(WORDS | st.just(""), min_size=1, max_size=5, unique=True))
def test_that_values_are_read_back_as_they_were_written(values: list[str]) -> None:
    assert parse_values(values_text(values), presets=(), numeric=False) == values


@given(st.lists(st.integers(0, 99).map(str), min_size=1, max_size=5, unique=True), st.integers(1, 4))
def test_that_repetitions_are_interleaved(values: list[str], repeat: int) -> None:
    orders = list(interleaved(values, repeat))
    assert [value for value, _ in orders] == values * repeat
    assert [repetition for _, repetition in orders] == [n for n in range(1, repeat + 1) for _ in values]


@pytest.mark.parametrize(("text", "number"), [("50", 50.0), ("-1.5", -1.5), ("1e3", 1000.0), ("nan", None), ("", None)])
def test_that_a_number_is_known_from_a_word(text: str, number: float | None) -> None:
    assert number_of(text) == number


def test_that_numbers_are_in_order_and_words_stay_as_they_came() -> None:
    assert values_of([point("50"), point("2"), point("0"), point("2", 2)]) == ["0", "2", "50"]
    assert values_of([point("waitress"), point("50"), point("cheroot")]) == ["waitress", "50", "cheroot"]


def test_that_medians_leave_out_what_failed_and_what_is_not_known() -> None:
    points = [
        point("5", 1, ttfb_ms=10.0), point("5", 2, ttfb_ms=30.0), point("5", 3, ttfb_ms=20.0),
        point("5", 4, ttfb_ms=900.0, failure="cut"), point("5", 5),
        point("9", 1, failure="cut", ttfb_ms=1.0), Point("9", 2, "x", Path("/x"), None),
    ]  # fmt: skip
    found = measured(points, TTFB)
    assert list(found) == ["5"]
    assert (found["5"].median, found["5"].low, found["5"].high, found["5"].count) == (20.0, 10.0, 30.0, 3)
    assert found["5"].spread == 1.0


def test_that_the_median_run_is_one_that_ran_and_of_none_that_is_good_the_first() -> None:
    points = [point("5", n, ttfb_ms=float(ms)) for n, ms in enumerate((10, 40, 22, 30), 1)]
    median = median_point(points, TTFB, "5")
    assert median is not None
    assert median.repetition in (3, 4)
    failed = point("9", 1, failure="cut")
    assert median_point([*points, failed], TTFB, "9") is failed
    assert median_point(points, TTFB, "7") is None


def test_that_every_metric_is_taken_from_a_summary() -> None:
    summary = RunSummary(
        ttfb_ms=3.5, total_ms=40.0, items={"chunk": 8, "read": 9}, framing_overhead=1.25, server_cpu_ms=20.0,
        held_bytes_max=512,
    )  # fmt: skip
    assert [metric.of(summary) for metric in METRICS] == [3.5, 40.0, 8, 25.0, 20.0, 512]
    assert METRIC_BY_ID["chunks"].of(RunSummary(items={"read": 9})) == 9
    assert METRIC_BY_ID["framing_overhead"].of(RunSummary()) is None


def test_that_decades_are_seen_between_positive_figures_alone() -> None:
    assert spans_a_decade([0, 2, 50])
    assert not spans_a_decade([0, 5, 50])
    assert not spans_a_decade([0])
