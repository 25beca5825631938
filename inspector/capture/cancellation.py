"""Cancels a recording from outside, on a stop by the user or at a time limit, whatever the recorder waits in.

The control thread and a timer thread cancel; the recording thread waits in reads, which `socket.shutdown` wakes, or in
selects that also watch ``wake``, and looks at ``ending`` between two parts of decoded content.
"""

from __future__ import annotations

import contextlib
import select
import socket
import threading
import time
from types import TracebackType
from typing import Protocol

from inspector.recording.meta import Ending, EndingKind

_LONGEST_WAIT_S = 3600.0


class _OutOfTime(Protocol):
    def __call__(self, *, restarted: bool) -> None: ...


class Cancellation:
    """One recording's way to be ended. All methods may be called from any thread. A context manager."""

    def __init__(self, max_seconds: float | None = None) -> None:
        """Be ready. ``max_seconds`` is the limit of time, None for none."""
        #: How it was ended, None while it was not.
        self.ending: Ending | None = None
        #: Readable as soon as it was ended.
        self.wake, self._waker = socket.socketpair()
        self._max_seconds = max_seconds
        self._lock = threading.Lock()
        self._sock: socket.socket | None = None
        self._limit: _Limit | None = None

    def __enter__(self) -> Cancellation:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        with self._lock:
            self._sock = None
            limit, self._limit = self._limit, None
        if limit is not None:
            limit.end()
        self.wake.close()
        self._waker.close()

    def trip(self, kind: EndingKind, text: str) -> None:
        """End the recording; the first call wins."""
        with self._lock:
            if self.ending is not None:
                return
            self.ending = Ending(kind=kind, text=text, t_ns=time.monotonic_ns())
            with contextlib.suppress(OSError):
                self._waker.send(b"\0")
            self._shut_down()

    def ending_within(self, seconds: float) -> Ending | None:
        """Wait for its ending, this long at most; None where nobody ends it. Recording thread."""
        if self.ending is None:
            select.select([self.wake], [], [], seconds)
        return self.ending

    def attach(self, sock: socket.socket) -> None:
        """Name the socket whose reads are to be woken; one already tripped is shut down at once."""
        with self._lock:
            self._sock = sock
            if self.ending is not None:
                self._shut_down()

    def begin(self) -> None:
        """Start the limit of time, for all that happens before the request is sent. Raises ``RuntimeError`` where
        the system has no thread left.
        """
        if self._max_seconds is not None and self._limit is None:
            self._limit = _Limit(self._max_seconds, self._out_of_time)

    def sent(self) -> None:
        """Restart the time limit for the response: the request is out."""
        if self._limit is not None:
            self._limit.restart()

    def _out_of_time(self, *, restarted: bool) -> None:
        before = "" if restarted else ", before the request was sent"
        self.trip("over_limit", f"The recording was ended by its limit of {self._max_seconds:g} seconds{before}.")

    def _shut_down(self) -> None:
        # The base class's own: SSLSocket's drops the TLS state under the feet of the thread that reads.
        if self._sock is not None:
            with contextlib.suppress(OSError):
                socket.socket.shutdown(self._sock, socket.SHUT_RDWR)


class _Limit:
    """A thread that calls once the time is over. It is made before anything is sent: later there may be none left."""

    def __init__(self, seconds: float, call: _OutOfTime) -> None:
        self._seconds = seconds
        self._call = call
        self._changed = threading.Condition()
        self._until_s = time.monotonic() + seconds
        self._restarted = self._ended = False
        self._thread = threading.Thread(target=self._run, name="time limit", daemon=True)
        self._thread.start()

    def restart(self) -> None:
        with self._changed:
            self._until_s = time.monotonic() + self._seconds
            self._restarted = True

    def end(self) -> None:
        with self._changed:
            self._ended = True
            self._changed.notify()
        self._thread.join()

    def _run(self) -> None:
        with self._changed:
            while not self._ended and (left_s := self._until_s - time.monotonic()) > 0:
                # A very long limit is waited for in parts: no system waits for years at once.
                self._changed.wait(min(left_s, _LONGEST_WAIT_S))
            ended, restarted = self._ended, self._restarted
        if not ended:
            self._call(restarted=restarted)
