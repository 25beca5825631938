"""Rules on a reader slower than the stream, so that the buffers before it never empty.

A buffer that was let go is empty, or nearly so; in front of a slow reader bytes stay behind after every read. That,
with a wait that a reader would notice, tells the two apart. From outside it is told by what the reader itself does.
"""

from __future__ import annotations

from inspector.analysis.diagnosis.finding import Evidence, Verdict
from inspector.analysis.diagnosis.run_analysis import RunAnalysis
from inspector.analysis.formatting import bytes_text, time_text
from inspector.catalogue import READ_RATE

from .buffering import LEAST_ITEMS_LEFT, LEAST_READS_PER_ITEM, content_range, numbers_of, stays_behind
from .rule import Rule, Threshold

LEAST_WAIT_MS = Threshold(
    50.0, "ms", "A byte must wait this long for the reader (median). A stream at full speed fills the system's "
    "buffers, too, but nothing waits so long in them: 7 ms were measured.",
)  # fmt: skip
LEAST_SHORT_WAIT_MS = Threshold(8.0, "ms", "With small buffers the wait is short; this much it must be all the same.")
MOST_AFTER_READ_SHARE = Threshold(
    0.35, "share", "Then the median write must come within this share of the time from one read to the next: the "
    "server writes when a read has made room.",
)  # fmt: skip
LEAST_BETWEEN_READS_MS = Threshold(4.0, "ms", "Reads closer than this (median) are those of a reader that keeps up.")
LEAST_PACED_READS = Threshold(20, "count", "Of so many reads it must be seen, for a few may be chance.")
SLOW_BYTES_PER_S = Threshold(20_000_000.0, "bytes/s", "Whoever reads faster than this is not slow.")
DONE_LEAST_SHARE = Threshold(
    0.3,
    "share",
    "The view is said to have been done long before if the reader needed so much longer than the view did.",
)
BLOCKED_LEAST_TIMES = Threshold(
    2.0, "times", "A view is said to be blocked if it wrote so many times faster before the buffers were full..."
)
BLOCKED_MOST_AHEAD = Threshold(1.5, "times", "...writes at most so many times what is read since...")
BLOCKED_LEAST_FULL_SHARE = Threshold(0.5, "share", "...and the buffers stay so full after each read (median).")
OWN_RATE_LEAST_SHARE = Threshold(0.7, "share", "A reader that takes so much of its set read_rate goes at its own pace.")
LEAST_READS = Threshold(5, "count", "Fewer reads tell nothing about a pace.")

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
    reads = analysis.layer("read").count
    in_this_run = (
        f"After at least half of its {reads:,} reads, {bytes_text(gap.left_behind_bytes)} or more still waited for it, "
        f"and a byte waited {time_text(gap.delay_ms)} (median), at most {time_text(gap.longest_ms)}. Half of the reads "
        f"came {time_text(analysis.between_reads_ms)} or more after the one before."
    )
    return Verdict(
        "back_pressure", "server", "the slow reader", figure, _ADVICE,
        Evidence("back_pressure", says, numbers, content_range(gap, analysis), in_this_run), _cure(analysis),
        analysis.is_running,
    )  # fmt: skip


def slow_reader(analysis: RunAnalysis) -> Verdict | None:
    """Find, of a server that is seen from outside alone, that the reader's own pace is all that can be seen."""
    reads = analysis.layer("read")
    if analysis.is_tapped or reads.count < LEAST_READS or analysis.taken_bytes_per_s > SLOW_BYTES_PER_S:
        return None
    rate = analysis.settings.read_rate_bytes_per_s
    is_own_rate = rate > 0 and analysis.taken_bytes_per_s >= OWN_RATE_LEAST_SHARE * rate
    if not is_own_rate and analysis.read_lag_ms < LEAST_WAIT_MS:
        return None
    taken = f"The client takes {bytes_text(analysis.taken_bytes_per_s)}/s"
    if is_own_rate:
        says = "own_rate"
        figure = f"{taken}, as {READ_RATE.name}={rate} lets it: the pace that is seen here is its own."
    else:
        says = "late_reads"
        figure = f"{taken}; what has arrived waits {time_text(analysis.read_lag_ms)} (median) until it reads."
    numbers = {
        "wait_ms": round(analysis.read_lag_ms, 3),
        "read_bytes_per_s": round(analysis.taken_bytes_per_s, 1),
        READ_RATE.name: rate,
        "reads": reads.count,
    }
    in_this_run = (
        f"{reads.count:,} reads took {bytes_text(analysis.taken_bytes_per_s)}/s"
        + (f", and read_rate is {rate}" if rate else "")
        + f". What had arrived waited {time_text(analysis.read_lag_ms)} (median) until it was read."
    )
    return Verdict(
        "back_pressure", "read", "the slow reader", f"{figure} From outside we can't tell how fast the server sends.",
        "Read faster to see the server's own pace.", Evidence("slow_reader", says, numbers, None, in_this_run),
        _cure(analysis), analysis.is_running,
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
    return {READ_RATE.name: READ_RATE.off} if analysis.settings.read_rate_bytes_per_s else None


SLOW_READER = Rule(
    "slow_reader", "The server is seen from outside alone, and the pace that is seen is the reader's own.", 28,
    slow_reader, "no taps",
    {
        "own_rate": "The reader takes what its setting read_rate lets it take.",
        "late_reads": "What has arrived waits until the reader reads.",
    },
    "A reader without a read_rate that reads as soon as something has arrived shows the server's own pace.",
    (LEAST_READS, SLOW_BYTES_PER_S, OWN_RATE_LEAST_SHARE, LEAST_WAIT_MS),
)  # fmt: skip
BACK_PRESSURE = Rule(
    "back_pressure", "Bytes stay behind in front of the reader after most of its reads.", 30, back_pressure, "taps",
    {
        "view_done": "The reader is slow, and the view was done long before it.",
        "view_blocked": "The reader is slow, and the view goes on only when a read makes room.",
        "view_free": "The reader is slow, and the buffers between take all that the view writes.",
    },
    f"This would not be said if most reads left the buffers empty, or if bytes waited less than {LEAST_WAIT_MS.text}.",
    (
        LEAST_READS, LEAST_ITEMS_LEFT, LEAST_READS_PER_ITEM, LEAST_WAIT_MS, LEAST_SHORT_WAIT_MS, MOST_AFTER_READ_SHARE,
        LEAST_BETWEEN_READS_MS, LEAST_PACED_READS, SLOW_BYTES_PER_S, DONE_LEAST_SHARE, BLOCKED_LEAST_TIMES,
        BLOCKED_MOST_AHEAD, BLOCKED_LEAST_FULL_SHARE,
    ),
)  # fmt: skip
