"""Migrates recordings of older formats to the current one, one step at a time.

A step is a function from format *n* to *n + 1*; `STEPS` has one for every *n* below `FORMAT`. A step sees the raw
data (the JSON of ``meta.json`` and the rows of each track as they were written), never today's classes, so that it
stays right when those change.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

import msgspec
import numpy as np

from .atomic_replace import replace_file
from .layers import COLUMN_DTYPE, LAYER_BY_NAME, MOST_BETWEEN, track_file_name
from .meta import FORMAT, META_NAME, BadRecording, Meta, check_format, read_meta
from .track import Int64Array


@dataclass(slots=True)
class RawRecording:
    """A recording as some format wrote it.

    ``meta`` is the object of ``meta.json``; ``tracks`` gives each track's rows by name, shape ``(marks, columns)``,
    mapped read-only from disk. A step replaces what its format wrote differently.
    """

    meta: dict[str, Any]
    tracks: dict[str, Int64Array]


Step = Callable[[RawRecording], None]


def _times_with_bounds(raw: RawRecording) -> None:
    """Format 2: reads and chunks have a last column, ``at_most``: whether their time is an upper bound only.

    Format 1 did not record it, so all of its times count as exact.
    """
    for name in ("read", "chunk"):
        rows = raw.tracks.get(name)
        if rows is not None:
            raw.tracks[name] = np.concatenate((rows, np.zeros((len(rows), 1), dtype=np.int64)), axis=1)
    for layer in raw.meta.get("layers", []):
        if layer["name"] in ("read", "chunk") and "at_most" not in layer["columns"]:
            layer["columns"] = [*layer["columns"], "at_most"]


#: From the format a step takes to the step, which leaves a recording of the next format behind.
STEPS: Mapping[int, Step] = MappingProxyType({1: _times_with_bounds})


def migrate(raw: RawRecording, *, steps: Mapping[int, Step] = STEPS, to_format: int = FORMAT) -> None:
    """Bring ``raw`` to ``to_format`` in place. Raises `BadRecording` where a step is missing or finds bad data."""
    version = raw.meta["format"]
    while version < to_format:
        step = steps.get(version)
        if step is None:
            raise BadRecording(f"recordings of format {version} can no longer be read")
        try:
            step(raw)
        except (LookupError, TypeError, ValueError) as error:
            raise BadRecording(f"{META_NAME}: not a valid recording of format {version}: {error!r}") from error
        version += 1
        raw.meta["format"] = version


def migrate_folder(folder: Path, columns: Mapping[str, int], *, steps: Mapping[int, Step] = STEPS) -> dict[str, int]:
    """Bring the recording in ``folder`` to today's format, writing only what a step changed.

    ``columns`` gives the number of columns that each track has there; those it has afterwards are returned. Nothing is
    touched where the format is today's.
    Raises `BadRecording` (also for a missing or broken ``meta.json``), `NewerFormat` and ``OSError``.
    """
    meta = read_raw_meta((folder / META_NAME).read_bytes())
    if meta["format"] == FORMAT:
        return dict(columns)
    before = {name: _map_rows(folder / track_file_name(name), count) for name, count in columns.items()}
    raw = RawRecording(meta, dict(before))
    migrate(raw, steps=steps)
    for name in before.keys() - raw.tracks.keys():
        (folder / track_file_name(name)).unlink()
    for name, rows in raw.tracks.items():
        if before.get(name) is not rows:
            replace_file(folder / track_file_name(name), np.ascontiguousarray(rows, dtype=COLUMN_DTYPE).tobytes())
    replace_file(folder / META_NAME, msgspec.json.format(msgspec.json.encode(raw.meta), indent=1) + b"\n")
    return {name: rows.shape[1] for name, rows in raw.tracks.items()}


def read_meta_of_today(folder: Path) -> Meta | None:
    """Return the meta data of a folder as `read_meta` does, its recording brought to today's format if it has ended.

    Raises `BadRecording`, `NewerFormat`, and ``OSError`` where an older one can't be written anew.
    """
    meta = read_meta(folder)
    if meta is None or meta.format == FORMAT or meta.ending is None:
        return meta
    columns = {layer.name: len(layer.columns) for layer in meta.layers if layer.name in LAYER_BY_NAME}
    columns |= {f"write.{index}": columns.get("write", 2) for index in range(1, MOST_BETWEEN + 1)}
    there = {name: count for name, count in columns.items() if count and (folder / track_file_name(name)).exists()}
    migrate_folder(folder, there)
    return read_meta(folder)


def read_raw_meta(data: bytes) -> dict[str, Any]:
    """Parse ``meta.json`` of any format up to today's. Raises `BadRecording` or `NewerFormat`."""
    try:
        meta = msgspec.json.decode(data, type=dict[str, Any])
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise BadRecording(f"{META_NAME}: {error}") from error
    version = meta.get("format")
    if type(version) is not int:
        raise BadRecording(f"{META_NAME}: field `format` is missing or not a whole number")
    check_format(version)
    return meta


def _map_rows(path: Path, columns: int) -> Int64Array:
    rows = path.stat().st_size // (8 * columns)
    if not rows:
        return np.empty((0, columns), dtype=np.int64)
    return np.memmap(path, dtype=COLUMN_DTYPE, mode="r", shape=(rows, columns))
