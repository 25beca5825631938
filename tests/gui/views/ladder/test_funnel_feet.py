"""Where lines run together, the picture says how many items became one."""

from __future__ import annotations

from inspector.analysis.tracks.alignment import Alignment
from inspector.gui.views.ladder.funnel_feet import Foot, feet_of
from inspector.gui.views.ladder.lane_paint import visible_items
from inspector.gui.views.time_scale import TimeScale
from tests.sample_recording import marks_of


def _feet(parts: list[tuple[int, int]], yields: list[tuple[int, int]], start: int = 0) -> list[Foot]:
    scale = TimeScale(0, start, 1_000, 0.0, 100.0)
    later = marks_of("yield", yields)
    return feet_of(Alignment(marks_of("part", parts), later), visible_items(later, scale))


def test_that_each_foot_has_the_items_that_ran_into_it() -> None:
    parts = [(10 * at, at + 1) for at in range(12)]
    assert _feet(parts, [(100, 5), (500, 11), (900, 12)]) == [Foot(10, 5, 1), Foot(50, 6, 1)]


def test_that_feet_at_one_place_share_their_count() -> None:
    parts = [(at, at + 1) for at in range(11)]
    feet = _feet(parts, [(100, 5), (110, 10), (120, 11)])
    assert feet == [Foot(10, 11, 3)]
    assert feet[0].text == "11 → 3"


def test_that_items_of_before_the_window_do_not_count() -> None:
    parts = [(at, at + 1) for at in range(10)]
    assert _feet(parts, [(100, 5), (1_500, 10)], start=1_000) == [Foot(50, 5, 1)]


def test_that_nothing_is_said_where_items_go_on_one_by_one_or_are_split() -> None:
    parts = [(100 * at, 10 * (at + 1)) for at in range(5)]
    assert _feet(parts, [(100 * at + 3, 10 * (at + 1)) for at in range(5)]) == []
    assert _feet(parts, [(100 * at + 3, 5 * (at + 1)) for at in range(10)]) == []


def test_that_two_with_five_each_are_told_from_ten() -> None:
    times = "\N{MULTIPLICATION SIGN}"
    assert [Foot(0, 10, 1).text, Foot(0, 10, 2).text] == [f"{times}10", f"2 {times} 5"]
