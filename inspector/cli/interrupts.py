"""Handles Ctrl+C, SIGTERM and a closed terminal: the first asks for an orderly stop, the second ends the program.

A closed terminal sends SIGHUP more than once, so that one never ends the program at once.
"""

from __future__ import annotations

import contextlib
import queue
import signal
from types import FrameType, TracebackType
from typing import Any, Self

_HANG_UP = getattr(signal, "SIGHUP", None)  # Windows has none
_SIGNALS = (signal.SIGINT, signal.SIGTERM, *([_HANG_UP] if _HANG_UP else []))


class Interrupts:
    """Counts them while its body runs. Thread: the main one. A context manager.

    A killed program leaves no child process behind either: they end when their standard input does.
    """

    def __init__(self) -> None:
        self.count = 0
        # Not an event: a handler that sets one while its own thread waits for it may find its lock taken for ever.
        self._woken: queue.SimpleQueue[None] = queue.SimpleQueue()
        self._before: dict[signal.Signals, Any] = {}

    def __enter__(self) -> Self:
        for number in _SIGNALS:
            if number != _HANG_UP or signal.getsignal(number) != signal.SIG_IGN:  # nohup: it is to live on
                self._before[number] = signal.signal(number, self._take)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def wait(self, seconds: float) -> None:
        """Wait for a moment, or until one comes."""
        with contextlib.suppress(queue.Empty):
            self._woken.get(timeout=seconds)

    def _take(self, _number: int, _frame: FrameType | None) -> None:
        self.count += 1
        self._woken.put(None)
        for each in self._before:
            signal.signal(each, signal.SIG_IGN if each == _HANG_UP else signal.SIG_DFL)
