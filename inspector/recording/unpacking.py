"""A saved recording read back: a ZIP of unknown origin becomes a recording folder, or a clear sentence.

Nothing in the file is trusted: only members of known names are read, each to a file name of our own; sizes are bounded
by what the ZIP says and by the free disk; rows are checked before anybody draws them.
"""

from __future__ import annotations

import errno
import secrets
import shutil
import struct
import tempfile
import tokenize
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import IO, BinaryIO

import msgspec
import numpy as np

from .changes import CHANGES_NAME, Changes
from .content import CONTENT_NAME, WIRE_NAME
from .label import LABEL_NAME
from .layers import (
    COLUMN_DTYPE,
    LAYERS,
    MOST_BETWEEN,
    NO_SOURCE,
    Layer,
    between_layer,
    layer_of,
    track_file_name,
)
from .meta import META_NAME, BadRecording, decode_meta, write_meta
from .migrations import migrate_folder, read_raw_meta
from .salvage import salvage
from .samples import NOT_TOLD, SAMPLE_COLUMNS, SAMPLES_MEMBER, SAMPLES_NAME, Samples
from .sources import SOURCES_NAME, Sources
from .spool import is_recording_id
from .taps import TAPS_NAME, Taps
from .track import Int64Array

_BLOCK_BYTES = 1 << 20
_BLOCK_ROWS = 1 << 17
#: Members that are read whole must be small: no recording has 16 MiB of headers or 64 MiB of code.
_LONGEST_BYTES = {
    META_NAME: 16 << 20, SOURCES_NAME: 64 << 20, TAPS_NAME: 1 << 20, CHANGES_NAME: 64 << 20, LABEL_NAME: 1 << 20,
    SAMPLES_MEMBER: 256 << 20,
}  # fmt: skip
_PLAIN_MEMBERS = (META_NAME, SOURCES_NAME, TAPS_NAME, CHANGES_NAME, LABEL_NAME, WIRE_NAME, CONTENT_NAME)
_LARGEST_NUMBER = 1 << 62
_MOST_COLUMNS = 64
_COMPRESSIONS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ENCRYPTED = 0x1
#: What NumPy raises for a head that is none.
_NO_ARRAY = (ValueError, TypeError, SyntaxError, RecursionError, MemoryError, tokenize.TokenError)
_DAMAGED = (zlib.error, EOFError, NotImplementedError, struct.error, ValueError)


#: Told how many bytes of how many are done; may raise to end it.
Progress = Callable[[int, int], None]


def unpack(path: Path, into: Path, progress: Progress | None = None) -> Path:
    """Do what `archive.load_archive` says, with texts that do not name the file."""
    into.mkdir(parents=True, exist_ok=True)
    try:
        try:
            with zipfile.ZipFile(path) as archive:
                return _unpack_archive(archive, into, progress)
        except zipfile.BadZipFile:
            return _unpack_cut(path, into, progress)
    except _DAMAGED as error:
        raise BadRecording(f"the file is damaged or not one of ours: {error}") from error
    except OSError as error:
        # What a ZIP that points before its own beginning makes of a seek.
        if error.errno != errno.EINVAL:
            raise
        raise BadRecording("the file is damaged or not one of ours: it points outside of itself") from error


def _unpack_cut(path: Path, into: Path, progress: Progress | None) -> Path:
    """Unpack what is whole of a file that is cut short, and say in its notes where it stops."""
    with tempfile.TemporaryFile(dir=into) as whole:
        note = salvage(path, whole)
        with zipfile.ZipFile(whole) as archive:
            return _unpack_archive(archive, into, progress, cut_note=note)


def _unpack_archive(archive: zipfile.ZipFile, into: Path, progress: Progress | None, *, cut_note: str = "") -> Path:
    members = _known_members(archive)
    _check_sizes(members, into)
    unpacking = _Unpacking(archive, members, progress, is_cut=bool(cut_note))
    return unpacking.into_folder(into, [cut_note] if cut_note else [])


def _known_members(archive: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    layers = (*LAYERS, *(between_layer(index) for index in range(1, MOST_BETWEEN + 1)))
    known = {*_PLAIN_MEMBERS, SAMPLES_MEMBER, *(f"{layer.name}.npy" for layer in layers)}
    members: dict[str, zipfile.ZipInfo] = {}
    for info in archive.infolist():
        if info.filename not in known:
            continue
        if info.filename in members:
            raise BadRecording(f"not a saved recording: it has {info.filename} twice")
        if info.flag_bits & _ENCRYPTED or info.compress_type not in _COMPRESSIONS:
            raise BadRecording(f"{info.filename} is encrypted or compressed in a way that is not used here")
        members[info.filename] = info
    if META_NAME not in members:
        raise BadRecording(f"not a saved recording: it has no {META_NAME}")
    return members


def _check_sizes(members: dict[str, zipfile.ZipInfo], into: Path) -> None:
    for name, longest_bytes in _LONGEST_BYTES.items():
        if name in members and members[name].file_size > longest_bytes:
            raise BadRecording(f"{name} is said to have {members[name].file_size} bytes; {longest_bytes} is the most")
    needed_bytes = sum(info.file_size for info in members.values())
    free_bytes = shutil.disk_usage(into).free
    if needed_bytes > free_bytes:
        raise BadRecording(f"it unpacks to {needed_bytes} bytes, and only {free_bytes} bytes of disk are free")


class _Unpacking:
    """The members of one archive on their way into a folder."""

    def __init__(
        self, archive: zipfile.ZipFile, members: dict[str, zipfile.ZipInfo], progress: Progress | None, *, is_cut: bool
    ) -> None:
        self._archive = archive
        self._members = members
        self._progress = progress
        self._is_cut = is_cut
        self._done_bytes = 0
        self._total_bytes = sum(info.file_size for info in members.values())

    def into_folder(self, into: Path, notes: list[str]) -> Path:
        """Make the recording's folder and return it; whatever is raised, none is left."""
        folder = into / f".loading-{secrets.token_hex(8)}"
        folder.mkdir(mode=0o700)
        try:
            # The version first: of a newer format nothing else can be judged.
            with self._archive.open(self._members[META_NAME]) as member:
                read_raw_meta(member.read(_LONGEST_BYTES[META_NAME]))
            columns: dict[str, int] = {}
            for name, info in self._members.items():
                with self._archive.open(info) as member:
                    if name == SAMPLES_MEMBER:
                        self._samples(member, info, folder)
                    elif name.endswith(".npy"):
                        layer_name = name.removesuffix(".npy")
                        columns[layer_name] = self._rows(member, info, folder / track_file_name(layer_name))
                    else:
                        self._plain(member, info, folder / name)
            columns = migrate_folder(folder, {name: count for name, count in columns.items() if count})
            notes += _check_folder(folder, columns)
            return _take_place(folder, into, notes)
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise

    def _plain(self, member: IO[bytes], info: zipfile.ZipInfo, path: Path) -> None:
        with path.open("xb") as file:
            self._copy(member, file, info.file_size, path.name)
        if self._is_cut and path.suffix == ".jsonl":
            data = path.read_bytes()
            path.write_bytes(data[: data.rfind(b"\n") + 1])

    def _samples(self, member: IO[bytes], info: zipfile.ZipInfo, folder: Path) -> None:
        columns = self._rows(member, info, folder / SAMPLES_NAME)
        if columns not in (0, len(SAMPLE_COLUMNS)):
            raise BadRecording(f"{SAMPLES_MEMBER} has {columns} columns, not {len(SAMPLE_COLUMNS)}")

    def _rows(self, member: IO[bytes], info: zipfile.ZipInfo, path: Path) -> int:
        """Unpack the rows of one ``.npy`` member; return their number of columns, 0 where its head is cut."""
        name = info.filename
        try:
            version = np.lib.format.read_magic(member)
            if version != (1, 0):
                raise ValueError(f"its npy version is {version}, not (1, 0)")
            shape, fortran_order, dtype = np.lib.format.read_array_header_1_0(member)
        except _NO_ARRAY as error:
            if self._is_cut:
                return 0
            raise BadRecording(f"{name} is no array: {error}") from error
        if fortran_order or dtype != np.dtype(COLUMN_DTYPE) or len(shape) != 2 or not 1 <= shape[1] <= _MOST_COLUMNS:
            raise BadRecording(f"{name} is an array of {dtype}, shape {shape}, not of rows of little-endian int64")
        self._done_bytes += member.tell()
        rows_bytes = info.file_size - member.tell()
        if self._is_cut:
            rows_bytes = min(rows_bytes // (8 * shape[1]), shape[0]) * 8 * shape[1]
        elif rows_bytes != shape[0] * shape[1] * 8:
            raise BadRecording(f"{name} has {rows_bytes} bytes of rows, which is not what its shape {shape} takes")
        with path.open("xb") as file:
            self._copy(member, file, rows_bytes, name)
        return int(shape[1])

    def _copy(self, member: IO[bytes], file: BinaryIO, size_bytes: int, name: str) -> None:
        left = size_bytes
        while left:
            block = member.read(min(left, _BLOCK_BYTES))
            if not block:
                raise BadRecording(f"{name} ends {left} bytes before its end")
            file.write(block)
            left -= len(block)
            self._done_bytes += len(block)
            if self._progress is not None:
                self._progress(self._done_bytes, self._total_bytes)


def _check_folder(folder: Path, columns: dict[str, int]) -> list[str]:
    """Check meta, sources, taps and rows of an unpacked folder of today's format; return what had to be mended.

    Raises `BadRecording`.
    """
    decode_meta((folder / META_NAME).read_bytes())
    sources = folder / SOURCES_NAME
    if sources.exists():
        Sources().feed(sources.read_bytes())
    taps = folder / TAPS_NAME
    if taps.exists():
        Taps().feed(taps.read_bytes())
    changes = folder / CHANGES_NAME
    if changes.exists():
        Changes().feed(changes.read_bytes())
    samples = folder / SAMPLES_NAME
    if samples.exists():
        _check_samples(samples)
    notes: list[str] = []
    for name, count in columns.items():
        layer = layer_of(name)
        if count != len(layer.columns):
            raise BadRecording(f"{name}.npy has {count} columns, not {len(layer.columns)}: {', '.join(layer.columns)}")
        if _check_track(layer, folder / track_file_name(name)):
            notes.append(f"{layer.item} times fell in places; they were raised to the time before when this was loaded")
    return notes


def _check_samples(path: Path) -> None:
    rows = Samples.of_bytes(path.read_bytes()).rows
    if ((rows < (0, 0, 0, NOT_TOLD)) | (rows > _LARGEST_NUMBER)).any() or (np.diff(rows[:, 0]) < 0).any():
        raise BadRecording(f"{SAMPLES_MEMBER} has numbers that can't be")


def _check_track(layer: Layer, path: Path) -> bool:
    """Check a track in blocks; mend times that fall and tell whether there were any. Raises `BadRecording`.

    Offsets that fall say that the file is broken. Times may fall by a clock's error, which is no reason to lose a
    recording, but readers search times by halving.
    """
    columns = len(layer.columns)
    mended = False
    before = np.zeros((1, columns), dtype=np.int64)
    with path.open("r+b") as file:
        for first in range(0, path.stat().st_size // (8 * columns), _BLOCK_ROWS):
            at = first * columns * 8
            file.seek(at)
            data = file.read(_BLOCK_ROWS * columns * 8)
            rows = np.concatenate([before, np.frombuffer(data, dtype=COLUMN_DTYPE).reshape(-1, columns)])
            _check_rows(layer, rows, first)
            for index in (index for index, name in enumerate(layer.columns) if name.endswith("t_ns")):
                rows[:, index] = np.maximum.accumulate(rows[:, index])
            before = rows[-1:]
            sound = rows[1:].tobytes()
            if sound != data:
                mended = True
                file.seek(at)
                file.write(sound)
    return mended


def _check_rows(layer: Layer, rows: Int64Array, first: int) -> None:
    """Check a block of rows, preceded by the row before it: numbers in range, offsets that never fall."""
    for index, name in enumerate(layer.columns):
        column = rows[:, index]
        bad = (column < (NO_SOURCE if name == "source" else 0)) | (column > _LARGEST_NUMBER)
        if name.endswith("end"):
            bad[1:] |= column[1:] < column[:-1]
        if bad.any():
            at = int(np.argmax(bad))
            raise BadRecording(f"{layer.name}.npy, row {first + at - 1}: {name} can't be {int(column[at])} there")


def _take_place(folder: Path, into: Path, notes: list[str]) -> Path:
    """Give an unpacked folder its name: the recording's id, or a fresh one where that is taken or is none."""
    meta = decode_meta((folder / META_NAME).read_bytes())
    wanted = meta.id if is_recording_id(meta.id) else f"00000000-000000-{secrets.token_hex(4)}"
    while (into / wanted).exists() or (into / wanted).is_symlink():
        wanted = f"{wanted[:15]}-{secrets.token_hex(4)}"
    if wanted != meta.id or notes:
        write_meta(folder, msgspec.structs.replace(meta, id=wanted, notes=[*meta.notes, *notes]))
    return folder.rename(into / wanted)
