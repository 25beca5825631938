"""The recording folder, the queue between the processes: written file by file, followed like ``tail -f``.

Each file has one writer and any number of readers; nothing is locked. A recording that is being made, one that ended
and one that was loaded are read by the same code.
"""

from __future__ import annotations

import mmap
import os
from pathlib import Path
from typing import BinaryIO

import numpy as np

from .content import Content
from .layers import COLUMN_DTYPE, LAYER_BY_NAME, LAYERS, Layer, track_file_name
from .meta import META_NAME, Meta, read_meta
from .sources import SOURCES_NAME, Sources
from .spool import RECORDING_HEADER, is_recording_id, recording_folder
from .track import Int64Array, Track

__all__ = ["RECORDING_HEADER", "Recording", "is_recording_id", "read_track", "recording_folder"]


class Recording:
    """A recording folder as read so far. `refresh` follows what its writers have added since.

    Thread: any one thread at a time. Reading never blocks on a writer.
    """

    def __init__(self, folder: Path) -> None:
        """Open a folder, which may be empty as yet; call `refresh` to read it."""
        self.folder = folder
        self.meta: Meta | None = None
        self.sources = Sources()
        self.tracks: dict[str, Track] = {layer.name: Track.empty(layer) for layer in LAYERS}
        self.content = Content(folder)
        self._track_files: dict[str, BinaryIO] = {}
        self._sources_file: BinaryIO | None = None
        self._meta_stamp: tuple[int, int, int] | None = None

    def close(self) -> None:
        """Close all files; tracks handed out stay valid."""
        for file in self._track_files.values():
            file.close()
        self._track_files.clear()
        if self._sources_file is not None:
            self._sources_file.close()
            self._sources_file = None
        self.content.close()

    def refresh(self) -> set[str]:
        """Read what was added; return what changed: layer names, ``meta``, ``sources``.

        Raises `BadRecording` where ``meta.json`` or ``sources.jsonl`` can't be read and ``OSError`` for an unreadable
        disk. The cost does not depend on the length of the recording.
        """
        changed: set[str] = set()
        # Meta first: an ending seen here is seen with all marks before it.
        if self._refresh_meta():
            changed.add("meta")
        for layer in LAYERS:
            if self._refresh_track(layer):
                changed.add(layer.name)
        # Sources last: a line is written before the first mark that points to it.
        if self._refresh_sources():
            changed.add("sources")
        return changed

    def read_content(self, start: int, stop: int) -> bytes:
        """Return bytes ``[start, stop)`` of the content axis, fewer where they have not arrived."""
        response = self.meta.response if self.meta else None
        if response is None:
            return b""
        chunk = self.tracks["chunk"] if response.framing == "chunked" else None
        return self.content.read(start, stop, chunk=chunk, decoded=response.content_coding != "identity")

    @property
    def content_bytes(self) -> int:
        """Bytes of content that the client has received and decoded so far."""
        reads = self.tracks["read"]
        return int(reads.column("content_end")[-1]) if len(reads) else 0

    def _refresh_meta(self) -> bool:
        try:
            found = (self.folder / META_NAME).stat()
        except FileNotFoundError:
            return False
        stamp = (found.st_mtime_ns, found.st_ino, found.st_size)
        if stamp == self._meta_stamp:
            return False
        self.meta = read_meta(self.folder)
        self._meta_stamp = stamp
        return self.meta is not None

    def _refresh_sources(self) -> bool:
        if self._sources_file is None:
            try:
                self._sources_file = (self.folder / SOURCES_NAME).open("rb", buffering=0)
            except FileNotFoundError:
                return False
        data = self._sources_file.read()
        self.sources.feed(data)
        return bool(data)

    def _refresh_track(self, layer: Layer) -> bool:
        file = self._track_files.get(layer.name)
        if file is None:
            try:
                file = (self.folder / track_file_name(layer.name)).open("rb")
            except FileNotFoundError:
                return False
            self._track_files[layer.name] = file
        columns = len(layer.columns)
        rows = os.fstat(file.fileno()).st_size // (8 * columns)
        if rows == len(self.tracks[layer.name]):
            return False
        self.tracks[layer.name] = Track(layer, _map_rows(file, rows, columns))
        return True


def _map_rows(file: BinaryIO, rows: int, columns: int) -> Int64Array:
    """Map whole rows of a track file into memory, shape ``(rows, columns)``."""
    mapped = mmap.mmap(file.fileno(), rows * columns * 8, access=mmap.ACCESS_READ)
    return np.frombuffer(mapped, dtype=COLUMN_DTYPE).reshape(rows, columns)


def read_track(folder: Path, name: str) -> Track:
    """Read one whole track of a folder into memory, an empty one where there is no file."""
    layer = LAYER_BY_NAME[name]
    try:
        data = (folder / track_file_name(name)).read_bytes()
    except FileNotFoundError:
        return Track.empty(layer)
    columns = len(layer.columns)
    rows = len(data) // (8 * columns)
    return Track(layer, np.frombuffer(data, dtype=COLUMN_DTYPE, count=rows * columns).reshape(rows, columns))
