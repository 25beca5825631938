"""Describes the selection in one line: ``Chunk 12 · 64 B · 41.2 ms after chunk 11 · carries 5 parts``."""

from __future__ import annotations

from inspector.analysis.formatting import bytes_text, count_text, duration_text
from inspector.gui.models.document import Document
from inspector.gui.models.selection import Selection
from inspector.recording.layers import NO_SOURCE, layer_of

from .item_borders import shown_layer


def caption_of(document: Document) -> str:
    """Return the caption for the selection, or for the run where nothing is selected."""
    if document.selection is None:
        return _run_caption(document)
    selection = document.selection
    words = _one(document, selection) if selection.stop - selection.first == 1 else _several(document, selection)
    return " · ".join(word for word in (*words, _made_of(document, selection), _made_by(document, selection)) if word)


def _run_caption(document: Document) -> str:
    if document.recording is None:
        return "No stream yet"
    layer = layer_of(shown_layer(document))
    count = len(document.snapshot.tracks[layer.name])
    if not count and document.is_live:
        return (
            "Connecting"
            if document.snapshot.meta is None or document.snapshot.meta.response is None
            else "Waiting for the body"
        )
    following = "Following the end" if document.following and document.is_live else "Nothing selected"
    return f"{following} · {count_text(count, layer.name)} · {bytes_text(document.snapshot.content_bytes)}"


def _one(document: Document, selection: Selection) -> list[str]:
    """Return the texts of one item: its size, and the time since the item before it, or since the request."""
    track = document.snapshot.tracks[selection.layer]
    at = selection.first
    t_ns = int(track.t_ns[at])
    item = layer_of(selection.layer).item
    since = (
        f"{duration_text(t_ns - int(track.t_ns[at - 1]))} after {item} {at:,}" if at else _since_sent(document, t_ns)
    )
    return [f"{item.capitalize()} {at + 1:,}", bytes_text(track.size(at)), since]


def _several(document: Document, selection: Selection) -> list[str]:
    track = document.snapshot.tracks[selection.layer]
    start_ns, stop_ns = selection.time_range(track)
    size_bytes = int(track.end[selection.stop - 1]) - track.start(selection.first)
    name = layer_of(selection.layer).items.capitalize()
    span = f"{name} {selection.first + 1:,} to {selection.stop:,}"
    return [span, bytes_text(size_bytes), f"over {duration_text(stop_ns - start_ns)}"]


def _since_sent(document: Document, t_ns: int) -> str:
    return f"{duration_text(t_ns - document.snapshot.origin_ns)} after the request"


def _made_of(document: Document, selection: Selection) -> str:
    """Return how many parts are in the items; of a part, which chunk it left in."""
    if selection.layer == "part":
        items = document.selected_items("chunk")
        return "" if items is None or items[1] - items[0] != 1 else f"in chunk {items[0] + 1:,}"
    items = document.selected_items("part")
    return "" if items is None else f"carries {count_text(items[1] - items[0], 'part')}"


def _made_by(document: Document, selection: Selection) -> str:
    """Return the line that produced one part or yield."""
    if "source" not in layer_of(selection.layer).columns or selection.stop - selection.first > 1:
        return ""
    source = int(document.snapshot.tracks[selection.layer].column("source")[selection.first])
    return document.snapshot.sources.label(source) if source != NO_SOURCE else ""
