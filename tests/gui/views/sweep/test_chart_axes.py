"""Where values and figures stand on the axes of a sweep."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.analysis.sweep.sweep_results import METRICS
from inspector.gui.views.sweep.chart_axes import FigureAxis, ValueAxis, value_label
from tests.sweep_metrics import METRIC_BY_ID

TTFB, HELD = METRIC_BY_ID["ttfb_ms"], METRIC_BY_ID["held_bytes_max"]
NUMBERS = st.lists(st.integers(0, 10**7), min_size=1, max_size=12, unique=True)


def test_that_zero_has_a_place_of_its_own_before_decades() -> None:
    axis = ValueAxis.of(["0", "2", "20", "200"])
    assert axis.shares["0"] == 0.0
    assert axis.break_share is not None
    assert 0 < axis.break_share < axis.shares["2"]
    assert axis.shares["20"] - axis.shares["2"] == pytest.approx(axis.shares["200"] - axis.shares["20"])
    assert axis.shares["200"] == 1.0
    assert ValueAxis.of(["2", "20", "200"]).break_share is None


def test_that_values_of_one_decade_stand_at_their_distance_and_words_at_equal_steps() -> None:
    assert ValueAxis.of(["0", "5", "20", "10"]).break_share is None
    assert ValueAxis.of(["0", "4", "8", "10"][:4]).shares == {"0": 0.0, "4": 0.4, "8": 0.8, "10": 1.0}
    assert ValueAxis.of(["waitress", "cheroot"]).shares == {"waitress": 0.25, "cheroot": 0.75}
    assert ValueAxis.of(["", "5", "50000"]).shares[""] == pytest.approx(1 / 6), "one word makes all of them words"
    assert ValueAxis.of(["7"]).shares == {"7": 0.5}
    assert ValueAxis.of([]).nearest(0.5) is None


@given(NUMBERS)
def test_that_values_stand_in_their_order_inside_the_axis(numbers: list[int]) -> None:
    values = [str(number) for number in sorted(numbers)]
    axis = ValueAxis.of(values)
    places = [axis.shares[value] for value in values]
    assert places == sorted(places)
    assert all(0 <= place <= 1 for place in places)
    assert [axis.nearest(axis.shares[value]) for value in values] == values or len(set(places)) < len(places)


def test_that_figures_far_apart_stand_on_decades_and_others_on_distances_from_zero() -> None:
    near = FigureAxis.of(TTFB, [40.0, 52.0, 61.0])
    assert (near.is_log, near.low, near.share(0), near.unit) == (False, 0.0, 0.0, "ms")
    assert near.ticks == (0.0, 20.0, 40.0, 60.0, 80.0)
    far = FigureAxis.of(TTFB, [2.0, 2000.0])
    assert far.is_log
    assert far.ticks == (10.0, 100.0, 1000.0)
    assert [far.label(tick) for tick in far.ticks] == ["10", "100", "1,000"]
    assert not FigureAxis.of(TTFB, [0.0, 2000.0]).is_log, "there is no place for 0 among decades"
    assert FigureAxis.of(TTFB, [10.0, 110.0]).ticks == (10.0, 30.0, 100.0)


def test_that_the_unit_fits_the_largest_figure() -> None:
    seconds = FigureAxis.of(TTFB, [9_000.0, 39_000.0])
    assert (seconds.unit, [seconds.label(tick) for tick in seconds.ticks]) == ("s", ["0", "10", "20", "30", "40"])
    assert FigureAxis.of(HELD, [100.0, 9_000.0]).unit == "B"
    assert FigureAxis.of(HELD, [84_000_000.0]).unit == "MB"
    assert FigureAxis.of(METRIC_BY_ID["framing_overhead"], [57.0]).unit == "%"


@given(st.sampled_from(METRICS), st.lists(st.just(0.0) | st.floats(1e-3, 1e9), max_size=20))
def test_that_every_figure_and_every_tick_is_inside_the_axis_in_its_order(metric: object, figures: list[float]) -> None:
    axis = FigureAxis.of(metric, figures)  # type: ignore[arg-type]
    ordered = sorted(figures)
    shares = [axis.share(figure) for figure in ordered]
    assert shares == sorted(shares)
    assert all(0 <= share <= 1 for share in shares)
    assert (1 <= len(axis.ticks) <= 6) if figures else axis.ticks == ()
    assert all(axis.low * (1 - 1e-9) <= tick <= axis.high * (1 + 1e-9) for tick in axis.ticks)
    assert len({axis.label(tick) for tick in axis.ticks}) == len(axis.ticks)


@pytest.mark.parametrize(
    ("value", "label"),
    [("0", "0"), ("50", "50"), ("1000", "1k"), ("1500", "1,500"), ("16384", "16.38k"), ("100000", "100k"),
     ("16777216", "16.78M"), ("0.2", "0.2"), ("", "none"), ("gzip", "gzip")],
)  # fmt: skip
def test_that_values_below_an_axis_are_short(value: str, label: str) -> None:
    assert value_label(value) == label
