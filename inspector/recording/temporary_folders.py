"""Makes folders for one piece of work and removes them after it, also when its process was killed.

A folder is locked while its work goes on. Whoever makes the next one of its kind removes those that nobody holds.
"""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

try:
    import fcntl
except ImportError:  # Windows: what a killed process leaves there stays until its disk is cleaned
    fcntl = None  # type: ignore[assignment]


@contextmanager
def scratch_folder(parent: Path, prefix: str) -> Iterator[Path]:
    """Make a folder of a random name in ``parent``; remove it at the end, whatever happened. Raises ``OSError``.

    It may be renamed meanwhile: then it stays.
    """
    _remove_abandoned(parent, prefix)
    folder = parent / f"{prefix}{secrets.token_hex(8)}"
    folder.mkdir(mode=0o700)
    lock = _locked(folder)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        if lock is not None:
            os.close(lock)


def _locked(folder: Path) -> int | None:
    """Lock a folder; return the file descriptor that holds it, None where another process does or it can't be."""
    if fcntl is None:
        return None
    try:
        lock = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
    except OSError:
        return None
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(lock)
        return None
    return lock


def _remove_abandoned(parent: Path, prefix: str) -> None:
    if fcntl is None:
        return
    with suppress(OSError):
        for folder in parent.glob(f"{prefix}*"):
            if not folder.is_symlink() and folder.stat().st_uid == os.getuid():
                lock = _locked(folder)
                if lock is not None:
                    shutil.rmtree(folder, ignore_errors=True)
                    os.close(lock)
