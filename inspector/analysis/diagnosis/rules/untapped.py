"""Rules for a server without taps: only reads, chunks and pieces are known, so most of what happens before is not."""

from __future__ import annotations

from inspector.analysis.diagnosis.finding import Evidence, Verdict
from inspector.analysis.diagnosis.run_analysis import RunAnalysis
from inspector.analysis.formatting import items_text, share_text, time_text
from inspector.analysis.metrics.measurements import LayerMetrics
from inspector.catalogue import ADVICE_BEHIND_PROXY, ADVICE_WHEN_COMPRESSED, PROXIES

from .rule import Rule, Threshold

EITHER = "either the app or something before it"
LEAST_WAIT_MS = Threshold(300.0, "ms", "A body is held up if nothing came for so long...")
LEAST_STANDSTILL_SHARE = Threshold(0.8, "share", "...and for this share of the time since the request...")
LEAST_BYTES_SHARE = Threshold(0.9, "share", "...and this share of the bytes came after it, at once.")
HEAD_MOST_SHARE = Threshold(
    0.3, "share", "The head was early if it came within this share of the time since the request: then the app had "
    "begun to answer, and something kept the body.",
)  # fmt: skip
LEAST_PAGE_ITEMS = Threshold(
    3, "count", "So many items must be whole pages of 4,096 bytes, the size of many buffers..."
)
LEAST_PAGE_SHARE = Threshold(0.6, "share", "...and this share of all...")
PAGE_LEAST_GAP_MS = Threshold(25.0, "ms", "...and so far apart (median): closer ones are a body sent at full speed.")


def bunched(analysis: RunAnalysis) -> Verdict | None:
    """Find a body that comes at once at the end, and say what the head tells about the reason."""
    layer = received(analysis)
    if (
        analysis.is_tapped
        or analysis.meta is None
        or analysis.meta.response is None
        or analysis.is_running
        or not is_bunched(layer)
    ):
        return None
    response = analysis.meta.response
    head_ms = max(0, response.head_t_ns - analysis.meta.request.sent_t_ns) / 1e6
    wait_ms, late_share = longest_wait(layer)
    numbers = {
        "wait_ms": round(wait_ms, 3),
        "since_sent_ms": round(layer.since_sent_ms, 3),
        "late_bytes_share": round(late_share, 3),
        "head_ms": round(head_ms, 3),
        "items": layer.count,
    }
    share = share_text(late_share)
    in_this_run = (
        f"Nothing of the body came for {time_text(wait_ms)} of the {time_text(layer.since_sent_ms)} since the request, "
        f"then {share} of the bytes. The head came after {time_text(head_ms)}."
    )
    came = f"{share} of the body came at once, {time_text(layer.since_sent_ms)} after the request"
    if head_ms > HEAD_MOST_SHARE * layer.since_sent_ms:
        figure = f"{came}, and the head no earlier: {EITHER} took so long, or held it."
        evidence = Evidence("bunched", "late_head", numbers, None, in_this_run)
        return Verdict("unknown", "read", "", figure, _ASK_DIRECTLY, evidence)
    says, culprit, advice = _suspect(analysis, layer)
    figure = f"{came}; the head came after {time_text(head_ms)}."
    evidence = Evidence("bunched", says, numbers, None, in_this_run)
    return Verdict("held", "read", culprit, figure, advice, evidence)


def pages(analysis: RunAnalysis) -> Verdict | None:
    """Find items of whole pages that come in lumps: a proxy's buffers, or an app that sends blocks."""
    layer = received(analysis)
    if analysis.is_tapped or layer.page_items < max(LEAST_PAGE_ITEMS, LEAST_PAGE_SHARE * layer.count):
        return None
    gap_ms = layer.gap_p50_ms or 0.0
    if gap_ms < PAGE_LEAST_GAP_MS:
        return None
    figure = (
        f"{layer.page_items:,} of {layer.count:,} {items_text(layer.name)} are whole pages of 4,096 bytes, one every "
        f"{time_text(gap_ms)}: a proxy that collects, or an app that sends blocks."
    )
    numbers = {"page_items": layer.page_items, "items": layer.count, "gap_p50_ms": round(gap_ms, 3)}
    in_this_run = (
        f"{layer.page_items:,} of {layer.count:,} {items_text(layer.name)} are multiples of 4,096 bytes, and half of "
        f"all came {time_text(gap_ms)} or more after the one before."
    )
    evidence = Evidence("pages", "pages", numbers, None, in_this_run)
    return Verdict("unknown", "read", "", figure, ADVICE_BEHIND_PROXY, evidence, None, analysis.is_running)


def received(analysis: RunAnalysis) -> LayerMetrics:
    """Return the layer that shows what the server sent: chunks, else reads."""
    return analysis.layer("chunk" if "chunk" in analysis.layers else "read")


def is_bunched(layer: LayerMetrics) -> bool:
    """Tell whether nearly all came after one standstill that made up nearly all of the time."""
    wait_ms, share = longest_wait(layer)
    return (
        wait_ms >= max(LEAST_WAIT_MS, LEAST_STANDSTILL_SHARE * layer.since_sent_ms)
        and min(share, layer.late_share) >= LEAST_BYTES_SHARE
    )


def longest_wait(layer: LayerMetrics) -> tuple[float, float]:
    """Return the longest time without an item since the request was sent, and the share of the bytes after it."""
    gap_ms = layer.gap_max_ms or 0.0
    return (gap_ms, layer.after_gap_share) if gap_ms > layer.first_item_ms else (layer.first_item_ms, 1.0)


_ASK_DIRECTLY = "Ask the server without what is in front of it, or put taps into the app, to tell which of them it is."


def _suspect(analysis: RunAnalysis, layer: LayerMetrics) -> tuple[str, str, str]:
    """Return what is said, culprit and advice by what the head says; it never proves anything."""
    response = analysis.meta.response if analysis.meta else None
    coding = response.content_coding if response else "identity"
    server = next((value for name, value in response.headers if name.lower() == "server"), "") if response else ""
    if coding != "identity":
        return "coded", f"the compression ({coding}), {EITHER}", ADVICE_WHEN_COMPRESSED
    is_proxy = any(row.program in server.lower() for row in PROXIES if row.program)
    if is_proxy or layer.page_items:
        return "proxy", f"{EITHER}, probably a proxy" + (f" ({server})" if server else ""), ADVICE_BEHIND_PROXY
    return "either", EITHER, _ASK_DIRECTLY


BUNCHED = Rule(
    "bunched", "From outside: the body comes at once at the end.", 35, bunched, "no taps",
    {
        "late_head": "The head came as late as the body: the app was slow, or something held all of it.",
        "coded": "The head came early, the body late and compressed: a compressor may hold it.",
        "proxy": "The head came early, the body late, and the head or whole pages point to a proxy.",
        "either": "The head came early, the body late: the app, or something before it, held it.",
    },
    f"A body of which more than {share_text(1 - LEAST_BYTES_SHARE)} comes before its longest silence is judged as a "
    "stream. Taps in the app would tell who holds it.",
    (LEAST_WAIT_MS, LEAST_STANDSTILL_SHARE, LEAST_BYTES_SHARE, HEAD_MOST_SHARE),
)  # fmt: skip
PAGES = Rule(
    "pages", "From outside: items of whole pages come far apart.", 65, pages, "no taps",
    {"pages": "Most items are whole pages of 4,096 bytes: a proxy that collects, or an app that sends blocks."},
    "Asked without the proxy, the server would show whether its items are pages, too.",
    (LEAST_PAGE_ITEMS, LEAST_PAGE_SHARE, PAGE_LEAST_GAP_MS),
)  # fmt: skip
