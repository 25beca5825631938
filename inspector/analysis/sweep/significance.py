"""What runs allow to be said: whether two values differ by more than chance makes runs of the same settings differ.

In a sweep, few repetitions of many values are compared, so a difference counts only where the ranges of both values are
apart and the ratio of their medians is further from one than that of repetitions usually is, by a factor for how few
they are. For runs that ran once there is only what single runs of the same settings were measured to differ by.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from statistics import median
from typing import Self

from .sweep_results import Measured

#: The least difference that single runs can show, by the field of the summary: milliseconds, bytes, items. Measured by
#: ``python -m tests.benchmarks.bench_comparison``: 40 pairs of equal runs of each of six targets at the same time, from
#: warm servers, on two cores that had 8 to 20 other processes to run. First bytes were up to 62 ms apart (195 ms in one
#: pair of the 240; half of the pairs: 10 ms), waits 130 ms (1 ms), times between chunks 13 ms, held bytes 520, memory
#: 0.3 MB, CPU time 30 ms; all had as many chunks. Of 20 pairs each, the whole took up to 410 ms longer.
SINGLE_RUN_VARIATION: Mapping[str, float] = {
    "ttfb_ms": 100.0,
    "wait_ms": 150.0,
    "total_ms": 500.0,
    "gap_p50_ms": 20.0,
    "held_bytes_max": 1_000.0,
    "rss_rise_bytes": 8_000_000.0,
    "server_cpu_ms": 60.0,
    "chunks": 3.0,
}

#: How many usual ranges two medians have to be apart, by the number of repetitions; from simulated sweeps of nine
#: values without any effect, with the long tails that a busy machine makes, of which one in 200 may show one.
_APART_BY_COUNT = {2: 15.0, 3: 4.0, 4: 2.5}
_APART = 2.0
#: What is asked of single runs: half as much again.
_SINGLE_RATIO = 1.5


@dataclass(frozen=True, slots=True)
class Noise:
    """The noise of one metric over a whole sweep.

    ``floor`` is what the way of measuring can't tell; ``spread`` the usual range of repetitions as a share of their
    median, None where each value ran once; ``ratio_log`` the same as logarithm of the largest by the smallest.
    ``chance`` is the least difference that single runs can show.
    """

    floor: float
    spread: float | None
    ratio_log: float = 0.0
    chance: float = 0.0

    @classmethod
    def of(cls, measured: Iterable[Measured], floor: float, chance: float = 0.0) -> Self:
        """Return the noise that the repetitions of all values show."""
        repeated = [each for each in measured if each.count > 1]
        if not repeated:
            return cls(floor, None, chance=chance)
        logs = [math.log(each.high / each.low) for each in repeated if each.low > 0]
        return cls(floor, median(each.spread for each in repeated), median(logs) if logs else 0.0, chance)

    def differ(self, one: Measured, other: Measured) -> bool:
        """Tell whether two values differ by more than chance."""
        if max(one.low, other.low) <= min(one.high, other.high):
            return False
        smaller, larger = sorted((one.median, other.median))
        least = max(self.floor, self.chance) if min(one.count, other.count) == 1 else self.floor
        if larger - smaller <= max(least, one.high - one.low, other.high - other.low):
            return False
        if self.chance and larger - smaller > self.chance and larger > _SINGLE_RATIO * smaller:
            return True  # not even single runs of the same settings are so far apart
        return smaller <= 0 or math.log(larger / smaller) > self._least_log(min(one.count, other.count))

    def _least_log(self, fewest: int) -> float:
        if self.spread is None:
            return math.log(_SINGLE_RATIO)
        # A single run beside repeated ones, of a sweep that was cancelled, is held to the strictest.
        return _APART_BY_COUNT.get(max(fewest, 2), _APART) * self.ratio_log
