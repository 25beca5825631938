"""Texts painted in the ladder: what an item is, why a lane is empty, when the response began and ended."""

from __future__ import annotations

from inspector.analysis.formatting import bytes_text, count_text, duration_text
from inspector.analysis.tracks.alignment import items_of_content
from inspector.gui.models.document import Document
from inspector.gui.models.selection import Selection
from inspector.gui.views.paint_context import PaintContext
from inspector.recording.layers import NO_SOURCE, layer_of

from ..flag_row import Flag
from .lane_layout import Lane, kind_of

#: What did not happen to bytes that a gap still held at the end, by the kind of the gap; "not sent" for all before it.
_NOT_DONE = {"server": "not received", "framing": "chunk not finished", "client": "not handed on"}


def event_flags(document: Document, context: PaintContext) -> list[Flag]:
    """Return the flags of what happened once to a run: request sent, head received, end."""
    meta, theme = document.snapshot.meta, context.theme
    if meta is None or not meta.request.sent_t_ns:
        return []
    events: list[tuple[int, tuple[str, ...], str]] = [
        (meta.request.sent_t_ns, (f"{meta.request.method} sent", meta.request.method), theme.dim)
    ]
    if meta.response is not None:
        status = str(meta.response.status)
        events.append((meta.response.head_t_ns, (f"{status} {meta.response.reason}".strip(), status), theme.dim))
    if meta.ending is not None:
        colour = theme.message if meta.ending.kind == "complete" else theme.error
        events.append((meta.ending.t_ns, (meta.ending.kind.replace("_", " "),), colour))
    return [Flag(context.scale.x_of(t_ns), texts, colour) for t_ns, texts, colour in events]


def held_words(gap_id: str) -> str:
    """Return what became of bytes that a gap still held when the run ended: ``not sent``."""
    return _NOT_DONE.get(kind_of(gap_id), "not sent")


def empty_text(document: Document) -> str:
    """Return why no lane has any marks."""
    if document.recording is None:
        return "Press Stream: what happens to each part is drawn here"
    return "Waiting for the first bytes …" if document.is_live else "No bytes came: there is nothing to draw"


def empty_lane_text(document: Document, lane: Lane) -> str:
    """Return why a lane has no marks, or an empty text while none are due."""
    response = document.snapshot.meta.response if document.snapshot.meta else None
    if response is None:
        return ""
    if response.framing == "unknown":
        return "the response head is not valid" if lane.layer.side == "client" else ""
    if lane.name == "chunk" and response.framing != "chunked":
        return f"not chunked: {response.framing.replace('content-length', 'Content-Length')}"
    if lane.layer.side == "server" and len(document.snapshot.tracks["read"]):
        return "Not visible: this server isn't ours"
    return ""


def describe(document: Document, selection: Selection) -> str:
    """Return one or two lines on items: ``chunk 12 · 64 B · +41.2 ms · 5 parts, first waited 19.6 ms``."""
    track = document.snapshot.tracks[selection.layer]
    layer = layer_of(selection.layer)
    start_ns, stop_ns = selection.time_range(track)
    size = int(track.end[selection.stop - 1]) - track.start(selection.first)
    count = selection.stop - selection.first
    bound = "not later than " if count == 1 and track.is_bound(selection.first) else ""
    since = f"{bound}+{duration_text(start_ns - document.snapshot.origin_ns)}"
    if count == 1:
        text = f"{layer.item} {selection.first + 1:,} · {bytes_text(size)} · {since}"
    else:
        until = f"+{duration_text(stop_ns - document.snapshot.origin_ns)}"
        text = f"{count_text(count, layer.name)} · {bytes_text(size)} · {since} to {until}"
    if "source" in layer.columns and count == 1:
        source = int(track.column("source")[selection.first])
        label = document.snapshot.sources.label(source) if source != NO_SOURCE else ""
        text += f" · {label}" if label else ""
    return text + _came_from(document, selection, start_ns)


def _came_from(document: Document, selection: Selection, t_ns: int) -> str:
    """Return how many parts the bytes were made of and how long the first of them had been waiting."""
    parts = document.snapshot.tracks["part"]
    if selection.layer == "part" or not len(parts):
        return ""
    start, stop = selection.byte_range(document.content_track(selection.layer))
    first, last = items_of_content(parts, start, stop)
    if first == last:
        return ""
    count = last - first
    waited = max(0, t_ns - int(parts.t_ns[first]))
    return f" · {count_text(count, 'part')}, first waited {duration_text(waited)}"
