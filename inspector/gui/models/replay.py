"""Replays the runs on screen: moves the moment that their documents show, at a chosen speed.

Path: transport, keys or story -> `Replay` -> `Document.set_moment` -> the views, by the signals of a live run.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from .document import Document

#: How many times as fast as it happened.
SPEEDS: tuple[float, ...] = (0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 5.0, 10.0)
_FRAME_MS = 16


class Replay(QObject):
    """The playhead of all runs on screen, each counting from the sending of its own request. GUI thread."""

    #: Another moment, another speed, or it plays or rests.
    changed = Signal()

    def __init__(self, documents: Callable[[], Sequence[Document]], parent: QObject) -> None:
        """``documents`` returns those on screen, run A first."""
        super().__init__(parent)
        self.setObjectName("replay")
        self._documents = documents
        self.speed = 1.0
        self.loops = False
        self._looked_ns = 0
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(_FRAME_MS)
        self._timer.timeout.connect(self._tick)

    @property
    def is_playing(self) -> bool:
        """Whether the playhead moves by itself."""
        return self._timer.isActive()

    @property
    def moment_ns(self) -> int | None:
        """The moment shown, nanoseconds since the request was sent; None while all of the run is shown."""
        return next((document.moment_ns for document in self._documents() if document.moment_ns is not None), None)

    @property
    def length_ns(self) -> int:
        """How long the longest of the runs is."""
        wholes = [document.whole for document in self._documents()]
        return max((whole.last_ns - whole.origin_ns for whole in wholes), default=0)

    def play(self) -> None:
        """Go on from the moment shown, from the beginning where that is the end or all of the run is shown."""
        moment_ns = self.moment_ns
        if self.length_ns <= 0:
            return
        if moment_ns is None or moment_ns >= self.length_ns:
            self._show(0)
        self._looked_ns = time.monotonic_ns()
        self._timer.start()
        self.changed.emit()

    def rest(self) -> None:
        """Stay at the moment shown."""
        if self.is_playing:
            self._timer.stop()
            self.changed.emit()

    def seek(self, moment_ns: int) -> None:
        """Go to a moment, nanoseconds since the request was sent, and play or rest as before."""
        self._show(max(0, min(moment_ns, self.length_ns)))
        self._looked_ns = time.monotonic_ns()
        self.changed.emit()

    def end(self) -> None:
        """Show all of the run again."""
        self._timer.stop()
        for document in self._documents():
            document.set_moment(None)
        self.changed.emit()

    def set_speed(self, speed: float) -> None:
        """Play so many times as fast as it happened."""
        self.speed = speed
        self.changed.emit()

    def _show(self, moment_ns: int) -> None:
        for document in self._documents():
            document.set_moment(moment_ns)

    def _tick(self) -> None:
        now_ns = time.monotonic_ns()
        before_ns, self._looked_ns = self._looked_ns, now_ns
        moment_ns = self.moment_ns
        if moment_ns is None:  # another run is shown
            self.rest()
            return
        wanted_ns = moment_ns + round((now_ns - before_ns) * self.speed)
        if wanted_ns < self.length_ns:
            self._show(wanted_ns)
        elif self.loops:
            self._show(0)
        else:
            self._timer.stop()
            self._show(self.length_ns)
        self.changed.emit()
