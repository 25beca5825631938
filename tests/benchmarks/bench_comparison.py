"""How much two runs of the same settings differ at the same time: the source of `sweep.significance`.

Streams pairs of equal targets, as A | B does, and prints for each figure the largest difference and ratio of all pairs.
Run it with ``python -m tests.benchmarks.bench_comparison [pairs]``, on an idle machine and on a busy one.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from inspector.analysis.runs.run_summary import RunSummary, summary_of
from inspector.analysis.sweep.significance import SINGLE_RUN_VARIATION
from inspector.session.crash_recovery import has_ended
from inspector.session.run import Run
from inspector.session.session import Session
from inspector.session.settling import has_settled
from inspector.session.target import Target
from tests.waiting import wait_until

TARGETS = (
    "/my-large-page.html?rows=20&delay_ms=10",
    "/large.csv?rows=20&delay_ms=10",
    "/large.csv?rows=20&delay_ms=10&middleware=gzip-flush",
    "/large.csv?rows=200&delay_ms=1",
    "/timeline?rows=20&delay_ms=10&template_buffer=50",
    "/my-large-page.html?rows=20&delay_ms=10&engine=waitress",
)


def main(pairs: int) -> None:
    """Stream the pairs of each target in a session of its own, so that each first one is of new processes."""
    print(f"{'':60}" + "".join(f"{name:>34}" for name in SINGLE_RUN_VARIATION))
    for text in TARGETS:
        found: list[tuple[RunSummary, RunSummary]] = []
        for _ in range(max(1, pairs // 5)):
            with tempfile.TemporaryDirectory() as home, Session(Path(home)) as session:
                found += [stream_pair(session, text) for _ in range(5)]
        print(f"{text:60}" + "".join(f"{differences_of(found, name):>34}" for name in SINGLE_RUN_VARIATION), flush=True)


def stream_pair(session: Session, text: str) -> tuple[RunSummary, RunSummary]:
    """Stream a target in both lanes at the same time."""
    target = Target.parse(text)
    runs = session.record_pair(target, target)
    one, other = (summary_at_end(session, run) for run in runs)
    return one, other


def summary_at_end(session: Session, run: Run) -> RunSummary:
    """Wait for the end of a run and for the server's last marks."""

    def settled() -> bool:
        session.poll()
        if not has_ended(run.folder):
            return False
        run.recording.refresh()
        return has_settled(run.recording)

    wait_until(settled, "the end of a run", deadline_s=60)
    summary = summary_of(run.recording.snapshot())
    run.recording.close()
    return summary


def differences_of(pairs: list[tuple[RunSummary, RunSummary]], name: str) -> str:
    """Return median, second largest and largest difference, and the largest ratio."""
    values = [(getattr(one, name), getattr(other, name)) for one, other in pairs]
    known = [(float(one), float(other)) for one, other in values if one is not None and other is not None]
    if not known:
        return "none"
    gaps = sorted(abs(one - other) for one, other in known)
    ratios = sorted(max(pair) / min(pair) for pair in known if min(pair) > 0) or [1.0]
    return f"{gaps[len(gaps) // 2]:.4g} {gaps[-2]:.4g} {gaps[-1]:.4g} x{ratios[-1]:.2f}"


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 40)
