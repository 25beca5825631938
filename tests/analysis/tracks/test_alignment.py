"""Joins: every byte is carried by exactly the item that passed it, and carried ranges tile the items."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.analysis.tracks.alignment import carried, carriers, items_of_bytes
from inspector.recording.track import Track
from tests.analysis.strategies import COLUMNS, pairs_of_tracks, starts
from tests.sample_recording import marks_of, track_of


def carriers_by_hand(earlier: Track, later: Track) -> list[int]:
    """Return what `carriers` should, byte by byte."""
    carrier_of_byte = {
        byte: index
        for index, (start, end) in enumerate(zip(starts(later.end), later.end.tolist(), strict=True))
        for byte in range(start, end)
    }
    found = []
    for start, end in zip(starts(earlier.end), earlier.end.tolist(), strict=True):
        if end > start:
            found.append(carrier_of_byte.get(end - 1, len(later)))
        elif end < earlier.total_bytes:
            found.append(carrier_of_byte.get(end, len(later)))
        else:
            found.append(carrier_of_byte.get(end - 1, len(later)) if end else min(0, len(later)))
    return found


@given(pairs_of_tracks())
def test_that_each_item_is_carried_by_the_item_that_passed_its_last_byte(pair: tuple[Track, Track]) -> None:
    earlier, later = pair
    assert carriers(earlier, later, COLUMNS, 0, len(earlier)).tolist() == carriers_by_hand(earlier, later)


@given(pairs_of_tracks(), st.data())
def test_that_carriers_of_a_range_are_those_of_the_whole_and_never_fall(
    pair: tuple[Track, Track], data: st.DataObject
) -> None:
    earlier, later = pair
    whole = carriers(earlier, later, COLUMNS, 0, len(earlier)).tolist()
    assert whole == sorted(whole)
    first = data.draw(st.integers(0, len(earlier)))
    stop = data.draw(st.integers(first, len(earlier)))
    assert carriers(earlier, later, COLUMNS, first, stop).tolist() == whole[first:stop]


@given(pairs_of_tracks())
def test_that_carried_ranges_tile_the_items_and_invert_carriers(pair: tuple[Track, Track]) -> None:
    earlier, later = pair
    whole = carriers(earlier, later, COLUMNS, 0, len(earlier)).tolist()
    at = 0
    for index in range(len(later)):
        first, stop = carried(earlier, later, COLUMNS, index, index + 1)
        assert first == at
        assert [item for item, carrier in enumerate(whole) if carrier == index] == list(range(first, stop))
        at = stop
    if len(later):
        assert carried(earlier, later, COLUMNS, 0, len(later)) == (0, at)
        assert all(carrier == len(later) for carrier in whole[at:])


@given(pairs_of_tracks(), st.data())
def test_that_items_of_bytes_are_those_that_overlap(pair: tuple[Track, Track], data: st.DataObject) -> None:
    track = pair[0]
    start = data.draw(st.integers(0, track.total_bytes + 2))
    stop = data.draw(st.integers(start + 1, track.total_bytes + 4))
    first, last = items_of_bytes(track, start, stop)
    overlapping = [
        index
        for index, (begin, end) in enumerate(zip(starts(track.end), track.end.tolist(), strict=True))
        if begin < min(end, stop) and end > max(begin, start)
    ]
    if overlapping:
        assert (first, last) == (overlapping[0], overlapping[-1] + 1)
    else:
        assert first == last == len(track)


def test_that_an_empty_range_of_bytes_has_no_items() -> None:
    track = marks_of("yield", [(1, 5), (2, 10)])
    assert items_of_bytes(track, 7, 7) == (1, 1)
    assert items_of_bytes(track, 7, 3) == (1, 1)


def test_that_empty_items_go_with_the_next_byte_and_at_the_end_with_the_last() -> None:
    earlier = marks_of("yield", [(1, 0), (2, 5), (3, 5), (4, 8), (5, 8)])
    later = marks_of("write", [(6, 5), (7, 8)])
    assert carriers(earlier, later, COLUMNS, 0, 5).tolist() == [0, 0, 1, 1, 1]
    assert carried(earlier, later, COLUMNS, 0, 1) == (0, 2)
    assert carried(earlier, later, COLUMNS, 1, 2) == (2, 5)


def test_that_a_split_item_is_carried_by_the_last_of_its_pieces() -> None:
    earlier = marks_of("yield", [(1, 10), (2, 12)])
    later = marks_of("write", [(3, 4), (4, 8), (5, 11)])
    assert carriers(earlier, later, COLUMNS, 0, 2).tolist() == [2, 3]
    assert [carried(earlier, later, COLUMNS, index, index + 1) for index in range(3)] == [(0, 0), (0, 0), (0, 1)]


def test_that_other_columns_than_end_are_joined() -> None:
    read = track_of("read", [(1, 9, 5, 5, 1), (2, 20, 12, 12, 2)])
    chunk = track_of("chunk", [(1, 4, 7, 4), (2, 12, 18, 12)])
    assert carriers(read, chunk, ("body_end", "end"), 0, 2).tolist() == [1, 1]
    assert carriers(chunk, read, ("end", "body_end"), 0, 2).tolist() == [0, 1]


@pytest.mark.parametrize(("first", "stop"), [(-1, 1), (0, 3), (2, 1)])
def test_that_ranges_outside_of_the_track_are_refused(first: int, stop: int) -> None:
    track = marks_of("yield", [(1, 5), (2, 10)])
    with pytest.raises(ValueError, match="of 2"):
        carriers(track, track, COLUMNS, first, stop)
    with pytest.raises(ValueError, match="of 2"):
        carried(track, track, COLUMNS, first, stop)


def test_that_joins_do_not_change_the_tracks() -> None:
    earlier = marks_of("yield", [(1, 0), (2, 5), (3, 5)])
    before = np.array(earlier.rows)
    carriers(earlier, earlier, COLUMNS, 0, 3)
    assert (earlier.rows == before).all()
