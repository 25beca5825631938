"""Appends and reads files of JSON objects, one a line: appended to by several processes, read within bounds.

A row is one write, so rows never mix. What is read may come from a stranger's file: what is too much is refused with
the name of the file and the line.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

_FLAGS = os.O_WRONLY | os.O_CREAT | os.O_APPEND | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)


def append_row(path: Path, row: bytes) -> None:
    """Append one row, its newline included. Any process. Raises ``OSError`` (full disk, folder gone, a link)."""
    file = os.open(path, _FLAGS, 0o600)
    try:
        os.write(file, row)
    finally:
        os.close(file)


@dataclass(slots=True)
class JsonLinesReader:
    """The rows of one file as it grows: feed it what came, in any cuts."""

    name: str
    most_rows: int
    most_bytes: int
    #: Lines and bytes seen so far; empty lines count too.
    lines: int = 0
    size_bytes: int = 0
    _rest: bytes = b""

    def feed(self, data: bytes, take: Callable[[bytes], None]) -> None:
        """Hand each whole row that is not empty to ``take``; an unfinished last one waits.

        Raises `BadRecording` naming file and line, where ``take`` raises or there is more than there may be.
        """
        # Loaded here, as who only appends needs neither.
        import msgspec

        from .meta import BadRecording

        self.size_bytes += len(data)
        if self.size_bytes > self.most_bytes:
            raise BadRecording(f"{self.name}, line {self.lines + 1}: more than {self.most_bytes:,} bytes are too many")
        *rows, self._rest = (self._rest + data).split(b"\n")
        for row in rows:
            self.lines += 1
            if self.lines > self.most_rows:
                raise BadRecording(f"{self.name}, line {self.lines}: more than {self.most_rows:,} lines are too many")
            if row:
                try:
                    take(row)
                except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, BadRecording) as error:
                    raise BadRecording(f"{self.name}, line {self.lines}: {error}") from error

    @property
    def left_bytes(self) -> int:
        """Bytes that may still come, and one more, so that too many are noticed."""
        return self.most_bytes - self.size_bytes + 1
