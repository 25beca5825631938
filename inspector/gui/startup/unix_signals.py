"""Turns SIGINT and SIGTERM into a Qt signal, through a socket that wakes the event loop.

Python runs its signal handlers between bytecodes, and inside ``app.exec()`` there are none for as long as nothing
happens. ``signal.set_wakeup_fd`` writes the number of the signal from the C handler, at once.
"""

from __future__ import annotations

import signal
import socket
from collections.abc import Callable
from types import FrameType

from PySide6.QtCore import QObject, QSocketNotifier, Signal

_Handler = Callable[[int, FrameType | None], object] | int | None

#: Windows has SIGBREAK (Ctrl+Break, and the end of a process group) and knows SIGTERM only by name.
SIGNALS: tuple[signal.Signals, ...] = (
    signal.SIGINT,
    signal.SIGTERM,
    *([signal.SIGBREAK] if hasattr(signal, "SIGBREAK") else []),
)


class UnixSignals(QObject):
    """Turns signals of the system into `received`. Make it in the main thread, and close it when ``exec`` returned."""

    #: Number of the signal; emitted in the event loop of the main thread.
    received = Signal(int)

    def __init__(self, parent: QObject | None = None, signals: tuple[signal.Signals, ...] = SIGNALS) -> None:
        """Take over the signals. Raises ``ValueError`` outside the main thread."""
        super().__init__(parent)
        self.last_signal: int | None = None
        self._reader, self._writer = socket.socketpair()
        self._reader.setblocking(False)
        self._writer.setblocking(False)
        self._notifier = QSocketNotifier(self._reader.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._read)
        self._wakeup_before = signal.set_wakeup_fd(self._writer.fileno(), warn_on_full_buffer=False)
        # The wake-up byte is written only for signals that have a handler in Python.
        self._handlers_before: dict[int, _Handler] = {each: signal.signal(each, _do_nothing) for each in signals}

    def close(self) -> None:
        """Give the signals back to whoever had them. Closing twice is allowed."""
        if self._reader.fileno() < 0:
            return
        for number, handler in self._handlers_before.items():
            # None stands for a handler that was not installed from Python and can't be put back.
            signal.signal(number, signal.SIG_DFL if handler is None else handler)
        signal.set_wakeup_fd(self._wakeup_before)
        self._notifier.setEnabled(False)
        self._reader.close()
        self._writer.close()

    def _read(self) -> None:
        try:
            numbers = self._reader.recv(256)
        except BlockingIOError:
            return
        for number in numbers:
            if number in self._handlers_before:
                self.last_signal = number
                self.received.emit(number)


def _do_nothing(_number: int, _frame: FrameType | None) -> None:
    """Keep the signal from ending the process; the byte on the socket is what counts."""
