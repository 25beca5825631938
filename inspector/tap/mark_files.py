"""Writes the mark files of a tap into a recording: packed rows, unbuffered, one write each.

Readers see a mark as soon as it is made, and a killed server loses none. Nothing here raises into the app: a full disk
ends a file with a line in the log.
"""

from __future__ import annotations

import io
import logging
import os
import struct
from collections.abc import Callable
from pathlib import Path

from inspector.recording.layers import LAYER_BY_NAME, track_file_name

_logger = logging.getLogger(__name__)

# A file that exists already belongs to another request, and a link in its place to no recording.
_NEW_FILE = (
    os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
)


class MarkFile:
    """A new append-only file that takes whole rows. Any thread, one at a time."""

    __slots__ = ("_file", "_path", "append")

    def __init__(self, path: Path) -> None:
        """Make the file. Raises ``FileExistsError`` where another request has it, ``OSError`` for a bad folder."""
        self._path = path
        self._file = io.FileIO(os.open(path, _NEW_FILE, 0o600), "w")
        #: The bare write, for the hot path of the taps: what it raises or leaves out goes to `give_up`.
        self.append: Callable[[bytes], int | None] = self._file.write

    def write(self, row: bytes) -> bool:
        """Append one row, return whether it is in the file. After a failure the file takes no more rows."""
        try:
            if self.append(row) == len(row):
                return True
        except (OSError, ValueError) as error:  # ValueError: closed, by another thread too
            self.give_up(error)
        else:
            self.give_up()
        return False

    def give_up(self, error: Exception | None = None) -> None:
        """Take no more rows, because of an error or, without one, because a row was not written whole."""
        if self.append is not _drop:
            self.append = _drop
            _logger.warning("the recording of %s ends here: %s", self._path.name, error or "no space for a whole row")

    def close(self) -> None:
        """Close the file; later rows are dropped. Safe to call twice and from any thread."""
        self.append = _drop
        self._file.close()

    def __del__(self) -> None:
        # A server may forget to close a response; FileIO would warn about it.
        if hasattr(self, "append"):
            self._file.close()


def _drop(row: bytes) -> int:
    return len(row)


def row_packer(layer_name: str) -> Callable[..., bytes]:
    """Return what packs the columns of one mark of a layer, in the order of its table."""
    return struct.Struct(f"<{len(LAYER_BY_NAME[layer_name].columns)}q").pack


def new_track(folder: Path, layer_name: str) -> MarkFile:
    """Make the track file of a layer. Raises ``OSError``, `FileExistsError` where another request has it."""
    return MarkFile(folder / track_file_name(layer_name))
