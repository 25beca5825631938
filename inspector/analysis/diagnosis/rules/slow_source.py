"""The rules on sources and templates: what is slow before anything is buffered."""

from __future__ import annotations

from inspector.analysis.diagnosis.finding import Evidence, Verdict
from inspector.analysis.diagnosis.run_analysis import RunAnalysis
from inspector.analysis.formatting import bytes_text, count_of, count_text, items_text, share_text, time_text
from inspector.analysis.metrics.measurements import LayerMetrics
from inspector.analysis.pipeline.attribution import standing_template
from inspector.analysis.pipeline.gap_list import reported_buffers
from inspector.catalogue import PLAIN_TEMPLATE, TEMPLATE_KNOB, TemplateRow

from .buffering import in_this_run, judged_gaps, numbers_of
from .rule import Rule, Threshold

LUMP_LEAST_MS = Threshold(150.0, "ms", "A reader notices a standstill of this length.")
LUMP_LEAST_SHARE = Threshold(
    0.8, "share", "A lump comes after a standstill of this share of the time since the request..."
)
LUMP_LEAST_BYTES_SHARE = Threshold(
    0.5, "share", "...with this share of the bytes, of a template known to make lumps..."
)
UNNAMED_LUMP_LEAST_BYTES_SHARE = Threshold(
    0.9, "share", "...and with this share of any other: two rows are halves, and no lump."
)
MOSTLY_LATE_LEAST_BYTES_SHARE = Threshold(
    0.6, "share", "If this share comes at the end, it is no lump to accuse anybody of, and no stream either."
)
LEAST_FETCHES = Threshold(
    3, "count", "A template is blamed only where its source is known to have handed over rows so often."
)
LATE_LEAST_MS = Threshold(
    1_000.0, "ms", "A first part as late as this is worth a word: a server's first request may take a while..."
)
LATE_LEAST_ITEMS = Threshold(10, "count", "...if so many parts follow at once.")
LEAST_ITEMS = Threshold(3, "count", "Fewer items have no rhythm.")
FLOW_LEAST_SHARE = Threshold(
    0.2, "share", "A long gap is a stall only beside an ordinary flow, else it is the pace of the source: the flow "
    "takes this share of the time...",
)  # fmt: skip
FLOW_LEAST_MS = Threshold(1_000.0, "ms", "...or takes so long...")
FLOW_MOST_PAUSES = Threshold(3, "count", "...beside no more than so many gaps of the order of the longest.")
STALL_LEAST_SHARE = Threshold(0.2, "share", "Gaps of a second or more make up this share of the time.")
QUIET_LEAST_MS = Threshold(3_000.0, "ms", "While it runs, it must be quiet for so long...")
QUIET_LEAST_TIMES = Threshold(3.0, "times", "...and so many times longer than ever before.")
GAP_STALL_LEAST_MS = Threshold(
    1_000.0, "ms", "One wait in a place must be so long to be mentioned, and fill its share of the time."
)


def lump(analysis: RunAnalysis) -> Verdict | None:
    """Find parts that all come at once, after all of the time: the template or the source held them."""
    parts, template = analysis.layer("part"), _template(analysis)
    if analysis.is_running or parts.count < LEAST_ITEMS:
        return None
    if template is not None and (found := _lump_of_template(parts, template)) is not None:
        return found
    gap_ms = parts.gap_max_ms or 0.0
    if is_lump(parts, gap_ms, parts.after_gap_share, UNNAMED_LUMP_LEAST_BYTES_SHARE):
        evidence = _lump_evidence("source_or_template", parts, gap_ms, parts.after_gap_share)
        figure = _lump_figure(parts, gap_ms, parts.after_gap_share)
        return Verdict("stalls", "part", "either the source or the template", figure, _NOT_LAZY, evidence)
    if parts.count >= LATE_LEAST_ITEMS and parts.first_item_ms >= LATE_LEAST_MS:
        return _late(parts) if is_lump(parts, parts.first_item_ms, 1.0, UNNAMED_LUMP_LEAST_BYTES_SHARE) else None
    # Of the parts' own time: a first part that is late for reasons of its own makes no stream of the others.
    is_late = (
        gap_ms >= max(LUMP_LEAST_MS, LUMP_LEAST_SHARE * parts.span_ms)
        and parts.after_gap_share >= MOSTLY_LATE_LEAST_BYTES_SHARE
    )
    return _mostly_late(parts, gap_ms) if is_late else None


def _template(analysis: RunAnalysis) -> TemplateRow | None:
    """Return the template that is rendered in one lump, where its source is known to have come little by little."""
    fetches = analysis.settings.fetches
    return (
        standing_template(reported_buffers(analysis.taps), analysis.settings)
        if (fetches or 0) >= LEAST_FETCHES
        else None
    )


def is_lump(parts: LayerMetrics, wait_ms: float, share: float, least_share: float) -> bool:
    """Tell whether a wait made up nearly all of the time, and most bytes came after it and at once."""
    return (
        wait_ms >= max(LUMP_LEAST_MS, LUMP_LEAST_SHARE * parts.since_sent_ms)
        and min(share, parts.late_share) >= least_share
    )


def _lump_of_template(parts: LayerMetrics, template: TemplateRow) -> Verdict | None:
    waits = [(parts.gap_max_ms or 0.0, parts.after_gap_share)]
    if not template.gives_head:
        waits.append((parts.first_item_ms, 1.0))
    for wait_ms, share in waits:
        if is_lump(parts, wait_ms, share, LUMP_LEAST_BYTES_SHARE):
            figure, evidence = _lump_figure(parts, wait_ms, share), _lump_evidence("template", parts, wait_ms, share)
            cure = {TEMPLATE_KNOB: PLAIN_TEMPLATE}
            return Verdict("held", "part", template.noun, figure, template.cure, evidence, cure)
    return None


def _lump_figure(parts: LayerMetrics, wait_ms: float, share: float) -> str:
    return (
        f"Nothing came for {time_text(wait_ms)} of {time_text(parts.since_sent_ms)}, then {share_text(share)} of the "
        "bytes at once."
    )


def _lump_evidence(says: str, parts: LayerMetrics, wait_ms: float, share: float) -> Evidence:
    start = parts.after_gap_offset if share < 1 else 0
    in_this_run = (
        f"The longest time without a part was {time_text(wait_ms)} of the {time_text(parts.since_sent_ms)} since the "
        f"request; {share_text(share)} of the bytes came after it."
    )
    numbers = _numbers(parts) | {"wait_ms": round(wait_ms, 3)}
    return Evidence("lump", says, numbers, (start, parts.total_bytes), in_this_run)


def _late(parts: LayerMetrics) -> Verdict:
    figure = (
        f"No part for {time_text(parts.first_item_ms)}, then all of them at once: either the source begins so late, or "
        "the whole is made first."
    )
    in_this_run = (
        f"The first part came {time_text(parts.first_item_ms)} after the request, and all {parts.count:,} within "
        f"{time_text(parts.span_ms)}."
    )
    evidence = Evidence("lump", "late", _numbers(parts), (0, parts.total_bytes), in_this_run)
    return Verdict("unknown", "part", "", figure, _NOT_LAZY, evidence, claim="Came all at once")


def _mostly_late(parts: LayerMetrics, gap_ms: float) -> Verdict:
    late_bytes = parts.total_bytes - parts.after_gap_offset
    figure = (
        f"{bytes_text(parts.after_gap_offset)} came first, then nothing for {time_text(gap_ms)}, then "
        f"{bytes_text(late_bytes)} ({share_text(parts.after_gap_share)}) at once: "
        f"{count_text(parts.count, parts.name)} in all."
    )
    evidence = _lump_evidence("mostly_late", parts, gap_ms, parts.after_gap_share)
    return Verdict("unknown", "part", "", figure, _NOT_LAZY, evidence, claim="Most came at the end")


_NOT_LAZY = (
    "Either the source gives nothing before all of it is there (fetchall(), list(), sorted()), or the template makes "
    "one lump of it (macro, filter block, super(), loop.length, an async environment)."
)


def stalls(analysis: RunAnalysis) -> Verdict | None:
    """Find a source that stands still now and then, or one standstill in a gap."""
    layer = analysis.layer("part" if analysis.is_tapped else "read")
    if not _is_event_stream(analysis):
        if is_stalling(layer):
            return _source_stall(analysis, layer, layer.gap_max_ms or 0.0, "once" if layer.long_gaps == 1 else "often")
        quiet_ms = (analysis.now_t_ns - layer.last_t_ns) / 1e6 if layer.last_t_ns else 0.0
        if analysis.is_running and layer.count >= LEAST_ITEMS and quiet_ms >= _quiet_limit_ms(layer):
            return _source_stall(analysis, layer, quiet_ms, "quiet_now")
    for gap in judged_gaps(analysis):
        if gap.is_exact and gap.merged and gap.widest_ms >= max(GAP_STALL_LEAST_MS, STALL_LEAST_SHARE * gap.span_in_ms):
            stands = gap.gap
            figure = f"{items_text(stands.earlier).capitalize()} waited up to {time_text(gap.widest_ms)} in it, once."
            evidence = Evidence("stalls", "in_a_gap", numbers_of(gap), gap.widest, in_this_run(gap, "stalls"))
            return Verdict(
                "stalls", stands.id, stands.culprit, figure, stands.advice, evidence, stands.cure, analysis.is_running,
                claim="Stalled once",
            )  # fmt: skip
    return None


def is_stalling(layer: LayerMetrics) -> bool:
    """Tell whether long gaps are out of the ordinary in a layer, and make up much of its time."""
    flow_ms = layer.span_ms - layer.pauses_ms
    flows = flow_ms >= FLOW_LEAST_SHARE * layer.span_ms
    flows = flows or (flow_ms >= FLOW_LEAST_MS and layer.pauses <= FLOW_MOST_PAUSES)
    is_long = layer.long_gaps > 0 and layer.long_gaps_ms >= STALL_LEAST_SHARE * layer.span_ms
    return layer.count >= LEAST_ITEMS and is_long and flows


def _quiet_limit_ms(layer: LayerMetrics) -> float:
    return max(QUIET_LEAST_MS, QUIET_LEAST_TIMES * (layer.gap_max_ms or 0.0))


def _is_event_stream(analysis: RunAnalysis) -> bool:
    """Tell whether quiet is the nature of the stream: server-sent events come when something happens."""
    headers = analysis.meta.response.headers if analysis.meta and analysis.meta.response else []
    return any(name.lower() == "content-type" and "text/event-stream" in value.lower() for name, value in headers)


def _source_stall(analysis: RunAnalysis, layer: LayerMetrics, longest_ms: float, says: str) -> Verdict:
    began_ms = layer.gap_max_from_ms if says == "once" else None
    starting = f", starting at {time_text(began_ms)}" if began_ms is not None else ""
    figure = f"No {items_text(layer.name)} for {time_text(longest_ms)}{starting}."
    claim = "Stalled once"
    if says == "often":
        claim = f"Stalled {layer.long_gaps:,} times"
        figure = (
            f"No {items_text(layer.name)} for up to {time_text(longest_ms)}; {time_text(layer.long_gaps_ms)} of "
            f"{time_text(layer.span_ms)} in all."
        )
    elif says == "quiet_now":
        claim = "Quiet"
    culprit = "the source" if analysis.is_tapped else "either the app or something before it"
    advice = "A heartbeat would keep proxies from giving up."
    if analysis.is_tapped:
        advice = f"The view waits for its source, not for a buffer. {advice}"
    long_gaps = f"{count_of(layer.long_gaps, 'gap')} of a second or more"
    in_this_run = (
        f"Between {count_text(layer.count, layer.name)}, {long_gaps} took {time_text(layer.long_gaps_ms)} of "
        f"{time_text(layer.span_ms)}; the longest took {time_text(layer.gap_max_ms or 0.0)}."
    )
    if says == "quiet_now":
        in_this_run += f" Nothing has come for {time_text(longest_ms)}."
    return Verdict(
        "stalls", layer.name, culprit, figure, advice, Evidence("stalls", says, _numbers(layer), None, in_this_run),
        None, analysis.is_running, claim=claim,
    )  # fmt: skip


def _numbers(layer: LayerMetrics) -> dict[str, float | int | str]:
    return {
        "items": layer.count,
        "pauses": layer.pauses,
        "pauses_ms": round(layer.pauses_ms, 3),
        "span_ms": round(layer.span_ms, 3),
        "gap_max_ms": round(layer.gap_max_ms or 0.0, 3),
        "long_gaps": layer.long_gaps,
        "long_gaps_ms": round(layer.long_gaps_ms, 3),
        "first_item_ms": round(layer.first_item_ms, 3),
        "after_gap_share": round(layer.after_gap_share, 3),
        "late_share": round(layer.late_share, 3),
        "since_sent_ms": round(layer.since_sent_ms, 3),
    }


LUMP = Rule(
    "lump", "The parts come at once, after nearly all of the time.", 55, lump, "taps",
    {
        "template": "A template that is known to be rendered in one lump had a source that came little by little.",
        "source_or_template": "All parts came at once: the source or the template held them.",
        "late": "All parts came at once and late: the source began late, or all of it was made first.",
        "mostly_late": "Some parts came first, and most of them at once at the end.",
    },
    "Parts that come over the time, instead of after it, are judged as a stream.",
    (
        LEAST_ITEMS, LUMP_LEAST_MS, LUMP_LEAST_SHARE, LUMP_LEAST_BYTES_SHARE, UNNAMED_LUMP_LEAST_BYTES_SHARE,
        MOSTLY_LATE_LEAST_BYTES_SHARE, LEAST_FETCHES, LATE_LEAST_MS, LATE_LEAST_ITEMS,
    ),
)  # fmt: skip
STALLS = Rule(
    "stalls", "Gaps out of the ordinary make up much of the time.", 60, stalls, "either",
    {
        "once": "The source stood still once for a second or more.",
        "often": "The source stood still several times for a second or more.",
        "quiet_now": "The stream still runs, and has been quiet for much longer than ever before.",
        "in_a_gap": "Items waited in one place once for a second or more.",
    },
    f"It would be no stall if the gaps of a second or more made up less than {STALL_LEAST_SHARE.text} of the time. Of "
    "server-sent events quiet is no fault.",
    (
        LEAST_ITEMS, FLOW_LEAST_SHARE, FLOW_LEAST_MS, FLOW_MOST_PAUSES, STALL_LEAST_SHARE, QUIET_LEAST_MS,
        QUIET_LEAST_TIMES, GAP_STALL_LEAST_MS,
    ),
)  # fmt: skip
