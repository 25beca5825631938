"""What chance is: by how much single runs of the same settings differ, for whoever compares runs that ran once.

Measured by ``python -m tests.benchmarks.bench_comparison``: 40 pairs of equal runs of each of six targets at the same
time, from warm servers, on two cores that had 8 to 20 other processes to run. First bytes were up to 62 ms apart
(195 ms in one pair of the 240; half of the pairs: 10 ms), waits 130 ms (1 ms), times between chunks 13 ms, held bytes
520, memory 0.3 MB, CPU time 30 ms; all had as many chunks. Of 20 pairs each, the whole took up to 410 ms longer.
"""

from __future__ import annotations

from collections.abc import Mapping

#: The least difference that single runs can show, by the field of the summary: milliseconds, bytes, items.
CHANCE: Mapping[str, float] = {
    "ttfb_ms": 100.0,
    "wait_ms": 150.0,
    "total_ms": 500.0,
    "gap_p50_ms": 20.0,
    "held_bytes_max": 1_000.0,
    "rss_rise_bytes": 8_000_000.0,
    "server_cpu_ms": 60.0,
    "chunks": 3.0,
}
