"""Writes the files of one recording, as their only writer: appended to, visible to readers at once, kept out of memory.

The tracks and bytes of `body_reader` land here. Nothing is buffered: what a call has written survives a killed process.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from types import TracebackType

from inspector.recording.body_content import CONTENT_NAME, WIRE_NAME
from inspector.recording.layers import track_file_name

from .write_back import WriteBack

Octets = bytes | bytearray | memoryview


class WriteFailed(Exception):
    """The disk did not take what was to be written; the text is for people."""


class AppendFile:
    """A file that is only appended to."""

    def __init__(self, path: Path, *, write_back: bool = False) -> None:
        """Create or open ``path``. ``write_back``: keep the page cache small, for files of gigabytes."""
        self.name = path.name
        self.size_bytes = 0
        flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)
        try:
            self._fd = os.open(path, flags, 0o600)
        except OSError as error:
            raise WriteFailed(f"{path.name} can't be made: {error.strerror}") from error
        self._write_back = WriteBack(self._fd) if write_back else None

    def append(self, octets: Octets) -> None:
        """Write all octets (any contiguous buffer). Raises `WriteFailed`; what the disk took stays."""
        try:
            written = os.write(self._fd, octets)
            self.size_bytes += written
            size = memoryview(octets).nbytes
            while written < size:
                more = os.write(self._fd, memoryview(octets).cast("B")[written:])
                written += more
                self.size_bytes += more
        except OSError as error:
            raise WriteFailed(f"{self.name} could not be written: {error.strerror}") from error
        if self._write_back is not None:
            self._write_back.grown(self.size_bytes)

    def close(self) -> None:
        """Close the file."""
        if self._write_back is not None:
            self._write_back.close()
        os.close(self._fd)


class RecordingWriter:
    """All files that the recorder appends to. A context manager."""

    def __init__(self, folder: Path) -> None:
        """Make the files of ``folder``. Raises `WriteFailed`."""
        self._folder = folder
        self._files: list[AppendFile] = []
        self.wire = self._open(WIRE_NAME, write_back=True)
        self.read = self._open(track_file_name("read"))
        self.chunk = self._open(track_file_name("chunk"))
        self.piece = self._open(track_file_name("piece"))

    def __enter__(self) -> RecordingWriter:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        for file in self._files:
            file.close()

    def free_bytes(self) -> int:
        """Return what is free on the disk of the recording. Raises `WriteFailed`."""
        try:
            return shutil.disk_usage(self._folder).free
        except OSError as error:
            raise WriteFailed(f"{self._folder.name} can't be looked at: {error.strerror}") from error

    def content(self) -> AppendFile:
        """Make ``content.bin``, only where a content coding is undone. Raises `WriteFailed`."""
        return self._open(CONTENT_NAME, write_back=True)

    def _open(self, name: str, *, write_back: bool = False) -> AppendFile:
        file = AppendFile(self._folder / name, write_back=write_back)
        self._files.append(file)
        return file
