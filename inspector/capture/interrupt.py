"""Ending a recording from outside: by the user's stop or by a limit of time, whatever the recorder waits in.

The control thread and a timer trip it; the recording thread waits in reads, which `socket.shutdown` wakes, or in
selects that also watch ``wake``.
"""

from __future__ import annotations

import contextlib
import select
import socket
import threading
import time
from types import TracebackType

from inspector.recording.meta import Ending, EndingKind


class Interrupt:
    """One recording's way to be ended. All methods may be called from any thread. A context manager."""

    def __init__(self, max_seconds: float | None = None) -> None:
        """Be ready. ``max_seconds`` is the limit that starts with `sent`, None for none."""
        #: How it was ended, None while it was not.
        self.ending: Ending | None = None
        #: Readable as soon as it was ended.
        self.wake, self._waker = socket.socketpair()
        self._max_seconds = max_seconds
        self._lock = threading.Lock()
        self._sock: socket.socket | None = None
        self._timer: threading.Timer | None = None

    def __enter__(self) -> Interrupt:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        with self._lock:
            self._sock = None
            timer, self._timer = self._timer, None
        if timer is not None:
            timer.cancel()
            timer.join()
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

    def sent(self) -> None:
        """Tell that the request is out: the limit of time starts."""
        if self._max_seconds is None:
            return
        text = f"The recording was ended by its limit of {self._max_seconds:g} seconds."
        timer = threading.Timer(self._max_seconds, self.trip, ("over_limit", text))
        timer.daemon = True
        with self._lock:
            self._timer = timer
        timer.start()

    def _shut_down(self) -> None:
        # The base class's own: SSLSocket's drops the TLS state under the feet of the thread that reads.
        if self._sock is not None:
            with contextlib.suppress(OSError):
                socket.socket.shutdown(self._sock, socket.SHUT_RDWR)
