"""The two axes of a sweep chart: where values are placed, and which of them are labelled. No Qt.

Shares go from 0 to 1, to the right and upwards.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Self

from inspector.analysis.sweep.sweep_results import Metric, MetricUnit, spans_a_decade
from inspector.analysis.sweep.sweep_values import NONE_WORD, number_of

#: Where a value of 0 stands before an axis of decades, and where those begin behind the break.
_ZERO_SHARE = 0.0
_FIRST_DECADE_SHARE = 0.15
_STEPS = (1, 2, 5)
_MOST_STEPS = 4
_FEWEST_DECADE_TICKS = 3
_MOST_DECADE_TICKS = 5
#: What an axis of decades has more than its figures, at each end, of its length.
_LOG_MARGIN = 0.08
#: For each unit of a metric: from which largest figure on which unit is written, and its size.
_UNITS: Mapping[MetricUnit, Sequence[tuple[float, str, float]]] = {
    "ms": ((10_000, "s", 1_000), (0, "ms", 1)),
    "bytes": ((10_000_000, "MB", 1_000_000), (10_000, "KB", 1_000), (0, "B", 1)),
    "%": ((0, "%", 1),),
    "": ((0, "", 1),),
}


@dataclass(frozen=True, slots=True)
class ValueAxis:
    """Where the values of the knob stand. ``break_share`` is where the axis is broken behind 0, None for nowhere."""

    shares: dict[str, float]
    break_share: float | None = None
    #: Words have no order, so nothing is drawn from one to the next.
    are_words: bool = False

    @classmethod
    def of(cls, values: Sequence[str]) -> Self:
        """Return decades where the values span more than one, distances else, and equal steps for words."""
        numbers = [number for value in values if (number := number_of(value)) is not None]
        if len(numbers) < len(values) or len(values) < 2 or min(numbers) < 0:
            are_words = len(numbers) < len(values)
            return cls({value: (at + 0.5) / len(values) for at, value in enumerate(values)}, are_words=are_words)
        if not spans_a_decade(numbers):
            low, high = min(numbers), max(numbers)
            return cls(
                {value: (number - low) / (high - low) for value, number in zip(values, numbers, strict=True)}
            )  # fmt: skip
        positive = [number for number in numbers if number > 0]
        first = _FIRST_DECADE_SHARE if len(positive) < len(numbers) else 0.0
        low, width = math.log10(min(positive)), math.log10(max(positive) / min(positive))
        shares = {
            value: first + (1 - first) * min(1.0, (math.log10(number) - low) / width) if number > 0 else _ZERO_SHARE
            for value, number in zip(values, numbers, strict=True)
        }
        return cls(shares, first / 2 if first else None)

    def nearest(self, share: float) -> str | None:
        """Return the value that stands nearest to a share, None where there is none."""
        return min(self.shares, key=lambda value: abs(self.shares[value] - share), default=None)


@dataclass(frozen=True, slots=True)
class FigureAxis:
    """Where figures stand: decades, or distances from 0. ``divisor`` turns a figure into the ``unit`` that is written.

    ``ticks`` are the figures that are written.
    """

    low: float
    high: float
    is_log: bool
    unit: str
    divisor: float
    ticks: tuple[float, ...]

    @classmethod
    def of(cls, metric: Metric, figures: Iterable[float]) -> Self:
        """Return the axis for all figures of a metric: of decades where they span more than one and none is 0."""
        known = list(figures)
        high = max(known, default=0.0)
        unit, divisor = next((unit, size) for least, unit, size in _UNITS[metric.unit] if high >= least)
        if metric.log and known and min(known) > 0 and spans_a_decade(known):
            margin = (high / min(known)) ** _LOG_MARGIN
            low, high = min(known) / margin, high * margin
            return cls(low, high, True, unit, divisor, _decades(low / divisor, high / divisor, divisor))
        if not known:
            return cls(0.0, 1.0, False, unit, divisor, ())
        step = _step(high / divisor) * divisor
        count = max(1, math.ceil(high / step - 1e-9)) if high > 0 else 1
        return cls(0.0, count * step, False, unit, divisor, tuple(at * step for at in range(count + 1)))

    def share(self, figure: float) -> float:
        """Return where a figure stands; what lies outside stands at the edge."""
        if not self.is_log:
            return min(max((figure - self.low) / (self.high - self.low), 0.0), 1.0)
        inside = min(max(figure, self.low), self.high)
        return math.log(inside / self.low) / math.log(self.high / self.low)

    def label(self, tick: float) -> str:
        """Return a tick as it is written, without its unit."""
        return f"{tick / self.divisor:,.6g}"


def value_label(value: str) -> str:
    """Return a value as short as it can be written below an axis: ``50``, ``100k``, ``none``."""
    number = number_of(value)
    if number is None:
        return value or NONE_WORD
    for size, letter in ((1e6, "M"), (1e3, "k")):
        if number >= 10 * size or (number >= size and number % size == 0):
            return f"{number / size:,.4g}{letter}"
    return f"{number:,.6g}"


def _step(high: float) -> float:
    """Return a round step that divides the way from 0 to ``high`` into a few parts."""
    least = (high or 1.0) / _MOST_STEPS
    power = 10.0 ** math.floor(math.log10(least))
    return next(step * power for step in (*_STEPS, 10) if step * power >= least * (1 - 1e-9))


def _decades(low: float, high: float, divisor: float) -> tuple[float, ...]:
    """Return the powers of ten from ``low`` to ``high``, with 2 and 5 between them where they are few."""
    powers = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    inside = [[step * 10.0**power for power in powers for step in steps] for steps in ((1,), (1, 3), _STEPS)]
    found = [[tick for tick in ticks if low <= tick <= high] for ticks in inside]
    shown = next((ticks for ticks in found if len(ticks) >= _FEWEST_DECADE_TICKS), found[-1])
    thinned = shown[:: math.ceil(len(shown) / _MOST_DECADE_TICKS)]
    return tuple(tick * divisor for tick in thinned)
