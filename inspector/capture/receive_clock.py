"""Converts kernel receive times (CLOCK_REALTIME) to the monotonic clock, by a measured offset.

Used by `socket_receiver` for every read on Linux over plain TCP, where SO_TIMESTAMPNS gives the time at which the
segment of the last octet returned had reached the socket, or a later segment that the kernel has merged with it.
"""

from __future__ import annotations

import time

_MEASURE_EVERY_NS = 1_000_000_000
_TRIES = 5


class ReceiveClock:
    """The offset between the two clocks, measured about once a second. ``spread_ns`` is its largest uncertainty."""

    def __init__(self) -> None:
        self.offset_ns = 0
        self.spread_ns = 0
        self._next_t_ns = 0

    def follow(self, now_t_ns: int) -> None:
        """Measure anew if the last measurement is older than a second: a wall clock may be slewed or set."""
        if now_t_ns < self._next_t_ns:
            return
        best = min((self._measure() for _ in range(_TRIES)), key=lambda found: found[1])
        self.offset_ns = best[0]
        self.spread_ns = max(self.spread_ns, best[1])
        self._next_t_ns = now_t_ns + _MEASURE_EVERY_NS

    @staticmethod
    def _measure() -> tuple[int, int]:
        """Return wall clock minus monotonic clock and how far apart the two were read, both in nanoseconds."""
        before = time.monotonic_ns()
        wall = time.time_ns()
        after = time.monotonic_ns()
        return wall - (before + after) // 2, after - before
