"""The measurements of a run as plain numbers in ms and bytes: ``statistics`` of ``record --json``."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from inspector.analysis.metrics.measurements import GapMetrics, LayerMetrics

from .run_analysis import RunAnalysis


def statistics_report(analysis: RunAnalysis) -> dict[str, Any]:
    """Return ``{"layers": {name: ...}, "gaps": {id: ...}, "framing_overhead": ...}``; layers without marks are absent.

    ``server`` is the memory, CPU time and disk of the server process (`ProcessMetrics`), None where it was not sampled.
    ``framing_overhead`` is wire bytes per body byte (1.0: none), None before the first body byte.
    """
    return {
        "layers": {name: _layer_report(figures) for name, figures in analysis.layers.items()},
        "gaps": {figures.gap.id: _gap_report(figures) for figures in analysis.gaps if figures.items_in},
        "framing_overhead": framing_overhead(analysis),
        "server": asdict(analysis.memory) if analysis.memory else None,
    }


def framing_overhead(analysis: RunAnalysis) -> float | None:
    """Return wire bytes per body byte, None where no body byte has come."""
    gap = next((each for each in analysis.gaps if each.gap.earlier == "read" and each.gap.id == "framing"), None)
    body_bytes = gap.bytes_in if gap else 0
    if gap is None:
        return 1.0 if analysis.layer("read").total_bytes else None
    return round(analysis.layer("read").total_bytes / body_bytes, 4) if body_bytes else None


def _layer_report(layer: LayerMetrics) -> dict[str, Any]:
    return {
        "count": layer.count,
        "total_bytes": layer.total_bytes,
        "size_median_bytes": layer.size_median_bytes,
        "size_max_bytes": layer.size_max_bytes,
        "gaps_ms": {
            "p50": _rounded(layer.gap_p50_ms),
            "p95": _rounded(layer.gap_p95_ms),
            "p99": _rounded(layer.gap_p99_ms),
            "max": _rounded(layer.gap_max_ms),
        },
        "ttfb_ms": _rounded(layer.ttfb_ms),
        "span_ms": _rounded(layer.span_ms),
    }


def _gap_report(figures: GapMetrics) -> dict[str, Any]:
    return {
        "title": figures.gap.title,
        "culprit": figures.gap.culprit,
        "earlier": figures.gap.earlier,
        "later": figures.gap.later,
        "comparable": figures.gap.columns is not None and figures.is_exact,
        "items_in": figures.items_in,
        "items_out": figures.items_out,
        "held_bytes": figures.held_bytes,
        "held_bytes_max": figures.held_bytes_max,
        "delay_ms": {
            "median": _rounded(figures.delay_median_ms),
            "p95": _rounded(figures.delay_p95_ms),
            "max": _rounded(figures.delay_max_ms),
        },
        "coalescing": None if figures.coalescing is None else round(figures.coalescing, 3),
    }


def _rounded(value_ms: float | None) -> float | None:
    return None if value_ms is None else round(value_ms, 3)
