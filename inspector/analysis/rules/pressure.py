"""Rule (d) of the streaming facts: a reader slower than the stream, so that the buffers before it never empty.

A buffer that was let go is empty, or nearly so; in front of a slow reader bytes stay behind after every read. That,
with a wait that a reader would notice, tells the two apart.
"""

from __future__ import annotations

from inspector.analysis.case import Case
from inspector.analysis.findings import Evidence, Verdict
from inspector.analysis.wording import bytes_text, time_text

from .buffers import content_range, numbers_of, stays_behind

#: A full-speed stream fills the buffers of the system, too, but nothing waits so long in them: 7 ms were measured.
LEAST_WAIT_MS = 50.0
#: With small buffers the wait is short; then the writes must come so soon after the reads, and so often.
LEAST_SHORT_WAIT_MS = 8.0
MOST_AFTER_READ_SHARE = 0.35
LEAST_BETWEEN_READS_MS = 4.0
LEAST_PACED_READS = 20
#: Whoever reads as fast as this is not slow (bytes per second).
SLOW_BYTES_PER_S = 20_000_000.0
#: The view was ahead for good if the reader needed so much longer than it did (share of the view's time).
DONE_LEAST_SHARE = 0.3


def back_pressure(case: Case) -> Verdict | None:
    """Find a reader that can't keep up with the server."""
    gap = case.taking
    if not is_backed_up(case):
        return None
    rate = f"{bytes_text(case.taken_bytes_per_s)}/s"
    is_done = gap.release_ms is not None and gap.release_ms >= DONE_LEAST_SHARE * gap.span_in_ms
    meanwhile = "the view is done already" if is_done else "the view is kept waiting"
    figure = (
        f"it takes {rate}; up to {bytes_text(gap.held_bytes_max)} wait for it, each byte for "
        f"{time_text(gap.delay_ms)} (median), and {meanwhile}"
    )
    numbers = numbers_of(gap) | {
        "read_bytes_per_s": round(case.taken_bytes_per_s, 1),
        "left_behind_bytes": gap.left_behind_bytes,
        "reads": case.layer("read").count,
        "between_reads_ms": round(case.between_reads_ms, 3),
        "write_after_read_share": round(case.write_after_read_share or 0.0, 3),
    }
    slow = case.knobs.get("read_rate", "0") != "0"
    return Verdict(
        "back_pressure",
        "server",
        "slow reader",
        figure,
        "Read faster, or let the view drop or join what nobody reads in time: a stream goes at the pace of its reader.",
        Evidence("back_pressure", numbers, content_range(gap, case)),
        {"read_rate": "0"} if slow else None,
        case.is_running,
    )


def is_backed_up(case: Case) -> bool:
    """Tell whether bytes stay behind in front of the reader, and wait long or hold up the writes that follow."""
    gap = case.taking
    return (
        gap.columns_known
        and (gap.delay_ms >= LEAST_WAIT_MS or writes_wait_for_reads(case))
        and case.taken_bytes_per_s <= SLOW_BYTES_PER_S
        and stays_behind(case)
    )


def writes_wait_for_reads(case: Case) -> bool:
    """Tell whether small buffers are full: the wait in them is short, but the server writes when a read made room."""
    share = case.write_after_read_share
    return (
        share is not None
        and share <= MOST_AFTER_READ_SHARE
        and case.between_reads_ms >= LEAST_BETWEEN_READS_MS
        and case.taking.delay_ms >= LEAST_SHORT_WAIT_MS
        and case.taking.carriers >= LEAST_PACED_READS
    )
