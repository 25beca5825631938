"""Small files that are replaced as a whole, and that nobody else may read: whatever the umask, they have mode 0600."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path


def replace_file(path: Path, data: bytes) -> None:
    """Replace a file in one step: readers see the old or the new one. Raises ``OSError``; the old one then stays."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with open(temporary, "wb", opener=private) as file:
            file.write(data)
        temporary.replace(path)
    except OSError:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)
        raise


def private(path: str, flags: int) -> int:
    """Open a file that only its owner may read: an opener for ``open``. Raises ``OSError``, also for a link."""
    return os.open(path, flags | getattr(os, "O_NOFOLLOW", 0), 0o600)
