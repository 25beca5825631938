"""The rules on buffers: what comes in apart and leaves together, or not before the end.

An accusation needs a wait that a reader would notice and a structural sign: the first byte of what leaves had to wait
for the last one to come in (`metrics.coalescing`), most of the time. Shares and medians count, never a
single outlier. Inside of the server one thread marks both sides, so a merge there is always a buffer's; between
processes a busy machine merges a little on its own, so more is asked for.
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
from inspector.analysis.metrics.incremental_metrics import (
    BETWEEN_PROCESSES,
    MATERIAL_IN_SERVER_NS,
    MATERIAL_ON_CONNECTION_NS,
)
from inspector.analysis.metrics.measurements import GapMetrics

from .rule import Rule, Threshold

LEAST_ITEMS = Threshold(3, "count", "Fewer items tell nothing about waiting for each other.")
LEAST_PAUSES = Threshold(
    3, "count", "So many pauses of 2 ms or more must lie between the items that came in: one burst that a busy machine "
    "interrupted is no stream...",
)  # fmt: skip
LONG_SPAN_MS = Threshold(150.0, "ms", "...or a single one, if they came in over so long a time.")
HELD_LEAST_SHARE = Threshold(
    0.9, "share", "Of the bytes that came in before the last item, this share must leave with the last one or later."
)
RELEASE_MOST_MS = Threshold(100.0, "ms", "Held to the end means let go there: within this time after the end...")
RELEASE_MOST_SHARE = Threshold(0.5, "share", "...or within this share of the time that the items came in.")
HELD_SO_FAR_LEAST_MS = Threshold(500.0, "ms", "While it runs, nothing must have left for so long.")
HELD_LEAST_MERGED_SHARE = Threshold(
    0.5, "share", "Waiting for later items must fill this share of the time: items that leave one by one at the end of "
    "a middleware were not joined by it.",
)  # fmt: skip
CAUSE_LEAST_SHARE = Threshold(
    0.5, "share", "Waiting for later items must explain this share of the wait: a slow reader makes items wait, too, "
    "but not for each other.",
)  # fmt: skip
LEAST_MERGED = Threshold(2, "count", "So many items must have left that waited for a later one.")
FIRST_LEAST_MS = Threshold(100.0, "ms", "While it runs, one is enough that collected for so long...")
FIRST_LEAST_SHARE = Threshold(0.5, "share", "...and for this share of the time.")
MATERIAL_MS = Threshold(
    MATERIAL_IN_SERVER_NS / 1e6, "ms", "Inside of the server, a shorter wait for later items is a buffer that nobody "
    "notices.",
)  # fmt: skip
MATERIAL_BETWEEN_MS = Threshold(
    MATERIAL_ON_CONNECTION_NS / 1e6, "ms", "The same between processes, where a busy machine lets a reader wait for "
    "its turn.",
)  # fmt: skip
LEAST_READS = Threshold(5, "count", "Fewer reads tell nothing about what stays behind in front of the reader.")
LEAST_ITEMS_LEFT = Threshold(
    1.8, "times", "The bytes that a read leaves behind (median) must be so many times a median item: a pipeline that "
    "is always one item late leaves one.",
)  # fmt: skip
LEAST_READS_PER_ITEM = Threshold(
    4.0, "count", "Where one item is larger than the buffers: so many reads for each item."
)


@dataclass(frozen=True, slots=True)
class Limits:
    """How much it takes to accuse: time of the stream, and the part of that time that was spent merging.

    The items that merged must be no exceptions: such a share of all that left, or of all that came in, for buffers that
    hold the end of each row alone.
    """

    least_span_ms: Threshold
    least_merged_share: Threshold
    least_merged_items_share: Threshold
    least_merged_of_in: Threshold

    @property
    def all(self) -> tuple[Threshold, ...]:
        """The four of them."""
        return (self.least_span_ms, self.least_merged_share, self.least_merged_items_share, self.least_merged_of_in)


IN_ONE_PROCESS = Limits(
    Threshold(20.0, "ms", "Inside of the server, items must come in over so long a time."),
    Threshold(0.25, "share", "Inside of the server, waiting for later items must fill this share of the time."),
    Threshold(0.3, "share", "Of what left inside of the server, this share must have waited for later items..."),
    Threshold(0.04, "share", "...or this share of what came in: a buffer may hold the end of each row alone."),
)
BETWEEN = Limits(
    Threshold(200.0, "ms", "Between processes, items must come in over so long a time."),
    Threshold(0.5, "share", "Between processes, where a busy machine joins a little on its own, more must wait."),
    Threshold(0.3, "share", "Of what arrived, this share must have waited for later items..."),
    Threshold(1.0, "share", "...or as many as all that was written."),
)


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
    if not analysis.settings.client_buffer_bytes:
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


def in_this_run(gap: GapMetrics, kind: Kind) -> str:
    """Return what an accusation of a gap stands on, in sentences."""
    noun, later = items_text(gap.gap.earlier), items_text(gap.gap.later)
    came = f"{count_text(gap.items_in, gap.gap.earlier)} came in over {time_text(gap.span_in_ms)}"
    if kind == "held":
        share = (gap.held_share if gap.is_exact else gap.body_held_share) or 0.0
        guessed = "" if gap.is_exact else ", by the share of coded bytes"
        found = (
            f"{came}; of the bytes before the last burst, {share_text(share)} had not left when the last one came in"
            f"{guessed}."
        )
        if gap.release_ms is not None:
            found += f" Nearly all was out {time_text(gap.release_ms)} after the last one had come in."
        return found
    found = f"{came} and {count_text(gap.items_out, gap.gap.later)} left."
    if not gap.merged:
        return found
    material = MATERIAL_BETWEEN_MS if gap.gap.id in BETWEEN_PROCESSES else MATERIAL_MS
    return (
        f"{found} In {share_text(gap.merged / gap.carriers)} of the {later}, the first of the {noun} waited "
        f"{material.text} or more for the last one to come in: {time_text(gap.merged_median_ms or 0.0)} (median), at "
        f"most {time_text(gap.widest_ms)}. Such waits fill {share_text(gap.merged_share)} of the time."
    )


def _verdict(kind: Kind, says: str, gap: GapMetrics, analysis: RunAnalysis, figure: str) -> Verdict:
    evidence = Evidence(kind, says, numbers_of(gap), content_range(gap, analysis), in_this_run(gap, kind))
    stands = gap.gap
    return Verdict(kind, stands.id, stands.culprit, figure, stands.advice, evidence, stands.cure)


_APART = (LEAST_ITEMS, LEAST_PAUSES, LONG_SPAN_MS)
_STAYS_BEHIND = (LEAST_READS, LEAST_ITEMS_LEFT, LEAST_READS_PER_ITEM)
#: All that tells whether a gap is held.
HELD_THRESHOLDS = (
    *_APART, HELD_LEAST_SHARE, RELEASE_MOST_MS, RELEASE_MOST_SHARE, HELD_SO_FAR_LEAST_MS, HELD_LEAST_MERGED_SHARE,
    *_STAYS_BEHIND,
)  # fmt: skip
#: All that tells whether a gap joins what came in apart.
COALESCED_THRESHOLDS = (
    *_APART, *IN_ONE_PROCESS.all, *BETWEEN.all, MATERIAL_MS, MATERIAL_BETWEEN_MS, CAUSE_LEAST_SHARE, LEAST_MERGED,
    FIRST_LEAST_MS, FIRST_LEAST_SHARE, *_STAYS_BEHIND,
)  # fmt: skip
HELD = Rule(
    "held", "Nearly nothing leaves a place before the last item has come in.", 30, held, "taps",
    {
        "at_the_end": "All of it, or nearly all, left a place when the last item had come in.",
        "still_waiting": "Nothing, or nearly nothing, has left a place so far, and more and more has come in.",
    },
    f"This would not be said if more than {share_text(1 - HELD_LEAST_SHARE)} of the bytes had left before the last "
    "item came in.",
    HELD_THRESHOLDS,
)  # fmt: skip
COALESCED = Rule(
    "coalesced", "Items that came in apart leave a place together, most of the time.", 30, coalesced, "taps",
    {
        "joined": "Several items leave as one.",
        "split": "Items leave in smaller ones, and the end of each waits for the next one.",
        "shared_ends": "About as many leave as came in, but cut elsewhere: the end of each waits for the next one.",
    },
    f"This would not be said if waiting for later items took less than {IN_ONE_PROCESS.least_merged_share.text} of the "
    f"time ({BETWEEN.least_merged_share.text} between processes), or less than {CAUSE_LEAST_SHARE.text} of the wait.",
    COALESCED_THRESHOLDS,
)  # fmt: skip
