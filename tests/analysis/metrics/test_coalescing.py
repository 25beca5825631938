"""Spreads: right by hand, never overlapping, and the same however the tracks were seen to grow."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.analysis.metrics import coalescing as merging_module
from inspector.analysis.metrics.coalescing import MergeStatistics
from inspector.analysis.tracks.alignment import Alignment
from inspector.recording.track import Track
from tests.analysis.strategies import cuts_of, pairs_of_tracks
from tests.sample_recording import marks_of


def merged(earlier: Track, later: Track, material_ns: int = 1) -> MergeStatistics:
    statistics = MergeStatistics(material_ns)
    statistics.update(Alignment(earlier, later))
    return statistics


def figures(statistics: MergeStatistics) -> dict[str, Any]:
    names = ("carriers", "merged", "merged_spread_ns", "merged_wait_ns", "widest", "widest_spread_ns")
    found = {name: getattr(statistics, name) for name in names}
    return found | {
        "median": statistics.spreads_ns.median,
        "left": [statistics.left_behind_bytes.quantile(each / 10) for each in range(1, 11)],
    }


def by_hand(earlier: Track, later: Track) -> list[tuple[int, int]]:
    """Return spread and wait of each item of the later track that has bytes and whose bytes came in."""
    found, begin = [], 0
    for t_ns, end in later.pairs():
        if begin < end <= earlier.total_bytes:
            came = next(at for at, stop in earlier.pairs() if stop > begin)
            last = next(at for at, stop in earlier.pairs() if stop >= end)
            wait = max(0, t_ns - came)
            found.append((min(last - came, wait), wait))
        begin = max(begin, end)
    return found


@given(pairs_of_tracks())
def test_that_spreads_are_those_counted_by_hand(pair: tuple[Track, Track]) -> None:
    statistics, expected = merged(*pair), by_hand(*pair)
    wide = [each for each in expected if each[0] >= 1]
    assert statistics.carriers == len(expected)
    assert statistics.merged == len(wide)
    assert statistics.merged_spread_ns == sum(spread for spread, _ in wide)
    assert statistics.merged_wait_ns == sum(wait for _, wait in wide)
    assert statistics.widest_spread_ns == max((spread for spread, _ in wide), default=0)


@given(pairs_of_tracks())
def test_that_spreads_together_are_never_longer_than_the_stream(pair: tuple[Track, Track]) -> None:
    earlier, later = pair
    if len(earlier):
        assert merged(earlier, later).merged_spread_ns <= earlier.t_ns[-1] - earlier.t_ns[0]


@given(pairs_of_tracks(), st.data())
def test_that_what_they_say_does_not_depend_on_how_the_tracks_were_seen_to_grow(
    pair: tuple[Track, Track], data: st.DataObject
) -> None:
    statistics = MergeStatistics(2)
    for earlier, later in data.draw(cuts_of(pair)):
        statistics.update(Alignment(earlier, later))
        assert figures(statistics) == figures(merged(earlier, later, 2))


def test_that_a_buffer_of_three_spreads_and_leaves_nothing_behind() -> None:
    earlier = marks_of("yield", [(100, 10), (200, 20), (300, 30), (400, 40), (500, 50), (600, 60)])
    statistics = merged(earlier, marks_of("write", [(310, 30), (590, 60)]), 150)
    assert (statistics.carriers, statistics.merged, statistics.merged_spread_ns) == (2, 2, 390)
    assert statistics.widest == (0, 30)
    statistics = merged(earlier, marks_of("write", [(310, 30), (610, 60)]), 150)
    assert (statistics.merged, statistics.merged_spread_ns, statistics.merged_wait_ns) == (2, 400, 420)
    assert statistics.left_behind_bytes.largest == 0


def test_that_bytes_stay_behind_in_front_of_a_slow_reader() -> None:
    earlier = marks_of("write", [(10 * index, 10 * index) for index in range(1, 11)])
    statistics = merged(earlier, marks_of("piece", [(51, 10), (71, 20), (91, 30)]))
    assert statistics.left_behind_bytes.count == 3
    assert statistics.left_behind_bytes.median == 50


def test_that_a_piece_of_a_chunk_that_is_not_whole_did_not_wait() -> None:
    chunks = marks_of("chunk", [(100, 1_000), (300, 2_000)])
    pieces = marks_of("piece", [(100, 1_200), (300, 2_000)])
    assert merged(chunks, pieces).merged == 0


def test_that_empty_items_carry_nothing() -> None:
    earlier = marks_of("yield", [(1, 5), (50, 9)])
    assert merged(earlier, marks_of("write", [(1, 0), (2, 5), (3, 5), (51, 9)])).carriers == 2


def test_that_long_tracks_are_taken_in_blocks_with_the_same_result(monkeypatch: pytest.MonkeyPatch) -> None:
    earlier = marks_of("yield", [(10 * index, 7 * index) for index in range(1, 400)])
    later = marks_of("write", [(40 * index + 3, min(28 * index, 7 * 399)) for index in range(1, 100)])
    whole = figures(merged(earlier, later))
    monkeypatch.setattr(merging_module, "_BLOCK_ITEMS", 16)
    assert figures(merged(earlier, later)) == whole
