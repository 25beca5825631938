"""What is said where no rule accuses: that it streams, with figures that show it, or that it can't be told."""

from __future__ import annotations

from inspector.analysis.diagnosis.finding import Evidence, Verdict
from inspector.analysis.diagnosis.run_analysis import RunAnalysis
from inspector.analysis.diagnosis.statistics_report import framing_overhead
from inspector.analysis.formatting import count_of, count_text, items_text, one_text, ratio_text, time_text
from inspector.analysis.metrics.measurements import GapMetrics, LayerMetrics
from inspector.analysis.pipeline.settings_in_force import middleware_of

from .buffering import (
    COALESCED_THRESHOLDS,
    HELD_THRESHOLDS,
    in_this_run,
    is_coalesced,
    is_held,
    numbers_of,
    stays_behind,
    wait_ms,
)
from .rule import Rule, Threshold
from .untapped import received

QUICK_MS = Threshold(
    50.0, "ms", "Items that reach the reader within this time (median) stream, whatever else is not known."
)
LEAST_ITEMS = Threshold(3, "count", "Fewer items show nothing about waiting for each other...")
LEAST_SPAN_MS = Threshold(20.0, "ms", "...nor do items within a shorter time...")
FOREIGN_LEAST_SPAN_MS = Threshold(100.0, "ms", "...or, from outside, within this one.")
MOST_OF_TIME_SHARE = Threshold(0.8, "share", "From outside, it is no stream if one gap takes this share of the time...")
MOST_OF_BYTES_SHARE = Threshold(0.5, "share", "...and more than this share of the bytes comes after it.")
STEADY_MOST_SHARE = Threshold(0.25, "share", "Steady is what has no gap of more than this share of its time.")
SILENCE_LEAST_MS = Threshold(100.0, "ms", "A silence of this length is worth a word.")
TINY_CHUNK_BYTES = Threshold(20, "bytes", "Chunks are called tiny if they are smaller than this (median)...")
TINY_LEAST_OVERHEAD = Threshold(1.5, "times", "...and framing makes the wire carry so many times the body.")
SHARED_LEAST_RATIO = Threshold(1.5, "times", "So many items leave as one before it is worth a word.")


def somewhere(analysis: RunAnalysis) -> Verdict | None:
    """Find that items wait on the way where what stands there can't be seen.

    Where every gap is known exactly and none is accused, the waits of a busy machine may add up to the look of a
    buffer: that is no accusation.
    """
    whole = analysis.pipeline
    if stays_behind(analysis) or not (is_held(whole, analysis) or is_coalesced(whole, analysis)):
        return None
    blind = [each.gap.culprit for each in analysis.gaps if each.gap.columns is None or not each.is_exact]
    if not blind:
        return _turned(analysis) if analysis.changes else None
    culprit = " or ".join(dict.fromkeys(blind))
    figure = f"A part reaches the reader after {time_text(wait_ms(whole))} (median); where it waits can't be told."
    advice = "Take away one thing after the other, or ask without compression, to see which of them holds."
    if is_held(whole, analysis):
        evidence = Evidence("somewhere", "held", numbers_of(whole), whole.widest, in_this_run(whole, "held"))
        return Verdict("held", "pipeline", culprit, figure, advice, evidence, None, analysis.is_running)
    said = in_this_run(whole, "coalesced")
    evidence = Evidence("somewhere", "coalesced", numbers_of(whole), whole.widest, said)
    return Verdict("coalesced", "pipeline", culprit, figure, advice, evidence, None, analysis.is_running)


def _turned(analysis: RunAnalysis) -> Verdict:
    """Say that the settings were not the same all the time."""
    names = list(dict.fromkeys(change.knob for change in analysis.changes))
    figure = (
        f"{', '.join(names)} {'was' if len(names) == 1 else 'were'} changed while it ran, so no one buffer "
        "accounts for all of it."
    )
    advice = "Look at the time since the last flag, or stream again as it is set now."
    whole = analysis.pipeline
    said = (
        f"{count_of(len(analysis.changes), 'setting')} changed while it ran. "
        f"{in_this_run(whole, 'held' if is_held(whole, analysis) else 'coalesced')}"
    )
    evidence = Evidence("somewhere", "turned", {"changes": len(analysis.changes)}, None, said)
    return Verdict("unknown", "", "", figure, advice, evidence, None, analysis.is_running)


def streams(analysis: RunAnalysis) -> Verdict | None:
    """Say that it streams, and how quickly."""
    return _tapped_streams(analysis) if analysis.is_tapped else _foreign_streams(analysis)


def cannot_tell(analysis: RunAnalysis) -> Verdict:
    """Say that nothing can be told, and why."""
    layer = analysis.layer("part") if analysis.is_tapped else received(analysis)
    numbers = {"items": layer.count, "span_ms": round(layer.span_ms, 3), "gap_max_ms": round(layer.gap_max_ms or 0, 3)}
    ending = analysis.meta.ending if analysis.meta else None
    said = f"{count_text(layer.count, layer.name)} came within {time_text(layer.span_ms)}."
    if not layer.count and not analysis.layer("read").total_bytes:
        says = "no_body_yet" if analysis.is_running else "no_content"
        if ending is not None and ending.kind in ("stopped", "over_limit"):
            figure = ending.text if ending.kind == "over_limit" else "Nothing of the body had come."
            return Verdict(
                ending.kind, figure=figure, evidence=Evidence("cannot_tell", ending.kind, numbers, None, said)
            )
        figure = "Nothing of the body has come." if analysis.is_running else "The body is empty."
        evidence = Evidence("cannot_tell", says, numbers, None, said)
        claim = "Waiting" if analysis.is_running else "No content"
        return Verdict("unknown", figure=figure, evidence=evidence, so_far=analysis.is_running, claim=claim)
    count = count_text(layer.count, layer.name)
    if (layer.gap_max_ms or 0.0) >= SILENCE_LEAST_MS:
        says = "too_few_and_silent"
        figure = (
            f"{count} in {time_text(layer.span_ms)}, with nothing for {time_text(layer.gap_max_ms or 0.0)} between."
        )
    else:
        says = "too_few"
        figure = (
            f"{count} in {time_text(layer.span_ms)} are too few to tell."
            if layer.count != 1
            else (f"{count} is too little to tell.")
        )
    advice = "Stream more rows, or slow the source down."
    if analysis.meta is None or not analysis.settings.kind.is_app_known:
        advice = "A longer stream would show more."
    evidence = Evidence("cannot_tell", says, numbers, None, said)
    return Verdict("unknown", "", "", figure, advice, evidence, None, analysis.is_running)


def _tapped_streams(analysis: RunAnalysis) -> Verdict | None:
    parts, whole = analysis.layer("part"), analysis.pipeline
    if whole.delay_median_ms is None:
        return None
    delay_ms = whole.delay_median_ms
    too_short = parts.count < LEAST_ITEMS or parts.span_ms < LEAST_SPAN_MS
    if too_short and delay_ms > QUICK_MS:
        return None
    reaches = f"Each part reaches the reader {time_text(delay_ms)} after it's made (median"
    if whole.delay_p95_ms is not None:
        reaches += f"; 95 % within {time_text(whole.delay_p95_ms)}"
    figure, says = f"{reaches}). {_pace_text(parts)}.", "passes"
    slowest = max(_known(analysis), key=lambda each: each.delay_median_ms or 0.0, default=None)
    shared = max(_known(analysis), key=lambda each: each.coalescing or 0.0, default=None)
    if delay_ms > QUICK_MS and slowest is not None:
        says = "slow_way"
        figure += f" Most of that time is spent in {slowest.gap.culprit}, but items stay apart."
    elif shared is not None and (shared.coalescing or 0.0) >= SHARED_LEAST_RATIO:
        says = "shares"
        figure += (
            f" {ratio_text(shared.coalescing or 0.0)} {items_text(shared.gap.earlier)} share "
            f"{one_text(shared.gap.later)}, but 95 % wait {time_text(shared.delay_p95_ms or 0.0)} at most."
        )
    longest = f", at most {time_text(whole.longest_ms)}" if whole.longest_ms else ""
    said = f"From part to reader it took {time_text(delay_ms)} (median){longest}."
    if slowest is not None:
        said += (
            f" Of the places between, {slowest.gap.culprit} took longest: {time_text(slowest.delay_median_ms or 0.0)}."
        )
    return _healthy(analysis, figure, says, numbers_of(whole), said)


def _foreign_streams(analysis: RunAnalysis) -> Verdict | None:
    layer = received(analysis)
    if layer.count < LEAST_ITEMS or layer.span_ms < FOREIGN_LEAST_SPAN_MS or _mostly_at_the_end(layer):
        return None
    figure = f"{_pace_text(layer)}. From outside we can't tell whether they were buffered earlier."
    numbers: dict[str, float | int | str] = {"items": layer.count, "span_ms": round(layer.span_ms, 3)}
    said = (
        f"{count_text(layer.count, layer.name)} came within {time_text(layer.span_ms)}; the longest time between two "
        f"was {time_text(layer.gap_max_ms or 0.0)}."
    )
    claim = "Arrives steadily" if _is_steady(layer) else "Arrives bit by bit"
    return _healthy(analysis, figure, "from_outside", numbers, said, claim=claim)


def _mostly_at_the_end(layer: LayerMetrics) -> bool:
    """Tell whether one gap made up most of the time and most bytes came after it."""
    return (
        layer.gap_max_ms or 0.0
    ) >= MOST_OF_TIME_SHARE * layer.span_ms and layer.after_gap_share > MOST_OF_BYTES_SHARE


def _is_steady(layer: LayerMetrics) -> bool:
    return (layer.gap_max_ms or 0.0) <= STEADY_MOST_SHARE * layer.span_ms


def _healthy(
    analysis: RunAnalysis, figure: str, says: str, numbers: dict[str, float | int | str], said: str, *, claim: str = ""
) -> Verdict:
    evidence = Evidence("streams", says, numbers, None, said)
    advice = _note(analysis) or ("" if analysis.is_tapped else "Add the tap to your app to see whether they wait.")
    return Verdict("streams", "", "", figure, advice, evidence, None, analysis.is_running, claim=claim)


def _note(analysis: RunAnalysis) -> str:
    """Return what is worth saying of a healthy stream."""
    response = analysis.meta.response if analysis.meta else None
    chunks, overhead = analysis.layer("chunk"), framing_overhead(analysis)
    if (
        chunks.count >= 10
        and (chunks.size_median_bytes or 0) < TINY_CHUNK_BYTES
        and (overhead or 0.0) >= TINY_LEAST_OVERHEAD
    ):
        return f"Chunks are tiny ({chunks.size_median_bytes} bytes, median): joining a few items would save bytes."
    notes = [row.note for tap in analysis.taps if (row := middleware_of(tap.name)) is not None and row.note]
    if notes and not analysis.is_running:
        return notes[0]
    if response is not None and response.framing == "close-delimited" and not analysis.is_running:
        return "The body ends with the connection: nobody can tell whether it is complete. HTTP/1.1 would."
    return ""


def _known(analysis: RunAnalysis) -> list[GapMetrics]:
    return [each for each in analysis.gaps if each.gap.columns is not None and each.is_exact and each.items_in]


def _pace_text(layer: LayerMetrics) -> str:
    count = count_text(layer.count, layer.name)
    if layer.count < LEAST_ITEMS or layer.span_ms <= 0:
        return count
    per_s = (layer.count - 1) / layer.span_ms * 1e3
    if layer.bursts and layer.bursts * 4 >= layer.count - 1:
        return f"{count}, {'one' if layer.bursts * 2 >= layer.count else 'a few'} every {time_text(layer.pace_ms)}"
    if layer.bursts and layer.pace_ms >= 100:
        apart = f"{time_text(layer.pace_ms)} apart" + (" (median)" if layer.bursts > 1 else "")
        return f"{count} in {layer.bursts + 1:,} bursts, {apart}"
    return f"{count}, {per_s:,.0f} a second"


SOMEWHERE = Rule(
    "somewhere", "Items wait on the whole way, and not all that stands there can be seen.", 40, somewhere, "taps",
    {
        "held": "Nearly nothing reaches the reader before the end, and places between can't be seen.",
        "coalesced": "Parts that were made apart reach the reader together, and places between can't be seen.",
        "turned": "Settings were changed while it ran, so no one place accounts for all of it.",
    },
    "Fewer things on the way, or no compression, would show which place it is.",
    (*HELD_THRESHOLDS, *(each for each in COALESCED_THRESHOLDS if all(each is not other for other in HELD_THRESHOLDS))),
)  # fmt: skip
STREAMS = Rule(
    "streams", "Items go through one by one, or nothing waits for long.", 70, streams, "either",
    {
        "passes": "Each part reaches the reader by itself.",
        "shares": "Some items leave as one, but none of them waits for long.",
        "slow_way": "Items stay apart, and the way to the reader takes a while.",
        "from_outside": "Items arrive over the time; what happened before can't be seen.",
    },
    "Any of the rules above would speak first: items that wait for each other, for the end, or for the reader.",
    (
        QUICK_MS, LEAST_ITEMS, LEAST_SPAN_MS, FOREIGN_LEAST_SPAN_MS, MOST_OF_TIME_SHARE, MOST_OF_BYTES_SHARE,
        STEADY_MOST_SHARE, SHARED_LEAST_RATIO, TINY_CHUNK_BYTES, TINY_LEAST_OVERHEAD,
    ),
)  # fmt: skip
CANNOT_TELL = Rule(
    "cannot_tell", "There is too little to tell anything.", 99, cannot_tell, "either",
    {
        "no_body_yet": "A head has come, and nothing of the body so far.",
        "no_content": "The body is empty.",
        "too_few": "Too few items came to have a rhythm.",
        "too_few_and_silent": "Too few items came, with a silence between them.",
        "stopped": "You stopped the run before anything of the body had come.",
        "over_limit": "A set limit was reached before anything of the body had come.",
    },
    f"{LEAST_ITEMS.text} or more items over {FOREIGN_LEAST_SPAN_MS.text} or more can be judged.",
    (SILENCE_LEAST_MS,),
)  # fmt: skip
