"""One time range for runs A and B: as long as the longer run, live while either of them is.

Each run counts its time from the sending of its own request, so both begin at the same place.
"""

from __future__ import annotations

from inspector.session.recorder_slot import Lane

from .time_range import TimeRange


class LinkedTimeRange:
    """Follows each run that is shown, by its lane. GUI thread."""

    def __init__(self, time_range: TimeRange) -> None:
        self.time_range = time_range
        self._elapsed_ns: dict[Lane, int] = {}
        self._live: set[Lane] = set()
        self._covered_ns = 0

    def restart(self, lane: Lane) -> None:
        """Begin again for another run of a lane."""
        self._forget(lane)
        self.time_range.restart()

    def follow(self, lane: Lane, elapsed_ns: int, *, live: bool) -> None:
        """Make the range long enough for a run that is so long by now."""
        self._elapsed_ns[lane] = elapsed_ns
        (self._live.add if live else self._live.discard)(lane)
        self._keep_up()

    def clear(self, lane: Lane) -> None:
        """Count a run no more: it is not shown any longer."""
        self._forget(lane)
        if any(self._elapsed_ns.values()):
            self._keep_up()

    def cover(self, elapsed_ns: int) -> None:
        """Be long enough for runs that are drawn over the others, too."""
        self._covered_ns = elapsed_ns
        if any(self._elapsed_ns.values()):
            self._keep_up()

    def _forget(self, lane: Lane) -> None:
        self._elapsed_ns.pop(lane, None)
        self._live.discard(lane)

    def _keep_up(self) -> None:
        self.time_range.follow(max(self._covered_ns, *self._elapsed_ns.values()), live=bool(self._live))
