"""What a session tidies while it runs: folders of dead sessions, and recordings beyond the size kept.

`tidy` works in small steps, so that the window's thread can do one between two frames.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass
from pathlib import Path

import msgspec

from inspector.recording.label import read_label
from inspector.recording.spool import is_recording_id

from .endings import write_missing_ending
from .home import RECORDINGS_NAME, SESSIONS_NAME, DiskTrouble, held_by, is_alive, runs_of

#: Bytes on the disk that recordings may take together, unless a person chose another limit.
DEFAULT_LIMIT_BYTES = 4 * 1024**3
LIMIT_NAME = "library.json"
_BLOCK_BYTES = 512


class _Limits(msgspec.Struct):
    limit_bytes: int = DEFAULT_LIMIT_BYTES


@dataclass(frozen=True, slots=True)
class Stored:
    """One recording on the disk: its id, which sorts by time, and what it takes in bytes."""

    id: str
    size_bytes: int


def to_prune(stored: Iterable[Stored], kept: Set[str], limit_bytes: int) -> list[str]:
    """Return the ids of recordings to remove, oldest first: as few as make the rest fit. Pure.

    Those that are ``kept`` (pinned, or of live sessions) count, and are never removed.
    """
    recordings = sorted(stored, key=lambda one: one.id)
    left_bytes = sum(one.size_bytes for one in recordings)
    removed: list[str] = []
    for recording in recordings:
        if left_bytes <= limit_bytes:
            break
        if recording.id not in kept:
            removed.append(recording.id)
            left_bytes -= recording.size_bytes
    return removed


def limit_bytes(home: Path) -> int:
    """Return what recordings may take on the disk."""
    try:
        return max(0, msgspec.json.decode((home / LIMIT_NAME).read_bytes(), type=_Limits).limit_bytes)
    except (OSError, msgspec.DecodeError, UnicodeDecodeError):
        return DEFAULT_LIMIT_BYTES


def set_limit_bytes(home: Path, wanted: int) -> None:
    """Choose another limit; it counts from the next tidying on. Raises ``OSError``."""
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    temporary = home / f".{LIMIT_NAME}.{os.getpid()}"
    temporary.write_bytes(msgspec.json.encode(_Limits(wanted)))
    temporary.replace(home / LIMIT_NAME)


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
            stored.append(Stored(folder.name, size_bytes_of(folder)))
            if read_label(folder).pinned:
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


def _entries(folder: Path) -> list[Path]:
    try:
        return sorted(folder.iterdir())
    except OSError:
        return []


def size_bytes_of(folder: Path) -> int:
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
