"""What the headers view shows of a recording, as sections of names and values. No Qt."""

from __future__ import annotations

from dataclasses import dataclass, field

from inspector.analysis.formatting import duration_text
from inspector.recording.meta import EndingKind, Framing, Meta, ReadClock

#: How the end of the body is found, by framing.
FRAMING_SENTENCES: dict[Framing, str] = {
    "chunked": "chunked: Transfer-Encoding, RFC 9112 section 7.1",
    "content-length": "fixed size: Content-Length, RFC 9112 section 6.2",
    "close-delimited": "until the connection closes: RFC 9112 section 6.3, rule 8; truncation cannot be detected",
    "none": "no body: RFC 9112 section 6.3, rule 1",
    "unknown": "unknown: the response head is not valid",
}
ENDING_WORDS: dict[EndingKind, str] = {
    "complete": "Complete",
    "cut_short": "Cut short",
    "not_started": "Not started",
    "refused": "Refused",
    "untrusted": "Certificate not trusted",
    "timed_out": "Timed out",
    "stopped": "Stopped by you",
    "protocol_error": "Protocol error",
    "bad_coding": "Broken content coding",
    "over_limit": "Over a limit",
}
CLOCK_SENTENCES: dict[ReadClock, str] = {
    "kernel": "the kernel's receive time of each read",
    "user": "the time when the recorder saw each read",
}


@dataclass(frozen=True, slots=True)
class Section:
    """One part of the view: a title, the line that stands first, and rows of names and values."""

    title: str
    line: str = ""
    rows: list[tuple[str, str]] = field(default_factory=list)


def sections_of(meta: Meta) -> list[Section]:
    """Return all that a recording says about its request and response, in the order in which it happened."""
    request = meta.request
    sections = [Section("Request", f"{request.method} {request.url}", list(request.headers))]
    if request.knobs:
        sections.append(Section("Settings", "", list(request.knobs.items())))
    sections += _response(meta)
    if meta.trailers:
        sections.append(Section("Trailers", "", list(meta.trailers)))
    word = "Still running" if meta.ending is None else ENDING_WORDS[meta.ending.kind]
    sections.append(Section("Ending", word, [("why", meta.ending.text)] if meta.ending else []))
    sections.append(Section("Times", "", _times(meta)))
    if meta.notes:
        sections.append(Section("Notes", "\n".join(meta.notes)))
    return sections


def plain_text(sections: list[Section]) -> str:
    """Return the sections as text to copy, close to how a message looks on the wire."""
    lines: list[str] = []
    for section in sections:
        lines += [f"# {section.title}", *([section.line] if section.line else [])]
        lines += [f"{name}: {value}" for name, value in section.rows]
        lines.append("")
    return "\n".join(lines)


def _response(meta: Meta) -> list[Section]:
    response = meta.response
    if response is None:
        waiting = "The response head has not arrived yet." if meta.ending is None else "No response head arrived."
        return [Section("Response", waiting)]
    version = response.http_version if response.http_version.startswith("HTTP") else f"HTTP/{response.http_version}"
    body = [("framing", FRAMING_SENTENCES[response.framing])]
    if response.content_coding != "identity":
        body.append(("coding", f"{response.content_coding}: undone here, RFC 9110 section 8.4"))
    if meta.client_buffer_bytes:
        body.append(("client buffer", f"{meta.client_buffer_bytes:,} B"))
    status = f"{version} {response.status} {response.reason}".rstrip()
    return [Section("Response", status, list(response.headers)), Section("Body", "", body)]


def _times(meta: Meta) -> list[tuple[str, str]]:
    rows = [("started", meta.started_at)]
    if meta.response is not None:
        rows.append(("head", _after(meta, meta.response.head_t_ns)))
    if meta.ending is not None:
        rows.append(("ended", _after(meta, meta.ending.t_ns)))
    spread = f", within {duration_text(meta.clock_spread_ns)}" if meta.clock_spread_ns else ""
    return [*rows, ("taken from", CLOCK_SENTENCES[meta.read_clock] + spread)]


def _after(meta: Meta, t_ns: int) -> str:
    if not (meta.request.sent_t_ns and t_ns):
        return "at an unknown time"
    return f"{duration_text(t_ns - meta.request.sent_t_ns)} after the request"
