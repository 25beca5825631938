"""Numbers in a recording that can't be: refused with file and row, and no read goes where they point."""

from __future__ import annotations

import zipfile
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from inspector.recording.archive import load_archive, save_archive
from inspector.recording.body_content import LONGEST_READ_BYTES
from inspector.recording.change_log import ChangeLogReader
from inspector.recording.folder import Recording
from inspector.recording.layers import LAYER_BY_NAME, track_file_name
from inspector.recording.meta import BadRecording, decode_meta
from inspector.recording.source_lines import SourceLineReader
from inspector.recording.tap_log import TapLogReader
from tests.command_line import run_cli
from tests.growing_recording import GrowingRecording
from tests.sample_recording import write_sample

ID = "20261120-231504-4f2a9c01"
KEPT = Path(__file__).parents[1] / "data" / "fuzz" / "archive-offset-beyond-the-file.stream"
#: Every column of offsets of the client: what they count is there, so what they may say is known.
COUNTED = [
    (name, column)
    for name in ("read", "chunk", "piece")
    for column in LAYER_BY_NAME[name].columns
    if column.endswith("end")
]


def rewritten(folder: Path, layer: str, column: str, value: int, row: int = -1) -> None:
    """Change one number of a track file."""
    path = folder / track_file_name(layer)
    rows = np.fromfile(path, dtype="<i8").reshape(-1, len(LAYER_BY_NAME[layer].columns))
    rows[row, LAYER_BY_NAME[layer].columns.index(column)] = value
    rows.tofile(path)


@pytest.mark.parametrize("value", [100_000, 1 << 40, 1 << 62, (1 << 63) - 1, -1, -(1 << 63)])
@pytest.mark.parametrize(("layer", "column"), COUNTED)
def test_that_an_offset_beyond_the_bytes_is_refused_in_a_folder_and_in_a_file(
    tmp_path: Path, layer: str, column: str, value: int
) -> None:
    sample = write_sample(tmp_path / ID, [b"one", b"two", b"three"])
    rewritten(sample.folder, layer, column, value)
    sentence = rf"{layer}\.npy, row \d+: {column} can't be {value}"
    with closing(Recording(sample.folder)) as recording:
        with pytest.raises(BadRecording, match=sentence):
            recording.refresh()
        assert recording.read_content(0, 1 << 62) in (sample.content, b"")
    save_archive(sample.folder, tmp_path / "a.stream")
    with pytest.raises(BadRecording, match=rf"^a\.stream: {sentence}"):
        load_archive(tmp_path / "a.stream", tmp_path / "into")
    assert list((tmp_path / "into").iterdir()) == []


@pytest.mark.parametrize("value", [-2, 1 << 63, (1 << 62) + 1])
@pytest.mark.parametrize(("layer", "column"), [("part", "source"), ("part", "end"), ("write", "end"), ("read", "t_ns")])
def test_that_other_numbers_have_bounds_too(tmp_path: Path, layer: str, column: str, value: int) -> None:
    sample = write_sample(tmp_path / ID, [b"one", b"two", b"three"])
    rewritten(sample.folder, layer, column, value - (1 << 64) if value >= 1 << 63 else value)
    with (
        closing(Recording(sample.folder)) as recording,
        pytest.raises(BadRecording, match=f"{layer}.*: {column} can't"),
    ):
        recording.refresh()


def test_that_a_recording_that_grows_is_checked_as_it_grows(tmp_path: Path) -> None:
    growing = GrowingRecording(tmp_path / ID)
    growing.add_chunk(b"one")
    with closing(Recording(growing.folder)) as recording:
        recording.refresh()
        growing.add_chunk(b"two")
        rewritten(growing.folder, "chunk", "wire_end", 1 << 40)
        with pytest.raises(BadRecording, match=r"chunk\.npy, row 1: wire_end can't be 1099511627776: wire\.bin has 16"):
            recording.refresh()
        assert len(recording.tracks["chunk"]) == 1
        assert recording.read_content(0, 1 << 40) == b"onetwo"


def test_that_a_time_that_falls_is_raised_and_a_track_that_shrinks_is_told(tmp_path: Path) -> None:
    sample = write_sample(tmp_path / ID, [b"one", b"two", b"three"])
    rewritten(sample.folder, "write", "t_ns", 3, row=1)
    with closing(Recording(sample.folder)) as recording:
        recording.refresh()
        times = recording.tracks["write"].t_ns
        assert times[1] == times[0]
        (sample.folder / "write.marks").write_bytes(b"")
        with pytest.raises(BadRecording, match="became shorter"):
            recording.refresh()
        assert len(recording.tracks["write"]) == 3


def test_that_one_read_is_bounded_whatever_is_asked_for(tmp_path: Path) -> None:
    sample = write_sample(tmp_path / ID, [b"one"], framing="close-delimited")
    with (sample.folder / "wire.bin").open("r+b") as file:
        file.truncate(LONGEST_READ_BYTES * 4)
    with closing(Recording(sample.folder)) as recording:
        recording.refresh()
        assert len(recording.read_content(0, 1 << 62)) == LONGEST_READ_BYTES
        assert len(recording.content.wire(5, 1 << 62)) == LONGEST_READ_BYTES
        assert recording.read_content(1 << 61, 1 << 62) == b""


def test_that_a_file_that_points_beyond_itself_ends_in_a_sentence(tmp_path: Path) -> None:
    done = run_cli(tmp_path, "open", "--json", KEPT)
    assert done.returncode == 1
    assert done.stdout == b""
    assert b"chunk.npy, row 60: wire_end can't be 1099511627776: wire.bin has 1,331 bytes" in done.stderr


READERS: list[tuple[Any, bytes]] = [
    (TapLogReader, b'{"layer":"write","name":"gzip"}\n'),
    (ChangeLogReader, b'{"t_ns":1,"side":"server","knob":"a","before":"","after":""}\n'),
    (SourceLineReader, b'{"line":1,"file":0,"number":1}\n'),
]


@pytest.mark.parametrize(("reader", "row"), READERS)
def test_that_rows_are_bounded_and_refused_by_file_and_line(reader: Any, row: bytes) -> None:
    one = reader()
    one.feed(row * 3)
    with pytest.raises(BadRecording, match=r"\.jsonl, line 5: "):
        one.feed(b"\n[]\n")
    for data in (row, b"\n"):
        with pytest.raises(BadRecording, match=r"\.jsonl, line \d+: more than [\d,]+ (lines|bytes) are too many"):
            reader().feed(data * ((1 << 18) + 1))
    for data in (b"[" * 100_000, b'{"name":"\xff"}', b'{"t_ns":1e400}', row.replace(b"1", b"9" * 30)):
        if data != row:
            with pytest.raises(BadRecording, match=r"\.jsonl, line 1: "):
                reader().feed(data + b"\n")


@pytest.mark.parametrize("number", ["-1", "4611686018427387905", "9" * 400, "1e999", "NaN", "1.5", '"1"', "null"])
def test_that_a_number_of_the_meta_data_is_one_that_can_be(tmp_path: Path, number: str) -> None:
    sample = write_sample(tmp_path / ID, [b"one"])
    sound = (sample.folder / "meta.json").read_text()
    for name in ("sent_t_ns", "head_t_ns", "t_ns", "clock_spread_ns", "client_buffer_bytes", "status"):
        before, found, after = sound.partition(f'"{name}": ')
        assert found
        with pytest.raises(BadRecording, match=r"^meta\.json: "):
            decode_meta((before + found + number + after.lstrip("0123456789")).encode())


def test_that_a_file_of_many_samples_or_of_a_giant_meta_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    sample = write_sample(tmp_path / ID, [b"one"])
    save_archive(sample.folder, tmp_path / "a.stream")
    for name, size_bytes in (("process.npy", 65 << 20), ("meta.json", 17 << 20), ("label.json", 2 << 20)):
        with zipfile.ZipFile(tmp_path / "a.stream") as sound, zipfile.ZipFile(tmp_path / "b.stream", "w", 8) as archive:
            for info in sound.infolist():
                if info.filename != name:
                    archive.writestr(info, sound.read(info))
            archive.writestr(name, bytes(size_bytes))
        with pytest.raises(BadRecording, match=f"{name} is said to have"):
            load_archive(tmp_path / "b.stream", tmp_path / "into")
