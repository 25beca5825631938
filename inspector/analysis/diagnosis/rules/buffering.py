"""Rules (b) and (c) of the streaming facts: what comes in apart and leaves together, or not before the end.

An accusation needs a wait that a reader would notice and a structural sign: the first byte of what leaves had to wait
for the last one to come in (`merging`), most of the time. Shares and medians count, never a single outlier. Inside of
the server one thread marks both sides, so a merge there is always a buffer's; between processes a busy machine merges a
little on its own, so more is asked for.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from inspector.analysis.diagnosis.finding import Evidence, Kind, Verdict
from inspector.analysis.diagnosis.run_analysis import RunAnalysis
from inspector.analysis.formatting import (
    bytes_text,
    count_text,
    items_text,
    one_text,
    ratio_text,
    share_text,
    time_text,
)
from inspector.analysis.metrics.incremental_metrics import BETWEEN_PROCESSES
from inspector.analysis.metrics.measurements import GapMetrics

#: Fewer items tell nothing about merging.
LEAST_ITEMS = 3
#: So many pauses of 2 ms or more among the items that came in, or one over so long a time.
LEAST_PAUSES = 3
LONG_SPAN_MS = 150.0
#: Of what came in before the last item, this share must leave with the last one or later to be held to the end.
HELD_LEAST_SHARE = 0.9
#: Held to the end means let go there: within this time after the end, or within this share of the stream's time.
RELEASE_MOST_MS = 100.0
RELEASE_MOST_SHARE = 0.5
#: While it runs, nothing must have left for so long.
HELD_SO_FAR_LEAST_MS = 500.0
#: Merged items must make up this part of the time that the earlier layer took, at the least, to be held to the end.
HELD_LEAST_MERGED_SHARE = 0.5
#: A coalescing buffer's wait is that for the last byte, by this share at the least; a slow reader's is not.
CAUSE_LEAST_SHARE = 0.5
LEAST_MERGED = 2
#: While it runs, one is enough that collected for so long, and for this share of the time.
FIRST_LEAST_MS = 100.0
FIRST_LEAST_SHARE = 0.5
#: Bytes stay behind: after so many reads, so many items (median). A road that is always one item late leaves one.
LEAST_READS = 5
LEAST_ITEMS_LEFT = 1.8
#: Where one item is larger than the buffers: so many reads for each item.
LEAST_READS_PER_ITEM = 4.0


@dataclass(frozen=True, slots=True)
class Limits:
    """How much it takes to accuse: time of the stream, and the part of that time that was spent merging.

    The items that merged must be no exceptions: such a share of all that left, or of all that came in, for buffers that
    hold the end of each row alone.
    """

    least_span_ms: float
    least_merged_share: float
    least_merged_items_share: float
    least_merged_of_in: float


IN_ONE_PROCESS = Limits(20.0, 0.25, 0.3, 0.04)
BETWEEN = Limits(200.0, 0.5, 0.3, 1.0)


def held(analysis: RunAnalysis) -> Verdict | None:
    """Find the gap that lets nothing, or nearly nothing, out before the end."""
    gaps = [each for each in judged_gaps(analysis) if is_held(each, analysis)]
    gap = max(gaps, key=lambda each: each.span_in_ms, default=None)
    if gap is None:
        return None
    came = f"{count_text(gap.items_in, gap.gap.earlier)} came in over {time_text(gap.span_in_ms)}"
    if gap.release_ms is None:
        figure = f"{came}; {bytes_text(gap.held_bytes)} still wait, the first for {time_text(gap.waiting_ms)}."
        # A stream that was stopped had no end at which it could have left.
        claim = "" if analysis.is_running else "Held"
        return replace(
            _verdict("held", "still_waiting", gap, analysis, figure), claim=claim, so_far=analysis.is_running
        )
    share = (gap.held_share if gap.is_exact else gap.body_held_share) or 0.0
    how_much = "all of them" if share >= 0.995 else f"{share_text(share)} of their bytes"
    return _verdict("held", "at_the_end", gap, analysis, f"{came}; {how_much} left at the end. {_waits(gap)}")


def coalesced(analysis: RunAnalysis) -> Verdict | None:
    """Find the gap that joins items which came in apart, most of the time."""
    gaps = [each for each in judged_gaps(analysis) if is_coalesced(each, analysis)]
    gap = max(gaps, key=wait_ms, default=None)
    if gap is None:
        return None
    says, claim, figure = _how_joined(gap)
    return replace(_verdict("coalesced", says, gap, analysis, figure), claim=claim, so_far=analysis.is_running)


def _how_joined(gap: GapMetrics) -> tuple[str, str, str]:
    """Return what is said, headline and figure: more come in than leave, or fewer, or about as many."""
    ratio = gap.coalescing or 1.0
    if ratio > 1 and (text := ratio_text(ratio)) != "1":
        return "joined", f"Buffered {text} into 1", _waits(gap)
    # What waits is the end of each item, for the next one to fill up what it goes out with.
    wait = time_text(gap.wait.ms)
    ends = f"The end of {one_text(gap.gap.earlier)} waits {wait} for the next one (median)."
    if ratio < 1 and (text := ratio_text(1 / ratio)) != "1":
        return "split", f"Split 1 into {text}", ends
    return "shared_ends", "Cut anew", ends


def _waits(gap: GapMetrics) -> str:
    wait = gap.wait
    if wait.of == "merged":
        return f"The {items_text(gap.gap.earlier)} that have to wait do so for {time_text(wait.ms)} (median)."
    if wait.of == "oldest":
        return f"The first of the {items_text(gap.gap.earlier)} has waited {time_text(wait.ms)}."
    noun = one_text(gap.gap.earlier)
    return f"{noun[:1].upper()}{noun[1:]} waits {time_text(wait.ms)} (median)."


def judged_gaps(analysis: RunAnalysis) -> list[GapMetrics]:
    """Return the gaps that may be accused.

    Only comparable ones. Nothing can wait by itself in the framing, nor at the client where it has no buffer; and where
    bytes stay behind in front of the reader, reads are joined because they come late, which is no fault of the server.
    """
    innocent = {"framing"}
    if not analysis.settings.number("client_buffer"):
        innocent.add("client")
    if stays_behind(analysis):
        innocent.add("server")
    return [each for each in analysis.gaps if each.gap.columns is not None and each.gap.id not in innocent]


def stays_behind(analysis: RunAnalysis) -> bool:
    """Tell whether bytes stay behind in front of the reader after most of its reads: a buffer that was let go is empty.

    Compared are the times at which the reading process took the bytes, which the kernel may have had for long.
    """
    gap = analysis.taking
    item_bytes = analysis.layer("write").size_median_bytes or 1
    split = gap.carriers >= LEAST_READS_PER_ITEM * max(1, gap.items_in)
    return gap.carriers >= LEAST_READS and (gap.left_behind_bytes >= LEAST_ITEMS_LEFT * item_bytes or split)


def limits_of(gap: GapMetrics) -> Limits:
    """Return how much it takes to accuse a gap."""
    return BETWEEN if gap.gap.id in BETWEEN_PROCESSES else IN_ONE_PROCESS


def is_held(gap: GapMetrics, analysis: RunAnalysis) -> bool:
    """Tell whether a gap let go at the end only, or has let nothing go so far."""
    if not _came_apart(gap, analysis):
        return False
    if not gap.is_exact:
        return (gap.body_held_share or 0.0) >= HELD_LEAST_SHARE and gap.release_ms is not None
    if (gap.held_share or 0.0) < HELD_LEAST_SHARE:
        return False
    if gap.release_ms is None:
        waits = min(gap.waiting_ms, gap.span_in_ms) >= HELD_SO_FAR_LEAST_MS
        return waits and gap.bytes_out <= (1 - HELD_LEAST_SHARE) * gap.bytes_in
    at_once = gap.release_ms <= max(RELEASE_MOST_MS, RELEASE_MOST_SHARE * gap.span_in_ms)
    # A hook that collected all items lets them go one by one. One thread marks both sides there, so nothing else does.
    return at_once and (gap.gap.id == "template" or gap.merged_share >= HELD_LEAST_MERGED_SHARE)


def is_coalesced(gap: GapMetrics, analysis: RunAnalysis) -> bool:
    """Tell whether a gap joins items that came in apart, most of the time, and that alone makes them wait."""
    limits = limits_of(gap)
    return (
        gap.is_exact
        and _came_apart(gap, analysis)
        and (gap.merged >= LEAST_MERGED or _is_first_of_more(gap, analysis))
        and gap.merged_share >= limits.least_merged_share
        and gap.merged >= min(limits.least_merged_items_share * gap.carriers, limits.least_merged_of_in * gap.items_in)
        and gap.merged_cause >= CAUSE_LEAST_SHARE
    )


def _is_first_of_more(gap: GapMetrics, analysis: RunAnalysis) -> bool:
    """Tell whether what left first, while it runs, had collected for so long that nobody needs to wait for a second."""
    is_long = gap.widest_ms >= max(FIRST_LEAST_MS, limits_of(gap).least_span_ms)
    return analysis.is_running and gap.merged == 1 and is_long and gap.merged_share >= FIRST_LEAST_SHARE


def _came_apart(gap: GapMetrics, analysis: RunAnalysis) -> bool:
    """Tell whether what came in came over a time, and not in one burst that a busy machine interrupted."""
    pauses = analysis.layer(gap.gap.earlier).bursts
    return (
        gap.items_in >= LEAST_ITEMS
        and gap.span_in_ms >= limits_of(gap).least_span_ms
        and (pauses >= LEAST_PAUSES or (pauses > 0 and gap.span_in_ms >= LONG_SPAN_MS))
    )


def wait_ms(gap: GapMetrics) -> float:
    """Return the wait that ranks accusations: the one that is said and shown."""
    return gap.wait.ms


def numbers_of(gap: GapMetrics) -> dict[str, float | int | str]:
    """Return the numbers that an accusation of a gap stands on."""
    numbers: dict[str, float | int | str] = {
        "wait_ms": round(wait_ms(gap), 3),
        "items_in": gap.items_in,
        "items_out": gap.items_out,
        "span_ms": round(gap.span_in_ms, 3),
        "delay_max_ms": round(gap.delay_max_ms or 0.0, 3),
        "held_bytes_max": gap.held_bytes_max,
        "merged": gap.merged,
        "merged_share": round(gap.merged_share, 3),
        "merged_ms": round(gap.merged_median_ms or 0.0, 3),
        "held_share": round(gap.held_share or 0.0, 3),
    }
    if gap.coalescing is not None:
        numbers["coalescing"] = round(gap.coalescing, 3)
    return numbers


def content_range(gap: GapMetrics, analysis: RunAnalysis) -> tuple[int, int] | None:
    """Return the bytes that merged longest, where their axis is that of the content."""
    response = analysis.meta.response if analysis.meta else None
    is_plain = response is not None and response.content_coding == "identity"
    # Where coded bytes are carried over to content, both sides are on the content axis, as parts and chunks' content.
    return gap.widest if is_plain or gap.gap.coded or gap.gap.earlier in {"part", "chunk"} else None


def _verdict(kind: Kind, says: str, gap: GapMetrics, analysis: RunAnalysis, figure: str) -> Verdict:
    evidence = Evidence(kind, says, numbers_of(gap), content_range(gap, analysis))
    stands = gap.gap
    return Verdict(kind, stands.id, stands.culprit, figure, stands.advice, evidence, stands.cure)
