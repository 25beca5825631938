"""The rule on memory and disk: an app that collects the whole body first takes room for it, and it shows.

The first paragraph of Flask's page: streaming is for data that "cannot be held in memory", "without the roundtrip to
the filesystem". It only adds figures to what `buffering.held` has found: memory alone accuses nobody.
"""

from __future__ import annotations

from dataclasses import replace

from inspector.analysis.diagnosis.finding import Verdict
from inspector.analysis.diagnosis.run_analysis import RunAnalysis
from inspector.analysis.formatting import bytes_text

from .buffering import HELD_THRESHOLDS, held
from .rule import Rule, Threshold

LEAST_BYTES = Threshold(8_000_000, "bytes", "Less than this comes and goes with the interpreter.")
LEAST_SHARE = Threshold(
    0.3, "share", "Of the bytes that were held, memory or disk took this share at least; an app may hold them coded."
)
#: The gap of the app's own buffers.
APP_GAP = "template"


def held_in_the_app(analysis: RunAnalysis) -> Verdict | None:
    """Find a whole body that was held by the app itself, in memory or in a file, before its first byte left."""
    memory = analysis.memory
    verdict = held(analysis) if memory is not None else None
    if memory is None or verdict is None or verdict.layer != APP_GAP:
        return None
    gap = analysis.gap(APP_GAP)
    least_bytes = max(LEAST_BYTES, LEAST_SHARE * gap.held_bytes_max) if gap else LEAST_BYTES
    rise_bytes = memory.rise_before_first_byte_bytes
    written_bytes = memory.written_before_first_byte_bytes or 0
    if max(rise_bytes, written_bytes) < least_bytes:
        return None
    if rise_bytes >= written_bytes:
        says, figure = "memory", f"The app grew by {bytes_text(rise_bytes)} before the first byte. {verdict.figure}"
    else:
        says, figure = (
            "disk",
            f"The app wrote {bytes_text(written_bytes)} to disk before the first byte. {verdict.figure}",
        )
    numbers = dict(verdict.evidence.numbers) | {
        "memory_rise_bytes": rise_bytes,
        "written_to_disk_bytes": written_bytes,
        "memory_before_bytes": memory.rss_start_bytes,
    }
    in_this_run = (
        f"Before the first byte left, the memory of the server's process had grown by {bytes_text(rise_bytes)}, and it "
        f"had written {bytes_text(written_bytes)} to disk. {verdict.evidence.in_this_run}"
    )
    evidence = replace(verdict.evidence, rule="held_in_the_app", says=says, numbers=numbers, in_this_run=in_this_run)
    return replace(verdict, figure=figure, evidence=evidence)


HELD_IN_THE_APP = Rule(
    "held_in_the_app", "The app holds the body until its end, and memory or disk shows it.", 25, held_in_the_app,
    "taps",
    {
        "memory": "The app held the whole body, and its memory grew by it before the first byte left.",
        "disk": "The app held the whole body, and wrote it to disk before the first byte left.",
    },
    "Without the growth of memory or disk, only the wait would be named; without the wait, neither.",
    (LEAST_BYTES, LEAST_SHARE, *HELD_THRESHOLDS),
)  # fmt: skip
