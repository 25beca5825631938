"""Items per line, counted once each."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.gui.views.detail import source_counts
from inspector.gui.views.detail.source_counts import SourceCounts, item_before, next_item_of
from inspector.recording.track import Track
from tests.sample_recording import track_of

SOURCES = st.lists(st.integers(-1, 4), max_size=40)


def track(layer: str, sources: list[int]) -> Track:
    return track_of(layer, [(at, at + 1, source) for at, source in enumerate(sources)])


@given(st.lists(SOURCES, max_size=6))
def test_that_counts_of_a_growing_track_are_those_of_the_whole(batches: list[list[int]]) -> None:
    counts = SourceCounts()
    rows: list[int] = []
    for batch in batches:
        rows += batch
        added = counts.grow({"part": track("part", rows), "yield": track("yield", rows[::2])})
        assert added >= len(batch)
    for source in range(5):
        assert counts.of("part", [source]) == rows.count(source)
        assert counts.of("yield", [source]) == rows[::2].count(source)
    assert counts.of("part", range(-3, 99)) == sum(source >= 0 for source in rows)


def test_that_only_new_rows_are_looked_at() -> None:
    counts = SourceCounts()
    empty = track("yield", [])
    assert counts.grow({"part": track("part", [0] * 1000), "yield": empty}) == 1000
    # Rows already counted may say anything now: they are not looked at again.
    assert counts.grow({"part": track("part", [3] * 1000 + [1]), "yield": empty}) == 1
    assert counts.of("part", [0]) == 1000
    assert counts.of("part", [1]) == 1
    assert counts.of("part", [3]) == 0
    assert counts.grow({"part": track("part", [0] * 1001), "yield": empty}) == 0


def test_that_a_damaged_source_number_asks_for_no_memory() -> None:
    counts = SourceCounts()
    counts.grow({"part": track("part", [1 << 60, 2, -9]), "yield": track("yield", [])})
    assert counts.of("part", [2]) == 1
    assert counts.of("part", [1 << 60, -9]) == 0


@given(SOURCES, st.sets(st.integers(0, 4), min_size=1), st.integers(-1, 40), st.integers(1, 50))
def test_that_the_next_and_the_previous_item_of_a_line_go_round(
    sources: list[int], wanted: set[int], at: int, block_rows: int
) -> None:
    at = min(at, len(sources) - 1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(source_counts, "_BLOCK_ROWS", block_rows)
        after = next_item_of(track("part", sources), wanted, at)
        before = item_before(track("part", sources), wanted, max(0, at))
    order = [*range(at + 1, len(sources)), *range(at + 1)]
    assert after == next((item for item in order if sources[item] in wanted), None)
    order = [*range(max(0, at) - 1, -1, -1), *range(len(sources) - 1, max(0, at) - 1, -1)]
    assert before == next((item for item in order if sources[item] in wanted), None)


def test_that_a_track_of_millions_is_counted_in_one_go() -> None:
    rows = np.zeros((3_000_000, 3), dtype=np.int64)
    rows[:, 2] = np.arange(3_000_000) % 3
    part = Track(track("part", []).layer, rows)
    counts = SourceCounts()
    counts.grow({"part": part, "yield": track("yield", [])})
    assert [counts.of("part", [source]) for source in range(3)] == [1_000_000] * 3
