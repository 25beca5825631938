"""Rules on a reader slower than the stream, so that the buffers before it never empty.

A buffer that was let go is empty, or nearly so; in front of a slow reader bytes stay behind after every read. That,
with a wait that a reader would notice, tells the two apart. From outside it is told by what the reader itself does.
"""

from __future__ import annotations

from inspector.analysis.diagnosis.finding import Evidence, Verdict
from inspector.analysis.diagnosis.run_analysis import RunAnalysis
from inspector.analysis.formatting import bytes_text, time_text

from .buffering import content_range, numbers_of, stays_behind

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
#: A view that is blocked wrote so many times faster before the buffers were full, writes hardly more than is read since
#: (by this factor), and they stay so full.
BLOCKED_LEAST_TIMES = 2.0
BLOCKED_MOST_AHEAD = 1.5
BLOCKED_LEAST_FULL_SHARE = 0.5
#: A reader that was given a rate and takes so much of it goes at its own pace.
OWN_RATE_LEAST_SHARE = 0.7
LEAST_READS = 5

_ADVICE = (
    "Read faster, or let the view drop or join what nobody reads in time: a stream goes at the pace of its reader."
)


def back_pressure(analysis: RunAnalysis) -> Verdict | None:
    """Find a reader that can't keep up with the server."""
    gap = analysis.taking
    if not is_backed_up(analysis):
        return None
    rate = f"{bytes_text(analysis.taken_bytes_per_s)}/s"
    says, meanwhile = _view_meanwhile(analysis)
    figure = (
        f"The client takes {rate}; up to {bytes_text(gap.held_bytes_max)} wait for it, each byte for "
        f"{time_text(gap.delay_ms)} (median). {meanwhile}"
    )
    numbers = numbers_of(gap) | {
        "read_bytes_per_s": round(analysis.taken_bytes_per_s, 1),
        "left_behind_bytes": gap.left_behind_bytes,
        "left_behind_share": round(gap.left_behind_share, 3),
        "reads": analysis.layer("read").count,
        "between_reads_ms": round(analysis.between_reads_ms, 3),
        "write_after_read_share": round(analysis.write_after_read_share or 0.0, 3),
    }
    return Verdict(
        "back_pressure", "server", "the slow reader", figure, _ADVICE,
        Evidence("back_pressure", says, numbers, content_range(gap, analysis)), _cure(analysis), analysis.is_running,
    )  # fmt: skip


def slow_reader(analysis: RunAnalysis) -> Verdict | None:
    """Find, of a server that is seen from outside alone, that the reader's own pace is all that can be seen."""
    reads = analysis.layer("read")
    if analysis.is_tapped or reads.count < LEAST_READS or analysis.taken_bytes_per_s > SLOW_BYTES_PER_S:
        return None
    rate = analysis.settings.number("read_rate")
    is_own_rate = rate > 0 and analysis.taken_bytes_per_s >= OWN_RATE_LEAST_SHARE * rate
    if not is_own_rate and analysis.read_lag_ms < LEAST_WAIT_MS:
        return None
    taken = f"The client takes {bytes_text(analysis.taken_bytes_per_s)}/s"
    if is_own_rate:
        says, figure = "own_rate", f"{taken}, as read_rate={rate} lets it: the pace that is seen here is its own."
    else:
        says = "late_reads"
        figure = f"{taken}; what has arrived waits {time_text(analysis.read_lag_ms)} (median) until it reads."
    numbers = {
        "wait_ms": round(analysis.read_lag_ms, 3),
        "read_bytes_per_s": round(analysis.taken_bytes_per_s, 1),
        "read_rate": rate,
        "reads": reads.count,
    }
    return Verdict(
        "back_pressure", "read", "the slow reader", f"{figure} From outside we can't tell how fast the server sends.",
        "Read faster to see the server's own pace.", Evidence("slow_reader", says, numbers), _cure(analysis),
        analysis.is_running,
    )  # fmt: skip


def is_backed_up(analysis: RunAnalysis) -> bool:
    """Tell whether bytes stay behind in front of the reader, and wait long or hold up the writes that follow."""
    gap = analysis.taking
    return (
        gap.columns_known
        and (gap.delay_ms >= LEAST_WAIT_MS or writes_wait_for_reads(analysis))
        and analysis.taken_bytes_per_s <= SLOW_BYTES_PER_S
        and stays_behind(analysis)
    )


def writes_wait_for_reads(analysis: RunAnalysis) -> bool:
    """Tell whether small buffers are full: the wait in them is short, but the server writes when a read made room."""
    return (
        _follow_reads(analysis)
        and analysis.taking.delay_ms >= LEAST_SHORT_WAIT_MS
        and analysis.taking.carriers >= LEAST_PACED_READS
    )


def _follow_reads(analysis: RunAnalysis) -> bool:
    share = analysis.write_after_read_share
    return share is not None and share <= MOST_AFTER_READ_SHARE and analysis.between_reads_ms >= LEAST_BETWEEN_READS_MS


def _view_meanwhile(analysis: RunAnalysis) -> tuple[str, str]:
    """Return what the view does meanwhile; that it is blocked is said only of full buffers that reads make room in."""
    gap = analysis.taking
    is_over = not analysis.is_running and gap.release_ms is not None
    if is_over and (gap.release_ms or 0.0) >= DONE_LEAST_SHARE * gap.span_in_ms:
        return "view_done", "The view isn't blocked: it was done long before."
    if _follow_reads(analysis) or _went_down_to_the_readers_pace(analysis):
        return "view_blocked", "The view is blocked: it goes on when a read makes room."
    return "view_free", "The view isn't blocked: the buffers between take it all."


def _went_down_to_the_readers_pace(analysis: RunAnalysis) -> bool:
    if analysis.write_rates is None or analysis.taking.left_behind_share < BLOCKED_LEAST_FULL_SHARE:
        return False
    filling, since = analysis.write_rates
    return filling >= BLOCKED_LEAST_TIMES * since and since <= BLOCKED_MOST_AHEAD * analysis.taken_bytes_per_s


def _cure(analysis: RunAnalysis) -> dict[str, str] | None:
    return {"read_rate": "0"} if analysis.settings.number("read_rate") else None
