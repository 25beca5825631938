"""The library of recordings, of earlier starts too: listed, named, pinned, deleted with undo, imported and exported.

`RunLibrary.scan` reads the recording folders of the data folder for the list of runs. This module alone reads and
writes annotations; marks and meta data belong to the recorder.
"""

from __future__ import annotations

import os
import weakref
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from inspector.recording.annotations import ANNOTATIONS_NAME, Annotations, read_annotations, write_annotations
from inspector.recording.meta import META_NAME, BadRecording, Meta, read_meta
from inspector.recording.recording_id import is_recording_id

from .data_folder import (
    DELETED_NAME,
    RECORDINGS_NAME,
    DiskTrouble,
    disk_trouble,
    disk_trouble_of,
    live_sessions,
    runs_of,
)
from .retention import StoredRecording, limit_bytes, set_limit_bytes, size_bytes_of, to_prune
from .session_locks import claim

if TYPE_CHECKING:
    from inspector.recording.archive_reader import Progress

_Stamp = tuple[int, int]


@dataclass(frozen=True, slots=True)
class LibraryEntry:
    """One recording of the list. ``meta`` is None before its recorder wrote any.

    ``is_live`` means that it still has no ending and belongs to a session that runs.
    """

    id: str
    folder: Path
    meta: Meta | None
    annotations: Annotations
    size_bytes: int
    is_live: bool

    @property
    def title(self) -> str:
        """What it is called: the name that a person gave it, else what was streamed."""
        return self.annotations.name or (self.meta.title if self.meta else "") or self.id


@dataclass(frozen=True, slots=True)
class Deleted:
    """What was deleted together and can come back together; ``folder`` is where it waits."""

    ids: tuple[str, ...]
    folder: Path


@dataclass(frozen=True, slots=True)
class _Known:
    """What was read of one recording. ``entry`` is None where it can't be read; its size still counts."""

    stamps: tuple[_Stamp, _Stamp]
    size_bytes: int
    entry: LibraryEntry | None


class RunLibrary:
    """The recordings of one home folder. Any thread, one at a time; files may be brought in and taken out by another.

    Raises `DiskTrouble` where it writes.
    """

    def __init__(self, home: Path) -> None:
        self.spool = home / RECORDINGS_NAME
        self._home = home
        self._deleted: Path | None = None
        self._known: dict[str, _Known] = {}

    # Looking

    def scan(self) -> list[LibraryEntry]:
        """Return the recordings, newest first. What has not changed since the last call costs two looks at the disk."""
        live = {
            recording_id for session_folder in live_sessions(self._home) for recording_id in runs_of(session_folder)
        }
        try:
            with os.scandir(self.spool) as entries:
                names = [entry.name for entry in entries if is_recording_id(entry.name)]
        except OSError:
            names = []
        found: dict[str, _Known] = {}
        for name in sorted(names, reverse=True):
            known = self._look_at(name, is_live=name in live)
            if known is not None:
                found[name] = known
        self._known = found
        return [known.entry for known in found.values() if known.entry is not None]

    def _look_at(self, name: str, *, is_live: bool) -> _Known | None:
        """Read a recording unless it is known and ended; None for what is no folder any more."""
        path = f"{self.spool}{os.sep}{name}{os.sep}"  # paths as objects would cost more than the looks themselves
        stamps = _stamp(path + META_NAME), _stamp(path + ANNOTATIONS_NAME)
        known = self._known.get(name)
        if known is not None and known.stamps == stamps and not (known.entry and known.entry.is_live):
            return known
        folder = self.spool / name
        size_bytes = size_bytes_of(folder)
        try:
            meta = read_meta(folder)
        except (BadRecording, OSError):
            return _Known(stamps, size_bytes, None)
        if meta is None and not (is_live and folder.is_dir()):
            return _Known(stamps, size_bytes, None)
        is_live = is_live and (meta is None or meta.ending is None)
        return _Known(
            stamps, size_bytes, LibraryEntry(name, folder, meta, read_annotations(folder), size_bytes, is_live)
        )

    @property
    def used_bytes(self) -> int:
        """What the recordings took on the disk when they were last looked at."""
        return sum(known.size_bytes for known in self._known.values())

    @property
    def limit_bytes(self) -> int:
        """What they may take; beyond it the oldest go at the next start, but never a pinned or open one."""
        return limit_bytes(self._home)

    @limit_bytes.setter
    def limit_bytes(self, wanted: int) -> None:
        with disk_trouble_of(self._home):
            set_limit_bytes(self._home, wanted)

    def would_go(self, limit_bytes: int) -> list[str]:
        """Return the recordings that a limit would drive out at the next start, as they were last looked at."""
        if self.used_bytes <= limit_bytes:
            return []
        stored = [StoredRecording(name, known.size_bytes, known.stamps[0][0]) for name, known in self._known.items()]
        pinned = {name for name, known in self._known.items() if known.entry and known.entry.annotations.pinned}
        return to_prune(stored, pinned, limit_bytes)

    # Labels

    def rename(self, recording_id: str, name: str) -> None:
        """Give a recording a name, "" for none."""
        self._annotate(recording_id, name=name.strip())

    def set_pinned(self, recording_id: str, pinned: bool) -> None:
        """Keep a recording whatever the limit, or no longer."""
        self._annotate(recording_id, pinned=pinned)

    def set_note(self, recording_id: str, note: str) -> None:
        """Write a note on a recording."""
        self._annotate(recording_id, note=note)

    def _annotate(self, recording_id: str, **fields: object) -> None:
        folder = self.spool / recording_id
        with disk_trouble_of(self.spool):
            write_annotations(folder, msgspec.structs.replace(read_annotations(folder), **fields))

    # Deleting

    def delete(self, recording_ids: list[str]) -> Deleted:
        """Take recordings out of the list; they stay on the disk until the next start, so that `restore` can bring them
        back. One that is missing stays missing. Where one can't be moved (open on Windows), nothing is deleted.
        """
        done: list[str] = []
        waiting = self._folder_of_deleted()
        for recording_id in recording_ids:
            try:
                (self.spool / recording_id).rename(waiting / recording_id)
            except FileNotFoundError:
                continue
            except OSError as error:
                self.restore(Deleted(tuple(done), waiting))
                raise _not_deleted(error, self.spool) from error
            done.append(recording_id)
        return Deleted(tuple(done), waiting)

    def _folder_of_deleted(self) -> Path:
        """Return where deleted recordings wait; it is claimed for as long as this object lives."""
        if self._deleted is None or not self._deleted.is_dir():
            with disk_trouble_of(self._home):
                self._deleted, claimed = claim(self._home / DELETED_NAME)
            weakref.finalize(self, claimed.release, remove=False)
        return self._deleted

    def restore(self, deleted: Deleted) -> None:
        """Bring deleted recordings back."""
        for recording_id in deleted.ids:
            with disk_trouble_of(self.spool):
                (deleted.folder / recording_id).rename(self.spool / recording_id)

    # Files

    def import_file(self, path: Path, progress: Progress | None = None) -> Path:
        """Unpack ``NAME.stream`` into the recordings; return its folder. Raises what `load_archive` raises.

        A file that is here already, and has not changed since, is not unpacked again.
        """
        path = path.absolute()
        here = self._opened_from(path)
        if here is not None:
            return here
        from inspector.recording.archive import load_archive

        folder = load_archive(path, self.spool, progress=progress)
        for file in folder.iterdir():
            file.chmod(0o600)
        label = read_annotations(folder)
        write_annotations(folder, msgspec.structs.replace(label, name=label.name or path.stem, opened_from=str(path)))
        return folder

    def _opened_from(self, path: Path) -> Path | None:
        changed_ns, _ = _stamp(path)
        for entry in RunLibrary(self._home).scan():  # not this one's: the window may look at the same time
            came_ns, _ = _stamp(entry.folder / META_NAME)
            if entry.annotations.opened_from == str(path) and 0 < changed_ns < came_ns:
                return entry.folder
        return None

    def export_file(self, folder: Path, path: Path, progress: Progress | None = None, *, redact: bool = True) -> None:
        """Save a recording as ``NAME.stream``. Raises what `save_archive` raises."""
        from inspector.recording.archive import save_archive

        save_archive(folder, path, redact=redact, progress=progress)


def _not_deleted(error: OSError, spool: Path) -> DiskTrouble:
    if isinstance(error, PermissionError) and os.name == "nt":
        return DiskTrouble("A run that is open in a program can't be deleted. Close it there, then delete it here.")
    return disk_trouble(error, spool)


def _stamp(path: str | Path) -> _Stamp:
    try:
        found = os.stat(path)  # noqa: PTH116
    except OSError:
        return (0, 0)
    return (found.st_mtime_ns, found.st_size)
