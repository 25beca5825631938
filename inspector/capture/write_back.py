"""Keeps big files out of the page cache: has each 64 MiB written to disk as it is complete, then drops it from memory.

Used by `recording_writer` for ``wire.bin`` and ``content.bin``. Without it gigabytes pile up in the page cache until
the kernel stops the writer for seconds, in the middle of a measurement. A thread of its own waits for the disk; the
recording thread never does.
"""

from __future__ import annotations

import ctypes
import os
import queue
import sys
import threading
from collections.abc import Callable

_WINDOW_BYTES = 64 << 20
_WAIT_BEFORE, _WRITE, _WAIT_AFTER = 1, 2, 4
_SyncFileRange = Callable[[int, int, int, int], int]


def _load() -> _SyncFileRange | None:
    if sys.platform != "linux":
        return None
    try:
        function = ctypes.CDLL(None, use_errno=True).sync_file_range
    except (OSError, AttributeError):
        return None
    function.argtypes = (ctypes.c_int, ctypes.c_int64, ctypes.c_int64, ctypes.c_uint)
    function.restype = ctypes.c_int
    found: _SyncFileRange = function
    return found


_sync_file_range = _load()


class WriteBack:
    """Follows one growing file. Does nothing on systems without ``sync_file_range``, nor for small files."""

    def __init__(self, fd: int) -> None:
        self._fd = fd
        self._due_bytes = _WINDOW_BYTES
        self._windows: queue.SimpleQueue[int | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None

    def grown(self, size_bytes: int) -> None:
        """Take the file's new size. Never waits for the disk."""
        while size_bytes >= self._due_bytes and _sync_file_range is not None:
            if self._thread is None:
                thread = threading.Thread(target=self._run, args=(_sync_file_range,), daemon=True, name="disk")
                try:
                    thread.start()
                except RuntimeError:
                    # No thread is left: the page cache grows, and nothing is lost.
                    self._due_bytes = sys.maxsize
                    return
                self._thread = thread
            self._windows.put(self._due_bytes - _WINDOW_BYTES)
            self._due_bytes += _WINDOW_BYTES

    def close(self) -> None:
        """End the thread, before the file is closed; waits for at most one window."""
        if self._thread is not None:
            self._windows.put(None)
            self._thread.join()

    def _run(self, sync_file_range: _SyncFileRange) -> None:
        before: int | None = None
        while (start := self._windows.get()) is not None:
            sync_file_range(self._fd, start, _WINDOW_BYTES, _WRITE)
            if before is not None:
                sync_file_range(self._fd, before, _WINDOW_BYTES, _WAIT_BEFORE | _WRITE | _WAIT_AFTER)
                os.posix_fadvise(self._fd, before, _WINDOW_BYTES, os.POSIX_FADV_DONTNEED)
            before = start
