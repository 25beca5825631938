"""Runs long work in a worker thread, and reports its progress and result as signals in the GUI thread.

Path: pane -> `BackgroundTask.start` -> worker thread -> queued signal -> the task's own signals -> pane.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal

from inspector.recording.archive import Cancelled

#: Called with done and total; raises `Cancelled` once the work is cancelled. In the worker's thread.
Progress = Callable[[int, int], None]
Work = Callable[[Progress], Any]

#: How long `BackgroundTask.end` waits for work that never checks for cancellation; its result is then dropped.
LONGEST_GOODBYE_S = 3.0


class BackgroundTask(QObject):
    """One piece of work in a thread of its own; it ends with one of the last three signals. GUI thread."""

    #: Done and total, as numbers of any size; states in between may be left out.
    progressed = Signal(object, object)
    #: Carries what the work returned.
    succeeded = Signal(object)
    #: Carries the exception.
    failed = Signal(object)
    cancelled = Signal()
    #: Name and value of one of the above: the bridge from the worker's thread.
    _told = Signal(str, object)

    def __init__(self, work: Work, parent: QObject | None = None) -> None:
        """Prepare ``work(progress)``; it begins with `start`."""
        super().__init__(parent)
        self._work = work
        self._lock = threading.Lock()
        self._news: tuple[int, int] | None = None
        self._is_unwanted = False
        self._is_ended = False
        self._thread = threading.Thread(target=self._do, name="background", daemon=True)
        self._told.connect(self._tell, Qt.ConnectionType.QueuedConnection)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def cancel(self) -> None:
        """Have it end at its next progress; `cancelled` tells when. Harmless when it has ended."""
        self._is_unwanted = True

    def end(self) -> None:
        """Cancel and wait for the thread's end; no signal is emitted any more. Idempotent."""
        with self._lock:
            self._is_unwanted = self._is_ended = True
        if self._thread.ident is not None:
            self._thread.join(LONGEST_GOODBYE_S)

    # In the worker's thread

    def _do(self) -> None:
        try:
            result = self._work(self._progress)
        except Cancelled:
            self._say("cancelled", None)
        except Exception as error:
            self._say("failed", error)
        else:
            self._say("succeeded", result)

    def _progress(self, done: int, total: int) -> None:
        if self._is_unwanted:
            raise Cancelled
        # One signal at a time is under way; it tells the newest state, however many there were.
        with self._lock:
            is_under_way, self._news = self._news is not None, (done, total)
        if not is_under_way:
            self._say("progressed", None)

    def _say(self, what: str, value: object) -> None:
        with self._lock:
            if not self._is_ended:
                self._told.emit(what, value)

    # In the GUI thread

    def _tell(self, what: str, value: object) -> None:
        if self._is_ended:
            return
        if what == "progressed":
            with self._lock:
                news, self._news = self._news, None
            if news is not None:
                self.progressed.emit(*news)
            return
        # The thread has nothing left to do, and whoever hears of the end finds it gone.
        self._thread.join()
        if what == "cancelled":
            self.cancelled.emit()
        else:
            getattr(self, what).emit(value)
