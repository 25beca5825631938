"""Saves a file where a person asked for it: what is there is kept until the new one is whole.

A regular file is replaced in one step and keeps its mode; a link is followed; a device or a FIFO is written into, never
replaced. New files are readable by their owner alone. Every export of command line and window goes through here.
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, cast

from .atomic_replace import replacing

#: The longest name of a file on all usual file systems.
_LONGEST_NAME_BYTES = 255


@contextmanager
def saving_to(path: Path) -> Iterator[BinaryIO]:
    """Give a file to write, which is at ``path`` once the body has ended; if anything is raised, all is as before.

    What was written into a device or a FIFO can't be taken back. A FIFO waits for its reader. Raises ``OSError``.
    """
    found = _stat_of(path)
    if found is not None and stat.S_ISDIR(found.st_mode):
        raise IsADirectoryError(errno.EISDIR, "it is a folder", str(path))
    target = Path(os.path.realpath(path))
    replaceable = found is None or (stat.S_ISREG(found.st_mode) and _is(target, found))
    with _replacing(target, found) if replaceable else _into(path) as file:
        yield file


def save_bytes(path: Path, data: bytes) -> None:
    """Save bytes as ``path``, as `saving_to` does. Raises ``OSError``."""
    with saving_to(path) as file:
        file.write(data)


def _stat_of(path: Path) -> os.stat_result | None:
    try:
        return path.stat()
    except FileNotFoundError:
        return None


def _is(target: Path, found: os.stat_result) -> bool:
    """Return whether a path leads to a file: names below ``/proc`` may lead to one that has no name any more."""
    there = _stat_of(target)
    return there is not None and os.path.samestat(there, found)


@contextmanager
def _replacing(target: Path, found: os.stat_result | None) -> Iterator[BinaryIO]:
    if len(os.fsencode(target.name)) > _LONGEST_NAME_BYTES:
        raise OSError(errno.ENAMETOOLONG, "its name is too long", str(target))
    with replacing(target, like=found, durable=True) as file:
        yield file


@contextmanager
def _into(path: Path) -> Iterator[BinaryIO]:
    with os.fdopen(os.open(path, os.O_WRONLY | getattr(os, "O_BINARY", 0)), "wb") as file:
        yield cast(BinaryIO, _Forward(file))


class _Forward:
    """A file written from its beginning to its end, without ``tell()``: devices return a wrong position."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def write(self, data: bytes) -> int:
        """Write all of it."""
        return self._file.write(data)

    def flush(self) -> None:
        """Hand it to the system."""
        self._file.flush()

    def close(self) -> None:
        """Leave it open: its opener closes it."""
