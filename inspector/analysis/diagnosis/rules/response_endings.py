"""What the head and the ending of a response say by themselves, before anything is measured."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from inspector.analysis.diagnosis.finding import Evidence, Kind, Verdict
from inspector.analysis.diagnosis.run_analysis import RunAnalysis
from inspector.analysis.formatting import bytes_text, count_of, count_text, time_text
from inspector.analysis.pipeline.attribution import proxy_name
from inspector.recording.meta import Ending, EndingKind

from .buffering import held
from .rule import Rule, Threshold

#: Members of a saved recording that no rule looks at.
_NOT_JUDGED = (".bin", "label.json", "sources.jsonl", "process.npy")
#: Silences after which a connection is cut where nobody set a time-out.
USUAL_TIMEOUTS_S = (5.0, 30.0, 60.0)
TIMEOUT_TOLERANCE = Threshold(
    0.05, "share", "A silence is near a usual time-out (5, 30 or 60 s) if it differs by no more than this share of it."
)
_TIMEOUTS = "httpx 5 s, gunicorn's sync worker 30 s, nginx 60 s"
AT_ONCE_MS = Threshold(20.0, "ms", "Yields that came within this time were there at once.")
STREAMING_GAP_MS = Threshold(
    5.0, "ms", "A body of known length with reads this far apart (median) is a stream all the same."
)
SILENCE_LEAST_MS = Threshold(100.0, "ms", "A body of known length that took longer to arrive did not come at once.")


@dataclass(frozen=True, slots=True)
class _Failure:
    kind: Kind
    says: str
    advice: str = ""


_FAILURES: Mapping[EndingKind, _Failure] = {
    "protocol_error": _Failure("not_valid_http", "not_valid"),
    "not_started": _Failure("not_started", "not_started"),
    "refused": _Failure("no_connection", "no_connection", "Start the server, or check host and port."),
    "untrusted": _Failure("untrusted", "untrusted"),
    "bad_coding": _Failure("bad_coding", "bad_coding", "Look at what compresses the response: it must end its data."),
}


def lost(analysis: RunAnalysis) -> Verdict | None:
    """Say that marks of a saved recording were lost, so that nothing can be said about waiting."""
    names = [name for name in (analysis.meta.lost if analysis.meta else ()) if not name.endswith(_NOT_JUDGED)]
    if not names:
        return None
    figure = f"{', '.join(names)} of this file {'is' if len(names) == 1 else 'are'} lost."
    in_this_run = f"{count_of(len(names), 'member')} of the file {'is' if len(names) == 1 else 'are'} missing."
    evidence = Evidence("lost", "lost", {"lost": len(names)}, None, in_this_run)
    return Verdict("unknown", figure=figure, advice="Open an undamaged copy of the file.", evidence=evidence)


def failed(analysis: RunAnalysis) -> Verdict | None:
    """Say what an ending says that is neither a whole response nor a cut one."""
    ending = analysis.meta.ending if analysis.meta else None
    failure = _FAILURES.get(ending.kind) if ending else None
    if ending is None or failure is None:
        return None
    text = _sentence(ending.text.removeprefix("No connection: "))
    received = analysis.layer("piece").total_bytes
    figure = f"{text} That was after {bytes_text(received)} of the body." if received else text
    # A question in the text says already what to look at; without a place there was nothing to connect to.
    advice = "" if "?" in text or (ending.kind == "refused" and text == _sentence(ending.text)) else failure.advice
    numbers = {"received_bytes": received, "ending": ending.kind}
    in_this_run = f"It ended as {ending.kind} after {bytes_text(received)} of the body."
    evidence = Evidence("failed", failure.says, numbers, None, in_this_run)
    return Verdict(failure.kind, figure=figure, advice=advice, evidence=evidence)


def no_answer(analysis: RunAnalysis) -> Verdict | None:
    """Say that there is no response yet, or none at all; unless it is seen where its bytes are held."""
    meta = analysis.meta
    if meta is not None and meta.response is not None:
        return None
    ending = meta.ending if meta is not None else None
    if ending is not None and ending.kind == "cut_short":
        evidence = Evidence("no_answer", "lost", in_this_run=_no_head(ending.kind))
        claim = "Recording stopped" if ending.cut_by == "recorder" else "Connection lost"
        return Verdict("cut_short", figure=_sentence(ending.text), evidence=evidence, claim=claim)
    if ending is not None and ending.kind == "timed_out":
        evidence = Evidence("no_answer", "timed_out", in_this_run=_no_head(ending.kind))
        return Verdict("timed_out", figure=_sentence(ending.text), evidence=evidence)
    if held(analysis) is not None:
        return None
    sent_t_ns = meta.request.sent_t_ns if meta else 0
    waited_ms = max(0, analysis.now_t_ns - sent_t_ns) / 1e6 if sent_t_ns and analysis.now_t_ns else 0.0
    numbers = {"waited_ms": waited_ms}
    after = f"after {time_text(waited_ms)}" if waited_ms else ""
    if ending is not None and ending.kind in ("stopped", "over_limit"):
        says = ending.kind
        figure = " ".join(filter(None, ("No response had come", after))) + "."
        if says == "over_limit":
            figure = _sentence(ending.text)
        return Verdict(says, figure=figure, evidence=Evidence("no_answer", says, numbers, None, _no_head(says)))
    figure = " ".join(filter(None, ("No response", after or "yet"))) + "."
    evidence = Evidence("no_answer", "waiting", numbers, None, _no_head(""))
    return Verdict(
        "unknown", figure=figure, evidence=evidence, so_far=analysis.is_running,
        claim="Waiting" if analysis.is_running else "No response",
    )  # fmt: skip


def cut_short(analysis: RunAnalysis) -> Verdict | None:
    """Say where a body was cut: before the server's side was through with it, or after."""
    ending = analysis.meta.ending if analysis.meta else None
    if analysis.meta is None or ending is None or ending.kind not in ("cut_short", "timed_out"):
        return None
    sent_t_ns = analysis.meta.request.sent_t_ns
    since_sent_ms = max(0, ending.t_ns - sent_t_ns) / 1e6 if sent_t_ns else 0.0
    idle_ms = _idle_ms(analysis)
    found = _cut_by(analysis, ending)
    advice = found.advice
    near = [each for each in USUAL_TIMEOUTS_S if abs(idle_ms / 1e3 - each) <= TIMEOUT_TOLERANCE * each]
    if near:
        advice = (
            f"Nothing came for {time_text(idle_ms)} before; {near[0]:.0f} s is a usual time-out ({_TIMEOUTS}): set it "
            "higher, or send a heartbeat."
        )
    received = analysis.layer("piece").total_bytes
    figure = f"That was after {bytes_text(received)} and {time_text(since_sent_ms)}. {_sentence(ending.text)}"
    numbers = {
        "received_bytes": received,
        "since_sent_ms": round(since_sent_ms, 3),
        "idle_ms": round(idle_ms, 3),
        "ending": ending.kind,
    }
    in_this_run = (
        f"It ended as {ending.kind} after {bytes_text(received)} and {time_text(since_sent_ms)}; nothing had come for "
        f"{time_text(idle_ms)} before.{_missing_text(analysis)}"
    )
    return Verdict(
        "timed_out" if found.says == "timed_out" else "cut_short", found.layer, found.culprit, figure, advice,
        Evidence("cut_short", found.says, numbers, None, in_this_run), claim=found.claim,
    )  # fmt: skip


def no_body(analysis: RunAnalysis) -> Verdict | None:
    """Say that the response can't have a body. A head that was refused says nothing about one."""
    response = analysis.meta.response if analysis.meta else None
    if analysis.meta is None or response is None or response.framing != "none":
        return None
    figure = f"The answer to {analysis.meta.request.method} with status {response.status} has no body."
    in_this_run = f"The method is {analysis.meta.request.method}, the status {response.status}."
    evidence = Evidence("no_body", "no_body", {"status": response.status}, None, in_this_run)
    return Verdict("not_a_stream", "", "", figure, evidence=evidence, claim="No body")


def known_length(analysis: RunAnalysis) -> Verdict | None:
    """Find a body of known length that did not come by and by: built first, as far as the view's yields show it."""
    response = analysis.meta.response if analysis.meta else None
    if response is None or response.framing != "content-length":
        return None
    name = "yield" if analysis.is_tapped else "read"
    layer = analysis.layer(name)
    total = next((value for key, value in response.headers if key.lower() == "content-length"), "?")
    numbers: dict[str, float | int | str] = {
        "content_length": total,
        "items": layer.count,
        "span_ms": round(layer.span_ms, 3),
    }
    status = f"status {response.status}, " if response.status >= 400 else ""
    in_this_run = (
        f"The head says Content-Length: {total}; {count_text(layer.count, name)} came within "
        f"{time_text(layer.span_ms)}."
    )
    if not analysis.is_tapped:
        # A length proves nothing of a server that we don't know: only what came at once can be called so.
        if analysis.is_running or layer.span_ms >= SILENCE_LEAST_MS or not layer.count or _came_by_and_by(analysis):
            return None
        figure = (
            f"{bytes_text(layer.total_bytes)} of the body ({status}{count_text(layer.count, name)}) came within "
            f"{time_text(layer.span_ms)}, {time_text(layer.first_item_ms)} after the request. From outside we can't "
            "tell whether they were built first."
        )
        evidence = Evidence("known_length", "from_outside", numbers, None, in_this_run)
        return Verdict("unknown", "read", figure=figure, evidence=evidence, claim="Arrived in one go")
    if layer.count >= 2 and layer.span_ms >= AT_ONCE_MS:
        return None
    figure = (
        f"The response has a Content-Length of {total}, and the view handed on all of it within "
        f"{time_text(layer.span_ms)} ({status}{count_text(layer.count, name)})."
    )
    advice = "Return the generator itself; if you do, look for a hook that reads the body (get_data(), an ETag)."
    evidence = Evidence("known_length", "built_first", numbers, None, in_this_run)
    return Verdict("not_a_stream", "yield", "the view itself", figure, advice, evidence)


def _came_by_and_by(analysis: RunAnalysis) -> bool:
    reads = analysis.layer("read")
    return reads.count >= 3 and reads.span_ms >= AT_ONCE_MS and (reads.gap_p50_ms or 0.0) >= STREAMING_GAP_MS


@dataclass(frozen=True, slots=True)
class _Cut:
    says: str
    layer: str
    culprit: str
    advice: str
    claim: str = ""


def _cut_by(analysis: RunAnalysis, ending: Ending) -> _Cut:
    if ending.cut_by == "recorder":
        return _Cut("by_the_recorder", "", "", "Mend that, then stream again.", "Recording stopped")
    if ending.cut_by == "server":
        return _Cut("server_died", "server", "the end of its server", "Look at the server's log.")
    if ending.kind == "timed_out":
        advice = "Read without a time-out (httpx.Timeout(5, read=None)), or send a heartbeat."
        return _Cut("timed_out", "read", "the time-out of the reader", advice)
    if not analysis.is_tapped:
        advice = "Look at the server's log; ask the server directly to rule out a proxy."
        return _Cut("from_outside", "", "", advice, "Connection lost")
    gap = analysis.gap("server")
    if gap is not None and gap.bytes_in > gap.bytes_out:
        advice = (
            "Bytes that the app had handed over are missing: look for a time-out or a crash of the server or proxy."
        )
        return _Cut("after_the_app", "server", proxy_name(analysis.settings) or "the server", advice)
    advice = (
        "The view stopped in mid-stream: look for a traceback in the server's log. Code that uses the request must be "
        "wrapped in stream_with_context."
    )
    return _Cut("by_the_view", "yield", "the view", advice)


def _idle_ms(analysis: RunAnalysis) -> float:
    """Return how long the connection was silent before its ending: no read since, or none at all."""
    meta = analysis.meta
    if meta is None or meta.ending is None:
        return 0.0
    head_t_ns = meta.response.head_t_ns if meta.response else 0
    last_t_ns = max(analysis.layer("read").last_t_ns or 0, head_t_ns, meta.request.sent_t_ns)
    return max(0, meta.ending.t_ns - last_t_ns) / 1e6 if last_t_ns else 0.0


def _no_head(ending: str) -> str:
    ended = f" The request ended as {ending}." if ending else ""
    return f"No response head has come.{ended}"


def _missing_text(analysis: RunAnalysis) -> str:
    """Return how much of what the app had handed over is missing, where both sides of the server can be compared."""
    gap = analysis.gap("server")
    if gap is None or not gap.columns_known:
        return ""
    missing_bytes = max(0, gap.bytes_in - gap.bytes_out)
    return f" Of what the app had handed over, {bytes_text(missing_bytes)} never arrived."


def _sentence(text: str) -> str:
    """Return a text of an ending as one sentence, or as those that it has."""
    text = text.strip()
    return text if text.endswith((".", "?", "!")) else f"{text}."


LOST = Rule(
    "lost", "Marks of a saved recording are missing, so nothing can be said about waiting.", 1, lost, "either",
    {"lost": "Members of the file are damaged or missing."},
    "An undamaged copy of the file can be judged.",
)  # fmt: skip
FAILED = Rule(
    "failed", "The ending says by itself that this is no response to judge.", 5, failed, "either",
    {
        "not_valid": "What came breaks the rules of HTTP/1.1 (RFC 9112).",
        "not_started": "A server or recorder of ours could not be started.",
        "no_connection": "There was nobody to connect to.",
        "untrusted": "The certificate of the server is not trusted.",
        "bad_coding": "The content coding of the body is broken.",
    },
    "A response that ends in another way is judged by what was measured.",
)  # fmt: skip
NO_ANSWER = Rule(
    "no_answer", "There is no response, or none yet.", 10, no_answer, "either",
    {
        "waiting": "No response head has come so far, or none until the end.",
        "lost": "The connection was lost before a whole head had come.",
        "timed_out": "The time-out of the reader was over before a head had come.",
        "stopped": "You stopped the run before a head had come.",
        "over_limit": "A set limit was reached before a head had come.",
    },
    "A response head, or marks of the server that show where its bytes are held, are judged instead.",
)  # fmt: skip
NO_BODY = Rule(
    "no_body", "The head says that there can't be a body (HEAD, 204, 304).", 11, no_body, "either",
    {"no_body": "The response has no body by its method or status (RFC 9110 section 6.4.1)."},
    "GET, or a status that allows a body, can be judged.",
)  # fmt: skip
CUT_SHORT = Rule(
    "cut_short", "The connection ended before the body did.", 20, cut_short, "either",
    {
        "by_the_recorder": "Our recorder had to stop, for example at a full disk.",
        "server_died": "The built-in server ended while it answered.",
        "timed_out": "The reader waited longer than its time-out allows.",
        "from_outside": "The end is missing, and nobody saw the server's side.",
        "after_the_app": "Bytes are missing that the app had handed over: server or proxy lost them.",
        "by_the_view": "All that the app handed over came: the view itself stopped too early.",
    },
    "A body that ends as its framing says is judged by what was measured.",
    (TIMEOUT_TOLERANCE,),
)  # fmt: skip
KNOWN_LENGTH = Rule(
    "known_length", "A Content-Length, and nothing came little by little.", 50, known_length, "either",
    {
        "built_first": "The view handed on all of a body of known length at once.",
        "from_outside": "A body of known length came at once; from outside its making can't be seen.",
    },
    f"Yields that come over more than {AT_ONCE_MS.text}, or from outside reads that come over more than "
    f"{SILENCE_LEAST_MS.text}, are judged as a stream.",
    (AT_ONCE_MS, STREAMING_GAP_MS, SILENCE_LEAST_MS),
)  # fmt: skip
