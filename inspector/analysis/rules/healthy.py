"""What is said where no rule accuses: that it streams, with figures that show it, or that it can't be told."""

from __future__ import annotations

from inspector.analysis.case import Case
from inspector.analysis.figures import GapFigures, LayerFigures
from inspector.analysis.findings import Evidence, Verdict
from inspector.analysis.remedies import Remedy
from inspector.analysis.statistics_report import framing_overhead
from inspector.analysis.wording import count_text, item_text, items_text, ratio_text, time_text

from .buffers import is_coalesced, is_held, numbers_of, stays_behind, wait_ms
from .foreign import received

#: A road that passes an item on within this time streams, whatever else is not known.
QUICK_MS = 50.0
#: Fewer items, or a shorter time, show nothing about waiting for each other.
LEAST_ITEMS = 3
LEAST_SPAN_MS = 20.0
#: Without taps, more is needed to be seen.
FOREIGN_LEAST_SPAN_MS = 100.0
#: Tiny chunks: median size, and wire bytes for each byte of the body.
TINY_CHUNK_BYTES = 20
TINY_LEAST_OVERHEAD = 1.5


def somewhere(case: Case) -> Verdict | None:
    """Find that the whole road holds, where no single gap can be blamed."""
    road = case.road
    if stays_behind(case) or not (is_held(road, case) or is_coalesced(road, case)):
        return None
    blind = [each.gap.culprit for each in case.gaps if each.gap.columns is None or not each.is_exact]
    if case.changes and not blind:
        return _turned(case)
    culprit = " or ".join(dict.fromkeys(blind)) or "something between the view and the reader"
    figure = f"a part reaches the reader after {time_text(wait_ms(road))} (median), but where it waits can't be told"
    advice = "Take away one thing after the other, or ask without compression, to see which of them holds."
    kind = "held" if is_held(road, case) else "coalesced"
    evidence = Evidence("somewhere", numbers_of(road), road.widest)
    if kind == "held":
        return Verdict("held", "road", culprit, figure, advice, evidence, None, case.is_running)
    return Verdict("coalesced", "road", culprit, figure, advice, evidence, None, case.is_running)


def _turned(case: Case) -> Verdict:
    """Say that the knobs of the road were not the same all the time."""
    knobs = ", ".join(dict.fromkeys(change.knob for change in case.changes))
    figure = f"{knobs} was turned while it ran, so that no one buffer accounts for all of it"
    advice = "Look at the time since the last flag, or stream again as it is set now."
    numbers = {"changes": len(case.changes)}
    return Verdict("unknown", "", "", figure, advice, Evidence("turned", numbers), None, case.is_running)


def streams(case: Case) -> Verdict | None:
    """Say that it streams, and how quickly."""
    return _tapped_streams(case) if case.is_tapped else _foreign_streams(case)


def cannot_tell(case: Case) -> Verdict:
    """Say that nothing can be told, and why."""
    layer = case.layer("part") if case.is_tapped else received(case)
    figure = (
        f"{count_text(layer.count, layer.name)} in {time_text(layer.span_ms)}: too little to tell"
        if layer.count
        else "no body yet"
    )
    numbers = {"items": layer.count, "span_ms": round(layer.span_ms, 3)}
    return Verdict("unknown", "", "", figure, "", Evidence("cannot_tell", numbers), None, case.is_running)


def _tapped_streams(case: Case) -> Verdict | None:
    parts, road = case.layer("part"), case.road
    if road.delay_median_ms is None:
        return None
    delay_ms = road.delay_median_ms
    too_short = parts.count < LEAST_ITEMS or parts.span_ms < LEAST_SPAN_MS
    if too_short and delay_ms > QUICK_MS:
        return None
    figure = _pace_text(parts) + f"; a {item_text('part')} reaches the reader after {time_text(delay_ms)} (median)"
    slowest = max(_known(case), key=lambda each: each.delay_median_ms or 0.0, default=None)
    shared = max(_known(case), key=lambda each: each.coalescing or 0.0, default=None)
    if delay_ms > QUICK_MS and slowest is not None:
        figure += f", most of it in {slowest.gap.culprit}, but the items stay apart"
    elif shared is not None and (shared.coalescing or 0.0) >= 1.5:
        figure += (
            f"; {ratio_text(shared.coalescing or 0.0)} {items_text(shared.gap.earlier)} share a "
            f"{item_text(shared.gap.later)}, but 95 % wait {time_text(shared.delay_p95_ms or 0.0)} at most"
        )
    return _healthy(case, figure, numbers_of(road))


def _foreign_streams(case: Case) -> Verdict | None:
    layer = received(case)
    if layer.count < LEAST_ITEMS or layer.span_ms < FOREIGN_LEAST_SPAN_MS:
        return None
    return _healthy(
        case, f"{_pace_text(layer)}, as seen by the reader", {"items": layer.count, "span_ms": round(layer.span_ms, 3)}
    )


def _healthy(case: Case, figure: str, numbers: dict[str, float | int | str]) -> Verdict:
    remedy = _note(case)
    return Verdict("streams", "", "", figure, remedy.advice, Evidence("streams", numbers), remedy.cure, case.is_running)


def _note(case: Case) -> Remedy:
    """Return what is worth saying of a healthy stream."""
    response = case.meta.response if case.meta else None
    chunks, overhead = case.layer("chunk"), framing_overhead(case)
    if (
        chunks.count >= 10
        and (chunks.size_median_bytes or 0) < TINY_CHUNK_BYTES
        and (overhead or 0.0) >= TINY_LEAST_OVERHEAD
    ):
        return Remedy(f"Chunks are tiny ({chunks.size_median_bytes} bytes, median): joining a few items costs less.")
    if any(tap.name == "debugger" for tap in case.taps) and not case.is_running:
        return Remedy(
            "The debugger ends a failed stream like a complete one, so nobody can tell whether it is complete."
        )
    if response is not None and response.framing == "close-delimited" and not case.is_running:
        return Remedy("The body ends with the connection: nobody can tell whether it is complete. HTTP/1.1 would.")
    return Remedy("")


def _known(case: Case) -> list[GapFigures]:
    return [each for each in case.gaps if each.gap.columns is not None and each.is_exact and each.items_in]


def _pace_text(layer: LayerFigures) -> str:
    count = count_text(layer.count, layer.name)
    if layer.count < LEAST_ITEMS or layer.span_ms <= 0:
        return count
    per_s = (layer.count - 1) / layer.span_ms * 1e3
    if layer.bursts and layer.bursts * 4 >= layer.count - 1:
        return f"{count}, {'one' if layer.bursts * 2 >= layer.count else 'a few'} every {time_text(layer.pace_ms)}"
    if layer.bursts and layer.pace_ms >= 100:
        return f"{count}, in lumps of {(layer.count / (layer.bursts + 1)):.0f} every {time_text(layer.pace_ms)}"
    return f"{count}, {per_s:,.0f} a second"
