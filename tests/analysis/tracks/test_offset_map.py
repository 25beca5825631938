"""Body offsets carried over to content: exact where a point lies, a lower bound elsewhere, never a guess."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from inspector.analysis.tracks.offset_map import OffsetMap
from inspector.recording.layers import LAYER_BY_NAME
from inspector.recording.track import Track
from tests.sample_recording import marks_of, track_of

WRITE = LAYER_BY_NAME["write"]


def chunks_of(points: list[tuple[int, int]]) -> Track:
    return track_of("chunk", [(index, body, body, content) for index, (body, content) in enumerate(points)])


def mapped(writes: Track, points: Track) -> OffsetMap:
    content = OffsetMap(WRITE)
    content.update(writes, points)
    return content


def test_that_points_carry_over_and_times_stay() -> None:
    writes = marks_of("write", [(5, 10), (7, 30), (9, 64)])
    content = mapped(writes, chunks_of([(10, 0), (30, 100), (64, 400)]))
    assert list(content.track.pairs()) == [(5, 0), (7, 100), (9, 400)]
    assert (content.exact, content.inexact) == (3, 0)
    assert content.track.layer.axis == "content"


def test_that_an_offset_between_two_points_gets_the_lower_bound_and_is_counted() -> None:
    content = mapped(marks_of("write", [(5, 10), (7, 30), (9, 64)]), chunks_of([(20, 50), (64, 400)]))
    assert list(content.track.pairs()) == [(5, 0), (7, 50), (9, 400)]
    assert (content.exact, content.inexact) == (1, 2)


def test_that_what_no_point_has_reached_is_not_there_yet() -> None:
    content = mapped(marks_of("write", [(5, 10), (7, 30), (9, 64)]), chunks_of([(30, 100)]))
    assert len(content.track) == 2


def test_that_reads_are_points_too() -> None:
    reads = track_of("read", [(1, 40, 10, 0, 1), (2, 90, 64, 400, 2)])
    content = mapped(marks_of("write", [(5, 10), (9, 64)]), reads)
    assert list(content.track.pairs()) == [(5, 0), (9, 400)]


@st.composite
def coded(draw: st.DrawFn) -> tuple[Track, Track]:
    sizes = draw(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 9)), min_size=1, max_size=120))
    writes, points, body, content = [], [], 0, 0
    for index, (coded_bytes, content_bytes) in enumerate(sizes):
        body += coded_bytes
        content += content_bytes
        writes.append((index, body))
        if draw(st.booleans()):
            points.append((body, content))
    return marks_of("write", writes), chunks_of(points)


@given(coded(), st.data())
def test_that_growing_gives_what_the_whole_gives(tracks: tuple[Track, Track], data: st.DataObject) -> None:
    writes, points = tracks
    content = OffsetMap(WRITE)
    for share in [*sorted(data.draw(st.lists(st.integers(0, 100), max_size=5))), 100]:
        few = Track(writes.layer, writes.rows[: len(writes) * share // 100])
        content.update(few, Track(points.layer, points.rows[: len(points) * share // 100]))
    ends = content.track.end.tolist()
    assert ends == sorted(ends)
    by_body = dict(zip(points.end.tolist(), points.column("content_end").tolist(), strict=True))
    for (_, body), end in zip(writes.pairs(), ends, strict=False):
        assert end <= max((each for at, each in by_body.items() if at <= body), default=0)
