"""A sweep says what its repetitions carry: chance is never a best value, a buffer that holds the first byte is told."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from inspector.analysis.runs.run_summary import RunSummary
from inspector.analysis.sweep.sweep_results import Point
from inspector.analysis.sweep.trade_off import trade_off_of
from inspector.session.sweep_runner import SweepRunner
from tests.sessions import driven

VALUES = ("0", "2", "5", "10", "50", "100", "500", "1000")


def swept(home: Path, target: str, knob: str, values: list[str], repeat: int) -> list[Point]:
    """Run a sweep on servers that are as cold as those of somebody who has just opened the page."""
    with driven(home) as driver:
        sweep = SweepRunner(driver.session, target, {}, knob, values, repeat=repeat)

        def polled() -> bool:
            sweep.poll()
            return sweep.is_done

        driver.until(polled, "the end of the sweep")
        assert sweep.is_complete
        return sweep.points


@pytest.mark.parametrize("repeat", [1, 2, 3])
def test_that_a_setting_without_effect_has_no_best_value(tmp_path: Path, repeat: int) -> None:
    """Reads never ask for so little that the size matters, so that all differences are chance."""
    values = ["100000", "150000", "200000"]
    points = swept(tmp_path, "/my-large-page.html?rows=3&delay_ms=2&jitter=0", "read_size", values, repeat)
    found = trade_off_of(points, "bytes")
    assert found.value is None
    assert "nothing changes by more than" in found.sentence


@pytest.mark.parametrize("repeat", [1, 2])
def test_that_a_buffer_that_holds_the_first_byte_is_told(tmp_path: Path, repeat: int) -> None:
    target = "/my-large-page.html?rows=10&delay_ms=50&jitter=0"
    points = swept(tmp_path, target, "template_buffer", ["0", "50"], repeat)
    assert "first byte after" in trade_off_of(points, "items").sentence


@pytest.mark.parametrize("repeat", [1, 2, 3, 5])
def test_that_the_long_tails_of_a_busy_machine_are_no_effect(repeat: int) -> None:
    """First bytes and totals as they were measured on two cores with 20 other processes."""
    claims = 0
    for seed in range(100):
        dice = random.Random(1_000 * repeat + seed)
        points = []
        for at in range(repeat):
            for value in VALUES:
                summary = RunSummary(
                    ending="complete", content_bytes=4_000, ttfb_ms=2 + min(60, dice.expovariate(1 / 9)),
                    total_ms=400 + min(120, dice.expovariate(1 / 15)), items={"chunk": 40}, framing_overhead=1.2,
                )  # fmt: skip
                points.append(Point(value, at + 1, f"{value}-{at}", Path(f"/{value}-{at}"), summary))
        claims += "nothing changes" not in trade_off_of(points, "items").sentence
    assert claims <= 1
