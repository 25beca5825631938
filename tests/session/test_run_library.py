"""The list of recordings: scanned, named, pinned, deleted and brought back, taken in from files and saved as files."""

from __future__ import annotations

import os
import shutil
import time
from pathlib import Path

import pytest

from inspector.recording.annotations import read_annotations
from inspector.recording.meta import BadRecording, Ending, Meta, RequestMeta, write_meta
from inspector.session.data_folder import DiskTrouble, make_session_folder
from inspector.session.retention import size_bytes_of, tidy
from inspector.session.run_library import RunLibrary
from tests.sample_recording import write_sample


def made(home: Path, number: int, *, ended: bool = True) -> str:
    recording_id = f"20260101-{number:06}-0123abcd"
    folder = home / "recordings" / recording_id
    folder.mkdir(parents=True, exist_ok=True)
    ending = Ending(kind="complete", text="", t_ns=5) if ended else None
    write_meta(folder, Meta(id=recording_id, title=f"/{number}", started_at="", request=RequestMeta(), ending=ending))
    return recording_id


def test_that_recordings_are_listed_newest_first_and_nothing_else(tmp_path: Path) -> None:
    ids = [made(tmp_path, number) for number in range(3)]
    live = made(tmp_path, 9, ended=False)
    left = made(tmp_path, 8, ended=False)
    session_folder, _ = make_session_folder(tmp_path)
    (session_folder / "runs").write_text(f"{live}\n{ids[0]}\n")
    (tmp_path / "recordings" / "something").mkdir()
    (tmp_path / "recordings" / "20260101-000001-ffffffff").write_text("a file")
    broken = tmp_path / "recordings" / "20260101-000007-0123abcd"
    broken.mkdir()
    (broken / "meta.json").write_text("{")
    library = RunLibrary(tmp_path)
    entries = library.scan()
    assert [entry.id for entry in entries] == [live, left, *reversed(ids)]
    assert [entry.id for entry in entries if entry.is_live] == [live]
    assert entries[2].title == "/2"
    assert library.used_bytes > sum(entry.size_bytes for entry in entries) > 0, "what can't be read takes room, too"
    assert RunLibrary(tmp_path / "absent").scan() == []


def test_that_a_label_is_kept_and_seen_by_the_next_scan(tmp_path: Path) -> None:
    one = made(tmp_path, 1)
    library = RunLibrary(tmp_path)
    library.scan()
    library.rename(one, "  before the fix ")
    library.set_pinned(one, True)
    library.set_note(one, "gzip on")
    (entry,) = library.scan()
    assert (entry.title, entry.annotations.pinned, entry.annotations.note) == ("before the fix", True, "gzip on")
    assert RunLibrary(tmp_path).scan() == [entry]


def test_that_what_is_deleted_comes_back_until_it_is_purged(tmp_path: Path) -> None:
    ids = [made(tmp_path, number) for number in range(3)]
    library = RunLibrary(tmp_path)
    deleted = library.delete([ids[0], ids[2], "20260101-999999-0123abcd"])
    assert set(deleted.ids) == {ids[0], ids[2]}
    assert [entry.id for entry in library.scan()] == [ids[1]]
    library.restore(deleted)
    assert len(library.scan()) == 3
    again = library.delete([ids[0]])
    list(tidy(tmp_path))
    library.restore(again)
    assert len(library.scan()) == 3, "the start of another session leaves it alone"
    again = library.delete([ids[0]])
    shutil.rmtree(again.folder)
    with pytest.raises(DiskTrouble):
        library.restore(again)


def test_that_a_live_run_is_seen_to_end(tmp_path: Path) -> None:
    one = made(tmp_path, 1, ended=False)
    (make_session_folder(tmp_path)[0] / "runs").write_text(one)
    library = RunLibrary(tmp_path)
    assert library.scan()[0].is_live
    made(tmp_path, 1)
    assert not library.scan()[0].is_live


def test_that_five_hundred_are_listed_at_once(tmp_path: Path) -> None:
    for number in range(500):
        made(tmp_path, number)
    library = RunLibrary(tmp_path)
    assert len(library.scan()) == 500
    began_s = time.process_time()
    assert len(library.scan()) == 500
    assert time.process_time() - began_s < 1.0, "what is known is not read again"


def test_that_a_file_is_taken_in_and_saved_again(tmp_path: Path) -> None:
    folder = tmp_path / "20260101-000000-0123abcd"
    write_sample(folder, [b"one\n", b"two\n"])
    library = RunLibrary(tmp_path / "home")
    path = tmp_path / "slow day.stream"
    library.export_file(folder, path)
    taken = library.import_file(path)
    (entry,) = library.scan()
    assert entry.folder == taken
    assert entry.title == "slow day"
    assert read_annotations(taken).opened_from == str(path)
    path.write_bytes(b"no recording")
    with pytest.raises(BadRecording, match="slow day"):
        library.import_file(path)
    assert library.scan() == [entry]


def test_that_a_file_is_unpacked_again_only_when_it_has_changed(tmp_path: Path) -> None:
    folder = write_sample(tmp_path / "20260101-000000-0123abcd", [b"one\n"]).folder
    library, path = RunLibrary(tmp_path / "home"), tmp_path / "a.stream"
    library.export_file(folder, path)
    taken = library.import_file(path)
    library.rename(taken.name, "mine")
    assert library.import_file(path) == taken
    later_ns = (taken / "meta.json").stat().st_mtime_ns + 1
    os.utime(path, ns=(later_ns, later_ns))
    assert library.import_file(path) != taken
    library.delete([entry.id for entry in library.scan()])
    assert library.import_file(path).is_dir()


def test_that_an_old_recording_that_was_just_opened_survives_the_tidying(tmp_path: Path) -> None:
    path = tmp_path / "a.stream"
    library = RunLibrary(tmp_path / "home")
    library.export_file(write_sample(tmp_path / "20250101-000000-0123abcd", [b"one\n"]).folder, path)
    old = made(tmp_path / "home", 1)
    os.utime(library.spool / old / "meta.json", ns=(1, 1))
    taken = library.import_file(path)
    library.limit_bytes = size_bytes_of(taken)
    list(tidy(tmp_path / "home"))
    assert [entry.id for entry in library.scan()] == [taken.name]


def test_that_the_limit_is_kept(tmp_path: Path) -> None:
    RunLibrary(tmp_path).limit_bytes = 123_456
    assert RunLibrary(tmp_path).limit_bytes == 123_456
