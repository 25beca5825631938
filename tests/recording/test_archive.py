"""Saving and loading: what comes back is what went in, and nothing half is ever left."""

from __future__ import annotations

import errno
import os
import resource
import subprocess
import sys
import zipfile
from contextlib import closing
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest

from inspector.recording import archive as archive_module
from inspector.recording.archive import SaveFailed, load_archive, save_archive
from inspector.recording.folder import Recording
from inspector.recording.layers import LAYER_BY_NAME, LAYERS, track_file_name
from inspector.recording.meta import BadRecording, Meta, read_meta, write_meta
from tests.sample_recording import Sample, write_sample, write_track

ID = "20261120-231504-4f2a9c01"
YIELDS = [b"<ul>\n", b"<li>one</li>", b"", b"<li>two</li>", b"</ul>\n"]


@pytest.fixture
def sample(tmp_path: Path) -> Sample:
    return write_sample(tmp_path / "spool" / ID, YIELDS, parts_per_yield=2, read_cuts=(3, 9, 30))


def meta_of(folder: Path) -> Meta:
    meta = read_meta(folder)
    assert meta is not None
    return meta


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize("gzip", [False, True])
@pytest.mark.parametrize("framing", ["chunked", "close-delimited"])
def test_that_a_recording_loads_as_it_was_saved(tmp_path: Path, framing: str, gzip: bool) -> None:
    sample = write_sample(tmp_path / "spool" / ID, YIELDS, framing=framing, gzip=gzip, read_cuts=(3, 9))
    save_archive(sample.folder, tmp_path / "a.stream")
    loaded = load_archive(tmp_path / "a.stream", tmp_path / "other" / "spool")
    assert loaded == tmp_path / "other" / "spool" / ID
    assert names(loaded) == names(sample.folder)
    for name in names(loaded):
        assert (loaded / name).read_bytes() == (sample.folder / name).read_bytes()
    with closing(Recording(loaded)) as recording:
        recording.refresh()
        assert recording.read_content(0, 10**6) == sample.content


def test_that_numpy_opens_a_saved_recording_without_us(tmp_path: Path, sample: Sample) -> None:
    save_archive(sample.folder, tmp_path / "a.stream")
    with np.load(tmp_path / "a.stream") as tracks, closing(Recording(sample.folder)) as recording:
        recording.refresh()
        for layer in LAYERS:
            assert tracks[layer.name].dtype == np.dtype("<i8")
            assert (tracks[layer.name] == recording.tracks[layer.name].rows).all()
    with zipfile.ZipFile(tmp_path / "a.stream") as archive:
        assert archive.testzip() is None
        assert archive.read("wire.bin") == sample.wire


def test_that_secrets_are_saved_only_on_request(tmp_path: Path, sample: Sample) -> None:
    meta = read_meta(sample.folder)
    assert meta is not None
    meta.request.headers.append(("Cookie", "hunter2"))
    write_meta(sample.folder, meta)
    for redact in (True, False):
        save_archive(sample.folder, tmp_path / "a.stream", redact=redact)
        with zipfile.ZipFile(tmp_path / "a.stream") as archive:
            assert (b"hunter2" in archive.read("meta.json")) is not redact


def test_that_saving_twice_gives_the_same_bytes_and_replaces_the_file(tmp_path: Path, sample: Sample) -> None:
    path = tmp_path / "a.stream"
    path.write_bytes(b"older")
    save_archive(sample.folder, path)
    first = path.read_bytes()
    save_archive(sample.folder, path)
    assert path.read_bytes() == first
    assert names(tmp_path) == ["a.stream", "spool"]


def test_that_a_stream_that_still_runs_is_saved_as_far_as_it_got(tmp_path: Path) -> None:
    sample = write_sample(tmp_path / "spool" / ID, YIELDS, ended=False)
    with (sample.folder / track_file_name("write")).open("ab") as file:
        file.write(b"torn row")
    save_archive(sample.folder, tmp_path / "a.stream")
    with closing(Recording(load_archive(tmp_path / "a.stream", tmp_path / "loaded"))) as recording:
        recording.refresh()
        assert len(recording.tracks["write"]) == len(YIELDS)
        assert recording.meta is not None
        assert recording.meta.ending is not None
        assert recording.meta.ending.kind == "stopped"
        assert recording.meta.ending.t_ns == max(int(track.t_ns[-1]) for track in recording.tracks.values())
    assert meta_of(sample.folder).ending is None


def test_that_a_loaded_recording_never_takes_the_place_of_another(tmp_path: Path, sample: Sample) -> None:
    save_archive(sample.folder, tmp_path / "a.stream")
    spool = sample.folder.parent
    folders = {load_archive(tmp_path / "a.stream", spool) for _ in range(3)}
    assert len(folders) == 3
    assert {sample.folder, *folders} == set(spool.iterdir())
    for folder in folders:
        assert meta_of(folder).id == folder.name
        assert folder.name.startswith("20261120-231504-")


def test_that_a_strange_id_becomes_a_well_formed_folder(tmp_path: Path, sample: Sample) -> None:
    meta = read_meta(sample.folder)
    assert meta is not None
    write_meta(sample.folder, msgspec.structs.replace(meta, id="../../etc"))
    save_archive(sample.folder, tmp_path / "a.stream")
    loaded = load_archive(tmp_path / "a.stream", tmp_path / "into")
    assert loaded.parent == tmp_path / "into"
    assert meta_of(loaded).id == loaded.name


def test_that_times_that_fall_are_mended_and_told(tmp_path: Path, sample: Sample) -> None:
    write_track(sample.folder, "write", [(50, 1), (40, 2), (60, 3), (10, 4)])
    save_archive(sample.folder, tmp_path / "a.stream")
    with closing(Recording(load_archive(tmp_path / "a.stream", tmp_path / "loaded"))) as recording:
        recording.refresh()
        assert list(recording.tracks["write"].pairs()) == [(50, 1), (50, 2), (60, 3), (60, 4)]
        assert recording.meta is not None
        assert "write times fell" in recording.meta.notes[-1]


def test_that_items_of_which_only_some_are_dated_at_most_load_without_a_word(tmp_path: Path, sample: Sample) -> None:
    path = sample.folder / track_file_name("read")
    layer = LAYER_BY_NAME["read"]
    rows = np.fromfile(path, dtype="<i8").reshape(-1, len(layer.columns))
    rows[:, layer.columns.index("at_most")] = np.arange(len(rows), 0, -1) % 2
    assert len(rows) > 2
    rows.tofile(path)
    save_archive(sample.folder, tmp_path / "a.stream")
    with closing(Recording(load_archive(tmp_path / "a.stream", tmp_path / "loaded"))) as recording:
        recording.refresh()
        assert recording.meta is not None
        assert recording.meta.notes == []


def test_that_long_tracks_are_checked_and_loaded_across_blocks(tmp_path: Path, sample: Sample) -> None:
    count = 300_001
    rows = np.stack([np.arange(count) * 3, np.arange(1, count + 1)], axis=1)
    write_track(sample.folder, "write", rows)  # type: ignore[arg-type]
    save_archive(sample.folder, tmp_path / "a.stream")
    with closing(Recording(load_archive(tmp_path / "a.stream", tmp_path / "loaded"))) as recording:
        recording.refresh()
        assert (recording.tracks["write"].rows == rows).all()
        assert recording.meta is not None
        assert recording.meta.notes == []
    rows[131_072, 1] = 5
    write_track(sample.folder, "write", rows)  # type: ignore[arg-type]
    save_archive(sample.folder, tmp_path / "a.stream")
    with pytest.raises(BadRecording, match=r"a\.stream: write\.npy, row 131072: end can't be 5: less than before"):
        load_archive(tmp_path / "a.stream", tmp_path / "loaded")


@pytest.mark.skipif(not hasattr(resource, "RLIMIT_AS"), reason="memory can't be bounded here")
def test_that_a_big_body_is_saved_and_loaded_without_being_in_memory(tmp_path: Path, sample: Sample) -> None:
    with (sample.folder / "wire.bin").open("wb") as file:
        file.truncate(150 << 20)
    program = (
        "import resource, sys; from pathlib import Path; from inspector.recording.archive import *\n"
        "before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "save_archive(Path(sys.argv[1]), Path(sys.argv[2])); load_archive(Path(sys.argv[2]), Path(sys.argv[3]))\n"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)\n"
    )
    arguments = [str(sample.folder), str(tmp_path / "a.stream"), str(tmp_path / "loaded")]
    done = subprocess.run([sys.executable, "-c", program, *arguments], stdout=subprocess.PIPE, check=True)
    grown_kb = int(done.stdout)
    assert grown_kb < 32 << 10
    assert (tmp_path / "loaded" / ID / "wire.bin").stat().st_size == 150 << 20


def test_that_a_folder_without_meta_is_not_saved(tmp_path: Path) -> None:
    (tmp_path / ID).mkdir()
    with pytest.raises(BadRecording, match=r"holds no recording yet: there is no meta\.json"):
        save_archive(tmp_path / ID, tmp_path / "a.stream")
    assert names(tmp_path) == [ID]


@pytest.mark.parametrize("where", ["missing/a.stream", "folder", "x" * 256])
def test_that_a_place_that_can_not_be_written_is_named(tmp_path: Path, sample: Sample, where: str) -> None:
    (tmp_path / "folder").mkdir()
    with pytest.raises(SaveFailed, match="could not save the recording as") as caught:
        save_archive(sample.folder, tmp_path / where)
    assert str(tmp_path / where) in str(caught.value)
    assert names(tmp_path) == ["folder", "spool"]
    assert names(tmp_path / "folder") == []


#: Saves with a limit on the size of files, which fails as a full disk does: in the middle, from the system.
LIMITED = """
import resource, signal, sys
from pathlib import Path
from inspector.recording.archive import SaveFailed, load_archive, save_archive
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]),) * 2)
try:
    if sys.argv[2] == "save":
        save_archive(Path(sys.argv[3]), Path(sys.argv[4]))
    else:
        load_archive(Path(sys.argv[4]), Path(sys.argv[3]))
except OSError as error:
    print(type(error).__name__, error)
"""


def limited(limit_bytes: int, *arguments: object) -> str:
    command = [sys.executable, "-c", LIMITED, str(limit_bytes), *map(str, arguments)]
    return subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout


@pytest.mark.parametrize("limit_bytes", [0, 100, 70_000])
def test_that_a_full_disk_leaves_the_older_file_and_no_half_one(
    tmp_path: Path, sample: Sample, limit_bytes: int
) -> None:
    (sample.folder / "wire.bin").write_bytes(os.urandom(100_000))
    (tmp_path / "a.stream").write_bytes(b"older")
    said = limited(limit_bytes, "save", sample.folder, tmp_path / "a.stream")
    assert said.startswith("SaveFailed could not save the recording as")
    assert os.strerror(errno.EFBIG) in said
    assert (tmp_path / "a.stream").read_bytes() == b"older"
    assert names(tmp_path) == ["a.stream", "spool"]


@pytest.mark.parametrize("limit_bytes", [0, 100, 70_000])
def test_that_a_full_disk_leaves_no_half_folder(tmp_path: Path, sample: Sample, limit_bytes: int) -> None:
    (sample.folder / "wire.bin").write_bytes(os.urandom(100_000))
    save_archive(sample.folder, tmp_path / "a.stream")
    (tmp_path / "into").mkdir()
    assert os.strerror(errno.EFBIG) in limited(limit_bytes, "load", tmp_path / "into", tmp_path / "a.stream")
    assert names(tmp_path / "into") == []


def test_that_a_file_that_shrinks_while_it_is_saved_fails_and_leaves_nothing(
    tmp_path: Path, sample: Sample, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = archive_module._size_bytes
    monkeypatch.setattr(archive_module, "_size_bytes", lambda path: (real(path) or 0) + 16 if real(path) else None)
    with pytest.raises(SaveFailed, match="became shorter"):
        save_archive(sample.folder, tmp_path / "a.stream")
    assert names(tmp_path) == ["spool"]


def test_that_the_header_of_a_track_is_numpys_own(tmp_path: Path) -> None:
    rows: Any = np.zeros((1_234_567, len(LAYER_BY_NAME["read"].columns)), dtype="<i8")
    np.save(tmp_path / "a.npy", rows)
    with (tmp_path / "a.npy").open("rb") as file:
        expected = file.read(128)
    assert archive_module.npy_header(*rows.shape) == expected
