"""What a session tidies: recordings beyond the limits, folders of dead sessions. Nothing of a live one."""

from __future__ import annotations

import os
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from inspector.recording.annotations import Annotations, write_annotations
from inspector.recording.meta import Ending, Meta, RequestMeta, read_meta, write_meta
from inspector.session.data_folder import make_recording_folder, make_session_folder, runs_of
from inspector.session.retention import (
    DEFAULT_LIMIT_BYTES,
    LIMIT_NAME,
    StoredRecording,
    limit_bytes,
    set_limit_bytes,
    size_bytes_of,
    tidy,
    to_prune,
)
from inspector.session.session_locks import claim

IDS = [f"20260101-{number:06}-0123abcd" for number in range(1000)]


def stored(*sizes: int) -> list[StoredRecording]:
    """Recordings of these sizes in bytes, oldest first."""
    return [StoredRecording(IDS[number], size) for number, size in enumerate(sizes)]


def test_that_the_oldest_go_until_the_rest_fits() -> None:
    assert to_prune(stored(30, 30, 30), set(), 60) == [IDS[0]]
    assert to_prune(stored(30, 30, 30), set(), 59) == [IDS[0], IDS[1]]
    assert to_prune(stored(30, 30, 30), set(), 90) == []


def test_that_those_that_are_kept_stay_and_count() -> None:
    assert to_prune(stored(90, 10, 10), {IDS[0]}, 100) == [IDS[1]]
    assert to_prune(stored(900, 900), set(IDS), 10) == []


def test_that_one_too_large_drives_out_none_of_the_others() -> None:
    assert to_prune(stored(10, 10, 900), set(), 100) == [IDS[2]]
    assert to_prune(stored(10, 10, 900), {IDS[2]}, 100) == [], "it goes as soon as nobody keeps it"
    assert to_prune(stored(10, 95, 10), {IDS[0]}, 100) == [IDS[1]]


def test_that_an_old_recording_opened_today_is_not_the_first_to_go() -> None:
    opened, today = StoredRecording(IDS[0], 60, came_ns=2), StoredRecording(IDS[1], 60, came_ns=1)
    assert to_prune([opened, today], set(), 100) == [IDS[1]]


@given(st.lists(st.integers(0, 100), max_size=30), st.sets(st.integers(0, 29)), st.integers(0, 1000))
def test_that_what_is_left_fits_and_no_more_goes_than_has_to(sizes: list[int], numbers: set[int], limit: int) -> None:
    recordings = stored(*sizes)
    kept = {IDS[number] for number in numbers}
    gone = to_prune(recordings, kept, limit)
    assert not set(gone) & kept
    assert gone == sorted(gone)
    left = {one.id: one.size_bytes for one in recordings if one.id not in gone}
    room = limit - sum(size for key, size in left.items() if key in kept and size <= limit)
    others = {key: size for key, size in left.items() if key not in kept}
    assert not others or sum(others.values()) <= room
    fitting = [key for key in gone if sizes[IDS.index(key)] <= room]
    assert all(key < other for key in fitting for other in others), "the oldest go first"
    assert not fitting or sum(others.values()) + sizes[IDS.index(fitting[-1])] > room


def test_that_the_limit_is_the_documented_one_until_another_is_chosen(tmp_path: Path) -> None:
    assert limit_bytes(tmp_path) == DEFAULT_LIMIT_BYTES == 4_000_000_000
    set_limit_bytes(tmp_path, 5_000)
    assert limit_bytes(tmp_path) == 5_000
    (tmp_path / LIMIT_NAME).write_text("{")
    assert limit_bytes(tmp_path) == DEFAULT_LIMIT_BYTES


#: A name that a session of this very process could have, if it were not dead.
DEAD = f"{os.getpid()}-12345678"


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


def test_that_the_folder_of_a_dead_session_goes_and_its_recordings_get_an_ending(tmp_path: Path) -> None:
    complete = Ending(kind="complete", text="", t_ns=5)
    left = recording(tmp_path, IDS[0])
    ended = recording(tmp_path, IDS[1], complete)
    dead = tmp_path / "sessions" / DEAD
    dead.mkdir(parents=True)
    (dead / "runs").write_text(f"{IDS[0]}\n{IDS[1]}\n{IDS[2]}\n../../outside\n")
    live, claimed = make_session_folder(tmp_path)
    list(tidy(tmp_path))
    assert not dead.exists()
    assert live.is_dir()
    assert ending_of(left) == "cut_short"
    assert ending_of(ended) == "complete"
    assert not (tmp_path / "recordings" / IDS[2]).exists()
    claimed.release()


def test_that_recordings_beyond_the_limit_go_but_none_that_is_pinned_live_or_open(tmp_path: Path) -> None:
    session_folder, claimed = make_session_folder(tmp_path)
    own = make_recording_folder(tmp_path / "recordings", IDS[0], session_folder)
    folders = [own, *(recording(tmp_path, one) for one in IDS[1:6])]
    (session_folder / "held").write_text(f"{IDS[2]}\n")
    write_annotations(folders[1], Annotations(pinned=True))
    other = tmp_path / "recordings" / "not-a-recording"
    other.mkdir()
    set_limit_bytes(tmp_path, size_bytes_of(folders[1]) + 3 * size_bytes_of(folders[5]))
    list(tidy(tmp_path))
    assert runs_of(session_folder) == [IDS[0]]
    assert [folder.name for folder in folders if not folder.exists()] == [IDS[3]]
    assert other.is_dir()
    claimed.release()


def test_that_what_a_dead_session_deleted_goes_for_good_and_a_live_ones_waits(tmp_path: Path) -> None:
    gone = tmp_path / "deleted" / DEAD
    waits, claimed = claim(tmp_path / "deleted")
    for folder in (gone, waits):
        (folder / IDS[0]).mkdir(parents=True)
        (folder / IDS[0] / "wire.bin").write_bytes(b"x")
    list(tidy(tmp_path))
    assert not gone.exists()
    assert (waits / IDS[0] / "wire.bin").exists()
    claimed.release()


def test_that_tidying_is_done_in_steps_and_does_nothing_where_there_is_nothing(tmp_path: Path) -> None:
    assert list(tidy(tmp_path / "absent")) == []
    for one in IDS[:5]:
        recording(tmp_path, one)
    assert len(list(tidy(tmp_path))) == 5
