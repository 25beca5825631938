"""How long items of a pixel column waited: right for any number of them, and on one scale for all gaps."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.analysis.metrics.gap_metrics import GapStatistics
from inspector.analysis.metrics.item_blocks import BLOCK_ITEMS
from inspector.analysis.tracks.alignment import Alignment
from inspector.gui.views.ladder.lane_paint import visible_items
from inspector.gui.views.ladder.pixel_columns import ColumnValues
from inspector.gui.views.ladder.wait_columns import GapWaits, WaitScale, peaks_of, rounded_up, wait_scale, waits_of
from inspector.gui.views.time_scale import TimeScale
from tests.sample_recording import marks_of

_COLUMNS = 50


def _flood(count: int, carried: int) -> Alignment:
    """Return parts that are a microsecond apart; every third waits long, and those after ``carried`` wait still."""
    number = np.arange(count)
    generator = np.random.default_rng(7)
    waits = np.where(number % 3 == 0, generator.integers(5_000, 90_000, count), 300)
    left_ns = np.maximum.accumulate(1_000 * number + waits)
    parts = marks_of("part", [(1_000 * at, at + 1) for at in range(count)])
    yields = marks_of("yield", [(int(left_ns[at]), at + 1) for at in range(carried)])
    return Alignment(parts, yields)


def _waits(alignment: Alignment, scale: TimeScale, now_ns: int) -> GapWaits:
    statistics = GapStatistics()
    statistics.update(alignment)
    seen = visible_items(alignment.earlier, scale)
    return waits_of(alignment, seen.at_edges, statistics.delay_blocks.blocks, now_ns)


def _by_hand(alignment: Alignment, edges: list[int], now_ns: int) -> list[list[int]]:
    left = alignment.later.t_ns.tolist()
    columns: list[list[int]] = []
    for begin, end in pairwise(edges):
        items = [at for at, t_ns in enumerate(alignment.earlier.t_ns.tolist()) if begin <= t_ns < end]
        columns.append([(left[at] if at < len(left) else now_ns) - 1_000 * at for at in items])
    return columns


@pytest.mark.parametrize("count", [60, 390, 2_000])
@pytest.mark.parametrize("held", [0, 17])
def test_that_the_longest_wait_of_each_column_is_right(count: int, held: int) -> None:
    alignment = _flood(count, count - held)
    scale = TimeScale(0, 0, 1_000 * count, 0.0, float(_COLUMNS))
    now_ns = 1_200 * count
    found = _waits(alignment, scale, now_ns).values
    expected = _by_hand(alignment, scale.edges_ns().tolist(), now_ns)
    if count <= BLOCK_ITEMS * _COLUMNS:
        assert found.largest.tolist() == [max(waits, default=-1) for waits in expected]
        return
    # A block stands in one column: its items may be seen in the column beside their own, and none is left out.
    for column in range(1, _COLUMNS - 1):
        near = [max(waits) for waits in expected[column - 1 : column + 2]]
        assert max(found.largest[column - 1 : column + 2]) >= near[1]
        assert found.largest[column] <= max(near)
    assert found.largest.max() == max(map(max, expected))


@given(st.integers(0, 60), st.integers(1, 40))
def test_that_what_waits_still_has_waited_until_now(carried: int, ago: int) -> None:
    alignment = _flood(60, carried)
    now_ns = 60_000 + 1_000 * ago
    waits = _waits(alignment, TimeScale(0, 0, 60_000, 0.0, 60.0), now_ns)
    assert waits.held.tolist() == [at >= carried for at in range(60)]
    assert waits.values.largest[carried:].tolist() == [now_ns - 1_000 * at for at in range(carried, 60)]


def test_that_an_item_without_bytes_waits_for_nothing() -> None:
    alignment = Alignment(marks_of("part", [(0, 5), (10, 5), (20, 9)]), marks_of("yield", [(500, 9)]))
    waits = _waits(alignment, TimeScale(0, 0, 30, 0.0, 3.0), 1_000)
    assert waits.values.largest.tolist() == [500, 0, 480]


def _gap(*longest_ms: float) -> GapWaits:
    largest = (1e6 * np.array(longest_ms)).astype(np.float32)
    return GapWaits(ColumnValues(largest, largest), np.zeros(len(largest), dtype=np.bool_), largest)


def test_that_all_gaps_have_the_scale_of_the_longest_wait() -> None:
    in_tall, in_low = [(_gap(1, 2), 80.0), (_gap(0, 19, 3), 200.0)], [(_gap(0, 19, 3), 80.0), (_gap(1, 2), 500.0)]
    depths = []
    for gaps in (in_tall, in_low):
        scale = wait_scale([*gaps, (_gap(), 30.0)])
        assert scale is not None
        depths.append(scale.depths(np.array([20e6, 10e6], dtype=np.float32), 1_000).tolist())
    assert depths == [[180, 90], [144, 72]], "a low gap shows half of it at least"


def test_that_a_column_with_items_is_seen_and_none_leaves_its_gap() -> None:
    depths = WaitScale(1e-6).depths(np.array([-1, 0, 3e6, 99e6], dtype=np.float32), 40)
    assert depths.tolist() == [0, 1, 3, 40]


@given(st.floats(1.0, 1e13))
def test_that_a_scale_ends_at_a_round_wait_near_the_longest(value: float) -> None:
    assert value <= rounded_up(value) <= 1.51 * value


def test_that_only_what_stands_out_is_named_and_neighbours_once() -> None:
    plain = [1.0] * 40
    plain[10], plain[12], plain[30] = 20.0, 19.0, 15.0
    assert peaks_of(_gap(*plain), 0.0, apart_px=5) == [10, 30]
    assert peaks_of(_gap(*plain), 16e6, apart_px=5) == [10]
    assert peaks_of(_gap(*([20.0] * 40)), 0.0, apart_px=5) == []


def test_that_a_track_without_blocks_yet_is_looked_at_here_and_there() -> None:
    alignment = _flood(2_000, 2_000)
    empty = GapStatistics().delay_blocks.blocks
    seen = visible_items(alignment.earlier, TimeScale(0, 0, 2_000_000, 0.0, float(_COLUMNS)))
    found = waits_of(alignment, seen.at_edges, empty, 0).values
    assert bool((found.largest > 0).all())


def test_that_what_may_only_be_late_does_not_set_the_scale_while_a_run_is_live() -> None:
    alignment = _flood(400, 380)
    seen = visible_items(alignment.earlier, TimeScale(0, 0, 400_000, 0.0, 400.0))
    blocks = GapStatistics().delay_blocks.blocks
    soon, late = 100_000_000, 900_000_000
    live = waits_of(alignment, seen.at_edges, blocks, soon, is_live=True)
    assert live.longest_ns < soon / 100
    assert live.values.largest.max() > 0.99 * soon, "it is drawn all the same"
    assert waits_of(alignment, seen.at_edges, blocks, soon).longest_ns > 0.99 * soon
    assert waits_of(alignment, seen.at_edges, blocks, late, is_live=True).longest_ns > 0.99 * late
