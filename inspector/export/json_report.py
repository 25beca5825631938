"""Exports a recording as one JSON object, with verdict and statistics: what ``record --json`` prints.

Pure: takes a `Snapshot`, gives plain lists and dicts; the command line redacts before and writes after.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from inspector.analysis.diagnosis.run_analysis import analysis_of
from inspector.analysis.diagnosis.statistics_report import statistics_report
from inspector.analysis.diagnosis.verdict import judge, verdict_report
from inspector.recording.snapshot import Snapshot
from inspector.recording.source_lines import SourceLines
from inspector.recording.track import Track

#: Version of this object's layout.
REPORT_FORMAT = 1


def json_report(snapshot: Snapshot) -> dict[str, Any]:
    """Return the report: ``format, request, response, trailers, ending, notes, verdict, statistics, layers, taps,
    changes``.

    Every ``t_ns`` counts from the sending of the request (from the ending, where nothing was sent). A layer has
    ``axis`` and ``marks`` as ``[t_ns, end]`` pairs; layers that know lines also ``sources``: for each mark its label,
    such as ``timeline.html:12``, or None; reads and chunks ``at_most``: for each mark whether its time is only an upper
    bound. ``taps`` is what runs in front of each layer of the server, ``changes`` what
    was turned meanwhile, ``notes`` what was odd about the response. ``verdict`` and ``statistics`` are those of
    `inspector.analysis`, in milliseconds. Raises ``ValueError`` where there is no meta data yet.
    """
    meta = snapshot.meta
    if meta is None:
        raise ValueError("a recording without meta data has no report")
    analysis = analysis_of(snapshot)
    origin_ns = meta.request.sent_t_ns or (meta.ending.t_ns if meta.ending else 0)
    request, response, ending = meta.request, meta.response, meta.ending
    return {
        "format": REPORT_FORMAT,
        "request": {
            "method": request.method,
            "url": request.url,
            "headers": [list(pair) for pair in request.headers],
            "knobs": dict(request.knobs),
        },
        "response": response
        and {
            "http_version": response.http_version,
            "status": response.status,
            "headers": [list(pair) for pair in response.headers],
        },
        "trailers": [list(pair) for pair in meta.trailers],
        "ending": ending and {"kind": ending.kind, "text": ending.text, "t_ns": ending.t_ns - origin_ns},
        "notes": list(meta.notes),
        "verdict": verdict_report(judge(analysis)),
        "statistics": statistics_report(analysis),
        "layers": {name: _layer_report(track, snapshot.sources, origin_ns) for name, track in snapshot.tracks.items()},
        "taps": [msgspec.to_builtins(tap) for tap in snapshot.taps],
        "changes": [msgspec.to_builtins(change) | {"t_ns": change.t_ns - origin_ns} for change in snapshot.changes],
    }


def encode_report(report: Mapping[str, Any]) -> bytes:
    """Return the report as UTF-8 JSON on one line, with its newline."""
    return msgspec.json.encode(report) + b"\n"


def _layer_report(track: Track, sources: SourceLines, origin_ns: int) -> dict[str, Any]:
    pairs = track.rows[:, :2] - (origin_ns, 0)
    report: dict[str, Any] = {"axis": track.layer.axis, "marks": pairs.tolist()}
    if "source" in track.layer.columns:
        labels: dict[int, str | None] = {}
        lines: list[int] = track.column("source").tolist()
        for line in set(lines):
            labels[line] = sources.label(line) or None
        report["sources"] = [labels[line] for line in lines]
    if "at_most" in track.layer.columns:
        report["at_most"] = track.column("at_most").astype(bool).tolist()
    return report
