"""Content of any byte range, against the content that was put in, in every framing and while it grows."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.recording.body_content import BodyContent
from inspector.recording.folder import Recording
from inspector.recording.track import Track
from tests.sample_recording import Sample, marks_of, track_of, write_sample

YIELDS = st.lists(st.binary(max_size=40), min_size=1, max_size=12)


@contextmanager
def opened(yields: list[bytes], framing: str = "chunked", *, gzip: bool = False) -> Iterator[tuple[Sample, Recording]]:
    with tempfile.TemporaryDirectory() as spool:
        sample = write_sample(Path(spool) / "r", yields, framing=framing, gzip=gzip)
        with closing(Recording(sample.folder)) as recording:
            recording.refresh()
            yield sample, recording


@given(YIELDS, st.sampled_from(["chunked", "close-delimited"]), st.booleans(), st.data())
def test_that_any_range_of_the_content_reads_as_it_was_sent(
    yields: list[bytes], framing: str, gzip: bool, data: st.DataObject
) -> None:
    with opened(yields, framing, gzip=gzip) as (sample, recording):
        assert recording.snapshot().content_bytes == len(sample.content)
        assert recording.read_content(0, len(sample.content) + 5) == sample.content
        for _ in range(4):
            start = data.draw(st.integers(0, len(sample.content) + 3))
            stop = data.draw(st.integers(0, len(sample.content) + 3))
            assert recording.read_content(start, stop) == sample.content[start:stop]


@given(YIELDS, st.data())
def test_that_content_whose_chunks_are_not_marked_or_not_whole_reads_without_framing(
    yields: list[bytes], data: st.DataObject
) -> None:
    with opened(yields) as (sample, recording):
        whole = recording.tracks["chunk"]
        marked = data.draw(st.integers(0, len(whole)))
        received = data.draw(st.integers(int(whole.column("wire_end")[marked - 1]) if marked else 0, len(sample.wire)))
        (sample.folder / "wire.bin").write_bytes(sample.wire[:received])
        there = body_bytes_in(sample.wire, whole, received)
        start = data.draw(st.integers(0, len(sample.content)))
        stop = data.draw(st.integers(0, len(sample.content) + 3))
        chunk = Track(whole.layer, whole.rows[:marked])
        found = recording.content.read(start, stop, chunk=chunk, decoded=False)
        assert found == sample.content[start : min(stop, there)]


def body_bytes_in(wire: bytes, chunk: Track, received: int) -> int:
    """Return how many content bytes the first ``received`` bytes of the wire hold."""
    whole = 0
    for wire_end, end in zip(chunk.column("wire_end").tolist(), chunk.end.tolist(), strict=True):
        if wire_end >= received:
            return max(whole, int(end) - (int(wire_end) - received))
        whole = int(end)
    return whole


@pytest.mark.parametrize(
    "wire", [b"", b"5", b"5\r", b"zz\r\nabc", b"-5\r\nabc", b"0\r\n\r\n", b"000;x=5\r\n\r\n", b"\r\n"]
)
def test_that_framing_that_is_none_yields_no_content(tmp_path: Path, wire: bytes) -> None:
    (tmp_path / "wire.bin").write_bytes(wire)
    content = BodyContent(tmp_path)
    assert content.read(0, 100, chunk=track_of("chunk", []), decoded=False) == b""
    content.close()


def test_that_extensions_and_leading_zeros_of_a_size_line_are_not_content(tmp_path: Path) -> None:
    (tmp_path / "wire.bin").write_bytes(b'0005 ;name="5"\r\nabcde\r\nA\r\n01234')
    content = BodyContent(tmp_path)
    assert content.read(3, 100, chunk=track_of("chunk", []), decoded=False) == b"de01234"
    content.close()


def test_that_marks_that_contradict_the_wire_read_as_less_and_not_as_an_error(tmp_path: Path) -> None:
    (tmp_path / "wire.bin").write_bytes(b"5\r\nabcde\r\n")
    content = BodyContent(tmp_path)
    assert content.read(0, 100, chunk=track_of("chunk", [(1, 100, 5, 100)]), decoded=False) == b""
    assert len(content.read(0, 900, chunk=track_of("chunk", [(1, 900, 1_000, 900)]), decoded=False)) <= 10
    content.close()


def test_that_a_file_that_is_not_there_yet_is_read_once_it_is(tmp_path: Path) -> None:
    content = BodyContent(tmp_path)
    assert content.wire(0, 5) == b""
    (tmp_path / "wire.bin").write_bytes(b"hello")
    assert content.wire(1, 3) == b"el"
    with (tmp_path / "wire.bin").open("ab") as file:
        file.write(b" world")
    assert content.read(0, 99, chunk=None, decoded=False) == b"hello world"
    content.close()
    assert content.wire(6, 99) == b"world"
    content.close()


def test_that_nothing_is_content_before_the_head(tmp_path: Path) -> None:
    recording = Recording(tmp_path)
    recording.tracks["read"] = marks_of("read", [(1, 5)])
    assert recording.read_content(0, 5) == b""
    recording.close()
