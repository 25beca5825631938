"""Healthy streams on every engine, many times over: how often the verdict accuses somebody, which must be never.

``python -m tests.benchmarks.bench_verdicts [RUNS]`` streams /large.csv at 1 to 10 000 yields per second on each engine
that is installed, RUNS times each (20), and prints the accusations. Exit status 1 if there was one. It takes long.
"""

from __future__ import annotations

import sys
import tempfile
from collections import Counter
from pathlib import Path

from inspector.catalogue import ENGINES, available
from tests.judged_runs import judged
from tests.sessions import driven

#: Knobs of the rows for about so many yields per second; each run lasts up to four seconds.
RATES: dict[str, str] = {
    "1/s": "rows=4&delay_ms=1000",
    "10/s": "rows=15&delay_ms=100",
    "100/s": "rows=100&delay_ms=10",
    "1000/s": "rows=1000&delay_ms=1",
    "10000/s": "rows=5000&delay_ms=0.1",
    "flat out": "rows=20000&delay_ms=0&jitter=0",
}
_HARMLESS = ("streams", "unknown")


def main(runs: int) -> int:
    """Print a line for each engine and rate; return 1 where somebody was accused."""
    accused = 0
    engines = [row.name for row in ENGINES if available(row)]
    print(f"{'engine':<18}{'rate':<10} verdicts of {runs} runs")
    for engine in engines:
        with tempfile.TemporaryDirectory() as home, driven(Path(home)) as driver:
            for rate, knobs in RATES.items():
                found: Counter[str] = Counter()
                for _ in range(runs):
                    verdict = judged(driver, f"/large.csv?{knobs}&engine={engine}").verdict
                    harmless = verdict.kind in _HARMLESS
                    found[verdict.kind if harmless else f"ACCUSED {verdict}"] += 1
                    accused += not harmless
                print(f"{engine:<18}{rate:<10} " + "; ".join(f"{count} {kind}" for kind, count in found.items()))
                sys.stdout.flush()
    print(f"{accused} accusations")
    return 1 if accused else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 20))
