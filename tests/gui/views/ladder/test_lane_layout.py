"""The rows of the ladder: they tile its height, and follow the gaps of the recording."""

from __future__ import annotations

import itertools

from hypothesis import given
from hypothesis import strategies as st

from inspector.analysis.pipeline.gap_list import PipelineGap, gaps_of
from inspector.gui.views.ladder.lane_layout import Gap, Lane, ladder_rows, lay_out, least_height


def _road(stack: int) -> tuple[Lane | Gap, ...]:
    layers = ["yield", *(f"write.{at}" for at in range(1, stack)), "write"]
    gaps = [PipelineGap("template", "t", "part", "yield", "")]
    gaps += [
        PipelineGap(f"middleware.{at}", f"m{at}", earlier, later, "", stack_index=at)
        for at, (earlier, later) in enumerate(itertools.pairwise(layers), 1)
    ]
    return ladder_rows([*gaps, PipelineGap("server", "s", "write", "read", "")], {})


@given(st.integers(1, 5), st.integers(0, 2_000), st.integers(10, 40), st.sampled_from(["", "server", "middleware.1"]))
def test_that_the_rows_tile_the_height(stack: int, height: int, lane: int, tall: str) -> None:
    rows = _road(stack)
    least = {row.id: 20 for row in rows if isinstance(row, Gap)}
    bands = lay_out(rows, height, 24, lane, least, tall=tall)
    assert [band.row for band in bands] == list(rows)
    assert bands[0].top == 24
    assert all(upper.bottom == lower.top for upper, lower in itertools.pairwise(bands))
    assert all(band.height >= (lane if isinstance(band.row, Lane) else 20) for band in bands)
    assert bands[-1].bottom <= max(height, least_height(rows, 24, lane, least))


def test_that_a_stack_of_middlewares_has_a_lane_between_each_two() -> None:
    names = [row.name if isinstance(row, Lane) else row.id for row in _road(3)]
    assert names == [
        "source", "part", "template", "yield", "middleware.1", "write.1", "middleware.2", "write.2", "middleware.3",
        "write", "server", "read",
    ]  # fmt: skip


def test_that_a_road_without_a_recording_has_all_six_lanes() -> None:
    lanes = [row.name for row in ladder_rows(gaps_of(None, (), {}), {}) if isinstance(row, Lane)]
    assert lanes == ["part", "yield", "write", "read", "chunk", "piece"]


def test_that_the_tall_gap_gets_most_of_what_is_left() -> None:
    rows = _road(3)
    least = {row.id: 20 for row in rows if isinstance(row, Gap)}
    bands = {
        band.row.id: band.height
        for band in lay_out(rows, 700, 24, 20, least, tall="server")
        if isinstance(band.row, Gap)
    }
    assert bands["server"] > 0.5 * (sum(bands.values()) - sum(least.values()))
    assert max(height for gap, height in bands.items() if gap != "server") < bands["server"] / 2
