"""A file that was cut short, and what stands beside the stream: saved, loaded, and told where it stops."""

from __future__ import annotations

import shutil
import zipfile
from pathlib import Path

import numpy as np
import pytest

from inspector.recording.annotations import Annotations, read_annotations, write_annotations
from inspector.recording.archive import Cancelled, load_archive, save_archive
from inspector.recording.change_log import CHANGES_NAME, Change, encode_change
from inspector.recording.folder import Recording
from inspector.recording.layers import LAYERS
from inspector.recording.meta import BadRecording
from inspector.recording.process_samples import SAMPLES_MEMBER, SAMPLES_NAME
from tests.sample_recording import write_sample

CHANGE = Change(t_ns=7, side="server", knob="template_buffer", before="0", after="50")
SAMPLES = np.arange(40, dtype="<i8").reshape(10, 4)


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    """A saved recording with everything that one can have."""
    folder = tmp_path / "made"
    write_sample(folder, [f"row {index * index},\n".encode() * 5 for index in range(300)], parts_per_yield=2)
    (folder / CHANGES_NAME).write_bytes(encode_change(CHANGE) * 3)
    (folder / SAMPLES_NAME).write_bytes(SAMPLES.tobytes())
    write_annotations(
        folder, Annotations(name="Zoë", pinned=True, note="as slow as it gets", opened_from="/home/x/y.stream")
    )
    path = tmp_path / "saved.stream"
    save_archive(folder, path)
    return path


def loaded(path: Path, spool: Path) -> Recording:
    recording = Recording(load_archive(path, spool))
    recording.refresh()
    return recording


def test_that_changes_samples_and_label_are_saved_and_loaded(saved: Path, tmp_path: Path) -> None:
    recording = loaded(saved, tmp_path / "spool")
    assert recording.changes == (CHANGE,) * 3
    assert recording.samples.rows.tolist() == SAMPLES.tolist()
    assert read_annotations(recording.folder) == Annotations(name="Zoë", pinned=True, note="as slow as it gets")
    assert recording.meta is not None
    assert recording.meta.notes == []
    recording.close()
    with np.load(saved, allow_pickle=False) as arrays:
        assert arrays[SAMPLES_MEMBER.removesuffix(".npy")].shape == (10, 4)


def test_that_a_file_cut_anywhere_opens_as_far_as_it_is_whole_or_is_refused(saved: Path, tmp_path: Path) -> None:
    whole = loaded(saved, tmp_path / "whole")
    data, spool, cut = saved.read_bytes(), tmp_path / "spool", tmp_path / "cut.stream"
    opened = 0
    for length in range(0, len(data) - 1, max(1, len(data) // 120)):
        cut.write_bytes(data[:length])
        try:
            recording = loaded(cut, spool)
        except BadRecording:
            assert opened == 0, "from where it opens once, it opens always"
            assert not spool.exists() or list(spool.iterdir()) == []
            continue
        opened += 1
        assert recording.meta is not None
        assert whole.meta is not None
        assert recording.meta.request == whole.meta.request
        assert "cut short" in recording.meta.notes[-1]
        for layer in LAYERS:
            found, all_of_it = recording.tracks[layer.name].rows, whole.tracks[layer.name].rows
            assert found.tolist() == all_of_it[: len(found)].tolist()
        assert whole.read_content(0, 1 << 20).startswith(recording.read_content(0, 1 << 20))
        recording.close()
        shutil.rmtree(recording.folder)
    assert opened > 100
    whole.close()


def test_that_the_note_says_where_it_stops(saved: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(saved) as archive:
        info = archive.getinfo("wire.bin")
    cut = tmp_path / "cut.stream"
    cut.write_bytes(saved.read_bytes()[: info.header_offset + 60 + info.compress_size // 2])
    recording = loaded(cut, tmp_path / "spool")
    assert recording.meta is not None
    assert recording.meta.notes[-1].startswith("The file is cut short: it stops in wire.bin after ")
    recording.close()


def test_that_progress_is_told_and_can_end_it(saved: Path, tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    load_archive(saved, tmp_path / "spool", progress=lambda done, total: told.append((done, total)))
    assert told[-1][0] == told[-1][1]
    assert told == sorted(told)

    def cancel(_done: int, _total: int) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        load_archive(saved, tmp_path / "other", progress=cancel)
    assert list((tmp_path / "other").iterdir()) == []
    target = tmp_path / "again.stream"
    with pytest.raises(Cancelled):
        save_archive(tmp_path / "made", target, progress=cancel)
    assert not target.exists()
    assert [each for each in tmp_path.iterdir() if each.name.startswith(".")] == []
