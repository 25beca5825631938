"""Layers between ``yield`` and ``write``, and what stands before each tap: read, followed, saved, refused."""

from __future__ import annotations

import zipfile
from pathlib import Path

import numpy as np
import pytest

from inspector.recording.archive import load_archive, save_archive
from inspector.recording.folder import Recording, read_track
from inspector.recording.layers import (
    LAYERS,
    MOST_BETWEEN,
    between_index,
    between_layer,
    layer_of,
    pipeline_position,
    track_file_name,
)
from inspector.recording.meta import BadRecording
from inspector.recording.tap_log import TAPS_NAME, TapLogReader, TapMeta, encode_tap
from tests.sample_recording import write_sample

GZIP = TapMeta(layer="write.1", name="gzip", content_coding="gzip")
LINT = TapMeta(layer="write", name="lint", content_coding="gzip")
HOOKS = TapMeta(layer="yield", name="get_data,etag", content_length=True)


def append(path: Path, data: bytes) -> None:
    with path.open("ab") as file:
        file.write(data)


def rows(*values: tuple[int, int]) -> bytes:
    return np.array(values, dtype="<i8").tobytes()


def test_that_a_layer_between_middlewares_has_name_file_and_place() -> None:
    assert between_layer(2) == layer_of("write.2")
    assert between_layer(2).columns == layer_of("write").columns
    assert track_file_name(between_layer(2).name) == "write.2.marks"
    names = ["piece", "write.10", "write", "part", "write.2", "yield", "read"]
    assert sorted(names, key=pipeline_position) == ["part", "yield", "write.2", "write.10", "write", "read", "piece"]


@pytest.mark.parametrize("name", ["write.0", "write.01", "write.65", "write.-1", "write.1.", "write.", "read.1", "x"])
def test_that_no_other_name_is_a_layer(name: str) -> None:
    assert between_index(name) is None
    with pytest.raises(KeyError):
        layer_of(name)
    with pytest.raises(ValueError, match=r"write\.65"):
        between_layer(MOST_BETWEEN + 1)


def test_that_taps_are_read_in_any_cuts_and_the_last_line_of_a_layer_counts() -> None:
    again = TapMeta(layer="write", name="lint", content_coding="identity", content_length=True)
    data = b"".join(map(encode_tap, (LINT, GZIP, HOOKS, again)))
    for size in (1, 7, len(data)):
        reader = TapLogReader()
        for at in range(0, len(data), size):
            reader.feed(data[at : at + size])
        assert reader.taps == (HOOKS, GZIP, again)


@pytest.mark.parametrize(
    "row", [b"{}", b"[1]", b'{"layer": "read"}', b'{"layer": "write.0"}', b"\xff", b'{"layer": 1}']
)
def test_that_a_bad_line_is_a_bad_recording(row: bytes) -> None:
    with pytest.raises(BadRecording, match=TAPS_NAME):
        TapLogReader().feed(row + b"\n")


def test_that_a_track_between_middlewares_is_followed_once_its_tap_has_told_of_it(tmp_path: Path) -> None:
    recording = Recording(tmp_path)
    tracks = recording.tracks
    append(tmp_path / "write.1.marks", rows((1, 10)))
    assert recording.refresh() == set()
    append(tmp_path / TAPS_NAME, encode_tap(GZIP)[:-1])
    assert recording.refresh() == {"taps"}
    assert not recording.taps
    append(tmp_path / TAPS_NAME, b"\n")
    assert recording.refresh() == {"taps", "write.1"}
    assert recording.taps == (GZIP,)
    assert recording.tracks["write.1"].end.tolist() == [10]
    append(tmp_path / "write.1.marks", rows((2, 12)) + b"half a row")
    assert recording.refresh() == {"write.1"}
    assert recording.tracks is tracks
    assert list(tracks) == ["part", "yield", "write.1", "write", "read", "chunk", "piece"]
    assert read_track(tmp_path, "write.1").end.tolist() == [10, 12]
    recording.close()
    recording.refresh()
    recording.close()


def test_that_a_recording_without_taps_has_the_layers_of_the_table_alone(tmp_path: Path) -> None:
    recording = Recording(write_sample(tmp_path / "r", [b"one"]).folder)
    assert "taps" not in recording.refresh()
    assert recording.taps == ()
    assert list(recording.tracks) == [layer.name for layer in LAYERS]
    recording.close()


def test_that_taps_and_tracks_between_middlewares_are_saved_and_loaded(tmp_path: Path) -> None:
    folder = write_sample(tmp_path / "r", [b"one"]).folder
    append(folder / TAPS_NAME, encode_tap(GZIP) + encode_tap(LINT))
    append(folder / "write.1.marks", rows((1, 10), (2, 12)))
    path = tmp_path / "saved.stream"
    save_archive(folder, path)
    with np.load(path) as arrays:
        assert arrays["write.1"].tolist() == [[1, 10], [2, 12]]
    loaded = Recording(load_archive(path, tmp_path / "spool"))
    loaded.refresh()
    assert loaded.taps == (GZIP, LINT)
    assert loaded.tracks["write.1"].rows.tolist() == [[1, 10], [2, 12]]
    loaded.close()


def test_that_a_saved_recording_with_bad_taps_is_refused(tmp_path: Path) -> None:
    folder = write_sample(tmp_path / "r", [b"one"]).folder
    path = tmp_path / "saved.stream"
    save_archive(folder, path)
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(TAPS_NAME, '{"layer": "elsewhere"}\n')
    with pytest.raises(BadRecording, match="'elsewhere' is not a layer of a server"):
        load_archive(path, tmp_path / "spool")
    assert list((tmp_path / "spool").iterdir()) == []
