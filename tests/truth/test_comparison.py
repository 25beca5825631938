"""A | B says what makes a difference and nothing else: chance is never claimed, a buffer that holds is.

The real servers are cold at the first comparison, and the machine may be busy: that is what the sentence must bear.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from inspector.analysis.comparison.comparison import Side, comparison, differences
from inspector.analysis.diagnosis.verdict import judge
from inspector.analysis.runs.run_summary import RunSummary, summary_of, summary_of_analysis
from inspector.session import Target
from inspector.session.settling import has_settled
from tests.analysis.judging import analysis_of
from tests.analysis.simulated_road import Road, joining, simulate
from tests.sessions import Driver, driven

QUICK = "/my-large-page.html?rows=8&delay_ms=5&jitter=0"
#: One setting of the reader that changes nothing here: its buffer is larger than any read.
WITHOUT_EFFECT = f"{QUICK}&read_size=200000"


@pytest.fixture
def driver(tmp_path: Path) -> Iterator[Driver]:
    """A session whose servers are as cold as those of somebody who has just opened A | B."""
    with driven(tmp_path) as made:
        yield made


def pair(driver: Driver, a: str, b: str) -> tuple[RunSummary, RunSummary]:
    """Stream two targets at the same time, as A | B does."""
    runs = driver.session.record_pair(Target.parse(a), Target.parse(b))
    found = []
    for run in runs:
        driver.until_ended(run)
        driver.until(lambda run=run: run.recording.refresh() or has_settled(run.recording))  # type: ignore[misc]
        found.append(summary_of(run.recording.snapshot()))
        run.recording.close()
    return found[0], found[1]


def claims_of(a: list[RunSummary], b: list[RunSummary]) -> list[str]:
    """Return what is claimed of the last runs of each side, with the earlier ones as their spread."""
    found = differences(Side(a[-1], tuple(a[:-1])), Side(b[-1], tuple(b[:-1])))
    return [each.text for each in found]


def test_that_real_runs_of_the_same_thing_differ_in_nothing_from_the_first_on(driver: Driver) -> None:
    a: list[RunSummary] = []
    b: list[RunSummary] = []
    for _ in range(5):
        for side, run in zip((a, b), pair(driver, QUICK, WITHOUT_EFFECT), strict=True):
            side.append(run)
        assert claims_of(a, b) == []
    assert comparison(Side(a[0]), Side(b[0]), 0).startswith("Same settings on both sides. The difference is noise.")


def test_that_a_buffer_that_holds_is_claimed_from_the_first_on(driver: Driver) -> None:
    slow = "/my-large-page.html?rows=10&delay_ms=50&jitter=0"
    a, b = pair(driver, f"{slow}&template_buffer=0", f"{slow}&template_buffer=50")
    text = comparison(Side(a), Side(b), 1)
    assert text.startswith("First byte ")
    assert "times earlier in A: " in text
    assert "Parts wait " in text
    assert b.wait_ms is not None
    assert a.wait_ms is not None
    assert b.wait_ms > 100 > a.wait_ms


def simulated(seed: int, **road: object) -> RunSummary:
    analysis = analysis_of(simulate(Road(seed=seed, busy=0.02, jitter=0.2, **road)))  # type: ignore[arg-type]
    return summary_of_analysis(analysis, judge(analysis))


@pytest.mark.parametrize("at", range(20))
def test_that_simulated_runs_of_the_same_thing_differ_in_nothing(at: int) -> None:
    a = [simulated(1_000 * at + run) for run in range(6)]
    b = [simulated(1_000 * at + 500 + run) for run in range(6)]
    for count in range(1, 7):
        assert claims_of(a[:count], b[:count]) == []


def test_that_a_simulated_buffer_is_claimed() -> None:
    a, b = simulated(1, parts_per_row=4), simulated(2, parts_per_row=4, template=joining(100))
    assert [each.name for each in differences(Side(a), Side(b))][:2] == ["ttfb_ms", "wait_ms"]


@pytest.mark.parametrize("seed", range(20))
def test_that_the_chance_of_a_busy_machine_is_never_claimed(seed: int) -> None:
    """First bytes as they were measured on two cores with 20 other processes: 2 ms and a long tail up to 50 ms."""
    dice = random.Random(seed)

    def chance() -> RunSummary:
        ttfb_ms, wait_ms = 2 + min(48, dice.expovariate(1 / 9)), 0.2 + min(120, dice.expovariate(1 / 1.5))
        return RunSummary(ending="complete", content_bytes=900, ttfb_ms=ttfb_ms, wait_ms=wait_ms, total_ms=100.0)

    a, b = [chance() for _ in range(12)], [chance() for _ in range(12)]
    for count in range(1, 13):
        assert claims_of(a[:count], b[:count]) == []


def test_that_a_pair_leaves_no_trace_of_what_warmed_its_servers(driver: Driver) -> None:
    pair(driver, QUICK, WITHOUT_EFFECT)
    assert len(list(driver.session.spool.iterdir())) == 2


def test_that_the_kinds_of_endings_that_are_no_end_are_never_compared() -> None:
    whole = RunSummary(ending="complete", content_bytes=9, ttfb_ms=1.0, total_ms=9.0)
    late = msgspec.structs.replace(whole, ttfb_ms=900.0)
    assert "times" in comparison(Side(whole), Side(late), 1)
    failures = ("not_started", "refused", "timed_out", "protocol_error", "untrusted", "bad_coding")
    for ending in ("cut_short", *failures, "over_limit"):
        assert "times" not in comparison(Side(whole), Side(msgspec.structs.replace(late, ending=ending)), 1)
