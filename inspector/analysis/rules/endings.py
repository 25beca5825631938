"""What the head and the ending say by themselves: rules (e) and (f) of the streaming facts."""

from __future__ import annotations

from inspector.analysis.case import Case
from inspector.analysis.culprits import proxy_culprit
from inspector.analysis.findings import Evidence, Verdict
from inspector.analysis.wording import bytes_text, count_text, time_text

from .buffers import held

#: Endings after which bytes may be missing.
CUT_KINDS = ("cut_short", "timed_out", "protocol_error", "refused", "untrusted", "bad_coding")
#: Time-outs that are set where nobody set one: httpx 5 s, gunicorn's sync worker 30 s, nginx 60 s.
USUAL_TIMEOUTS_S = (5.0, 30.0, 60.0)
TIMEOUT_TOLERANCE = 0.05
_TIMEOUTS = "httpx 5 s, gunicorn's sync worker 30 s, nginx 60 s"
#: Yields that came within this time were there at once.
AT_ONCE_MS = 20.0
#: A body of known length that arrives slower than this from item to item is a stream all the same.
STREAMING_GAP_MS = 5.0


def no_answer(case: Case) -> Verdict | None:
    """Say that there is no response yet, or none at all; unless it is seen where its bytes are held."""
    meta = case.meta
    if meta is not None and meta.response is not None:
        return None
    if meta is not None and meta.ending is not None and meta.ending.kind in CUT_KINDS:
        return Verdict(
            "cut_short", "", "", f"no response: {meta.ending.text.rstrip('.')}", evidence=Evidence("no_answer")
        )
    if held(case) is not None:
        return None
    sent_t_ns = meta.request.sent_t_ns if meta else 0
    waited_ms = max(0, case.now_t_ns - sent_t_ns) / 1e6 if sent_t_ns and case.now_t_ns else 0.0
    figure = f"no response after {time_text(waited_ms)}" if waited_ms else "no response yet"
    return Verdict(
        "unknown", figure=figure, evidence=Evidence("no_answer", {"waited_ms": waited_ms}), so_far=case.is_running
    )


def cut_short(case: Case) -> Verdict | None:
    """Say where a body was cut: before the server's side was through with it, or after."""
    ending = case.meta.ending if case.meta else None
    if case.meta is None or ending is None or ending.kind not in CUT_KINDS:
        return None
    since_sent_ms = max(0, ending.t_ns - case.meta.request.sent_t_ns) / 1e6 if case.meta.request.sent_t_ns else 0.0
    layer, culprit, advice = _cut_by(case, ending.kind)
    near = [each for each in USUAL_TIMEOUTS_S if abs(since_sent_ms / 1e3 - each) <= TIMEOUT_TOLERANCE * each]
    if near:
        advice = f"{near[0]:.0f} s is a usual time-out ({_TIMEOUTS}): set it higher, or send a heartbeat."
    received = case.layer("piece").total_bytes
    figure = f"after {bytes_text(received)} and {time_text(since_sent_ms)}; {ending.text.rstrip('.')}"
    numbers = {"received_bytes": received, "since_sent_ms": round(since_sent_ms, 3), "ending": ending.kind}
    return Verdict("cut_short", layer, culprit, figure, advice, Evidence("cut_short", numbers))


def no_body(case: Case) -> Verdict | None:
    """Say that the response can't have a body."""
    response = case.meta.response if case.meta else None
    if case.meta is None or response is None or response.framing != "none":
        return None
    figure = f"the answer to {case.meta.request.method} with status {response.status} has no body"
    return Verdict("not_a_stream", "", "", figure, evidence=Evidence("no_body", {"status": response.status}))


def known_length(case: Case) -> Verdict | None:
    """Find a body that was complete before it was sent: its length was known, and nothing of it came by and by."""
    response = case.meta.response if case.meta else None
    if response is None or response.framing != "content-length":
        return None
    name = "yield" if case.is_tapped else "read"
    layer = case.layer(name)
    by_and_by = layer.count >= 3 and layer.span_ms >= AT_ONCE_MS
    if name == "read":
        by_and_by = by_and_by and (layer.gap_p50_ms or 0.0) >= STREAMING_GAP_MS
    if by_and_by:
        return None
    total = next((value for key, value in response.headers if key.lower() == "content-length"), "?")
    status = f"status {response.status}, " if response.status >= 400 else ""
    figure = f"{status}Content-Length: {total} on the response, so it was complete before it was sent"
    if layer.count and case.is_tapped:
        figure += f" ({count_text(layer.count, name)})"
    return Verdict(
        "not_a_stream",
        "yield" if case.is_tapped else "read",
        "the view itself" if case.is_tapped else "",
        figure,
        "Return the generator itself; if you do, look for a hook that reads the body (get_data(), an ETag).",
        Evidence("known_length", {"content_length": total, "items": layer.count, "span_ms": round(layer.span_ms, 3)}),
    )


_RAISE_TIMEOUT = "Read without a time-out (httpx.Timeout(5, read=None)), or send a heartbeat."
_ASK_DIRECTLY = "Look at the server's log; ask the server directly to rule out a proxy."
_BYTES_LOST = "Bytes that the app had handed over are missing: look for a time-out or a crash of the server or proxy."
_VIEW_STOPPED = (
    "The view stopped in mid-stream: look for a traceback in the server's log "
    "(what needs the request needs stream_with_context)."
)


def _cut_by(case: Case, kind: str) -> tuple[str, str, str]:
    """Return layer, culprit and advice."""
    if kind == "timed_out":
        return "read", "the time-out of the reader", _RAISE_TIMEOUT
    if not case.is_tapped:
        return "", "either the app or something before it", _ASK_DIRECTLY
    gap = case.gap("server")
    if gap is not None and gap.bytes_in > gap.bytes_out:
        return "server", proxy_culprit(case.knobs) or "the server", _BYTES_LOST
    return "yield", "the view", _VIEW_STOPPED
