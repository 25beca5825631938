"""Writes and the reads before them: the same figures as counting by hand, however the tracks came in."""

from __future__ import annotations

import statistics
from bisect import bisect_left

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.analysis.metrics.flow_control import WritesAfterReads
from inspector.recording.track import Track
from tests.sample_recording import marks_of

_TIMES = st.lists(st.integers(0, 10_000), max_size=40).map(sorted)


def _head(track: Track, count: int) -> Track:
    return Track(track.layer, track.rows[:count])


def _by_hand(writes: list[int], reads: list[int]) -> list[int]:
    befores = [(t, bisect_left(reads, t) - 1) for t in writes if reads and t < reads[-1]]
    return sorted(t - reads[at] for t, at in befores if at >= 0)


@given(_TIMES, _TIMES, st.integers(0, 40), st.integers(0, 40))
def test_that_cuts_change_nothing(writes: list[int], reads: list[int], first: int, second: int) -> None:
    written = marks_of("write", [(t, at) for at, t in enumerate(writes)])
    taken = marks_of("piece", [(t, at) for at, t in enumerate(reads)])
    whole, cut = WritesAfterReads(), WritesAfterReads()
    whole.update(written, taken)
    for count_written, count_taken in ((first, second), (len(writes), second), (len(writes), len(reads))):
        if count_taken >= cut._reads:
            cut.update(_head(written, count_written), _head(taken, count_taken))
    cut.update(written, taken)
    expected = _by_hand(writes, reads)
    assert cut.after_read_ns.count == whole.after_read_ns.count == len(expected)
    assert cut.share == whole.share
    if expected:
        assert whole.after_read_ns.median == expected[(len(expected) - 1) // 2]


@pytest.mark.parametrize(("lag", "share"), [(1, 0.05), (19, 0.95)])
def test_that_writes_that_wait_for_reads_come_soon_after_them(lag: int, share: float) -> None:
    reads = [20 * at for at in range(50)]
    found = WritesAfterReads()
    found.update(marks_of("write", [(t + lag, t) for t in reads]), marks_of("piece", [(t, t) for t in reads]))
    assert found.share == pytest.approx(share)
    assert statistics.median([lag]) == found.after_read_ns.median
