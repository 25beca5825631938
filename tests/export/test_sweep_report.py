"""A sweep as table, CSV and object."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

from inspector.analysis.runs.run_summary import RunSummary
from inspector.analysis.sweep.sweep_results import METRICS, Point
from inspector.analysis.sweep.trade_off import trade_off_of
from inspector.export.sweep_report import SweepResult, encode_sweep_report, sweep_csv, sweep_report, sweep_table


def point(value: str, repetition: int, ttfb_ms: float, failure: str = "") -> Point:
    summary = RunSummary(ttfb_ms=ttfb_ms, total_ms=2000.0, items={"chunk": 1200}, framing_overhead=1.25)
    return Point(value, repetition, f"run-{value}-{repetition}", Path("/home/x"), summary, failure)


POINTS = [
    point("0", 1, 10), point("1000", 1, 800), point("0", 2, 12), point("1000", 2, 820),
    point("0", 3, 11), point("1000", 3, 9e6, "Can't reach http://u:p@h/?token=s3cret, it is gone."),
]  # fmt: skip
RESULT = SweepResult("http://host/?token=s3cret&rows=5", "template_buffer", "items", 6, POINTS, {"rows": "5"})


def test_that_the_table_has_right_aligned_medians_and_tells_runs_that_failed() -> None:
    head, *lines = sweep_table(RESULT)
    assert head.startswith("template_buffer (items)  First byte (ms)  Total time (ms)  Chunks  Framing overhead (%)")
    assert [line.split() for line in lines] == [
        ["0", "11.0", "2,000.0", "1,200", "25.00", "-", "0", "3"],
        ["1,000", "810.0", "2,000.0", "1,200", "25.00", "-", "0", "2", "of", "3"],
    ]
    assert {len(line) for line in (head, *lines)} == {len(head)}
    assert head.index("First byte (ms)") + len("First byte (ms)") == lines[0].index("11.0") + 4


def test_that_csv_has_a_line_for_each_run() -> None:
    head, *rows = csv.reader(io.StringIO(sweep_csv(RESULT)))
    assert head == ["template_buffer", "repetition", *(metric.id for metric in METRICS), "failure", "run"]
    assert [(row[0], row[1], row[2]) for row in rows[:2]] == [("0", "1", "10"), ("1000", "1", "800")]
    assert rows[0][6] == "", "what is not known is empty"
    assert len(rows) == 6
    assert "it is gone" in rows[-1][-2]


def test_that_the_object_has_the_sentence_medians_and_runs_without_secrets() -> None:
    line = encode_sweep_report(sweep_report(RESULT))
    report = json.loads(line)
    assert line.endswith(b"}\n")
    assert b"s3cret" not in line
    assert b"s3cret" not in sweep_csv(RESULT).encode()
    assert report["knee"]["sentence"] == trade_off_of(POINTS, "items").sentence
    assert report["knee"]["value"] == "0"
    assert (report["knob"], report["unit"], report["planned"], report["is_complete"]) == (
        "template_buffer", "items", 6, False,
    )  # fmt: skip
    assert [median["value"] for median in report["medians"]] == ["0", "1000"]
    assert report["medians"][1]["ttfb_ms"] == {"median": 810.0, "low": 800.0, "high": 820.0, "count": 2}
    assert "server_cpu_ms" not in report["medians"][0]
    assert [run["is_good"] for run in report["runs"]] == [True] * 5 + [False]
    assert report["runs"][0]["figures"]["framing_overhead"] == 25.0
