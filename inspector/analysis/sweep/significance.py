"""What repetitions allow to be said: whether two values of a sweep differ by more than chance makes them differ.

Few repetitions of many values are compared, so a difference counts only where the ranges of both values are apart and
the ratio of their medians is further from one than that of repetitions usually is, by a factor for how few they are.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from statistics import median
from typing import Self

from .sweep_results import Measured

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
