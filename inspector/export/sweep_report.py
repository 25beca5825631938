"""Exports a sweep as a text table, as CSV and as one JSON object: for ``sweep`` and for the sweep page."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec

from inspector.analysis.sweep.sweep_results import METRICS, Metric, Point, measured, values_of
from inspector.analysis.sweep.trade_off import trade_off_of, value_text
from inspector.recording.redaction import redacted_text

#: Version of the JSON object's layout.
REPORT_FORMAT = 1
_DECIMALS = {"ms": 1, "%": 2, "bytes": 0, "": 0}


@dataclass(frozen=True, slots=True)
class SweepResult:
    """A sweep as far as it got. ``planned`` is how many runs were asked for, ``knobs`` are those that stayed."""

    target: str
    knob: str
    unit: str
    planned: int
    points: Sequence[Point]
    knobs: dict[str, str] = field(default_factory=dict)


def sweep_report(result: SweepResult) -> dict[str, Any]:
    """Return ``{format, target, knob, unit, knobs, planned, is_complete, knee, metrics, medians, runs}``.

    Secrets in URLs are redacted. ``medians`` has for each value and metric ``median, low, high, count``; ``runs``
    are in the order in which they ran.
    """
    points = result.points
    trade_off = trade_off_of(points, result.unit)
    by_metric = {metric.id: measured(points, metric) for metric in METRICS}
    return {
        "format": REPORT_FORMAT,
        "target": redacted_text(result.target),
        "knob": result.knob,
        "unit": result.unit,
        "knobs": result.knobs,
        "planned": result.planned,
        "is_complete": len(points) == result.planned and all(point.is_good for point in points),
        "knee": {"value": trade_off.value, "sentence": trade_off.sentence},
        "metrics": [{"id": metric.id, "title": metric.title, "unit": metric.unit} for metric in METRICS],
        "medians": [
            {"value": value}
            | {
                name: {"median": at.median, "low": at.low, "high": at.high, "count": at.count}
                for name, by_value in by_metric.items() if (at := by_value.get(value))
            }
            for value in values_of(points)
        ],
        "runs": [_run_report(point) for point in points],
    }  # fmt: skip


def encode_sweep_report(report: dict[str, Any]) -> bytes:
    """Return the report as UTF-8 JSON on one line, with its newline."""
    return msgspec.json.encode(report) + b"\n"


def sweep_csv(result: SweepResult) -> str:
    """Return a line for each run in the order in which they ran, with a heading; separated by commas (RFC 4180)."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([result.knob, "repetition", *(metric.id for metric in METRICS), "failure", "run"])
    for point in result.points:
        figures = [_figure(metric, point) for metric in METRICS]
        shown = ["" if figure is None else f"{figure:.10g}" for figure in figures]
        writer.writerow([point.value, point.repetition, *shown, redacted_text(point.failure), point.run_id])
    return text.getvalue()


def sweep_table(result: SweepResult) -> list[str]:
    """Return the medians as lines of text: a heading, then a line for each value, figures right-aligned."""
    points = result.points
    by_metric = {metric: measured(points, metric) for metric in METRICS}
    head = [f"{result.knob} ({result.unit})" if result.unit else result.knob]
    head += [f"{metric.title} ({metric.unit})" if metric.unit else metric.title for metric in METRICS]
    rows = [[*head, "Runs"]]
    for value in values_of(points):
        figures = [by_value[value].median if value in by_value else None for by_value in by_metric.values()]
        cells = [_cell(metric, figure) for metric, figure in zip(METRICS, figures, strict=True)]
        runs = [point for point in points if point.value == value]
        good = sum(point.is_good for point in runs)
        count = f"{good}" if good == len(runs) else f"{good} of {len(runs)}"
        rows.append([value_text(value), *cells, count])
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return ["  ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True)) for row in rows]


def _run_report(point: Point) -> dict[str, Any]:
    summary = point.summary
    return {
        "value": point.value,
        "repetition": point.repetition,
        "run": point.run_id,
        "folder": str(point.folder),
        "is_good": point.is_good,
        "failure": redacted_text(point.failure),
        "verdict": summary.sentence if summary else "",
        "figures": {metric.id: _figure(metric, point) for metric in METRICS},
    }


def _figure(metric: Metric, point: Point) -> float | None:
    return None if point.summary is None else metric.of(point.summary)


def _cell(metric: Metric, figure: float | None) -> str:
    return "-" if figure is None else f"{figure:,.{_DECIMALS[metric.unit]}f}"
