"""The wait of a gap is one figure, and its line says which: of all, of the joined ones, or of what still waits."""

from __future__ import annotations

from typing import Any

import pytest

from inspector.analysis.diagnosis.gap_summary import gap_line
from inspector.analysis.metrics.measurements import GapMetrics
from inspector.analysis.pipeline.gap_list import PipelineGap
from tests.analysis.judging import analysis_of
from tests.analysis.simulated_road import Road, joining, simulate

GAP = PipelineGap("template", "Template", "part", "yield", "template buffer of 5 items", ("end", "end"))
#: Of 446 parts most pass at once; those that are joined over a row wait 49 ms.
SOME_WAIT = {
    "items_in": 446, "items_out": 90, "bytes_in": 3_000, "bytes_out": 3_000, "held_bytes_max": 679,
    "delay_median_ms": 0.021, "delay_max_ms": 60.2, "merged_share": 0.9, "merged_median_ms": 49.1, "merged": 40,
}  # fmt: skip


def figures(**others: Any) -> GapMetrics:
    return GapMetrics(GAP, **{**SOME_WAIT, **others})


@pytest.mark.parametrize(
    ("given", "is_running", "whole"),
    [
        (figures(), False, "446 in, 90 out · some wait 49 ms, at most 60 · held up to 679 B"),
        (figures(), True, "446 in, 90 out · some wait 49 ms, at most 60 · holding 0 B (at most 679)"),
        (figures(held_bytes=24), False,
         "446 in, 90 out · some wait 49 ms, at most 60 · still holding 24 B (at most 679)"),
        (figures(merged_share=0.1), False, "446 in, 90 out · waits 21 µs, at most 60 ms · held up to 679 B"),
        (figures(bytes_out=10, waiting_ms=1_700.0, held_bytes=2_990, held_bytes_max=2_990), True,
         "446 in, 90 out · waiting 1.7 s · holding 3.0 KB (at most 3.0)"),
        (figures(held_bytes_max=0, delay_max_ms=0.021, merged_median_ms=None), False, "446 in, 90 out · waits 21 µs"),
        (figures(is_exact=False), False, "446 in, 90 out · some wait up to 49 ms, at most 60 · held up to 679 B"),
    ],
)  # fmt: skip
def test_that_a_line_has_the_shape_that_people_read(given: GapMetrics, is_running: bool, whole: str) -> None:
    line = gap_line(given, is_running=is_running)
    assert line.whole == whole
    assert line.whole.endswith(f" · {line.shorter}")
    assert line.shorter.split(" ")[0] in {"waits", "some", "waiting"}, "what tells most stands first and is cut last"


def test_that_figures_since_a_change_say_so() -> None:
    line = gap_line(figures(), is_running=True, since="template_buffer=6")
    assert line.whole.startswith("446 in, 90 out since the flag · ")
    assert "Counted since template_buffer=6" in line.explanation


@pytest.mark.parametrize(
    ("template_buffer", "of"), [(0, "all"), (5, "merged"), (20, "all")], ids=["none", "parts of two rows", "many rows"]
)
def test_that_the_wait_is_the_one_that_the_buffer_makes(template_buffer: int, of: str) -> None:
    """Rows of four parts come every 20 ms: of five items that are joined, some always are of the row before."""
    road = Road(parts_per_row=4, count=60, template=joining(template_buffer) if template_buffer else None)
    gap = analysis_of(simulate(road)).gap("template")
    assert gap is not None
    assert gap.wait.of == of
    if of == "merged":
        assert gap.wait.ms == pytest.approx(20, abs=3)
        assert gap.delay_ms < 5
    assert gap.wait.ms <= gap.longest_ms


def test_that_the_wait_is_longest_where_the_case_says_so() -> None:
    analysis = analysis_of(simulate(Road(parts_per_row=4, count=60, template=joining(5), client_buffer=200)))
    assert analysis.slowest_gap is not None
    assert analysis.slowest_gap.wait.ms == max(gap.wait.ms for gap in analysis.gaps)
