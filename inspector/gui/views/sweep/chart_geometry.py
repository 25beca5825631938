"""Lays out one sweep chart in its widget, and finds what lies under a point."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Self, TypeVar

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF

from inspector.analysis.sweep.sweep_results import Measured, Metric, Point, figure_of

from .chart_axes import FigureAxis, ValueAxis, value_label

T = TypeVar("T")
#: Between the edge of the plot and its first and last value.
_INSET_PX = 14.0
_EDGE_PX = 10.0
#: Room for this is left beside every chart, so that those above each other begin at the same place.
_USUAL_LABEL = "4,000"
#: So near to a point a click means it.
_REACH_PX = 12.0
_CROSS_PX = 10.0
_MOST_CROSSES = 3


@dataclass(frozen=True, slots=True)
class ChartData:
    """What a chart shows: a metric, the values of the sweep, its runs so far and their medians.

    ``has_line`` tells that the medians differ by more than chance, so that a line through them says something.
    """

    metric: Metric
    values: Sequence[str]
    points: Sequence[Point]
    medians: Mapping[str, Measured]
    has_line: bool = True


@dataclass(frozen=True, slots=True)
class ChartGeometry:
    """One metric of a sweep, laid out in a widget.

    ``area`` is what lies between the axes; below it a strip has the crosses of runs that failed, then come the values.
    """

    metric: Metric
    area: QRectF
    strip_px: float
    values: ValueAxis
    figures: FigureAxis
    medians: Mapping[str, Measured]
    #: Good runs with their figure, and those that failed or have none.
    runs: Sequence[tuple[Point, float]]
    failed: Sequence[Point]
    has_line: bool

    @classmethod
    def of(cls, given: ChartData, size: QRectF, metrics: QFontMetricsF) -> Self:
        """Lay out a metric; ``size`` is the widget's, ``metrics`` those of its font."""
        metric, points = given.metric, given.points
        known = [(point, figure_of(point, metric)) for point in points]
        runs = [(point, figure) for point, figure in known if figure is not None]
        figures = FigureAxis.of(metric, [figure for _, figure in runs])
        line = metrics.height()
        labels = [_USUAL_LABEL, *map(figures.label, figures.ticks)]
        left = max(map(metrics.horizontalAdvance, labels)) + _EDGE_PX + 6
        failed = [point for point in points if not point.is_good]
        most = max(Counter(point.value for point in failed).values(), default=0)
        strip_px = _CROSS_PX * min(most, _MOST_CROSSES)
        area = size.adjusted(left, 1.7 * line, -_EDGE_PX, -(2.5 * line + strip_px))
        return cls(
            metric,
            area,
            strip_px,
            ValueAxis.of(given.values),
            figures,
            given.medians,
            runs,
            failed,
            given.has_line,
        )

    def x(self, value: str) -> float:
        """Return where a value stands."""
        return self._x(self.values.shares[value])

    def y(self, figure: float) -> float:
        """Return where a figure stands."""
        return self.area.bottom() - self.figures.share(figure) * self.area.height()

    @property
    def break_x(self) -> float | None:
        """Where the axis is broken behind 0."""
        return None if self.values.break_share is None else self._x(self.values.break_share)

    @property
    def labels_top(self) -> float:
        """Where the values are written."""
        return self.area.bottom() + self.strip_px + 3

    def crosses(self) -> list[tuple[Point, QPointF]]:
        """Return where the crosses of failed runs stand: below the axis, one under another, the last for all others."""
        placed: Counter[str] = Counter()
        found = []
        for point in self.failed:
            if point.value in self.values.shares:
                row = min(placed[point.value], _MOST_CROSSES - 1)
                placed[point.value] += 1
                found.append((point, QPointF(self.x(point.value), self.area.bottom() + _CROSS_PX * (row + 0.6) + 1)))
        return found

    def value_at(self, position: QPointF) -> str | None:
        """Return the value nearest to a point of the widget, None outside of the plot."""
        reach = self.area.adjusted(-_INSET_PX, 0, _EDGE_PX, 3 * _EDGE_PX + self.strip_px)
        width = self.area.width() - 2 * _INSET_PX
        if not reach.contains(position) or width <= 0:
            return None
        return self.values.nearest((position.x() - self.area.left() - _INSET_PX) / width)

    def run_at(self, position: QPointF) -> Point | None:
        """Return the single run whose dot or cross is under a point, None where there is none."""
        dots = [(point, QPointF(self.x(point.value), self.y(figure))) for point, figure in self.runs]
        return _nearest([*dots, *self.crosses()], position)

    def median_at(self, position: QPointF) -> str | None:
        """Return the value whose median is under a point, None where there is none."""
        medians = [(value, QPointF(self.x(value), self.y(each.median))) for value, each in self.medians.items()]
        return _nearest(medians, position)

    def value_labels(self, metrics: QFontMetricsF, first: Sequence[str | None]) -> dict[str, tuple[str, QRectF]]:
        """Return what is written below the axis for a value, and where: ``first`` before all others, none over another.

        Words all have their place, shortened where it is small.
        """
        placed: dict[str, tuple[str, QRectF]] = {}
        values = list(self.values.shares)
        room = self.area.width() - 2 * _INSET_PX
        most = room / max(1, len(values)) - 8 if self.values.are_words else room
        for value in dict.fromkeys([*first, *values[:1], *values[-1:], *values]):
            if value is None or value not in self.values.shares:
                continue
            text = metrics.elidedText(value_label(value), Qt.TextElideMode.ElideRight, most)
            width = metrics.horizontalAdvance(text) + 2
            left = min(max(self.x(value) - width / 2, self.area.left() - 8), self.area.right() + _EDGE_PX - width)
            label = QRectF(left, self.labels_top, width, metrics.height())
            if not any(label.adjusted(-3, 0, 3, 0).intersects(other) for _, other in placed.values()):
                placed[value] = (text, label)
        return placed

    def _x(self, share: float) -> float:
        return self.area.left() + _INSET_PX + share * max(0.0, self.area.width() - 2 * _INSET_PX)


def _nearest(things: Sequence[tuple[T, QPointF]], position: QPointF) -> T | None:
    def distance(thing: tuple[T, QPointF]) -> float:
        return math.hypot(thing[1].x() - position.x(), thing[1].y() - position.y())

    near = min(things, key=distance, default=None)
    return near[0] if near is not None and distance(near) <= _REACH_PX else None
