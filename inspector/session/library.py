"""The recordings of this and earlier starts: listed, named, pinned, deleted with a way back, brought in and taken out.

Road: recording folders of the home folder -> `Library.scan` -> list of runs. One reader and writer of labels; the marks
and meta data of a recording are its recorder's alone.
"""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

import msgspec

from inspector.recording.archive import load_archive, save_archive
from inspector.recording.label import LABEL_NAME, Label, read_label, write_label
from inspector.recording.meta import META_NAME, BadRecording, Meta, read_meta
from inspector.recording.spool import is_recording_id
from inspector.recording.unpacking import Progress

from .home import DELETED_NAME, RECORDINGS_NAME, disk_trouble, disk_trouble_of
from .housekeeping import limit_bytes, set_limit_bytes, size_bytes_of

_Stamp = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Entry:
    """One recording of the list. ``meta`` is None before its recorder wrote any, ``is_live`` until it has an ending."""

    id: str
    folder: Path
    meta: Meta | None
    label: Label
    size_bytes: int

    @property
    def is_live(self) -> bool:
        """Tell whether it is still being recorded."""
        return self.meta is None or self.meta.ending is None

    @property
    def title(self) -> str:
        """What it is called: the name that a person gave it, else what was streamed."""
        return self.label.name or (self.meta.title if self.meta else "") or self.id


@dataclass(frozen=True, slots=True)
class Deleted:
    """What was deleted together and can come back together."""

    ids: tuple[str, ...]


class Library:
    """The recordings of one home folder. Any thread, one at a time. Raises `DiskTrouble` where it writes."""

    def __init__(self, home: Path) -> None:
        self.spool = home / RECORDINGS_NAME
        self._home = home
        self._deleted = home / DELETED_NAME
        self._known: dict[str, tuple[tuple[_Stamp, _Stamp], Entry]] = {}

    # Looking

    def scan(self) -> list[Entry]:
        """Return the recordings, newest first. What has not changed since the last call costs two looks at the disk."""
        found: dict[str, tuple[tuple[_Stamp, _Stamp], Entry]] = {}
        try:
            names = [entry.name for entry in os.scandir(self.spool) if is_recording_id(entry.name)]
        except OSError:
            names = []
        for name in sorted(names, reverse=True):
            folder = self.spool / name
            stamps = _stamp(folder / META_NAME), _stamp(folder / LABEL_NAME)
            known = self._known.get(name)
            if known is not None and known[0] == stamps and not known[1].is_live:
                found[name] = known
                continue
            try:
                meta = read_meta(folder)
            except (BadRecording, OSError):
                continue
            if meta is not None or folder.is_dir():
                found[name] = stamps, Entry(name, folder, meta, read_label(folder), size_bytes_of(folder))
        self._known = found
        return [entry for _, entry in found.values()]

    @property
    def used_bytes(self) -> int:
        """What the recordings took on the disk when they were last looked at."""
        return sum(entry.size_bytes for _, entry in self._known.values())

    @property
    def limit_bytes(self) -> int:
        """What they may take; beyond it the oldest go at the next start, but never a pinned or open one."""
        return limit_bytes(self._home)

    @limit_bytes.setter
    def limit_bytes(self, wanted: int) -> None:
        with disk_trouble_of(self._home):
            set_limit_bytes(self._home, wanted)

    # Labels

    def rename(self, recording_id: str, name: str) -> None:
        """Give a recording a name, "" for none."""
        self._label(recording_id, name=name.strip())

    def set_pinned(self, recording_id: str, pinned: bool) -> None:
        """Keep a recording whatever the limit, or no longer."""
        self._label(recording_id, pinned=pinned)

    def set_note(self, recording_id: str, note: str) -> None:
        """Write a note on a recording."""
        self._label(recording_id, note=note)

    def _label(self, recording_id: str, **fields: object) -> None:
        folder = self.spool / recording_id
        with disk_trouble_of(self.spool):
            write_label(folder, msgspec.structs.replace(read_label(folder), **fields))

    # Deleting

    def delete(self, recording_ids: list[str]) -> Deleted:
        """Take recordings out of the list; they stay on the disk until the next start, so that `restore` can bring them
        back. One that is missing, or can't be moved (open on Windows), stays as it is.
        """
        done: list[str] = []
        with disk_trouble_of(self._home):
            self._deleted.mkdir(mode=0o700, exist_ok=True)
        for recording_id in recording_ids:
            try:
                (self.spool / recording_id).rename(self._deleted / recording_id)
            except FileNotFoundError:
                continue
            except OSError as error:
                if not done:
                    raise disk_trouble(error, self.spool) from error
                continue
            done.append(recording_id)
        return Deleted(tuple(done))

    def restore(self, deleted: Deleted) -> None:
        """Bring deleted recordings back."""
        for recording_id in deleted.ids:
            with disk_trouble_of(self.spool):
                (self._deleted / recording_id).rename(self.spool / recording_id)

    # Files

    def import_file(self, path: Path, progress: Progress | None = None) -> Path:
        """Unpack ``NAME.stream`` into the recordings; return its folder. Raises what `load_archive` raises."""
        folder = load_archive(path, self.spool, progress=progress)
        label = read_label(folder)
        write_label(folder, msgspec.structs.replace(label, name=label.name or path.stem, opened_from=str(path)))
        return folder

    def export_file(self, folder: Path, path: Path, progress: Progress | None = None, *, redact: bool = True) -> None:
        """Save a recording as ``NAME.stream``. Raises what `save_archive` raises."""
        save_archive(folder, path, redact=redact, progress=progress)


def purge_deleted(home: Path) -> None:
    """Remove for good what was deleted at an earlier start."""
    shutil.rmtree(home / DELETED_NAME, ignore_errors=True)


def _stamp(path: Path) -> _Stamp:
    try:
        found = path.stat()
    except OSError:
        return (0, 0)
    return (found.st_mtime_ns, found.st_size)
