"""The metrics of a sweep by their ids."""

from __future__ import annotations

from inspector.analysis.sweep.sweep_results import METRICS

METRIC_BY_ID = {metric.id: metric for metric in METRICS}
