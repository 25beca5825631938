"""The one alignment: every byte is carried on by exactly the item that passed it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from inspector.analysis.tracks.alignment import Alignment, items_of_content
from inspector.recording.track import Track
from tests.analysis.strategies import carriers_by_hand, pairs_of_tracks, starts
from tests.sample_recording import marks_of, track_of


@given(pairs_of_tracks())
def test_that_each_item_is_carried_by_the_item_that_passed_its_last_byte(pair: tuple[Track, Track]) -> None:
    earlier, later = pair
    found = Alignment(earlier, later).carriers(earlier.end).tolist()
    by_hand = carriers_by_hand(earlier, later)
    assert [carrier for item, carrier in enumerate(found) if by_hand[item] is not None] == [
        carrier for carrier in by_hand if carrier is not None
    ]
    assert found == sorted(found)


@given(pairs_of_tracks())
def test_that_each_byte_that_left_came_from_the_item_that_brought_it(pair: tuple[Track, Track]) -> None:
    earlier, later = pair
    origins = Alignment(earlier, later).origins(later.end).tolist()
    items = list(zip(starts(earlier.end), earlier.end.tolist(), strict=True))
    for end, item in zip(later.end.tolist(), origins, strict=True):
        if end:
            start, stop = items[item]
            assert start < end <= stop


def test_that_a_split_item_is_carried_by_the_last_of_its_pieces_and_a_held_one_by_none() -> None:
    earlier = marks_of("yield", [(1, 10), (2, 12)])
    later = marks_of("write", [(3, 4), (4, 8), (5, 11)])
    assert Alignment(earlier, later).carriers(earlier.end).tolist() == [2, 3]


def test_that_the_columns_say_which_ends_are_compared() -> None:
    read = track_of("read", [(1, 9, 5, 5, 1), (2, 20, 12, 12, 2)])
    chunk = track_of("chunk", [(1, 4, 7, 4), (2, 12, 18, 12)])
    aligned = Alignment(read, chunk, ("body_end", "end"))
    assert aligned.carriers(aligned.ends_in).tolist() == [1, 1]
    assert aligned.origins(aligned.ends_out).tolist() == [0, 1]


@given(pairs_of_tracks(), st.data())
def test_that_items_of_content_are_those_that_overlap(pair: tuple[Track, Track], data: st.DataObject) -> None:
    track = pair[0]
    start = data.draw(st.integers(0, track.total_bytes + 2))
    stop = data.draw(st.integers(start + 1, track.total_bytes + 4))
    first, last = items_of_content(track, start, stop)
    overlapping = [
        index
        for index, (begin, end) in enumerate(zip(starts(track.end), track.end.tolist(), strict=True))
        if begin < min(end, stop) and end > max(begin, start)
    ]
    if overlapping:
        assert first == overlapping[0]
        assert set(overlapping) <= set(range(first, last))
        assert not any(track.size(index) for index in set(range(first, last)) - set(overlapping))
    else:
        assert first == last == len(track)


def test_that_an_empty_range_of_content_is_the_item_that_holds_the_byte() -> None:
    track = marks_of("yield", [(1, 5), (2, 10)])
    assert items_of_content(track, 7, 7) == (1, 2)
    assert items_of_content(track, 12, 12) == (2, 2)


def test_that_content_is_looked_up_where_the_layer_counts_it() -> None:
    chunk = track_of("chunk", [(1, 4, 7, 100), (2, 12, 18, 300)])
    assert items_of_content(chunk, 100, 200) == (1, 2)
