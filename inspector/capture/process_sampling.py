"""Samples the server process while a response is recorded: memory, CPU time, bytes written to disk.

A thread of the recorder, beside the hot path: it looks from outside (psutil), ten times a second, and appends to
``process.samples``. Where nothing can be read the samples end, never the recording.
"""

from __future__ import annotations

import struct
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from inspector.recording.layers import track_file_name
from inspector.recording.process_samples import NOT_MEASURED, SAMPLES_NAME

from .recording_writer import AppendFile, WriteFailed

if TYPE_CHECKING:
    import psutil

_EVERY_S = 0.1
_ROW = struct.Struct("<4q")
#: What the taps of the server write into the recording is no doing of the app.
_TAP_FILES = (track_file_name("part"), track_file_name("yield"), "write*.marks")


class _Watched:
    """One process as last seen: what it had used stays counted when it is gone."""

    def __init__(self, process: psutil.Process) -> None:
        self._process = process
        self.rss_bytes = 0
        self.cpu_ns = 0
        self.written_bytes = 0
        self.tells_writing = hasattr(process, "io_counters")
        self._first_written_bytes: int | None = None

    def look(self) -> None:
        """Take the figures of this moment; a process that has vanished keeps no memory."""
        import psutil

        try:
            with self._process.oneshot():
                self.rss_bytes = self._process.memory_info().rss
                times = self._process.cpu_times()
                self.cpu_ns = round((times.user + times.system) * 1e9)
                self._look_at_writing()
        except psutil.Error:
            self.rss_bytes = 0

    def _look_at_writing(self) -> None:
        import psutil

        if not self.tells_writing:
            return
        try:
            counted = self._process.io_counters().write_bytes
        except (psutil.AccessDenied, NotImplementedError, OSError):
            self.tells_writing = False
            return
        first = self._first_written_bytes = counted if self._first_written_bytes is None else self._first_written_bytes
        self.written_bytes = counted - first


class ProcessSampler:
    """Samples processes and their children from `start` to its end as a context. No pids: it does nothing.

    ``written_bytes`` is what the system counts as written to storage (Linux: pages made dirty), less what the taps'
    own files in the recording folder grew by.
    """

    def __init__(self, pids: Sequence[int], folder: Path) -> None:
        self._pids = pids
        self._folder = folder
        self._watched: list[_Watched] = []
        self._ended = threading.Event()
        self._thread: threading.Thread | None = None
        self._file: AppendFile | None = None

    def __enter__(self) -> ProcessSampler:
        if self._pids:
            self._begin()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._thread is not None:
            self._ended.set()
            self._thread.join()
        if self._file is not None:
            self._file.close()

    def _begin(self) -> None:
        import psutil

        for pid in self._pids:
            try:
                process = psutil.Process(pid)
                self._watched += [_Watched(each) for each in (process, *process.children(recursive=True))]
            except psutil.Error:
                continue
        if not self._watched:
            return
        try:
            self._file = AppendFile(self._folder / SAMPLES_NAME)
            self._sample()
        except WriteFailed as error:
            _complain(error)
            return
        thread = threading.Thread(target=self._run, name="sampler", daemon=True)
        try:
            thread.start()
        except RuntimeError as error:
            _complain(error)
            return
        self._thread = thread

    def _run(self) -> None:
        try:
            while not self._ended.wait(_EVERY_S):
                self._sample()
            self._sample()
        except WriteFailed as error:
            _complain(error)

    def _sample(self) -> None:
        for watched in self._watched:
            watched.look()
        written_bytes = NOT_MEASURED
        if all(watched.tells_writing for watched in self._watched):
            written_bytes = max(0, sum(watched.written_bytes for watched in self._watched) - self._tap_bytes())
        rss_bytes, cpu_ns = (sum(getattr(each, name) for each in self._watched) for name in ("rss_bytes", "cpu_ns"))
        assert self._file is not None
        self._file.append(_ROW.pack(time.monotonic_ns(), rss_bytes, cpu_ns, written_bytes))

    def _tap_bytes(self) -> int:
        files = (file for pattern in _TAP_FILES for file in self._folder.glob(pattern))
        return sum(file.stat().st_size for file in files)


def _complain(error: Exception) -> None:
    print(f"recorder: {error}", file=sys.stderr, flush=True)
