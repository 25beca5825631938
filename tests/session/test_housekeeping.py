"""What a session tidies: recordings beyond the limits, folders of dead sessions. Nothing of a live one."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.recording.meta import Ending, Meta, RequestMeta, read_meta, write_meta
from inspector.session.home import is_alive, make_recording_folder, make_session_folder, pid_exists, runs_of
from inspector.session.housekeeping import KEPT_BYTES, KEPT_RECORDINGS, Stored, tidy, to_prune

IDS = [f"20260101-{number:06}-0123abcd" for number in range(1000)]


def stored(*sizes: int) -> list[Stored]:
    """Recordings of these sizes in bytes, oldest first."""
    return [Stored(IDS[number], size) for number, size in enumerate(sizes)]


def test_that_the_newest_are_kept_up_to_their_number() -> None:
    assert to_prune(stored(1, 1, 1, 1), set(), kept_recordings=3) == [IDS[0]]


def test_that_the_newest_are_kept_up_to_their_size() -> None:
    assert to_prune(stored(30, 30, 30), set(), kept_bytes=60) == [IDS[0]]


def test_that_one_too_large_does_not_drive_out_the_small_ones_before_it() -> None:
    assert to_prune(stored(10, 10, 900), set(), kept_bytes=100) == [IDS[2]]


def test_that_those_of_live_sessions_stay_and_count() -> None:
    assert to_prune(stored(90, 10, 10), {IDS[0]}, kept_bytes=100) == [IDS[1]]
    assert to_prune(stored(1, 1, 1), {IDS[0]}, kept_recordings=2) == [IDS[1]]
    assert to_prune(stored(900, 900), set(IDS), kept_bytes=10, kept_recordings=0) == []


@given(
    st.lists(st.integers(0, 100), max_size=30),
    st.sets(st.integers(0, 29)),
    st.integers(0, 30),
    st.integers(0, 1000),
)
def test_that_what_is_left_fits_whatever_was_there(
    sizes: list[int], live_numbers: set[int], kept_recordings: int, kept_bytes: int
) -> None:
    recordings = stored(*sizes)
    live = {IDS[number] for number in live_numbers}
    gone = set(to_prune(recordings, live, kept_recordings=kept_recordings, kept_bytes=kept_bytes))
    assert not gone & live
    left = [one for one in recordings if one.id not in gone]
    if any(one.id not in live for one in left):
        assert len(left) <= kept_recordings
        assert sum(one.size_bytes for one in left) <= kept_bytes
    if len(recordings) <= kept_recordings and sum(sizes) <= kept_bytes:
        assert not gone


def test_that_the_limits_are_the_documented_ones() -> None:
    assert (KEPT_RECORDINGS, KEPT_BYTES) == (200, 4 * 1024**3)


@pytest.fixture
def dead_pid() -> int:
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    assert not pid_exists(process.pid)
    return process.pid


def recording(home: Path, recording_id: str, ending: Ending | None = None) -> Path:
    folder = home / "recordings" / recording_id
    folder.mkdir(parents=True)
    write_meta(folder, Meta(id=recording_id, started_at="", request=RequestMeta(), ending=ending))
    return folder


def ending_of(folder: Path) -> str:
    meta = read_meta(folder)
    assert meta is not None
    assert meta.ending is not None
    return meta.ending.kind


def test_that_the_folder_of_a_dead_session_goes_and_its_recordings_get_an_ending(tmp_path: Path, dead_pid: int) -> None:
    complete = Ending(kind="complete", text="", t_ns=5)
    left = recording(tmp_path, IDS[0])
    ended = recording(tmp_path, IDS[1], complete)
    dead = tmp_path / "sessions" / f"{dead_pid}-12345678"
    dead.mkdir(parents=True)
    (dead / "runs").write_text(f"{IDS[0]}\n{IDS[1]}\n{IDS[2]}\n../../outside\n")
    live = make_session_folder(tmp_path)
    list(tidy(tmp_path))
    assert not dead.exists()
    assert live.is_dir()
    assert ending_of(left) == "cut_short"
    assert ending_of(ended) == "complete"
    assert not (tmp_path / "recordings" / IDS[2]).exists()


def test_that_too_many_recordings_are_removed_oldest_first_but_not_a_live_sessions(tmp_path: Path) -> None:
    session_folder = make_session_folder(tmp_path)
    own = make_recording_folder(tmp_path / "recordings", IDS[0], session_folder)
    folders = [recording(tmp_path, one) for one in IDS[1 : KEPT_RECORDINGS + 3]]
    other = tmp_path / "recordings" / "not-a-recording"
    other.mkdir()
    list(tidy(tmp_path))
    assert runs_of(session_folder) == [IDS[0]]
    assert [folder.name for folder in [own, *folders] if not folder.exists()] == [IDS[1], IDS[2], IDS[3]]
    assert other.is_dir()


def test_that_tidying_is_done_in_steps_and_does_nothing_where_there_is_nothing(tmp_path: Path) -> None:
    assert list(tidy(tmp_path / "absent")) == []
    for one in IDS[:5]:
        recording(tmp_path, one)
    assert len(list(tidy(tmp_path))) == 5


def test_that_a_session_folder_names_its_process(tmp_path: Path, dead_pid: int) -> None:
    folder = make_session_folder(tmp_path)
    assert folder.name.startswith(f"{os.getpid()}-")
    assert is_alive(folder)
    assert not is_alive(folder.with_name(f"{dead_pid}-x"))
    assert not is_alive(folder.with_name("anything"))
    assert not is_alive(folder.with_name(f"{10**30}-x"))
