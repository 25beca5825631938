"""The recording folder, which is the queue between the processes: written file by file, followed like ``tail -f``.

Each file has one writer and any number of readers; nothing is locked. A recording that is being made, one that ended
and one that was loaded are read by the same code.
"""

from __future__ import annotations

import mmap
import os
from pathlib import Path
from typing import BinaryIO

import numpy as np

from .body_content import BodyContent
from .change_log import CHANGES_NAME, Change, ChangeLogReader
from .layers import COLUMN_DTYPE, LAYERS, Layer, between_index, layer_of, pipeline_position, track_file_name
from .meta import META_NAME, BadRecording, Meta
from .migrations import read_meta_of_today
from .process_samples import LONGEST_SAMPLES_BYTES, SAMPLES_NAME, ProcessSamples
from .recording_id import RECORDING_HEADER, is_recording_id, recording_folder
from .row_validation import Extent, check_rows, raise_times
from .snapshot import Snapshot
from .source_lines import SOURCES_NAME, SourceLineReader, SourceLines
from .tap_log import TAPS_NAME, TapLogReader, TapMeta
from .track import Int64Array, Track

__all__ = ["RECORDING_HEADER", "Recording", "is_recording_id", "read_track", "recording_folder"]


class Recording:
    """A recording folder as last read. `refresh` reads what its writers have added since, `snapshot` keeps a moment.

    Thread: any one thread at a time. Reading never blocks on a writer.
    """

    def __init__(self, folder: Path) -> None:
        """Open a folder, which may be empty as yet; call `refresh` to read it."""
        self.folder = folder
        self.meta: Meta | None = None
        self.sources = SourceLines()
        #: What runs in front of each tap of the server, in the order in which an item passes them.
        self.taps: tuple[TapMeta, ...] = ()
        #: By name of layer, in the order in which an item passes them; ``write.1`` ... once ``taps.jsonl`` names them.
        self.tracks: dict[str, Track] = {layer.name: Track.empty(layer) for layer in LAYERS}
        #: The settings that were changed while the stream ran, by time.
        self.changes: tuple[Change, ...] = ()
        #: Memory and CPU time of the server process beside the stream.
        self.samples = ProcessSamples.empty()
        self.content = BodyContent(folder)
        self._track_files: dict[str, BinaryIO] = {}
        self._row_files: dict[str, BinaryIO] = {}
        #: Layers whose times fell somewhere, by a clock's error: their tracks are corrected copies.
        self._falling: set[str] = set()
        self._source_reader = SourceLineReader()
        self._tap_reader = TapLogReader()
        self._change_reader = ChangeLogReader()
        self._sample_bytes = b""
        self._meta_stamp: tuple[int, int, int] | None = None
        self._unsaved_meta: Meta | None = None

    def end_with(self, meta: Meta) -> None:
        """Count as ended, as ``meta`` says, from the next `refresh` on, until ``meta.json`` itself has an ending.

        For a recording whose ending is known to the session and not to the disk, which may be full.
        """
        self._unsaved_meta = meta

    def close(self) -> None:
        """Close all files; tracks and snapshots that were handed out stay valid."""
        for files in (self._track_files, self._row_files):
            for file in files.values():
                file.close()
            files.clear()
        self.content.close()

    def refresh(self) -> set[str]:
        """Read what was added; return what changed: layer names, ``meta``, ``sources``, ``taps``, ``changes``,
        ``samples``.

        Raises `BadRecording` where ``meta.json``, one of the ``.jsonl`` files or new rows of a track can't be believed
        (`row_validation`) and ``OSError`` for an unreadable disk. The cost is that of the rows that were added.
        """
        changed: set[str] = set()
        # Meta first: an ending seen here is seen with all marks before it.
        if self._refresh_meta():
            changed.add("meta")
        for name, refresh in (
            ("taps", self._refresh_taps), ("changes", self._refresh_changes), ("samples", self._refresh_samples),
        ):  # fmt: skip
            if refresh():
                changed.add(name)
        for name, track in list(self.tracks.items()):
            if self._refresh_track(track.layer):
                changed.add(name)
        # Sources last: a line is written before the first mark that points to it.
        if self._refresh_sources():
            changed.add("sources")
        return changed

    def snapshot(self) -> Snapshot:
        """Return the recording as last refreshed, as a value that later calls of `refresh` don't change.

        Copies references only, so it costs the same for ten rows and ten million.
        """
        return Snapshot(dict(self.tracks), self.meta, self.taps, self.changes, self.samples, self.sources)

    @property
    def is_handed_over(self) -> bool:
        """Whether the server, where it has taps, has taken the whole response from the app."""
        return self._tap_reader.is_handed_over

    def read_content(self, start: int, stop: int) -> bytes:
        """Return bytes ``[start, stop)`` of the content axis, fewer where they have not arrived."""
        response = self.meta.response if self.meta else None
        if response is None:
            return b""
        chunk = self.tracks["chunk"] if response.framing == "chunked" else None
        return self.content.read(start, stop, chunk=chunk, decoded=response.content_coding != "identity")

    def _refresh_meta(self) -> bool:
        changed = self._read_meta()
        unsaved, meta = self._unsaved_meta, self.meta
        if unsaved is None or meta is unsaved or (meta is not None and meta.ending is not None):
            return changed
        self.meta = unsaved
        return True

    def _read_meta(self) -> bool:
        try:
            found = (self.folder / META_NAME).stat()
        except FileNotFoundError:
            return False
        stamp = (found.st_mtime_ns, found.st_ino, found.st_size)
        if stamp == self._meta_stamp:
            return False
        self.meta = read_meta_of_today(self.folder)
        self._meta_stamp = stamp
        return self.meta is not None

    def _refresh_sources(self) -> bool:
        data = self._new_rows(SOURCES_NAME, self._source_reader.rows.left_bytes)
        if data:
            self._source_reader.feed(data)
            self.sources = self._source_reader.sources
        return bool(data)

    def _refresh_taps(self) -> bool:
        data = self._new_rows(TAPS_NAME, self._tap_reader.rows.left_bytes)
        if not data:
            return False
        self._tap_reader.feed(data)
        self.taps = self._tap_reader.taps
        between = {tap.layer for tap in self.taps if between_index(tap.layer) is not None}
        if new := between - self.tracks.keys():
            tracks = self.tracks | {name: Track.empty(layer_of(name)) for name in new}
            self.tracks.clear()
            self.tracks.update(sorted(tracks.items(), key=lambda item: pipeline_position(item[0])))
        return True

    def _refresh_changes(self) -> bool:
        data = self._new_rows(CHANGES_NAME, self._change_reader.rows.left_bytes)
        if data:
            self._change_reader.feed(data)
            self.changes = self._change_reader.changes
        return bool(data)

    def _refresh_samples(self) -> bool:
        data = self._new_rows(SAMPLES_NAME, LONGEST_SAMPLES_BYTES - len(self._sample_bytes) + 1)
        if data:
            self._sample_bytes += data
            self.samples = ProcessSamples.of_bytes(self._sample_bytes)
        return bool(data)

    def _new_rows(self, file_name: str, most_bytes: int) -> bytes:
        """Return what a file of rows has grown by, bounded."""
        file = self._row_files.get(file_name)
        if file is None:
            try:
                file = (self.folder / file_name).open("rb", buffering=0)
            except FileNotFoundError:
                return b""
            self._row_files[file_name] = file
        return file.read(max(0, most_bytes))

    def _refresh_track(self, layer: Layer) -> bool:
        file = self._track_files.get(layer.name)
        if file is None:
            try:
                file = (self.folder / track_file_name(layer.name)).open("rb")
            except FileNotFoundError:
                return False
            self._track_files[layer.name] = file
        columns = len(layer.columns)
        rows, seen = os.fstat(file.fileno()).st_size // (8 * columns), len(self.tracks[layer.name])
        if rows == seen:
            return False
        if rows < seen:
            raise BadRecording(f"{track_file_name(layer.name)} became shorter while it was read")
        # Bytes are written before the marks that count them, so what is there now is enough for the rows seen above.
        extent = Extent.of_folder(self.folder, self.meta)
        mapped = _map_rows(file, rows, columns)
        if check_rows(layer, mapped, extent, seen=seen):
            self._falling.add(layer.name)
        if layer.name in self._falling:
            mapped = np.array(mapped)
            raise_times(layer, mapped)
        self.tracks[layer.name] = Track(layer, mapped)
        return True


def _map_rows(file: BinaryIO, rows: int, columns: int) -> Int64Array:
    """Map whole rows of a track file into memory, shape ``(rows, columns)``."""
    mapped = mmap.mmap(file.fileno(), rows * columns * 8, access=mmap.ACCESS_READ)
    return np.frombuffer(mapped, dtype=COLUMN_DTYPE).reshape(rows, columns)


def read_track(folder: Path, name: str) -> Track:
    """Read one whole track of a folder into memory, an empty one where there is no file."""
    layer = layer_of(name)
    try:
        data = (folder / track_file_name(name)).read_bytes()
    except FileNotFoundError:
        return Track.empty(layer)
    columns = len(layer.columns)
    rows = len(data) // (8 * columns)
    return Track(layer, np.frombuffer(data, dtype=COLUMN_DTYPE, count=rows * columns).reshape(rows, columns))
