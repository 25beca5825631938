"""The road from every older format to today's."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from inspector.recording import migrations
from inspector.recording.archive import load_archive
from inspector.recording.layers import COLUMN_DTYPE, LAYER_BY_NAME, LAYERS, track_file_name
from inspector.recording.meta import FORMAT, META_NAME, BadRecording, NewerFormat
from inspector.recording.migrations import STEPS, RawRecording, migrate, migrate_folder, read_raw_meta
from tests.data.make_golden import GOLDEN_ID, golden_path
from tests.sample_recording import write_sample


def test_that_every_older_format_has_a_step_and_a_golden_file(tmp_path: Path) -> None:
    assert set(STEPS) == set(range(1, FORMAT))
    for version in range(1, FORMAT + 1):
        assert load_archive(golden_path(version), tmp_path / str(version)).name == GOLDEN_ID


def first_step(raw: RawRecording) -> None:
    raw.meta["title"] = raw.meta.pop("name")
    raw.tracks["yield"] = raw.tracks.pop("item")


def second_step(raw: RawRecording) -> None:
    raw.meta["notes"] = [*raw.meta["notes"], "second"]


def test_that_steps_are_taken_in_turn_from_the_format_of_the_recording() -> None:
    steps = {1: first_step, 2: second_step}
    rows = np.zeros((2, 3), dtype=np.int64)
    raw = RawRecording({"format": 1, "name": "a", "notes": []}, {"item": rows})
    migrate(raw, steps=steps, to_format=3)
    assert raw.meta == {"format": 3, "title": "a", "notes": ["second"]}
    assert raw.tracks["yield"] is rows
    later = RawRecording({"format": 2, "title": "b", "notes": []}, {})
    migrate(later, steps=steps, to_format=3)
    assert later.meta == {"format": 3, "title": "b", "notes": ["second"]}


def test_that_a_missing_step_and_bad_data_are_bad_recordings() -> None:
    with pytest.raises(BadRecording, match="format 1 can no longer be read"):
        migrate(RawRecording({"format": 1}, {}), steps={2: second_step}, to_format=3)
    with pytest.raises(BadRecording, match="not a valid recording of format 1: KeyError"):
        migrate(RawRecording({"format": 1}, {}), steps={1: first_step}, to_format=2)


def test_that_a_folder_of_an_older_format_is_brought_to_todays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sample = write_sample(tmp_path / "r", [b"one", b"two"])
    columns = {layer.name: len(layer.columns) for layer in LAYERS}
    before = (sample.folder / track_file_name("yield")).read_bytes()
    (sample.folder / track_file_name("yield")).rename(sample.folder / track_file_name("item"))
    columns["item"] = columns.pop("yield")
    meta = json.loads((sample.folder / META_NAME).read_bytes())
    (sample.folder / META_NAME).write_text(json.dumps({**meta, "name": "old"}))

    def widen(raw: RawRecording) -> None:
        first_step(raw)
        raw.tracks["write"] = np.insert(raw.tracks["write"], 2, 7, axis=1)

    monkeypatch.setattr(migrations, "FORMAT", 3)
    monkeypatch.setattr(migrations, "check_format", lambda version: None)
    monkeypatch.setattr(migrate, "__kwdefaults__", {**(migrate.__kwdefaults__ or {}), "to_format": 3})
    found = migrate_folder(sample.folder, columns, steps={2: widen})
    assert found == {layer.name: len(layer.columns) for layer in LAYERS} | {"write": 3}
    meta = read_raw_meta((sample.folder / META_NAME).read_bytes())
    assert (meta["format"], meta["title"]) == (3, "old")
    assert (sample.folder / track_file_name("yield")).read_bytes() == before
    assert not (sample.folder / track_file_name("item")).exists()
    rows = np.fromfile(sample.folder / track_file_name("write"), dtype=COLUMN_DTYPE).reshape(-1, 3)
    assert rows[:, 2].tolist() == [7, 7]
    assert not list(sample.folder.glob(".*"))


def test_that_a_folder_of_todays_format_is_left_alone(tmp_path: Path) -> None:
    sample = write_sample(tmp_path / "r", [b"one"])
    before = {path.name: (path.stat().st_mtime_ns, path.stat().st_ino) for path in sample.folder.iterdir()}
    columns = {"read": len(LAYER_BY_NAME["read"].columns)}
    assert migrate_folder(sample.folder, columns) == columns
    assert {path.name: (path.stat().st_mtime_ns, path.stat().st_ino) for path in sample.folder.iterdir()} == before


def test_that_a_newer_folder_is_told(tmp_path: Path) -> None:
    (tmp_path / META_NAME).write_text('{"format": 99}')
    with pytest.raises(NewerFormat):
        migrate_folder(tmp_path, {})
