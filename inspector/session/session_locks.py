"""Which sessions are alive: each locks a file in ``HOME/locks``, which the system releases when its process ends.

A process id says less: it may be another program's by now, and in a container others have the same number. The lock of
``HOME/sessions/NAME`` and of ``HOME/deleted/NAME`` is ``HOME/locks/NAME``, made before the folder is. Where a disk has
no locks, every session counts as alive, so that nothing of a running session is ever touched.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

LOCKS_NAME = "locks"
_PRIVATE = 0o700
_FLAGS = os.O_RDWR | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)


class SessionLock:
    """A folder that this process is alive for, as long as it holds this and does not release it."""

    def __init__(self, fd: int, path: Path) -> None:
        self.fd = fd
        self._path = path

    def release(self, *, remove: bool = True) -> None:
        """Let go of it; ``remove`` its lock where the folder is gone, too. Idempotent."""
        fd, self.fd = self.fd, -1
        if fd < 0:
            return
        if remove and sys.platform != "win32":
            with suppress(OSError):
                self._path.unlink()
        os.close(fd)
        if remove and sys.platform == "win32":  # where an open file can't be removed
            with suppress(OSError):
                self._path.unlink()


def claim(parent: Path) -> tuple[Path, SessionLock]:
    """Make a folder with a new name in ``parent``, a folder of the home folder, and claim it. Raises ``OSError``."""
    locks = parent.parent / LOCKS_NAME
    for folder in (locks, parent):
        folder.mkdir(mode=_PRIVATE, parents=True, exist_ok=True)
    while True:
        name = f"{os.getpid()}-{os.urandom(4).hex()}"
        path = locks / name
        fd = os.open(path, _FLAGS | os.O_CREAT | os.O_EXCL, 0o600)
        # Who tidies at this moment may take it for one that was left behind, and remove it.
        if _lock(fd) is False or not path.exists():
            os.close(fd)
            continue
        made = SessionLock(fd, path)
        try:
            (parent / name).mkdir(mode=_PRIVATE)
        except OSError:
            made.release()
            raise
        return parent / name, made


def is_alive(folder: Path) -> bool:
    """Return whether a process that lives has claimed a folder."""
    try:
        fd = os.open(_lock_of(folder), _FLAGS)
    except FileNotFoundError:
        return False
    except OSError:
        return True  # another user's: nobody knows
    try:
        return _lock(fd, shared=True) is not True
    finally:
        os.close(fd)


@contextmanager
def taken_over(folder: Path) -> Iterator[bool]:
    """Claim the folder of a dead process for the body, so that nobody else does; gives whether it could be.

    Its lock is removed afterwards where the folder is gone by then.
    """
    path = _lock_of(folder)
    try:
        path.parent.mkdir(mode=_PRIVATE, exist_ok=True)
        fd = os.open(path, _FLAGS | os.O_CREAT, 0o600)
    except OSError:
        yield False
        return
    taken = SessionLock(fd, path)
    if _lock(fd) is not True:
        taken.release(remove=False)
        yield False
        return
    try:
        yield True
    finally:
        taken.release(remove=not folder.exists())


def _lock_of(folder: Path) -> Path:
    return folder.parent.parent / LOCKS_NAME / folder.name


def _lock(fd: int, *, shared: bool = False) -> bool | None:
    """Lock an open file without waiting: True where it is, False where another holds it, None where there are none."""
    try:
        if sys.platform == "win32":
            msvcrt.locking(fd, msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(fd, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return False
    except OSError:
        return None
    return True
