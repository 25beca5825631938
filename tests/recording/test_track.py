"""Tracks: their items tile the axis, and look-ups agree with numpy whatever the layout."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.recording.layers import LAYER_BY_NAME
from inspector.recording.track import Int64Array, Track, search_left
from tests.sample_recording import marks_of, track_of

NUMBERS = st.integers(-(2**40), 2**40)


def strided(values: list[int]) -> Int64Array:
    rows = np.zeros((len(values), 5), dtype=np.int64)
    rows[:, 2] = values
    return rows[:, 2]


@given(st.lists(NUMBERS).map(sorted), st.lists(NUMBERS, max_size=60))
def test_that_a_look_up_in_a_strided_column_agrees_with_numpy(values: list[int], wanted: list[int]) -> None:
    wanted += values[::3]
    found = search_left(strided(values), wanted)
    assert found.tolist() == np.searchsorted(np.array(values, dtype=np.int64), wanted, "left").tolist()
    assert found.dtype == np.int64


@pytest.mark.parametrize("count", [1, 16_384, 16_385, 70_001])
@pytest.mark.parametrize("step", [1, 7, 1_000_003])
def test_that_a_look_up_of_many_values_in_a_long_column_agrees_with_numpy(count: int, step: int) -> None:
    column = strided(np.sort(np.random.default_rng(count).integers(0, count * step, count)).tolist())
    wanted = np.linspace(-step, (count + 1) * step, 1_200).astype(np.int64)
    edges = np.array([column[0] - 1, column[0], column[0] + 1, column[-1] - 1, column[-1], column[-1] + 1])
    for values in (wanted, wanted[::-1], np.concatenate([wanted, edges]), column[:: max(1, count // 999)]):
        assert (search_left(column, values) == np.searchsorted(column, values, "left")).all()


@pytest.mark.parametrize("rows_in_view", [50, 16_000, 60_000])
def test_that_a_look_up_in_a_zoomed_view_agrees_with_numpy(rows_in_view: int) -> None:
    column = strided(list(range(0, 600_000, 3)))
    wanted = np.linspace(300_001, 300_001 + rows_in_view * 3, 1_200).astype(np.int64)
    assert (search_left(column, wanted) == np.searchsorted(column, wanted, "left")).all()


def test_that_a_look_up_of_many_values_does_not_copy_the_column(monkeypatch: pytest.MonkeyPatch) -> None:
    searched: list[int] = []
    real = np.searchsorted

    def spy(haystack: Int64Array, *rest: object) -> object:
        searched.append(len(haystack))
        return real(haystack, *rest)  # type: ignore[call-overload]

    monkeypatch.setattr(np, "searchsorted", spy)
    column = strided(list(range(200_000)))
    search_left(column, np.arange(0, 200_000, 100))
    assert searched
    assert max(searched) < 20_000


def test_that_a_look_up_keeps_the_shape_of_its_values() -> None:
    column = strided(list(range(100)))
    assert search_left(column, 5).shape == ()
    assert search_left(column, np.zeros((3, 40), dtype=np.int64)).shape == (3, 40)
    assert search_left(column, np.zeros((0, 2), dtype=np.int64)).shape == (0, 2)
    assert search_left(strided([]), np.arange(40)).tolist() == [0] * 40


@given(st.lists(st.integers(0, 9), min_size=1))
def test_that_items_tile_the_axis(sizes: list[int]) -> None:
    track = marks_of("read", [(index, end) for index, end in enumerate(np.cumsum(sizes).tolist())])
    assert track.sizes().tolist() == sizes == [track.size(index) for index in range(len(sizes))]
    assert [track.start(index + 1) for index in range(len(sizes))] == track.end.tolist()
    assert track.total_bytes == sum(sizes)
    for offset in range(sum(sizes)):
        index = int(track.index_of_byte(offset))
        assert track.start(index) <= offset < int(track.end[index])
    assert int(track.index_of_byte(sum(sizes))) == len(track)


@given(st.lists(st.integers(0, 9)), st.data())
def test_that_sizes_of_a_range_are_those_of_the_whole(sizes: list[int], data: st.DataObject) -> None:
    track = marks_of("write", [(0, end) for end in np.cumsum(sizes).tolist()])
    first = data.draw(st.integers(0, len(sizes)))
    stop = data.draw(st.integers(first, len(sizes)))
    assert track.sizes(first, stop).tolist() == sizes[first:stop]


def test_that_an_empty_track_answers() -> None:
    track = Track.empty(LAYER_BY_NAME["chunk"])
    assert (len(track), track.total_bytes, track.sizes().tolist(), list(track.pairs())) == (0, 0, [], [])
    assert int(track.first_at_or_after(7)) == int(track.index_of_byte(0)) == 0


def test_that_columns_are_found_by_name_and_are_views() -> None:
    track = track_of("read", [(1, 2, 3, 4, 5, 0), (6, 7, 8, 9, 10, 0)])
    assert track.column("content_end").tolist() == [4, 9]
    assert np.shares_memory(track.column("user_t_ns"), track.rows)
    assert int(track.first_at_or_after(4, "body_end")) == 1
    with pytest.raises(ValueError, match="wire_end"):
        track.column("wire_end")


def test_that_rows_of_another_layer_are_refused() -> None:
    with pytest.raises(ValueError, match=r"read have shape \(3, 2\)"):
        Track(LAYER_BY_NAME["read"], np.zeros((3, 2), dtype=np.int64))
