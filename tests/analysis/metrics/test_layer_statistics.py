"""Figures of one layer, by hand and in any cuts."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.analysis.metrics import layer_statistics as layer_statistics_module
from inspector.analysis.metrics.layer_statistics import LayerStatistics, rate_bytes_per_s
from inspector.recording.track import Track
from tests.analysis.strategies import head, pairs_of_tracks
from tests.sample_recording import marks_of


def figures(statistics: LayerStatistics) -> tuple[Any, ...]:
    return (
        statistics.count,
        statistics.total_bytes,
        statistics.first_byte_t_ns,
        statistics.last_t_ns,
        *(
            (quantiles.count, quantiles.median, quantiles.quantile(0.95), quantiles.largest)
            for quantiles in (statistics.sizes_bytes, statistics.gaps_ns)
        ),
    )


def statistics_of(track: Track) -> LayerStatistics:
    statistics = LayerStatistics()
    statistics.update(track)
    return statistics


def test_that_a_layer_is_counted() -> None:
    statistics = statistics_of(marks_of("read", [(100, 0), (200, 10), (250, 30), (1_250, 31)]))
    assert figures(statistics) == (4, 31, 200, 1_250, (4, 1, 20, 20), (3, 100, 1_000, 1_000))
    assert statistics.time_to_first_byte_ns(150) == 50
    assert statistics.time_to_first_byte_ns(0) is None
    assert statistics.time_to_first_byte_ns(10**9) == 0


def test_that_nothing_is_said_of_an_empty_layer() -> None:
    statistics = statistics_of(marks_of("read", []))
    assert figures(statistics) == (0, 0, None, None, (0, None, None, 0), (0, None, None, 0))
    assert statistics.time_to_first_byte_ns(150) is None


@given(pairs_of_tracks(), st.lists(st.integers(0, 30)), st.integers(1, 4))
def test_that_the_figures_do_not_depend_on_cuts_or_blocks(
    pair: tuple[Track, Track], cuts: list[int], block: int
) -> None:
    track = pair[0]
    statistics = LayerStatistics()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(layer_statistics_module, "_BLOCK_ITEMS", block)
        for stop in sorted(min(cut, len(track)) for cut in cuts):
            statistics.update(head(track, stop))
        statistics.update(track)
    assert figures(statistics) == figures(statistics_of(track))
    assert statistics.gaps_ns.count == max(0, len(track) - 1)


def test_that_a_shorter_track_is_refused() -> None:
    statistics = statistics_of(marks_of("read", [(1, 1)]))
    with pytest.raises(ValueError, match="shorter"):
        statistics.update(marks_of("read", []))


def test_that_the_rate_is_that_of_the_last_second() -> None:
    second = 10**9
    track = marks_of("read", [(second, 100), (2 * second, 300), (2 * second + 1, 700), (3 * second, 1_500)])
    assert rate_bytes_per_s(track, second) == 100
    assert rate_bytes_per_s(track, 2 * second) == 200
    assert rate_bytes_per_s(track, 2 * second + 1) == 600
    assert rate_bytes_per_s(track, 3 * second) == 1_200
    assert rate_bytes_per_s(track, 9 * second) == 0
    assert rate_bytes_per_s(track, 3 * second, window_ns=2 * second) == 700
    assert rate_bytes_per_s(marks_of("read", []), second) == 0


def test_that_times_that_fall_are_no_negative_gaps() -> None:
    statistics = statistics_of(marks_of("read", [(100, 1), (90, 2), (95, 3)]))
    assert (statistics.gaps_ns.median, statistics.gaps_ns.largest) == (0, 5)
