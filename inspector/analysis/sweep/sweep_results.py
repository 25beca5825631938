"""A sweep: one knob at many values, each streamed a number of times; what is measured, and the medians of it.

Pure. `inspector.session.sweep_runner` streams and adds a `Point` for every run, here are the medians, `trade_off` puts
them into a sentence, and charts, tables and reports show them.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Literal

from .sweep_values import number_of

if TYPE_CHECKING:
    from inspector.analysis.runs.run_summary import RunSummary

MetricUnit = Literal["ms", "bytes", "%", ""]
#: From so great a ratio on, an axis shows decades instead of distances.
_A_DECADE = 10.0


@dataclass(frozen=True, slots=True)
class Point:
    """One run of a sweep. ``failure`` is a sentence where its figures can't be compared with the others', else empty.

    ``repetition`` counts from 1. ``summary`` is None where nothing could be read.
    """

    value: str
    repetition: int
    run_id: str
    folder: Path
    summary: RunSummary | None
    failure: str = ""

    @property
    def is_good(self) -> bool:
        """Tell whether it counts for the medians."""
        return not self.failure and self.summary is not None


@dataclass(frozen=True, slots=True)
class Metric:
    """One figure of a run. Of all of them less is better or, as for ``chunks``, neither.

    ``of`` takes it from a summary, None where it is not known. ``floor`` is the smallest difference that means
    anything: below it lies what the clock, or the way of measuring, can't tell; ``resolution`` says so where that is
    more than anybody would expect. ``more`` tells in the sentence of the trade-off that it grew, with ``{}`` for how
    much; ``less`` names it where it falls, ``at`` has a figure of it in a list. ``log`` allows decades on its axis.
    """

    id: str
    title: str
    unit: MetricUnit
    of: Callable[[RunSummary], float | None]
    side: Literal["server", "client"]
    floor: float
    more: str
    less: str
    at: str
    log: bool = True
    is_cost: bool = True
    resolution: str = ""


def _chunks(summary: RunSummary) -> float | None:
    """Chunks, and reads where the response was not chunked; none at all is not known rather than 0."""
    return summary.items.get("chunk") or summary.items.get("read") or None


def _overhead(summary: RunSummary) -> float | None:
    """Bytes on the wire beyond those of the body, in percent."""
    return None if summary.framing_overhead is None else (summary.framing_overhead - 1) * 100


METRICS: tuple[Metric, ...] = (
    Metric("ttfb_ms", "First byte", "ms", lambda summary: summary.ttfb_ms, "client", 1.0,
           "the first byte comes {} later", "the first byte", "first byte after {}"),
    Metric("total_ms", "Total time", "ms", lambda summary: summary.total_ms, "client", 2.0,
           "the whole takes {} longer", "the total time", "{} in all"),
    Metric("chunks", "Chunks", "", _chunks, "client", 1.0,
           "there are {} more chunks", "the number of chunks", "{} chunks", is_cost=False),
    Metric("framing_overhead", "Framing overhead", "%", _overhead, "client", 1.0,
           "framing takes {} more", "the framing overhead", "{} framing"),
    # The system counts CPU time in ticks of 10 ms.
    Metric("server_cpu_ms", "Server CPU", "ms", lambda summary: summary.server_cpu_ms, "server", 20.0,
           "the server takes {} more CPU time", "the server's CPU time", "{} of the server's CPU",
           resolution="the system counts it in ticks of 10 ms"),
    Metric("held_bytes_max", "Held at most", "bytes", lambda summary: summary.held_bytes_max, "server", 512.0,
           "{} more is held back", "the number of bytes held back", "{} held at most"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Measured:
    """What the good runs of one value gave for one metric; ``low`` and ``high`` are the least and the greatest."""

    value: str
    median: float
    low: float
    high: float
    count: int

    @property
    def spread(self) -> float:
        """The range of the repetitions as a share of the median, 0 for one run."""
        return (self.high - self.low) / abs(self.median) if self.median else 0.0


def interleaved(values: Sequence[str], repeat: int) -> Iterator[tuple[str, int]]:
    """Give each value with its repetition, from 1: all values once, then all again, so that drift meets all alike."""
    for repetition in range(1, repeat + 1):
        for value in values:
            yield value, repetition


def in_order(values: Iterable[str]) -> list[str]:
    """Return values each once, numbers in order; words as they came first."""
    once = list(dict.fromkeys(values))
    numbers = {value: number_of(value) for value in once}
    if any(number is None for number in numbers.values()):
        return once
    return sorted(once, key=lambda value: numbers[value] or 0.0)


def values_of(points: Sequence[Point]) -> list[str]:
    """Return the values of points, in order."""
    return in_order(point.value for point in points)


def measured(points: Sequence[Point], metric: Metric) -> dict[str, Measured]:
    """Return the figures of a metric by value, in the order of `values_of`; values without a good run are absent."""
    found: dict[str, list[float]] = {value: [] for value in values_of(points)}
    for point in points:
        figure = figure_of(point, metric)
        if figure is not None:
            found[point.value].append(figure)
    return {
        value: Measured(value, median(figures), min(figures), max(figures), len(figures))
        for value, figures in found.items() if figures
    }  # fmt: skip


def figure_of(point: Point, metric: Metric) -> float | None:
    """Return the figure of one run, None where it is not known or the run is not a good one."""
    figure = metric.of(point.summary) if point.is_good and point.summary is not None else None
    return float(figure) if figure is not None and math.isfinite(figure) else None


def median_point(points: Sequence[Point], metric: Metric, value: str) -> Point | None:
    """Return the run of a value whose figure lies nearest to the median; of none that is good, the first at all."""
    runs = [point for point in points if point.value == value]
    known = [(figure, run) for run in runs if (figure := figure_of(run, metric)) is not None]
    if not known:
        return next(iter(runs), None)
    middle = median(figure for figure, _ in known)
    return min(known, key=lambda each: abs(each[0] - middle))[1]


def spans_a_decade(figures: Sequence[float]) -> bool:
    """Tell whether positive figures are so far apart that an axis should show decades; zeros are left out."""
    positive = [figure for figure in figures if figure > 0]
    return bool(positive) and max(positive) / min(positive) > _A_DECADE
