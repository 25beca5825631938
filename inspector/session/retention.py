"""Cleans up the data folder: folders of dead sessions, deleted runs, and recordings beyond the disk limit.

`tidy` works in small steps, so that the window's thread can do one between two frames.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass
from pathlib import Path

import msgspec

from inspector.recording.annotations import read_annotations
from inspector.recording.atomic_replace import replace_file
from inspector.recording.meta import META_NAME
from inspector.recording.recording_id import is_recording_id

from .crash_recovery import write_missing_ending
from .data_folder import DELETED_NAME, RECORDINGS_NAME, SESSIONS_NAME, DiskTrouble, held_by, runs_of
from .session_locks import LOCKS_NAME, taken_over

#: Bytes on the disk that recordings may take together, unless a person chose another limit.
DEFAULT_LIMIT_BYTES = 4_000_000_000
LIMIT_NAME = "library.json"
_BLOCK_BYTES = 512


class _Limits(msgspec.Struct):
    limit_bytes: int = DEFAULT_LIMIT_BYTES


@dataclass(frozen=True, slots=True)
class StoredRecording:
    """One recording on the disk: its id, which sorts by time, what it takes in bytes, and when it came here.

    A recording that was opened from a file came when it was opened, however old it is.
    """

    id: str
    size_bytes: int
    came_ns: int = 0


def to_prune(stored: Iterable[StoredRecording], kept: Set[str], limit_bytes: int) -> list[str]:
    """Return the ids of recordings to remove, oldest first: as few as make the rest fit. Pure.

    Those that are ``kept`` (pinned, or of live sessions) are never removed. They count, unless one of them is alone
    larger than the limit; and one that would not fit even alone goes first: neither drives all the others out.
    """
    recordings = sorted(stored, key=lambda one: (one.came_ns, one.id))
    counted = [one for one in recordings if one.id in kept and one.size_bytes <= limit_bytes]
    room_bytes = limit_bytes - sum(one.size_bytes for one in counted)
    others = [one for one in recordings if one.id not in kept]
    removed = {one.id for one in others if one.size_bytes > room_bytes}
    left_bytes = sum(one.size_bytes for one in others if one.id not in removed)
    for recording in others:
        if left_bytes <= room_bytes:
            break
        if recording.id not in removed:
            removed.add(recording.id)
            left_bytes -= recording.size_bytes
    return [one.id for one in others if one.id in removed]


def limit_bytes(home: Path) -> int:
    """Return what recordings may take on the disk."""
    try:
        return max(0, msgspec.json.decode((home / LIMIT_NAME).read_bytes(), type=_Limits).limit_bytes)
    except (OSError, msgspec.DecodeError, UnicodeDecodeError):
        return DEFAULT_LIMIT_BYTES


def set_limit_bytes(home: Path, wanted: int) -> None:
    """Choose another limit; it counts from the next tidying on. Raises ``OSError``."""
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    replace_file(home / LIMIT_NAME, msgspec.json.encode(_Limits(wanted)))


def tidy(home: Path) -> Iterator[None]:
    """Tidy the home folder, one small step at a time.

    Recordings that a dead session left without an ending get one; what it had deleted is removed for good. What
    can't be read or removed (another process was faster, a file is open on Windows) stays for the next start.
    """
    live: set[str] = set()
    for deleted_folder in _entries(home / DELETED_NAME):
        with taken_over(deleted_folder) as is_dead:
            if is_dead:
                yield from _remove_each(deleted_folder)
    for session_folder in _entries(home / SESSIONS_NAME):
        with taken_over(session_folder) as is_dead:
            if is_dead:
                _bury(session_folder, home / RECORDINGS_NAME)
        if session_folder.exists():
            live.update(runs_of(session_folder), held_by(session_folder))
        yield
    for lock in _entries(home / LOCKS_NAME):
        with taken_over(home / SESSIONS_NAME / lock.name):
            pass  # one whose folder was never made, or is gone, goes
    stored: list[StoredRecording] = []
    for folder in _entries(home / RECORDINGS_NAME):
        if is_recording_id(folder.name):
            stored.append(StoredRecording(folder.name, size_bytes_of(folder), _came_ns(folder)))
            if read_annotations(folder).pinned:
                live.add(folder.name)
            yield
    for recording_id in to_prune(stored, live, limit_bytes(home)):
        shutil.rmtree(home / RECORDINGS_NAME / recording_id, ignore_errors=True)
        yield


def _bury(session_folder: Path, spool: Path) -> None:
    text = "The app was ended before the recording; what had arrived is kept."
    try:
        for recording_id in runs_of(session_folder):
            if is_recording_id(recording_id):
                write_missing_ending(spool / recording_id, "cut_short", text)
    except (DiskTrouble, OSError):
        return
    shutil.rmtree(session_folder, ignore_errors=True)


def _remove_each(folder: Path) -> Iterator[None]:
    for recording in _entries(folder):
        shutil.rmtree(recording, ignore_errors=True)
        yield
    shutil.rmtree(folder, ignore_errors=True)


def _came_ns(folder: Path) -> int:
    try:
        return (folder / META_NAME).stat().st_mtime_ns
    except OSError:
        return 0


def _entries(folder: Path) -> list[Path]:
    try:
        return sorted(folder.iterdir())
    except OSError:
        return []


def size_bytes_of(folder: Path) -> int:
    """Return what a folder's files take on the disk, allocated blocks where the system reports them."""
    total = 0
    for file in _entries(folder):
        try:
            found = file.stat()
        except OSError:
            continue
        blocks: int | None = getattr(found, "st_blocks", None)
        total += found.st_size if blocks is None else blocks * _BLOCK_BYTES
    return total
