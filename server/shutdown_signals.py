"""Turns Ctrl+C and SIGTERM into an event that any wait sees, for `server.__main__`.

A handler that sets the event itself would not do: a signal just before the main thread goes to sleep would not wake it,
and one inside ``Event.wait`` may find the event's own lock taken and never return.
"""

from __future__ import annotations

import signal
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

_SIGNALS = tuple(getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGBREAK") if hasattr(signal, name))


@contextmanager
def signals_set(event: threading.Event) -> Iterator[None]:
    """Let signals set an event, from a thread that the interpreter wakes by a socket. Main thread only."""
    reader, writer = socket.socketpair()
    writer.setblocking(False)

    def forward() -> None:
        while byte := reader.recv(1):  # the number of a signal, also of one that others take
            if byte[0] in _SIGNALS:
                event.set()

    thread = threading.Thread(target=forward, name="signals", daemon=True)
    thread.start()
    wakeup_before = signal.set_wakeup_fd(writer.fileno(), warn_on_full_buffer=False)
    before = {number: signal.signal(number, lambda *_: None) for number in _SIGNALS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        signal.set_wakeup_fd(wakeup_before)
        writer.close()
        thread.join()
        reader.close()
