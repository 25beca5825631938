"""Lanes and joins: what is in sight, found without walking the track, agrees with counting by hand."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from pytestqt.qtbot import QtBot

from inspector.analysis.formatting import short_count
from inspector.analysis.metrics.item_blocks import Blocks
from inspector.analysis.tracks.alignment import Alignment
from inspector.gui.style.elided_label import ElidedLabel
from inspector.gui.views.ladder.join_paint import find_joins
from inspector.gui.views.ladder.lane_paint import LaneSizes, are_drawn_one_by_one, visible_items
from inspector.gui.views.time_scale import TimeScale, format_time, tick_step
from tests.sample_recording import marks_of

_GAPS = st.lists(st.integers(0, 50), min_size=0, max_size=80)


def _track(layer: str, gaps: list[int], sizes: list[int]) -> list[tuple[int, int]]:
    times = np.cumsum(gaps).tolist()
    return list(zip(times, np.cumsum(sizes).tolist(), strict=True))


@given(_GAPS, st.integers(-100, 2_000), st.integers(10, 3_000), st.integers(5, 200))
def test_that_every_item_in_sight_is_in_exactly_one_pixel_column(
    gaps: list[int], start: int, span: int, width: int
) -> None:
    track = marks_of("chunk", _track("chunk", gaps, [1] * len(gaps)))
    scale = TimeScale(0, start, span, 8.0, float(width))
    seen = visible_items(track, scale)
    edges = scale.edges_ns()
    inside = [t for t in track.t_ns.tolist() if edges[0] <= t < edges[-1]]
    assert seen.count == len(inside)
    assert sum(stop - first for first, stop in map(seen.in_column, range(width))) == seen.count
    assert are_drawn_one_by_one(seen, scale) == (seen.count * 3 <= width)


@given(st.lists(st.integers(0, 9), min_size=1, max_size=60), st.integers(1, 7))
def test_that_joins_lead_each_byte_to_the_item_that_carried_it_on(sizes: list[int], group: int) -> None:
    ends = np.cumsum(sizes)
    parts = marks_of("part", [(10 * at, int(end)) for at, end in enumerate(ends)])
    carried = [(10 * at + 5, int(ends[at])) for at in range(len(ends)) if (at + 1) % group == 0]
    yields = marks_of("yield", carried)
    scale = TimeScale(0, -10, 10 * len(sizes) + 50, 0.0, 500.0)
    joins = find_joins(Alignment(parts, yields), visible_items(parts, scale), visible_items(yields, scale))
    for end, earlier_t, later_t in zip(
        joins.ends.tolist(), joins.earlier_t_ns.tolist(), joins.later_t_ns.tolist(), strict=True
    ):
        assert earlier_t == next(t for t, e in parts.pairs() if e >= end)
        assert later_t == next((t for t, e in yields.pairs() if e >= end), -1)
    assert set(joins.ends.tolist()) == {int(end) for end in ends if end > 0}


def test_that_bytes_of_before_the_window_are_joined_to_where_they_left_in_it() -> None:
    parts = marks_of("part", [(0, 10), (1, 20), (2, 30)])
    yields = marks_of("yield", [(1_000, 30)])
    scale = TimeScale(0, 900, 200, 0.0, 200.0)
    joins = find_joins(Alignment(parts, yields), visible_items(parts, scale), visible_items(yields, scale))
    assert joins.ends.tolist() == [10, 20, 30]
    assert joins.later_t_ns.tolist() == [1_000] * 3


def test_that_a_flood_of_marks_costs_the_width_of_the_window() -> None:
    count = 200_000
    parts = marks_of("part", [(at * 100, at + 1) for at in range(count)])
    yields = marks_of("yield", [(at * 100 + 7, at + 1) for at in range(count)])
    scale = TimeScale(0, 0, count * 100, 0.0, 1_000.0)
    joins = find_joins(Alignment(parts, yields), visible_items(parts, scale), visible_items(yields, scale))
    assert 900 <= len(joins.ends) <= 3_000


def test_that_the_end_of_a_burst_keeps_its_wait_in_a_flood() -> None:
    bursts, size = 400, 10
    parts = marks_of(
        "part", [(at * 1_000 + item, at * size + item + 1) for at in range(bursts) for item in range(size)]
    )
    yields = marks_of("yield", [(at * 1_000 + 1, at * size - 4 + size // 2) for at in range(1, bursts)])
    scale = TimeScale(0, 0, bursts * 1_000, 0.0, 1_000.0)
    joins = find_joins(Alignment(parts, yields), visible_items(parts, scale), visible_items(yields, scale))
    waits = (joins.later_t_ns - joins.earlier_t_ns)[joins.later_t_ns >= 0]
    assert int(np.count_nonzero(waits > 900)) >= bursts - 5


def _sizes(largest: int) -> LaneSizes:
    none = np.empty(0, dtype=np.float32)
    return LaneSizes.of((Blocks(none, none), largest))


def test_that_heights_grow_with_sizes_and_empty_items_show() -> None:
    heights = _sizes(65_536).heights(np.array([0, 1, 64, 65_536])).tolist()
    assert heights == sorted(heights)
    assert heights[0] > 0
    assert heights[-1] <= 1


def test_that_full_height_is_a_round_size_that_holds_the_largest_item() -> None:
    assert [_sizes(largest).text for largest in (0, 100, 101, 1_300, 2_000_000)] == [
        "100 B", "100 B", "1 KB", "10 KB", "10 MB",
    ]  # fmt: skip


def test_that_counts_in_gaps_stay_short() -> None:
    counts = (0, 9_876, 99_999, 100_000, 736_512, 999_499, 999_500, 1_000_000, 12_345_678)
    assert [short_count(count) for count in counts] == [
        "0", "9,876", "99,999", "100k", "737k", "999k", "1.00M", "1.00M", "12.35M",
    ]  # fmt: skip


def test_that_a_label_shows_its_shorter_text_before_it_cuts_one(qtbot: QtBot) -> None:
    label, plain = ElidedLabel(), ElidedLabel()
    for each in (label, plain):
        qtbot.addWidget(each)
    label.setText("400 to 100, max 48.3 s", shorter="400 to 100")
    room = label.fontMetrics().horizontalAdvance("400 to 100, max")
    for text, width in (("400 to 100, max 48.3 s", 2 * room), ("400 to 100", room)):
        plain.setText(text)
        for each in (label, plain):
            each.resize(width, 30)
        assert label.grab().toImage() == plain.grab().toImage()
    assert label.text() == "400 to 100, max 48.3 s"


@given(st.integers(1_000, 10**12), st.floats(100, 4_000))
def test_that_ticks_are_round_and_far_enough_apart(span_ns: int, width: float) -> None:
    step = tick_step(span_ns, width, 80)
    assert step * width / span_ns >= 80 or step == 1
    assert str(step).rstrip("0") in {"1", "2", "5"}
    assert format_time(step, step)
