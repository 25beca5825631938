"""The gap between two layers: right by hand, never negative, and the same however the tracks were seen to grow."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.analysis.metrics import gap_metrics as gaps_module
from inspector.analysis.metrics.gap_metrics import GapStatistics
from inspector.analysis.tracks.alignment import Alignment
from inspector.recording.layers import LAYER_BY_NAME
from inspector.recording.track import Int64Array, Track
from tests.analysis.strategies import carriers_by_hand, cuts_of, pairs_of_tracks
from tests.sample_recording import marks_of

STEPS = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)))


def figures(gap: GapStatistics) -> dict[str, Any]:
    """Return all that a gap says."""
    return {
        name: getattr(gap, name)
        for name in (
            "items_in", "items_out", "held_bytes", "largest_held_bytes", "median_delay_ns", "largest_delay_ns",
            "coalescing", "waiting_since_t_ns", "slowest_item",
        )
    }  # fmt: skip


def gap_of(earlier: Track, later: Track) -> GapStatistics:
    gap = GapStatistics()
    gap.update(Alignment(earlier, later))
    return gap


def delays_by_hand(earlier: Track, later: Track) -> list[tuple[int, int]]:
    """Return ``(item, delay)`` of all items with bytes that were carried on."""
    by = carriers_by_hand(earlier, later)
    return [
        (item, max(0, int(later.t_ns[carrier] - earlier.t_ns[item])))
        for item, carrier in enumerate(by)
        if carrier is not None and carrier < len(later)
    ]


def held_by_hand(earlier: Track, later: Track) -> list[int]:
    """Return the bytes held just after each mark of either track; marks of one time act together."""
    times = {*earlier.t_ns.tolist(), *later.t_ns.tolist()}
    return [max(0, passed(earlier, t_ns) - passed(later, t_ns)) for t_ns in times]


def passed(track: Track, t_ns: int) -> int:
    return max((end for at, end in track.pairs() if at <= t_ns), default=0)


@given(pairs_of_tracks())
def test_that_delays_and_held_bytes_are_those_counted_by_hand(pair: tuple[Track, Track]) -> None:
    earlier, later = pair
    gap = gap_of(earlier, later)
    delays = delays_by_hand(earlier, later)
    assert (gap.items_in, gap.items_out) == (len(earlier), len(later))
    assert gap.held_bytes == earlier.total_bytes - later.total_bytes
    assert gap.largest_held_bytes == max(held_by_hand(earlier, later), default=0)
    assert gap.delays_ns.count == len(delays)
    if not delays:
        assert (gap.median_delay_ns, gap.largest_delay_ns, gap.slowest_item) == (None, None, None)
        return
    ordered = sorted(delay for _, delay in delays)
    assert gap.median_delay_ns == ordered[math.ceil(len(ordered) / 2) - 1]
    assert gap.largest_delay_ns == ordered[-1]
    assert gap.slowest_item == next(item for item, delay in delays if delay == ordered[-1])
    assert gap.coalescing == len(delays) / np.count_nonzero(later.sizes())


@given(pairs_of_tracks(), st.data())
def test_that_the_figures_do_not_depend_on_how_the_tracks_were_seen_to_grow(
    pair: tuple[Track, Track], data: st.DataObject
) -> None:
    gap = GapStatistics()
    for earlier, later in data.draw(cuts_of(pair)):
        gap.update(Alignment(earlier, later))
        assert gap.held_bytes >= 0
        assert gap.largest_held_bytes >= gap.held_bytes
        assert figures(gap) == figures(gap_of(earlier, later))


@given(
    st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9))), st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)))
)
def test_that_nothing_is_ever_negative_whatever_clocks_and_tracks_say(
    steps_in: list[tuple[int, int]], steps_out: list[tuple[int, int]]
) -> None:
    earlier, later = (
        marks_of(
            name, [(t, end) for t, end in np.cumsum(np.array(steps, dtype=np.int64).reshape(-1, 2), axis=0).tolist()]
        )
        for name, steps in (("yield", steps_in), ("piece", steps_out))
    )
    gap = gap_of(earlier, later)
    assert gap.held_bytes >= 0
    assert gap.largest_held_bytes == max(held_by_hand(earlier, later), default=0)
    assert (gap.median_delay_ns or 0) >= 0
    assert sorted(delay for _, delay in delays_by_hand(earlier, later))[-1:] == (
        [] if gap.largest_delay_ns is None else [gap.largest_delay_ns]
    )


@given(pairs_of_tracks(), st.data())
def test_that_delays_along_the_road_add_up_for_items_that_stay_whole(
    pair: tuple[Track, Track], data: st.DataObject
) -> None:
    earlier, middle = pair
    later = marks_of("read", [(t_ns + data.draw(st.integers(0, 9)), end) for t_ns, end in middle.pairs()])
    later = Track(later.layer, np.maximum.accumulate(later.rows))
    first = Alignment(earlier, middle).carriers(earlier.end)
    whole = Alignment(earlier, later).carriers(earlier.end)
    assert first.tolist() == whole.tolist()
    done = first < len(middle)
    sums = (middle.t_ns[first[done]] - earlier.t_ns[done]) + (later.t_ns[first[done]] - middle.t_ns[first[done]])
    assert sums.tolist() == (later.t_ns[whole[done]] - earlier.t_ns[done]).tolist()


def test_that_a_buffer_of_three_items_is_told() -> None:
    earlier = marks_of("yield", [(100, 10), (200, 20), (300, 30), (400, 40)])
    later = marks_of("write", [(310, 30)])
    assert figures(gap_of(earlier, later)) == {
        "items_in": 4,
        "items_out": 1,
        "held_bytes": 10,
        "largest_held_bytes": 30,
        "median_delay_ns": 110,
        "largest_delay_ns": 210,
        "coalescing": 3.0,
        "waiting_since_t_ns": 400,
        "slowest_item": 0,
    }


def test_that_what_passes_at_once_holds_nothing() -> None:
    track = marks_of("yield", [(100, 10), (200, 20), (300, 30)])
    gap = gap_of(track, track)
    assert (gap.held_bytes, gap.largest_held_bytes, gap.largest_delay_ns, gap.coalescing) == (0, 0, 0, 1.0)
    assert gap.waiting_since_t_ns is None


def test_that_empty_items_do_not_wait_and_are_not_coalesced() -> None:
    earlier = marks_of("part", [(1, 0), (2, 5), (3, 5), (4, 5), (90, 8)])
    later = marks_of("yield", [(2, 5), (91, 8)])
    gap = gap_of(earlier, later)
    assert (gap.largest_delay_ns, gap.coalescing, gap.items_in) == (1, 1.0, 5)
    waiting = gap_of(earlier, marks_of("yield", []))
    assert (waiting.held_bytes, waiting.waiting_since_t_ns) == (8, 2)


def test_that_a_kernel_time_before_the_mark_of_the_write_is_no_negative_delay() -> None:
    gap = gap_of(marks_of("write", [(1_000, 5), (2_000, 9)]), marks_of("read", [(990, 5), (2_007, 9)]))
    assert (gap.median_delay_ns, gap.largest_delay_ns, gap.largest_held_bytes) == (0, 7, 4)


def test_that_other_columns_are_compared() -> None:
    reads = Track(LAYER_BY_NAME["read"], np.array([[1, 9, 4, 4, 1, 0], [5, 19, 12, 12, 5, 0]], dtype=np.int64))
    chunks = Track(LAYER_BY_NAME["chunk"], np.array([[5, 12, 17, 12, 0]], dtype=np.int64))
    gap = GapStatistics()
    gap.update(Alignment(reads, chunks, ("body_end", "end")))
    assert (gap.held_bytes, gap.largest_held_bytes, gap.largest_delay_ns, gap.coalescing) == (0, 4, 4, 2.0)


def test_that_tracks_of_another_recording_are_refused() -> None:
    track = marks_of("yield", [(100, 10), (200, 20)])
    gap = gap_of(track, track)
    with pytest.raises(ValueError, match="shorter"):
        gap.update(Alignment(marks_of("yield", [(100, 10)]), track))
    with pytest.raises(ValueError, match="shorter"):
        gap.update(Alignment(track, marks_of("yield", [(100, 10)])))


def test_that_long_tracks_are_taken_in_blocks_with_the_same_result(monkeypatch: pytest.MonkeyPatch) -> None:
    dice = np.random.default_rng(3)
    earlier = marks_of("yield", np.cumsum(dice.integers(0, 9, (5_000, 2)), axis=0).tolist())
    ends = np.unique(dice.integers(0, earlier.total_bytes, 2_000))
    t_ns = earlier.t_ns[earlier.index_of_byte(ends - 1)] + 7
    later = marks_of("piece", np.stack([np.maximum.accumulate(t_ns), ends], axis=1).tolist())
    whole = figures(gap_of(earlier, later))
    monkeypatch.setattr(gaps_module, "_BLOCK_ITEMS", 64)
    assert figures(gap_of(earlier, later)) == whole


def test_that_an_update_looks_only_at_what_was_added(monkeypatch: pytest.MonkeyPatch) -> None:
    def long_track(name: str, late_ns: int) -> Track:
        rows = np.zeros((200_000, len(LAYER_BY_NAME[name].columns)), dtype=np.int64)
        rows[:, 0] = np.arange(200_000) * 1_000 + late_ns
        rows[:, 1] = np.arange(1, 200_001) * 50
        return Track(LAYER_BY_NAME[name], rows)

    earlier, later = long_track("yield", 0), long_track("piece", 300)
    gap = gap_of(Track(earlier.layer, earlier.rows[:-100]), Track(later.layer, later.rows[:-100]))
    looked_at: list[int] = []
    real = np.diff

    def spy(values: Int64Array, **options: Any) -> Int64Array:
        looked_at.append(len(values))
        return real(values, **options)

    monkeypatch.setattr(np, "diff", spy)
    gap.update(Alignment(earlier, later))
    assert looked_at
    assert sum(looked_at) <= 200
    assert (gap.items_in, gap.largest_delay_ns, gap.held_bytes) == (200_000, 300, 0)
