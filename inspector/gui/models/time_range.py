"""The visible time range, shared by ladder, staircase and overview, in nanoseconds since the request was sent."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

MILLISECOND_NS = 1_000_000
SECOND_NS = 1_000_000_000
#: What a fresh run shows before its length is known, and the most a live run shows before it begins to slide.
FIRST_SPAN_NS = 400 * MILLISECOND_NS
LONGEST_LIVE_SPAN_NS = 10 * SECOND_NS
SHORTEST_SPAN_NS = 2_000
#: A run that was over sooner brought nothing: no request takes so little time.
_NOTHING_CAME_NS = 20_000


class TimeRange(QObject):
    """The half-open range ``[start_ns, stop_ns)``, and whether it keeps up with the run by itself.

    While *automatic*, a live run grows into view and slides once it is longer than `LONGEST_LIVE_SPAN_NS`; a finished
    one is fitted. Any zoom or pan by the user ends that; `fit` brings it back. Never reads a clock. GUI thread.
    """

    changed = Signal()
    #: The pointer is over another time, or over none: see `cursor_ns`.
    pointed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.start_ns = 0
        self.stop_ns = FIRST_SPAN_NS
        self.whole_ns = FIRST_SPAN_NS
        self.automatic = True
        #: The time under the pointer in one of the pictures, None while it is over none of them.
        self.cursor_ns: int | None = None

    @property
    def span_ns(self) -> int:
        """Length of the range."""
        return self.stop_ns - self.start_ns

    def restart(self) -> None:
        """Begin again for another run."""
        self.whole_ns = 0
        self.automatic = True
        self._set(-FIRST_SPAN_NS // 40, FIRST_SPAN_NS)

    def follow(self, elapsed_ns: int, *, live: bool) -> None:
        """Take note that a run is ``elapsed_ns`` long by now, and keep up with it where that is wanted."""
        self.whole_ns = max(elapsed_ns, 1)
        if not self.automatic:
            return
        if not live and self.whole_ns < _NOTHING_CAME_NS:
            self._set(-FIRST_SPAN_NS // 40, FIRST_SPAN_NS)
        elif not live:
            margin = max(self.whole_ns // 50, SHORTEST_SPAN_NS)
            self._set(-margin, self.whole_ns + margin)
        elif elapsed_ns > LONGEST_LIVE_SPAN_NS:
            stop = elapsed_ns + LONGEST_LIVE_SPAN_NS // 25
            self._set(stop - LONGEST_LIVE_SPAN_NS, stop)
        elif elapsed_ns > self.stop_ns * 0.97:
            self._set(-elapsed_ns // 25, min(int(elapsed_ns * 1.6), LONGEST_LIVE_SPAN_NS + LONGEST_LIVE_SPAN_NS // 25))

    def fit(self) -> None:
        """Show the whole run and keep up with it again."""
        self.automatic = True
        self.changed.emit()

    def show(self, start_ns: int, stop_ns: int) -> None:
        """Show a range that the user chose; it stays within sight of the run, which begins at its left edge at most."""
        self.automatic = False
        span = max(stop_ns - start_ns, SHORTEST_SPAN_NS)
        span = min(span, max(4 * self.whole_ns, FIRST_SPAN_NS))
        start_ns = max(min(start_ns, self.whole_ns - span // 10), -span // 25)
        self._set(start_ns, start_ns + span)

    def zoom(self, factor: float, at_ns: float) -> None:
        """Make the range ``factor`` times as long, keeping ``at_ns`` where it is."""
        start = at_ns - (at_ns - self.start_ns) * factor
        self.show(round(start), round(start + self.span_ns * factor))

    def pan(self, share: float) -> None:
        """Move by a share of the span, to later times where positive."""
        shift = round(self.span_ns * share)
        self.show(self.start_ns + shift, self.stop_ns + shift)

    def reveal(self, start_ns: int, stop_ns: int) -> None:
        """Bring times into sight, never less than before the sending of the request but for a small margin."""
        if start_ns >= self.start_ns and stop_ns <= self.stop_ns:
            return
        self._centre(start_ns, stop_ns, max(self.span_ns, round((stop_ns - start_ns) * 1.2)))

    def reveal_some(self, start_ns: int, stop_ns: int) -> None:
        """Bring times into sight, or as many of them as there is room for, where none of them is; keeps the zoom."""
        if start_ns < self.stop_ns and stop_ns >= self.start_ns:
            return
        self._centre(start_ns, min(stop_ns, start_ns + self.span_ns), self.span_ns)

    def keep_in_sight(self, at_ns: int) -> None:
        """Turn the page for a playhead that has left what is shown; keeps the zoom."""
        if not self.start_ns <= at_ns < self.stop_ns:
            begin_ns = at_ns - self.span_ns // 20
            self.show(begin_ns, begin_ns + self.span_ns)

    def point_at(self, at_ns: int | None) -> None:
        """Let all pictures show the time under the pointer, or (None) that it is over none of them."""
        if at_ns != self.cursor_ns:
            self.cursor_ns = at_ns
            self.pointed.emit()

    def _centre(self, start_ns: int, stop_ns: int, span_ns: int) -> None:
        margin_ns = span_ns // 50
        latest_ns = max(self.whole_ns + margin_ns - span_ns, -margin_ns)
        begin_ns = max(-margin_ns, min((start_ns + stop_ns - span_ns) // 2, latest_ns))
        self.show(begin_ns, begin_ns + span_ns)

    def _set(self, start_ns: int, stop_ns: int) -> None:
        if (start_ns, stop_ns) != (self.start_ns, self.stop_ns):
            self.start_ns, self.stop_ns = start_ns, stop_ns
            self.changed.emit()
