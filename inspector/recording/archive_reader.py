"""Unpacks a saved recording of unknown origin into a recording folder, or fails with a clear sentence.

Nothing in the file is trusted: only members of known names are read, each to a file name of our own; sizes are bounded
by what the ZIP says and by the free disk; rows are checked before anybody draws them.
"""

from __future__ import annotations

import secrets
import shutil
import tokenize
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import BinaryIO

import msgspec
import numpy as np

from .annotations import ANNOTATIONS_NAME, LONGEST_ANNOTATIONS_BYTES
from .body_content import CONTENT_NAME, WIRE_NAME
from .change_log import CHANGES_NAME, LONGEST_CHANGES_BYTES, ChangeLogReader
from .layers import COLUMN_DTYPE, LAYERS, MOST_BETWEEN, Layer, between_layer, layer_of, track_file_name
from .meta import LONGEST_META_BYTES, META_NAME, BadRecording, Meta, decode_meta, write_meta
from .migrations import migrate_folder, read_raw_meta
from .process_samples import LONGEST_SAMPLES_BYTES, SAMPLE_COLUMNS, SAMPLES_MEMBER, SAMPLES_NAME, ProcessSamples
from .recording_id import is_recording_id
from .row_validation import Extent, check_rows, raise_times
from .source_lines import LONGEST_SOURCES_BYTES, SOURCES_NAME, SourceLineReader
from .tap_log import LONGEST_TAPS_BYTES, TAPS_NAME, TapLogReader
from .temporary_folders import scratch_folder
from .zip_members import Damaged, Listing, Member, MemberStream, listing_of

_BLOCK_BYTES = 1 << 20
_LOOK_EVERY_BYTES = 64 << 20
#: So much of the disk, or a tenth of it where that is less, stays free whatever is opened.
_MOST_RESERVE_BYTES = 1 << 30
#: Members that are read whole must be small: no recording has 16 MiB of headers or 64 MiB of code.
_LONGEST_BYTES = {
    META_NAME: LONGEST_META_BYTES, SOURCES_NAME: LONGEST_SOURCES_BYTES, TAPS_NAME: LONGEST_TAPS_BYTES,
    CHANGES_NAME: LONGEST_CHANGES_BYTES, ANNOTATIONS_NAME: LONGEST_ANNOTATIONS_BYTES,
    SAMPLES_MEMBER: LONGEST_SAMPLES_BYTES + 1_024,
}  # fmt: skip
_PLAIN_MEMBERS = (META_NAME, SOURCES_NAME, TAPS_NAME, CHANGES_NAME, ANNOTATIONS_NAME, WIRE_NAME, CONTENT_NAME)
_LAYERS = (*LAYERS, *(between_layer(index) for index in range(1, MOST_BETWEEN + 1)))
_KNOWN = frozenset({*_PLAIN_MEMBERS, SAMPLES_MEMBER, *(f"{layer.name}.npy" for layer in _LAYERS)})
_LOADING = ".loading-"
_MOST_COLUMNS = 64
#: What NumPy raises for a head that is none.
_NO_ARRAY = (ValueError, TypeError, SyntaxError, RecursionError, MemoryError, tokenize.TokenError)


#: Told how many bytes of how many are done; may raise to end it.
Progress = Callable[[int, int], None]


def unpack(path: Path, into: Path, progress: Progress | None = None) -> Path:
    """Do what `archive.load_archive` says, with texts that do not name the file."""
    into.mkdir(parents=True, exist_ok=True)
    with path.open("rb") as file:
        listing = listing_of(file, _KNOWN)
        if META_NAME not in listing.members:
            raise BadRecording(f"not a saved recording: it has no {META_NAME}")
        _check_sizes(listing.members, into)
        with scratch_folder(into, _LOADING) as folder:
            return _Unpacking(file, listing, folder, progress).into_folder(into)


def _check_sizes(members: Mapping[str, Member], into: Path) -> None:
    for name, longest_bytes in _LONGEST_BYTES.items():
        if name in members and members[name].size_bytes > longest_bytes:
            raise BadRecording(
                f"{name} is said to have {members[name].size_bytes:,} bytes; {longest_bytes:,} is the most"
            )
    needed_bytes = sum(member.size_bytes for member in members.values() if member.is_possible)
    usable_bytes = _usable_bytes(into)
    if needed_bytes > usable_bytes:
        raise BadRecording(f"it unpacks to {needed_bytes:,} bytes, and only {usable_bytes:,} bytes of disk can be used")


def _usable_bytes(folder: Path) -> int:
    """Return the free bytes of a disk without those that stay free, whatever is opened."""
    usage = shutil.disk_usage(folder)
    return max(0, usage.free - min(_MOST_RESERVE_BYTES, usage.total // 10))


class _Unpacking:
    """The members of one file on their way into a folder of their own."""

    def __init__(self, file: BinaryIO, listing: Listing, folder: Path, progress: Progress | None) -> None:
        self._file = file
        self._listing = listing
        self._folder = folder
        self._progress = progress
        self._damaged = list(listing.damaged)
        self._columns: dict[str, int] = {}
        self._stops_in = ""
        self._done_bytes = 0
        self._total_bytes = sum(member.size_bytes for member in listing.members.values())

    def into_folder(self, into: Path) -> Path:
        """Make it a recording folder and return that. Raises `BadRecording`, ``OSError``."""
        meta_member = self._listing.members[META_NAME]
        self._take(meta_member)
        if META_NAME in self._damaged or meta_member.is_cut:
            how = "damaged" if META_NAME in self._damaged else "cut short"
            raise BadRecording(f"not a saved recording, or {how}: nothing can be shown without its {META_NAME}")
        # The version first: of a newer format nothing else can be judged.
        read_raw_meta((self._folder / META_NAME).read_bytes())
        for name, member in self._listing.members.items():
            if name != META_NAME and name not in self._damaged:
                self._take(member)
        self._columns = migrate_folder(self._folder, self._columns)
        meta = decode_meta((self._folder / META_NAME).read_bytes())
        lost = [*dict.fromkeys([*meta.lost, *self._lost(meta)])]
        meta = msgspec.structs.replace(meta, lost=lost, notes=[*meta.notes, *self._notes()])
        notes = _check_folder(self._folder, meta, self._columns)
        return _take_place(self._folder, into, msgspec.structs.replace(meta, notes=[*meta.notes, *notes]))

    def _take(self, member: Member) -> None:
        """Unpack one member; where its bytes are not those that were saved, leave it out."""
        stream = MemberStream(self._file, member)
        layer_name = member.name.removesuffix(".npy")
        is_track = member.name.endswith(".npy")
        name = (
            SAMPLES_NAME if member.name == SAMPLES_MEMBER else track_file_name(layer_name) if is_track else layer_name
        )
        path = self._folder / name
        try:
            try:
                columns = self._rows(stream, member, path) if is_track else self._plain(stream, member, path)
            except BadRecording:
                while stream.read(_BLOCK_BYTES):  # what is wrong may be damage rather than what was saved
                    pass
                stream.finish()
                raise
            stream.finish()
        except Damaged:
            self._damaged.append(member.name)
            path.unlink(missing_ok=True)
            return
        if member.name == SAMPLES_MEMBER:
            if columns not in (0, len(SAMPLE_COLUMNS)):
                raise BadRecording(f"{SAMPLES_MEMBER} has {columns} columns, not {len(SAMPLE_COLUMNS)}")
        elif columns:
            self._columns[layer_name] = columns

    def _plain(self, stream: MemberStream, member: Member, path: Path) -> int:
        self._copy(stream, member, path, 1)
        if member.is_cut and path.suffix == ".jsonl":
            data = path.read_bytes()
            path.write_bytes(data[: data.rfind(b"\n") + 1])
        return 0

    def _rows(self, stream: MemberStream, member: Member, path: Path) -> int:
        """Unpack the rows of one ``.npy`` member; return their number of columns, 0 where its head is cut."""
        name = member.name
        try:
            version = np.lib.format.read_magic(stream)  # type: ignore[arg-type]
            if version != (1, 0):
                raise ValueError(f"its npy version is {version}, not (1, 0)")
            shape, fortran_order, dtype = np.lib.format.read_array_header_1_0(stream)  # type: ignore[arg-type]
        except _NO_ARRAY as error:
            if member.is_cut:
                self._stops_in = self._stops_in or f"{name} after {stream.done_bytes:,} of its bytes"
                return 0
            raise BadRecording(f"{name} is not an array: {error}") from error
        if fortran_order or dtype != np.dtype(COLUMN_DTYPE) or len(shape) != 2 or not 1 <= shape[1] <= _MOST_COLUMNS:
            raise BadRecording(f"{name} is an array of {dtype}, shape {shape}, not of rows of little-endian int64")
        self._done_bytes += stream.done_bytes
        rows_bytes = member.size_bytes - stream.done_bytes
        if rows_bytes != shape[0] * shape[1] * 8:
            raise BadRecording(f"{name} has {rows_bytes} bytes of rows, which is not what its shape {shape} takes")
        self._copy(stream, member, path, 8 * int(shape[1]))
        return int(shape[1])

    def _copy(self, stream: MemberStream, member: Member, path: Path, item_bytes: int) -> None:
        """Copy the rest of a member into a file, whole items of it where the file ends too early."""
        due_bytes = 0
        with path.open("xb") as file:
            while block := stream.read(_BLOCK_BYTES):
                due_bytes -= len(block)
                if due_bytes <= 0:
                    due_bytes = _LOOK_EVERY_BYTES
                    if _usable_bytes(self._folder) < min(due_bytes, member.size_bytes - stream.done_bytes):
                        raise BadRecording("the disk became full while it was unpacked; free some space, then open it")
                file.write(block)
                self._done_bytes += len(block)
                if self._progress is not None:
                    self._progress(self._done_bytes, self._total_bytes)
            if member.is_cut:
                self._stops_in = self._stops_in or f"{member.name} after {stream.done_bytes:,} of its bytes"
                file.truncate(file.tell() // item_bytes * item_bytes)

    def _lost(self, meta: Meta) -> list[str]:
        """Return the members that are not all here, or may have been in what is not here."""
        members = self._listing.members
        lost = [*self._damaged, *(name for name, member in members.items() if member.is_cut)]
        ends_early = self._listing.is_cut or self._listing.stops_after is not None
        if ends_early and WIRE_NAME not in members and CONTENT_NAME not in members:
            # The bytes are saved last: without them, whatever is missing may have stood in between.
            expected = [
                *(f"{layer.name}.npy" for layer in meta.layers),
                TAPS_NAME,
                CHANGES_NAME,
                SOURCES_NAME,
                WIRE_NAME,
            ]
            lost += [name for name in expected if name not in members]
        return lost

    def _notes(self) -> list[str]:
        """Return the sentences that say what is not here, and why."""
        notes: list[str] = []
        if self._damaged:
            names = " and ".join(filter(None, [", ".join(self._damaged[:-1]), self._damaged[-1]]))
            notes.append(f"The file is damaged: {names} can't be read as saved and is left out. The rest is here.")
        elif not self._listing.has_table and not self._listing.is_cut and self._listing.stops_after is None:
            notes.append(
                "The file is damaged: its table of contents can't be read. All of its contents were found anyway."
            )
        if self._listing.stops_after is not None:
            notes.append(f"The file is damaged: nothing can be read behind {self._listing.stops_after}.")
        if self._listing.is_cut:
            last = next(reversed(self._listing.members))
            where = f"in {self._stops_in}" if self._stops_in else f"after {last}"
            notes.append(f"The file is cut short: it stops {where}; everything before that is here.")
        return notes


def _check_folder(folder: Path, meta: Meta, columns: dict[str, int]) -> list[str]:
    """Check sources, changes, taps and rows of an unpacked folder of today's format; return what had to be mended.

    Raises `BadRecording`.
    """
    sources = folder / SOURCES_NAME
    if sources.exists():
        SourceLineReader().feed(sources.read_bytes())
    taps = folder / TAPS_NAME
    if taps.exists():
        TapLogReader().feed(taps.read_bytes())
    changes = folder / CHANGES_NAME
    if changes.exists():
        ChangeLogReader().feed(changes.read_bytes())
    samples = folder / SAMPLES_NAME
    if samples.exists():
        ProcessSamples.of_bytes(samples.read_bytes())
    notes: list[str] = []
    extent = Extent.of_folder(folder, meta)
    for name, count in columns.items():
        layer = layer_of(name)
        if count != len(layer.columns):
            raise BadRecording(f"{name}.npy has {count} columns, not {len(layer.columns)}: {', '.join(layer.columns)}")
        if _check_track(layer, folder / track_file_name(name), extent):
            notes.append(f"{layer.item} times fell in places; they were raised to the time before when this was loaded")
    return notes


def _check_track(layer: Layer, path: Path, extent: Extent) -> bool:
    """Check a track; mend times that fall and tell whether there were any. Raises `BadRecording`."""
    columns = len(layer.columns)
    count = path.stat().st_size // (8 * columns)
    if not count:
        return False
    rows = np.memmap(path, dtype=COLUMN_DTYPE, mode="r+", shape=(count, columns))
    if not check_rows(layer, rows, extent):
        return False
    raise_times(layer, rows)
    rows.flush()
    return True


def _take_place(folder: Path, into: Path, meta: Meta) -> Path:
    """Give an unpacked folder its name: the recording's id, or a fresh one where that is taken or is none."""
    wanted = meta.id if is_recording_id(meta.id) else f"00000000-000000-{secrets.token_hex(4)}"
    while (into / wanted).exists() or (into / wanted).is_symlink():
        wanted = f"{wanted[:15]}-{secrets.token_hex(4)}"
    meta = msgspec.structs.replace(meta, id=wanted)
    if meta != decode_meta((folder / META_NAME).read_bytes()):
        write_meta(folder, meta)
    return folder.rename(into / wanted)
