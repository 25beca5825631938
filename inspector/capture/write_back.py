"""Steady writing of big files: start writing back each 64 MiB as it is there, and drop the window before from memory.

Used by `spool` for ``wire.bin`` and ``content.bin``. Without it gigabytes pile up in the page cache until the kernel
stops the writer for seconds, in the middle of a measurement.
"""

from __future__ import annotations

import ctypes
import os
import sys
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
    """Follows one growing file. Does nothing on systems without ``sync_file_range``."""

    def __init__(self, fd: int) -> None:
        self._fd = fd
        self._started_bytes = 0

    def grown(self, size_bytes: int) -> None:
        """Tell the file's size. Blocks only where the disk is a whole window behind."""
        while _sync_file_range is not None and size_bytes - self._started_bytes >= _WINDOW_BYTES:
            start = self._started_bytes
            _sync_file_range(self._fd, start, _WINDOW_BYTES, _WRITE)
            if start:
                before = start - _WINDOW_BYTES
                _sync_file_range(self._fd, before, _WINDOW_BYTES, _WAIT_BEFORE | _WRITE | _WAIT_AFTER)
                os.posix_fadvise(self._fd, before, _WINDOW_BYTES, os.POSIX_FADV_DONTNEED)
            self._started_bytes += _WINDOW_BYTES
