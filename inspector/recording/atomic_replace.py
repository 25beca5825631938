"""Replaces files in one step: readers see the old file or the new one, and an error leaves the old one.

`replace_file` is for our own small files, which nobody else may read: whatever the umask, they have mode 0600.
`file_destination` uses `replacing` for files that a person asked for.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO


def replace_file(path: Path, data: bytes) -> None:
    """Replace a file. Raises ``OSError``."""
    with replacing(path) as file:
        file.write(data)


@contextmanager
def replacing(path: Path, *, like: os.stat_result | None = None, durable: bool = False) -> Iterator[BinaryIO]:
    """Give a file to write, which takes the place of ``path`` once the body has ended, unless it raises.

    It gets mode 0600, or mode and owner of ``like``. ``durable`` has it on the disk first. Raises ``OSError``.
    """
    # Not made from its name, which may be as long as a name can be.
    temporary = path.with_name(f".saving-{os.urandom(8).hex()}")
    try:
        with open(temporary, "xb", opener=private) as file:
            yield file
            if durable:
                file.flush()
                os.fsync(file.fileno())
        if like is not None:
            if hasattr(os, "geteuid") and os.geteuid() == 0:  # anybody else is its owner, or can't give it away
                os.chown(temporary, like.st_uid, like.st_gid)
            temporary.chmod(stat.S_IMODE(like.st_mode))
        temporary.replace(path)
    except BaseException:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)
        raise


def private(path: str, flags: int) -> int:
    """Open a file that only its owner may read: an opener for ``open``. Raises ``OSError``, also for a link."""
    return os.open(path, flags | getattr(os, "O_NOFOLLOW", 0), 0o600)
