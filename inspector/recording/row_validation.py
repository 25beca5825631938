"""Validates the rows of a track: the one check between a file of marks and its readers.

Nothing in a file is trusted, for a broken disk, a torn download or a stranger may have written it. Rows that pass have
offsets that never fall and never point beyond the bytes that are there, so that a search finds its place and a read
stays inside of its file.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from .body_content import CONTENT_NAME, WIRE_NAME
from .layers import NO_SOURCE, Layer
from .meta import LARGEST_NUMBER, BadRecording, Meta
from .track import Int64Array

_BLOCK_ROWS = 1 << 16


@dataclass(frozen=True, slots=True)
class Extent:
    """How many bytes of ``wire.bin`` and of the content are there; None where that is not known, so bounds nothing."""

    wire_bytes: int | None = None
    content_bytes: int | None = None

    @classmethod
    def of_folder(cls, folder: Path, meta: Meta | None) -> Extent:
        """Return that of a recording folder as it is now.

        A file that is missing, or whose rest was lost before it came here (``meta.lost``), bounds nothing: its marks
        stay true, and reads of it end where it ends.
        """
        lost = frozenset(meta.lost) if meta else frozenset()
        wire_bytes = _size_bytes(folder, WIRE_NAME, lost)
        content_bytes = _size_bytes(folder, CONTENT_NAME, lost)
        coded = meta is not None and meta.response is not None and meta.response.content_coding != "identity"
        return cls(wire_bytes, content_bytes if coded or content_bytes is not None else wire_bytes)

    def bytes_of(self, layer: Layer, column: str) -> tuple[str, int | None]:
        """Return what a column counts, and how many bytes of it are there; of the server's side nothing bounds it."""
        if layer.side == "server":
            return "", None
        is_content = layer.axis_of(column) == "content"
        return ("the content", self.content_bytes) if is_content else (WIRE_NAME, self.wire_bytes)


def _size_bytes(folder: Path, name: str, lost: frozenset[str]) -> int | None:
    if name in lost:
        return None
    try:
        return (folder / name).stat().st_size
    except FileNotFoundError:
        return None


def check_rows(layer: Layer, rows: Int64Array, extent: Extent, *, seen: int = 0) -> bool:
    """Check the rows from ``seen`` on, and return whether a time falls among them.

    Times may fall by a clock's error, which is no reason to lose a recording: `raise_times` mends them. Raises
    `BadRecording` naming row and column for anything else. A million rows of five columns take about 30 ms.
    """
    times_fall = False
    for first in range(seen, len(rows), _BLOCK_ROWS):
        stop = min(first + _BLOCK_ROWS, len(rows))
        before = rows[first - 1 : first] if first else np.zeros((1, rows.shape[1]), dtype=np.int64)
        times_fall |= _check_block(layer, np.concatenate([before, rows[first:stop]]), first, extent)
    return times_fall


def raise_times(layer: Layer, rows: Int64Array) -> None:
    """Raise each time of writable rows to the latest before it, so that times can be searched."""
    for index in (index for index, name in enumerate(layer.columns) if name.endswith("t_ns")):
        np.maximum.accumulate(rows[:, index], out=rows[:, index])


def _check_block(layer: Layer, block: Int64Array, first: int, extent: Extent) -> bool:
    """Check a block that begins with the row before it; return whether a time falls in it."""
    falls = np.any(block[1:] < block[:-1], axis=0).tolist()
    times_fall = False
    for index, name in enumerate(layer.columns):
        column = block[:, index]
        at = _Place(layer, name, first)
        if layer.axis_of(name) is not None:
            file_name, bound = extent.bytes_of(layer, name)
            most = LARGEST_NUMBER if bound is None else bound
            if falls[index]:
                at.refuse(column, np.append(False, column[1:] < column[:-1]), "less than before")
            if column[1] < 0 or column[-1] > most:
                why = "" if bound is None else f"{file_name} has {bound:,} bytes"
                at.refuse(column, (column < 0) | (column > most), why)
        else:
            least = NO_SOURCE if name == "source" else 0
            at.refuse(column, (column < least) | (column > LARGEST_NUMBER))
            times_fall |= falls[index] and name.endswith("t_ns")
    on_wire, of_body = layer.column_on("wire"), layer.column_on("body")
    if on_wire is not None and of_body is not None:
        # What an item takes on the wire holds what it takes of the body, and maybe framing.
        outer, inner = (block[:, layer.columns.index(name)] for name in (on_wire, of_body))
        at = _Place(layer, of_body, first)
        at.refuse(inner, np.append(False, np.diff(outer - inner) < 0), "more than came")
    return times_fall


@dataclass(frozen=True, slots=True)
class _Place:
    """A column of a block, whose first row is the one before row ``first`` of the track."""

    layer: Layer
    column: str
    first: int

    def refuse(self, values: Int64Array, bad: NDArray[np.bool_], why: str = "") -> None:
        """Raise `BadRecording` where a value is bad."""
        if bad[1:].any():
            at = int(np.argmax(bad[1:]))
            because = f": {why}" if why else ""
            raise BadRecording(
                f"{self.layer.name}.npy, row {self.first + at}: {self.column} can't be {int(values[at + 1])}{because}"
            )
