"""The sentence of a sweep: what it claims, and that it claims nothing that the repetitions do not show."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from inspector.analysis.runs.run_summary import RunSummary
from inspector.analysis.sweep.significance import Noise
from inspector.analysis.sweep.sweep_results import Measured, Point, measured
from inspector.analysis.sweep.trade_off import TradeOff, draws_line, trade_off_of, unchanged_metrics, value_text
from tests.sweep_metrics import METRIC_BY_ID

VALUES = ("0", "2", "5", "10", "50", "100", "500", "1000")
#: A stream that nothing is done to.
PLAIN: dict[str, float] = {
    "ttfb_ms": 10.0, "total_ms": 2_000.0, "framing_overhead": 1.1, "server_cpu_ms": 50.0, "held_bytes_max": 900,
}  # fmt: skip


def points_of(figures: Mapping[str, Mapping[str, Sequence[float]]], values: Sequence[str] = VALUES) -> list[Point]:
    """Return points: for each metric and value its figures of the repetitions, `PLAIN` where nothing is told."""
    repeat = max((len(each) for by_value in figures.values() for each in by_value.values()), default=1)
    points = []
    for value in values:
        for at in range(repeat):
            told = {name: by_value[value][at] for name, by_value in figures.items() if value in by_value}
            chunks = int(told.pop("chunks", 40))
            body = int(told.pop("content_bytes", 4000))
            summary = RunSummary(ending="complete", content_bytes=body, items={"chunk": chunks}, **(PLAIN | told))  # type: ignore[arg-type]
            points.append(Point(value, at + 1, f"{value}-{at}", Path(f"/{value}-{at}"), summary))
    return points


def around(middle: float, spread: float = 0.02, repeat: int = 3) -> list[float]:
    """Return repetitions that differ by a share of their middle."""
    return [middle * (1 + spread * (at / max(repeat - 1, 1) - 0.5)) for at in range(repeat)]


def template_buffer(repeat: int = 3, spread: float = 0.02) -> list[Point]:
    """Return what a template buffer does: chunks and framing fall at once, the first byte comes later and later."""
    size = {value: max(1, int(value)) for value in VALUES}
    return points_of({
        "ttfb_ms": {value: around(10 + 2 * min(size[value], 400), spread, repeat) for value in VALUES},
        "framing_overhead": {value: [1 + 0.6 / size[value]] * repeat for value in VALUES},
        "chunks": {value: [400 // min(size[value], 400)] * repeat for value in VALUES},
    })  # fmt: skip


def test_that_the_best_trade_off_of_a_buffer_names_what_both_ends_of_the_trade_give() -> None:
    assert trade_off_of(template_buffer(), "items") == TradeOff(
        "10 items is the best trade-off. First byte after 30 ms, 6.0 % framing. "
        "At 0 items: 12 ms, 60 %. At 50 items: 110 ms, 1.2 %.",
        "10",
    )


def test_that_two_values_that_are_each_best_at_something_have_no_best_trade_off() -> None:
    points = [point for point in template_buffer() if point.value in ("0", "500")]
    assert trade_off_of(points, "items") == TradeOff(
        "No value is best at both. "
        "At 0 items: first byte after 12 ms, 60 % framing; at 500 items: first byte after 810 ms, 0.1 % framing."
    )


def test_that_what_does_not_change_is_named_and_has_no_line() -> None:
    points = points_of({
        "ttfb_ms": {value: around(10 + float(value)) for value in VALUES},
        "server_cpu_ms": {value: [10.0 if at % 2 else 30.0] * 3 for at, value in enumerate(VALUES)},
    })  # fmt: skip
    said = {metric.id: text for metric, text in unchanged_metrics(points)}
    assert said["server_cpu_ms"] == "10 ms to 30 ms: the system counts it in ticks of 10 ms"
    assert said["total_ms"] == "2.0 s"
    assert "ttfb_ms" not in said
    assert [metric.id for metric in METRIC_BY_ID.values() if draws_line(points, metric)] == ["ttfb_ms"]
    assert {text for _, text in unchanged_metrics([])} == {"not known"}


def test_that_single_runs_are_charted_where_they_look_different_but_have_no_line() -> None:
    points = points_of({"ttfb_ms": {value: [4.0 + at * 4] for at, value in enumerate(VALUES)}})
    assert "ttfb_ms" not in {metric.id for metric, _ in unchanged_metrics(points)}
    assert not draws_line(points, METRIC_BY_ID["ttfb_ms"])


def test_that_nothing_gained_at_all_is_said_so() -> None:
    points = points_of({"ttfb_ms": {value: around(10 + float(value)) for value in VALUES}})
    found = trade_off_of(points, "items")
    assert found.sentence.startswith(
        "0 items is the best trade-off. Above 0 items nothing is gained, the first byte comes 101 times later (at 1,000"
    )
    assert found.value == "0"


def test_that_a_figure_that_falls_to_the_end_has_no_best_trade_off() -> None:
    points = points_of({"total_ms": {value: around(2_000 / (2**at)) for at, value in enumerate(VALUES)}})
    found = trade_off_of(points, "items")
    assert found.value == "100", "what comes after is less than a twentieth of all that is gained"
    points = points_of({"total_ms": {value: around(2_000 - 200 * at) for at, value in enumerate(VALUES)}})
    found = trade_off_of(points, "items")
    assert found.value is None
    assert found.sentence == "Up to 1,000 items, the most that ran, the total time falls from 2.0 s to 600 ms."


def test_that_only_the_number_of_chunks_is_neither_gain_nor_loss() -> None:
    points = points_of({"chunks": {value: [40 - 4 * at] * 3 for at, value in enumerate(VALUES)}})
    found = trade_off_of(points, "items")
    assert found.value is None
    assert found.sentence.startswith("From 0 to 1,000 items only the number of chunks (40 to 12) changes; the rest")


@given(
    st.lists(st.lists(st.floats(0.5, 1.0), min_size=1, max_size=4), min_size=8, max_size=8),
    st.sampled_from(("ttfb_ms", "total_ms", "server_cpu_ms", "held_bytes_max")),
)
def test_that_ranges_which_share_a_point_are_noise(shares: list[list[float]], metric: str) -> None:
    repeat = min(map(len, shares)) + 2
    figures = {
        value: ([1000.0, 2000.0] + [2000 * share for share in each])[:repeat]
        for value, each in zip(VALUES, shares, strict=True)
    }
    found = trade_off_of(points_of({metric: figures}), "items")
    assert found.value is None
    assert found.sentence.startswith("From 0 to 1,000 items nothing changes by more than the noise (spread of")


def test_that_the_noise_is_told_with_its_spread() -> None:
    points = points_of({
        "ttfb_ms": {value: around(10, 0.3) for value in VALUES},
        "total_ms": {value: around(2000, 0.03) for value in VALUES},
    })  # fmt: skip
    assert trade_off_of(points, "items").sentence == (
        "From 0 to 1,000 items nothing changes by more than the noise "
        "(spread of the first byte 30 % and the total time 3 %)."
    )


@given(st.randoms(use_true_random=False), st.integers(2, 5))
def test_that_the_order_of_runs_does_not_matter(shuffled: random.Random, repeat: int) -> None:
    points = template_buffer(repeat)
    mixed = points[:]
    shuffled.shuffle(mixed)
    assert trade_off_of(mixed, "items") == trade_off_of(points, "items")


@given(st.floats(1.8, 50), st.integers(1, len(VALUES) - 1), st.integers(2, 5), st.floats(0, 0.03))
def test_that_a_step_above_the_noise_is_found_where_it_is(ratio: float, step: int, repeat: int, spread: float) -> None:
    falls = {value: around(5_000 if at < step else 5_000 / ratio, spread, repeat) for at, value in enumerate(VALUES)}
    found = trade_off_of(points_of({"total_ms": falls}), "items")
    shown = value_text(VALUES[step], "items")
    if step == len(VALUES) - 1:
        assert found.value is None
        assert f"Up to {shown}, the most that ran, the total time falls" in found.sentence
    else:
        assert found.value == VALUES[step]
        assert f"Up to {shown} the total time falls from 5.0 s" in found.sentence


@given(st.floats(1.05, 1.45), st.floats(0, 20))
def test_that_single_runs_claim_only_what_is_large_and_say_so(ratio: float, chance: float) -> None:
    small = points_of({"total_ms": {"0": [1000 + chance], "50": [1000 * ratio]}}, ("0", "50"))
    assert trade_off_of(small, "items").sentence.startswith(
        "From 0 to 50 items nothing changes by more than chance would."
    )
    large = points_of({"total_ms": {"0": [1000.0], "50": [2000 + chance]}}, ("0", "50"))
    assert trade_off_of(large, "items").sentence.startswith(
        "0 items is the best trade-off. Above 0 items nothing is gained, the whole takes 2 times longer"
    )
    for points in (small, large):
        assert "Each value ran once" in trade_off_of(points, "items").sentence
    assert "Each value ran once" not in trade_off_of(template_buffer(2), "items").sentence


def test_that_sweeps_without_any_effect_seldom_show_one() -> None:
    chance = random.Random(4)
    for repeat in (2, 3, 4, 5):
        claims = 0
        for _ in range(200):
            points = points_of({"ttfb_ms": {value: [chance.gauss(100, 10) for _ in range(repeat)] for value in VALUES}})
            claims += "nothing changes" not in trade_off_of(points).sentence
        assert claims <= 10, f"{claims} of 200 sweeps of {repeat} repetitions claim something"


def test_that_cpu_time_is_not_told_more_finely_than_its_ticks() -> None:
    points = points_of({"server_cpu_ms": {value: [10.0 if at % 2 else 30.0] * 3 for at, value in enumerate(VALUES)}})
    assert "nothing changes" in trade_off_of(points).sentence


def test_that_runs_that_failed_are_counted_and_left_out() -> None:
    points = template_buffer()
    bad = Point("0", 4, "bad", Path("/bad"), RunSummary(ttfb_ms=9e9), "The response was cut short.")
    sentence = trade_off_of([*points, bad], "items").sentence
    assert sentence == trade_off_of(points, "items").sentence + " 1 of 25 runs did not complete and is left out."
    assert trade_off_of([bad], "items").sentence == "No run completed. The response was cut short."
    assert trade_off_of([points[0], bad], "items").sentence.startswith(
        "Only 0 items ran: nothing to compare. 1 of 2 runs"
    )
    assert trade_off_of([]) == TradeOff("")


def test_that_bodies_of_other_sizes_are_other_work() -> None:
    sizes = {value: max(1.0, float(value)) for value in VALUES}
    points = points_of({
        "content_bytes": {value: [100 * size] * 3 for value, size in sizes.items()},
        "total_ms": {value: around(50 * size) for value, size in sizes.items()},
    })  # fmt: skip
    found = trade_off_of(points, "rows")
    assert found.value is None
    assert found.sentence == (
        "From 0 to 1,000 rows the body itself goes from 100 B to 100 KB, so less is not better: "
        "the total time goes from 50 ms to 50 s and the first byte stays within the noise."
    )


def test_that_words_are_compared_without_an_order() -> None:
    engines = ("werkzeug", "waitress", "cheroot")
    ttfb = dict(zip(engines, (around(10), around(40), around(12)), strict=True))
    found = trade_off_of(points_of({"ttfb_ms": ttfb}, engines))
    assert found == TradeOff("First byte from 10 ms (werkzeug) to 40 ms (waitress); the rest stays within the noise.")
    same = trade_off_of(points_of({"ttfb_ms": dict.fromkeys(engines, around(10))}, engines))
    assert same.sentence.startswith("Between werkzeug, waitress and cheroot nothing changes by more than the noise")
    stacks = trade_off_of(points_of({"ttfb_ms": {"": around(10), "gzip": around(99)}}, ("", "gzip")))
    assert "10 ms (none) to 99 ms (gzip)" in stacks.sentence


def test_that_zero_is_compared_without_dividing_by_it() -> None:
    held = {"0": [0.0] * 3, "50": [12_000.0] * 3}
    sentence = trade_off_of(points_of({"held_bytes_max": held}, ("0", "50")), "items").sentence
    assert "12.0 KB more bytes" not in sentence
    assert sentence.startswith(
        "0 items is the best trade-off. Above 0 items nothing is gained, 12.0 KB more is held back (at 50 items"
    )


def test_that_the_noise_of_a_cancelled_sweep_counts_for_values_that_ran_once() -> None:
    at = [Measured("0", 10, 8, 12, 2), Measured("2", 10, 8, 12, 2), Measured("5", 14, 14, 14, 1)]
    noise = Noise.of(at, 0)
    assert not noise.differ(at[0], at[2])
    assert Noise.of(measured(template_buffer(1), METRIC_BY_ID["ttfb_ms"]).values(), 1).spread is None
