"""Saves and loads ``NAME.stream``: a recording folder as a ZIP that opens without this program.

``meta.json``, ``sources.jsonl``, ``taps.jsonl``, ``wire.bin`` and ``content.bin`` as they are, every track as
``NAME.npy`` (little-endian int64, shape ``(marks, columns)``), so that ``numpy.load(path)["read"]`` gives the reads.
Loading makes a recording folder again, which the rest of the inspector follows like any other. Big members pass in
blocks, never whole.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

import msgspec
import numpy as np

from .annotations import ANNOTATIONS_NAME, Annotations, read_annotations
from .archive_reader import Progress, unpack
from .body_content import CONTENT_NAME, WIRE_NAME
from .change_log import CHANGES_NAME
from .file_destination import saving_to
from .layers import COLUMN_DTYPE, LAYERS, MOST_BETWEEN, Layer, between_layer, track_file_name
from .meta import META_NAME, BadRecording, Ending, Meta, encode_meta
from .migrations import read_meta_of_today
from .process_samples import ROW_BYTES as SAMPLE_ROW_BYTES
from .process_samples import SAMPLE_COLUMNS, SAMPLES_MEMBER, SAMPLES_NAME
from .redaction import redacted_meta
from .source_lines import SOURCES_NAME
from .tap_log import TAPS_NAME

ARCHIVE_SUFFIX = ".stream"
_BLOCK_BYTES = 1 << 20
_COMPRESS_LEVEL = 1
#: The earliest time that a ZIP can hold: the same recording saved twice gives the same bytes.
_NO_DATE = (1980, 1, 1, 0, 0, 0)


class SaveFailed(OSError):
    """The recording could not be saved; the text says why. Nothing was left behind, an older file is untouched."""


class Cancelled(Exception):
    """Loading or saving was ended by its ``progress`` callback; nothing is left behind."""


def save_archive(
    folder: Path, path: Path, *, redact: bool = True, progress: Progress | None = None, meta: Meta | None = None
) -> None:
    """Save the recording in ``folder`` as the file ``path``, replacing it in one step (`saving_to` has the details).

    ``redact`` takes secrets out of the meta data. A recording that still runs is saved as far as it got, with the
    ending ``stopped``, so that nobody waits for the rest of it. ``meta`` replaces that of the folder where the disk
    did not take it. Any thread; takes about a second for 100 MB.
    ``progress`` is called with done and total bytes, and may raise `Cancelled`. Raises `BadRecording` where the folder
    holds no recording, and `SaveFailed` (full disk, no permission).
    """
    meta = meta or read_meta_of_today(folder)
    if meta is None:
        raise BadRecording(f"{folder.name} holds no recording yet: there is no {META_NAME}")
    if redact:
        meta = redacted_meta(meta)
    try:
        with saving_to(path) as file, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            _write_members(archive, folder, meta, _ProgressCounter(folder, progress))
    except OSError as error:
        raise SaveFailed(f"could not save the recording as {path}: {error.strerror or error}") from error


def load_archive(path: Path, into: Path, *, progress: Progress | None = None) -> Path:
    """Unpack the file ``path`` into a new recording folder inside ``into``, a spool; return that folder.

    A file that is cut short opens as far as it is whole, and says in ``meta.notes`` where it stops. ``progress`` is
    told done and total bytes, and may raise `Cancelled`.
    The folder has the id of the recording, or a fresh one where that is taken; ``meta.id`` always equals its name.
    Raises `BadRecording` (its text names file, member and what is wrong), `NewerFormat`, and ``OSError`` where the file
    can't be read or the disk is full. Whatever is raised, no half folder is left.
    """
    try:
        return unpack(path, into, progress)
    except BadRecording as error:
        raise type(error)(f"{path.name}: {error}") from error


def npy_header(marks: int, columns: int) -> bytes:
    """Return the header of a ``.npy`` file (NumPy format 1.0) with int64 rows of shape ``(marks, columns)``."""
    header = BytesIO()
    np.lib.format.write_array_header_1_0(
        header, {"descr": COLUMN_DTYPE, "fortran_order": False, "shape": (marks, columns)}
    )
    return header.getvalue()


class _ProgressCounter:
    """Counts the bytes saved of a folder, and reports them."""

    def __init__(self, folder: Path, progress: Progress | None) -> None:
        self._progress = progress
        self._done_bytes = 0
        self._total_bytes = sum(file.stat().st_size for file in folder.iterdir()) if progress else 0

    def add(self, size_bytes: int) -> None:
        if self._progress is not None:
            self._done_bytes += size_bytes
            self._progress(min(self._done_bytes, self._total_bytes), self._total_bytes)


def _write_members(archive: zipfile.ZipFile, folder: Path, meta: Meta, progress_counter: _ProgressCounter) -> None:
    last_t_ns = 0
    marks: list[tuple[Layer, int]] = []
    # Marks are counted before bytes are: a stream that still runs then has the bytes of every mark that is saved.
    for layer in (*LAYERS, *(between_layer(index) for index in range(1, MOST_BETWEEN + 1))):
        size_bytes = _size_bytes(folder / track_file_name(layer.name))
        if size_bytes is not None:
            marks.append((layer, size_bytes // (8 * len(layer.columns))))
    for layer, count in marks:
        last_t_ns = max(last_t_ns, _last_t_ns(folder, layer, count))
    if meta.ending is None:
        text = "saved while the stream was running"
        meta = msgspec.structs.replace(meta, ending=Ending(kind="stopped", text=text, t_ns=last_t_ns))
    with _member(archive, META_NAME) as member:
        member.write(encode_meta(meta))
    for layer, count in marks:
        columns = len(layer.columns)
        with _member(archive, f"{layer.name}.npy") as member:
            member.write(npy_header(count, columns))
            _copy(folder / track_file_name(layer.name), member, count * columns * 8, progress_counter)
    _write_beside(archive, folder, progress_counter)
    for name in (SOURCES_NAME, TAPS_NAME, CHANGES_NAME, WIRE_NAME, CONTENT_NAME):
        size_bytes = _size_bytes(folder / name)
        if size_bytes is not None:
            with _member(archive, name) as member:
                _copy(folder / name, member, size_bytes, progress_counter)


def _write_beside(archive: zipfile.ZipFile, folder: Path, progress_counter: _ProgressCounter) -> None:
    """Write what goes with the stream: the samples of the server process, and what a person wrote about it."""
    samples_bytes = _size_bytes(folder / SAMPLES_NAME)
    if samples_bytes is not None:
        with _member(archive, SAMPLES_MEMBER) as member:
            count = samples_bytes // SAMPLE_ROW_BYTES
            member.write(npy_header(count, len(SAMPLE_COLUMNS)))
            _copy(folder / SAMPLES_NAME, member, count * SAMPLE_ROW_BYTES, progress_counter)
    label = msgspec.structs.replace(read_annotations(folder), opened_from="")
    if label != Annotations():
        with _member(archive, ANNOTATIONS_NAME) as member:
            member.write(msgspec.json.encode(label))


def _size_bytes(path: Path) -> int | None:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return None


def _last_t_ns(folder: Path, layer: Layer, count: int) -> int:
    if not count:
        return 0
    with (folder / track_file_name(layer.name)).open("rb") as file:
        file.seek((count - 1) * len(layer.columns) * 8)
        return int.from_bytes(file.read(8), "little", signed=True)


def _copy(source: Path, member: BinaryIO, size_bytes: int, progress_counter: _ProgressCounter) -> None:
    left = size_bytes
    with source.open("rb", buffering=0) as file:
        while left:
            block = file.read(min(left, _BLOCK_BYTES))
            if not block:
                raise OSError(f"{source.name} became shorter while it was saved")
            member.write(block)
            left -= len(block)
            progress_counter.add(len(block))


@contextmanager
def _member(archive: zipfile.ZipFile, name: str) -> Iterator[BinaryIO]:
    info = zipfile.ZipInfo(name, _NO_DATE)
    info.compress_type = zipfile.ZIP_DEFLATED
    info._compresslevel = _COMPRESS_LEVEL  # type: ignore[attr-defined]  # public only from Python 3.13 on
    info.external_attr = 0o600 << 16
    with archive.open(info, "w", force_zip64=True) as member:
        yield member  # type: ignore[misc]
