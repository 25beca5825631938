"""Maps times to pixels and back, and places the ruler's ticks."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from inspector.recording.track import Int64Array

_STEPS = (1, 2, 5)


@dataclass(frozen=True, slots=True)
class TimeScale:
    """A linear scale: monotonic nanoseconds to logical pixels of a strip that begins at ``left``.

    ``start_ns`` and ``span_ns`` count from ``origin_ns``, the sending of the request.
    """

    origin_ns: int
    start_ns: int
    span_ns: int
    left: float
    width: float

    def x(self, t_ns: Int64Array) -> NDArray[np.float64]:
        """Return the pixel positions of times, any shape."""
        since_ns = (t_ns - (self.origin_ns + self.start_ns)).astype(np.float64)
        return np.asarray(since_ns * (self.width / self.span_ns) + self.left, dtype=np.float64)

    def x_of(self, t_ns: int) -> float:
        """Return the pixel position of one time."""
        return (t_ns - self.origin_ns - self.start_ns) * (self.width / self.span_ns) + self.left

    def t_ns(self, x: float) -> int:
        """Return the monotonic time at a pixel position."""
        return self.origin_ns + self.start_ns + round((x - self.left) * self.span_ns / self.width)

    def edges_ns(self) -> Int64Array:
        """Return the times of the pixel edges of the strip, shape ``(columns + 1,)``."""
        columns = max(1, int(self.width))
        offsets = np.arange(columns + 1, dtype=np.float64) * (self.span_ns / self.width)
        return offsets.astype(np.int64) + (self.origin_ns + self.start_ns)


def tick_step(span: int, width: float, least_px: float) -> int:
    """Return the smallest round step (1, 2 or 5 times a power of ten) whose ticks are ``least_px`` apart or more."""
    least = span * least_px / max(width, 1.0)
    power = 1
    while True:
        for step in _STEPS:
            if step * power >= least:
                return step * power
        power *= 10


def format_time(t_ns: int, step_ns: int) -> str:
    """Return a time for the ruler, in the unit and with the decimals that its step needs: ``1.25 s``, ``40 ms``."""
    magnitude = max(abs(t_ns), step_ns)
    if magnitude >= 10_000_000_000 or step_ns >= 1_000_000_000:
        unit, scale = "s", 1_000_000_000
    elif step_ns >= 1_000_000:
        unit, scale = ("s", 1_000_000_000) if magnitude >= 1_000_000_000 else ("ms", 1_000_000)
    elif step_ns >= 1_000:
        unit, scale = "ms", 1_000_000
    else:
        unit, scale = "µs", 1_000
    decimals = 0
    while step_ns * 10**decimals % scale and decimals < 6:
        decimals += 1
    return f"{t_ns / scale:,.{decimals}f} {unit}"


def instant_text(since_ns: int, scale: TimeScale, digits: int = 0) -> str:
    """Return a time since the request, in round steps of a pixel or less: ``848.1 ms``; of so many digits at least."""
    exponent = max(0, math.floor(math.log10(max(scale.span_ns / scale.width, 1.0))))
    if digits and since_ns > 0:
        exponent = min(exponent, max(0, math.floor(math.log10(since_ns)) - digits + 1))
    step_ns = 10**exponent
    return format_time(round(since_ns / step_ns) * step_ns, step_ns)
