"""A long recording is taken in a step at a time, and what is said of it in the end is the same."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.analysis.runs.run_summary import SummaryBuilder, summary_of
from inspector.analysis.tracks import track_prefixes as heads_module
from inspector.analysis.tracks.track_prefixes import TrackPrefixes
from inspector.recording.folder import Recording
from inspector.recording.track import Track
from tests.sample_recording import marks_of, write_sample

_STEP = 7
_LENGTHS = st.lists(st.integers(0, 60), min_size=1, max_size=8).map(sorted)


@pytest.fixture(autouse=True, scope="module")
def _short_steps() -> object:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(heads_module, "_MARKS_PER_STEP", _STEP)
        yield None


@given(_LENGTHS)
def test_that_steps_are_short_never_go_back_and_reach_the_end(lengths: list[int]) -> None:
    heads, taken = TrackPrefixes(), 0
    whole = marks_of("piece", [(at, at) for at in range(1, 61)])
    for length in [*lengths, *[lengths[-1]] * 10]:
        (track,) = heads.step({"piece": Track(whole.layer, whole.rows[:length])}).values()
        assert len(track) == min(taken + _STEP, length)
        assert track.rows.tolist() == whole.rows[: len(track)].tolist()
        assert heads.is_behind == (len(track) < length)
        taken = len(track)
    assert taken == lengths[-1]


def test_that_a_summary_made_in_steps_is_that_of_the_whole(tmp_path: Path) -> None:
    recording = Recording(write_sample(tmp_path / "run", [b"row\n"] * 50, parts_per_yield=3).folder)
    recording.refresh()
    steps = 1
    summary_builder = SummaryBuilder(recording.snapshot())
    while (summary := summary_builder.step()) is None:
        steps += 1
    longest = max(len(track) for track in recording.tracks.values())
    assert steps == -(-longest // _STEP) > 2
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(heads_module, "_MARKS_PER_STEP", longest)
        assert summary == summary_of(recording.snapshot())
    recording.close()
