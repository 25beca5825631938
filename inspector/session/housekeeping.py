"""What a session tidies while it runs: folders of dead sessions, and recordings beyond the number and size kept.

`tidy` works in small steps, so that the window's thread can do one between two frames.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass
from pathlib import Path

from inspector.recording.spool import is_recording_id

from .endings import write_missing_ending
from .home import RECORDINGS_NAME, SESSIONS_NAME, DiskTrouble, held_by, is_alive, runs_of

#: Recordings of earlier starts that are kept at most.
KEPT_RECORDINGS = 200
#: Bytes on the disk that recordings of earlier starts may take together.
KEPT_BYTES = 4 * 1024**3
_BLOCK_BYTES = 512


@dataclass(frozen=True, slots=True)
class Stored:
    """One recording on the disk: its id, which sorts by time, and what it takes in bytes."""

    id: str
    size_bytes: int


def to_prune(
    stored: Iterable[Stored],
    live: Set[str],
    *,
    kept_recordings: int = KEPT_RECORDINGS,
    kept_bytes: int = KEPT_BYTES,
) -> list[str]:
    """Return the ids of recordings to remove, newest first. Pure.

    The newest are kept as long as their number and size allow; one that does not fit goes, smaller older ones may
    still stay. Those of live sessions count, and are never removed.
    """
    left_recordings = kept_recordings
    left_bytes = kept_bytes
    removed: list[str] = []
    for recording in sorted(stored, key=lambda one: (one.id in live, one.id), reverse=True):
        fits = left_recordings > 0 and recording.size_bytes <= left_bytes
        if fits or recording.id in live:
            left_recordings -= 1
            left_bytes -= recording.size_bytes
        else:
            removed.append(recording.id)
    return removed


def tidy(home: Path) -> Iterator[None]:
    """Tidy the home folder, one small step at a time.

    Recordings that a dead session left without an ending get one. What can't be read or removed (another process was
    faster, or a file is open on Windows) stays for the next start.
    """
    live: set[str] = set()
    for session_folder in _entries(home / SESSIONS_NAME):
        if is_alive(session_folder):
            live.update(runs_of(session_folder), held_by(session_folder))
        else:
            _bury(session_folder, home / RECORDINGS_NAME)
        yield
    stored: list[Stored] = []
    for folder in _entries(home / RECORDINGS_NAME):
        if is_recording_id(folder.name):
            stored.append(Stored(folder.name, _size_bytes(folder)))
            yield
    for recording_id in to_prune(stored, live):
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


def _entries(folder: Path) -> list[Path]:
    try:
        return sorted(folder.iterdir())
    except OSError:
        return []


def _size_bytes(folder: Path) -> int:
    """Return what a folder's files take on the disk, allocated blocks where the system tells them."""
    total = 0
    for file in _entries(folder):
        try:
            found = file.stat()
        except OSError:
            continue
        blocks: int | None = getattr(found, "st_blocks", None)
        total += found.st_size if blocks is None else blocks * _BLOCK_BYTES
    return total
