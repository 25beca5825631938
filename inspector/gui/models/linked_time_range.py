"""One time range for runs A and B: as long as the longer run, live while either of them is.

Each run counts its time from the sending of its own request, so both begin at the same place.
"""

from __future__ import annotations

from typing import Protocol

from .time_range import TimeRange


class Clock(Protocol):
    """What a `RunController` tells how far its run has got."""

    def restart(self) -> None: ...  # noqa: D102

    def follow(self, elapsed_ns: int, *, live: bool) -> None: ...  # noqa: D102


class Share:
    """One run's part in the time range. GUI thread."""

    def __init__(self, joint: LinkedTimeRange) -> None:
        self._linked_time = joint
        self.elapsed_ns = 0
        self.live = False

    def restart(self) -> None:
        """Begin again for another run."""
        self.elapsed_ns, self.live = 0, False
        self._linked_time.time_range.restart()

    def follow(self, elapsed_ns: int, *, live: bool) -> None:
        """Take note that this run is so long by now."""
        self.elapsed_ns, self.live = elapsed_ns, live
        self._linked_time.follow()

    def clear(self) -> None:
        """Count no more: the run is not shown any longer."""
        self.elapsed_ns, self.live = 0, False
        if self._linked_time.longest_ns:
            self._linked_time.follow()


class LinkedTimeRange:
    """The time range and the shares of runs a and b in it."""

    def __init__(self, time_range: TimeRange) -> None:
        self.time_range = time_range
        self.a, self.b = Share(self), Share(self)

    @property
    def longest_ns(self) -> int:
        """Length of the longer run."""
        return max(self.a.elapsed_ns, self.b.elapsed_ns)

    def follow(self) -> None:
        """Let the time range keep up with the longer one."""
        self.time_range.follow(self.longest_ns, live=self.a.live or self.b.live)
