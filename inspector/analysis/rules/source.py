"""Rules (a) of the streaming facts and the rows on templates and sources: what is slow before anything is buffered."""

from __future__ import annotations

from inspector.analysis.case import Case
from inspector.analysis.figures import LayerFigures
from inspector.analysis.findings import Evidence, Verdict
from inspector.analysis.remedies import lump_remedy, remedy_of
from inspector.analysis.wording import items_text, time_text

from .buffers import judged_gaps, numbers_of

#: Template variants of the built-in server that Jinja2 renders in one lump.
LUMP_TEMPLATES = ("macro", "filter", "super", "recursive", "length", "without-context", "async")
#: A standstill that a reader notices.
LUMP_LEAST_MS = 150.0
#: It makes up this share of the time since the request, and this share of the bytes comes after it.
LUMP_LEAST_SHARE = 0.8
LUMP_LEAST_BYTES_SHARE = 0.5
#: Of a template that is not known to make lumps, more: two rows are halves, and no lump.
UNNAMED_LUMP_LEAST_BYTES_SHARE = 0.9
#: Variants that give nothing at all before the whole is rendered; others give their head first.
RENDERED_BEFORE = ("async",)
#: A first part as late as this is worth a word, if so many follow at once. A server's first request may take a while.
LATE_LEAST_MS = 1_000.0
LATE_LEAST_ITEMS = 10
LEAST_ITEMS = 3
#: A long gap (`layer_rhythm`) is a stall only if there is an ordinary flow beside it, else it is the pace of the
#: source: this share of the time, or so long beside so few gaps of that order.
FLOW_LEAST_SHARE = 0.2
FLOW_LEAST_MS = 1_000.0
FLOW_MOST_PAUSES = 3
#: Stalls make up this share of the time.
STALL_LEAST_SHARE = 0.2
#: While it runs: quiet for so long, and so many times longer than usual.
QUIET_LEAST_MS = 3_000.0
QUIET_LEAST_TIMES = 3.0
#: One standstill in a gap: so long, and this share of the time.
GAP_STALL_LEAST_MS = 1_000.0


def lump(case: Case) -> Verdict | None:
    """Find parts that all come at once, after all of the time: the template or the source held them."""
    parts, variant = case.layer("part"), case.knobs.get("template", "plain")
    if case.is_running or parts.count < LEAST_ITEMS:
        return None
    least_share = LUMP_LEAST_BYTES_SHARE if variant in LUMP_TEMPLATES else UNNAMED_LUMP_LEAST_BYTES_SHARE
    gap_ms = parts.gap_max_ms or 0.0
    if is_lump(parts, gap_ms, parts.after_gap_share, least_share):
        return _lump(parts, variant, gap_ms, parts.after_gap_share)
    if variant in RENDERED_BEFORE and is_lump(parts, parts.first_item_ms, 1.0, least_share):
        return _lump(parts, variant, parts.first_item_ms, 1.0)
    if parts.count >= LATE_LEAST_ITEMS and parts.first_item_ms >= LATE_LEAST_MS:
        return _late(parts) if is_lump(parts, parts.first_item_ms, 1.0, UNNAMED_LUMP_LEAST_BYTES_SHARE) else None
    return None


def is_lump(parts: LayerFigures, wait_ms: float, share: float, least_share: float) -> bool:
    """Tell whether a wait made up nearly all of the time, and most bytes came after it and at once."""
    return (
        wait_ms >= max(LUMP_LEAST_MS, LUMP_LEAST_SHARE * parts.since_sent_ms)
        and min(share, parts.late_share) >= least_share
    )


def _lump(parts: LayerFigures, variant: str, wait_ms: float, share: float) -> Verdict:
    start = parts.after_gap_offset if share < 1 else 0
    evidence = Evidence("lump", _numbers(parts) | {"wait_ms": round(wait_ms, 3)}, (start, parts.total_bytes))
    figure = (
        f"nothing for {time_text(wait_ms)} of {time_text(parts.since_sent_ms)}, then {share:.0%} of the bytes at once"
    )
    if variant in LUMP_TEMPLATES:
        remedy = lump_remedy(variant)
        return Verdict("held", "part", f"{variant} template", figure, remedy.advice, evidence, remedy.cure)
    return Verdict("stalls", "part", "either the source or the template", figure, _NOT_LAZY, evidence)


def _late(parts: LayerFigures) -> Verdict:
    figure = (
        f"no part for {time_text(parts.first_item_ms)}, then all of them at once: either the source begins so late, or "
        "the whole is made first"
    )
    return Verdict("unknown", "part", "", figure, _NOT_LAZY, Evidence("lump", _numbers(parts), (0, parts.total_bytes)))


_NOT_LAZY = (
    "Either the source gives nothing before all of it is there (fetchall(), list(), sorted()), or the template makes "
    "one lump of it (macro, filter block, super(), loop.length, an async environment)."
)


def stalls(case: Case) -> Verdict | None:
    """Find a source that stands still now and then, or one standstill in a gap."""
    layer = case.layer("part" if case.is_tapped else "read")
    if not _is_event_stream(case):
        if is_stalling(layer):
            return _source_stall(case, layer, layer.gap_max_ms or 0.0, layer.long_gaps)
        quiet_ms = (case.now_t_ns - layer.last_t_ns) / 1e6 if layer.last_t_ns else 0.0
        if case.is_running and layer.count >= LEAST_ITEMS and quiet_ms >= _quiet_limit_ms(layer):
            return _source_stall(case, layer, quiet_ms, 1)
    for gap in judged_gaps(case):
        if gap.is_exact and gap.merged and gap.widest_ms >= max(GAP_STALL_LEAST_MS, STALL_LEAST_SHARE * gap.span_in_ms):
            remedy = remedy_of(gap.gap, case)
            figure = f"{items_text(gap.gap.earlier)} waited up to {time_text(gap.widest_ms)} in it, once"
            evidence = Evidence("gap_stall", numbers_of(gap), gap.widest)
            return Verdict(
                "stalls", gap.gap.id, gap.gap.culprit, figure, remedy.advice, evidence, remedy.cure, case.is_running
            )
    return None


def is_stalling(layer: LayerFigures) -> bool:
    """Tell whether long gaps are out of the ordinary in a layer, and make up much of its time."""
    flow_ms = layer.span_ms - layer.pauses_ms
    flows = flow_ms >= FLOW_LEAST_SHARE * layer.span_ms
    flows = flows or (flow_ms >= FLOW_LEAST_MS and layer.pauses <= FLOW_MOST_PAUSES)
    is_long = layer.long_gaps > 0 and layer.long_gaps_ms >= STALL_LEAST_SHARE * layer.span_ms
    return layer.count >= LEAST_ITEMS and is_long and flows


def _quiet_limit_ms(layer: LayerFigures) -> float:
    return max(QUIET_LEAST_MS, QUIET_LEAST_TIMES * (layer.gap_max_ms or 0.0))


def _is_event_stream(case: Case) -> bool:
    """Tell whether quiet is the nature of the stream: server-sent events come when something happens."""
    headers = case.meta.response.headers if case.meta and case.meta.response else []
    return any(name.lower() == "content-type" and "text/event-stream" in value.lower() for name, value in headers)


def _source_stall(case: Case, layer: LayerFigures, longest_ms: float, count: int) -> Verdict:
    times = "" if count == 1 else f", {count:,} times over a second"
    figure = f"no {items_text(layer.name)} for up to {time_text(longest_ms)}{times}"
    culprit = "the source" if case.is_tapped else "either the app or something before it"
    advice = "The view waits for its source, not for a buffer; a heartbeat would keep proxies from giving up."
    return Verdict(
        "stalls", layer.name, culprit, figure, advice, Evidence("stalls", _numbers(layer)), None, case.is_running
    )


def _numbers(layer: LayerFigures) -> dict[str, float | int | str]:
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
