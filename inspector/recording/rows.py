"""Files of rows that more than one process appends to: a row is one write, so rows never mix."""

from __future__ import annotations

import os
from pathlib import Path

_FLAGS = os.O_WRONLY | os.O_CREAT | os.O_APPEND | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)


def append_row(path: Path, row: bytes) -> None:
    """Append one row, its newline included. Any process. Raises ``OSError`` (full disk, folder gone, a link)."""
    file = os.open(path, _FLAGS, 0o600)
    try:
        os.write(file, row)
    finally:
        os.close(file)
