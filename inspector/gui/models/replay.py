"""Replays the runs on screen: moves the moment that their documents show, at a chosen speed.

Path: transport, keys or story -> `Replay` -> `Document.set_moment` -> the views, by the signals of a live run.
"""

from __future__ import annotations

import math
import time
from collections.abc import Sequence

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from .document import Document

#: How many times as fast as it happened.
SPEEDS: tuple[float, ...] = (0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 5.0, 10.0)
#: As fast as drawn: each frame shows the next moment at which something happened.
AS_DRAWN = math.inf
#: A run in which more happened than can be drawn in this time is thinned to it.
_LONGEST_AS_DRAWN_NS = 8_000_000_000
_FRAME_MS = 16


class Replay(QObject):
    """The playhead of all runs on screen, each counting from the sending of its own request. GUI thread."""

    #: Another moment, another speed, or it plays or rests.
    changed = Signal()

    def __init__(self, parent: QObject) -> None:
        """Replay nothing yet: see `take_over`."""
        super().__init__(parent)
        self.setObjectName("replay")
        #: Those on screen, run A first.
        self._documents: Sequence[Document] = ()
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
        return next((document.moment_ns for document in self._documents if document.moment_ns is not None), None)

    @property
    def length_ns(self) -> int:
        """How long the longest of the runs is."""
        wholes = [document.whole for document in self._documents]
        return max((whole.last_ns - whole.origin_ns for whole in wholes), default=0)

    @property
    def is_recording(self) -> bool:
        """Whether one of the runs goes on meanwhile."""
        return any(document.recording is not None and not document.whole.has_ended for document in self._documents)

    # Playing

    def play(self) -> None:
        """Go on from the moment shown, from the beginning where that is the end or all of the run is shown."""
        moment_ns = self.moment_ns
        if self.length_ns <= 0:
            return
        if moment_ns is None or moment_ns >= self.length_ns:
            self._show(0)
        for document in self._documents:
            if document.selection is None:
                document.set_following(True)
        self._looked_ns = time.monotonic_ns()
        self._timer.start()
        self.changed.emit()

    def rest(self) -> None:
        """Stay at the moment shown."""
        if self.is_playing:
            self._timer.stop()
            self.changed.emit()

    def toggle(self) -> None:
        """Play or rest."""
        if self.is_playing:
            self.rest()
        else:
            self.play()

    def seek(self, moment_ns: int) -> None:
        """Go to a moment, nanoseconds since the request was sent, and play or rest as before."""
        self._show(max(0, min(moment_ns, self.length_ns)))
        self._looked_ns = time.monotonic_ns()
        self.changed.emit()

    def step(self, layer: str, by: int) -> None:
        """Go to the next item of a layer of run A, to the one before for -1, and rest there."""
        document = next(iter(self._documents), None)
        if document is None or not len(track := document.whole.tracks[layer]):
            return
        self._timer.stop()
        origin_ns, moment_ns = document.whole.origin_ns, self.moment_ns
        at_ns = origin_ns + (self.length_ns + 1 if moment_ns is None else moment_ns)
        at = int(track.first_at_or_after(at_ns + 1)) if by > 0 else int(track.first_at_or_after(at_ns)) - 1
        times_ns = track.t_ns
        self.seek(int(times_ns[at]) - origin_ns if 0 <= at < len(track) else self.length_ns if by > 0 else 0)

    def show(self, moment_ns: int | None) -> None:
        """Go to a moment as `seek` does, or (None) show all of the run again."""
        if moment_ns is None:
            self.end()
        else:
            self.seek(moment_ns)

    def end(self) -> None:
        """Show all of the run again, also what is recorded meanwhile."""
        self._timer.stop()
        for document in self._documents:
            document.set_moment(None)
        self.changed.emit()

    def take_over(self, documents: Sequence[Document]) -> None:
        """Replay these documents from now on, those that have just come on screen at the moment of the others."""
        moment_ns = self.moment_ns
        self._documents = documents
        for document in documents:
            document.set_moment(moment_ns)
        self.changed.emit()

    # Choosing

    def set_speed(self, speed: float) -> None:
        """Play so many times as fast as it happened, or `AS_DRAWN`."""
        self.speed = speed
        self.changed.emit()

    def change_speed(self, by: int) -> None:
        """Take the next higher speed, the next lower one for -1."""
        speeds = (*SPEEDS, AS_DRAWN)
        at = speeds.index(self.speed) if self.speed in speeds else speeds.index(1.0)
        self.set_speed(speeds[max(0, min(at + by, len(speeds) - 1))])

    def set_loops(self, loops: bool) -> None:
        """Begin again at the end, or stay there."""
        self.loops = loops
        self.changed.emit()

    def _show(self, moment_ns: int, *, is_frame: bool = False) -> None:
        for document in self._documents:
            document.set_moment(moment_ns, is_frame=is_frame)

    def _tick(self) -> None:
        now_ns = time.monotonic_ns()
        before_ns, self._looked_ns = self._looked_ns, now_ns
        moment_ns = self.moment_ns
        if moment_ns is None:  # another run is shown
            self.rest()
            return
        wanted_ns = self._next_moment_ns(moment_ns, now_ns - before_ns)
        if wanted_ns < self.length_ns:
            self._show(wanted_ns, is_frame=True)
        elif self.loops:
            self._show(0)
        else:
            self._timer.stop()
            self._show(self.length_ns)
        self.changed.emit()

    def _next_moment_ns(self, moment_ns: int, passed_ns: int) -> int:
        """Return the moment to show after so much time."""
        if self.speed != AS_DRAWN:
            return moment_ns + round(passed_ns * self.speed)
        least_ns = round(self.length_ns * passed_ns / _LONGEST_AS_DRAWN_NS)
        nexts = [_next_mark_ns(document, moment_ns + least_ns) for document in self._documents]
        return min((next_ns for next_ns in nexts if next_ns is not None), default=self.length_ns)


def _next_mark_ns(document: Document, after_ns: int) -> int | None:
    """Return the moment of the first mark behind a moment, None where there is none."""
    origin_ns = document.whole.origin_ns
    nexts = [
        int(track.t_ns[at]) - origin_ns
        for track in document.whole.tracks.values()
        if (at := int(track.first_at_or_after(origin_ns + after_ns + 1))) < len(track)
    ]
    return min(nexts, default=None)
