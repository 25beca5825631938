"""Finds the item that a key moves the selection to: along a layer, to another layer, or to the next long gap. No Qt."""

from __future__ import annotations

import numpy as np

from inspector.recording.layers import pipeline_position

from .document import Document
from .selection import Selection

#: A gap is long when it is this many times the median gap of the layer,
LONG_GAP_FACTOR = 3.0
#: and this share of the time on screen: where items come in bunches, the median is that inside a bunch.
LEAST_SHARE_OF_VIEW = 0.01
_BLOCK = 65_536


def step_selection(document: Document, layer: str, by: int, *, extend: bool) -> Selection | None:
    """Return the selection after a step of ``by`` items; the first or last item where nothing was selected."""
    length = len(document.snapshot.tracks[layer])
    if not length:
        return None
    chosen = document.selection
    if chosen is None:
        at = 0 if by > 0 else length - 1
        return Selection(layer, at, at + 1)
    if extend:
        if by > 0:
            return Selection(layer, chosen.first, min(length, chosen.stop + by))
        return Selection(layer, max(0, chosen.first + by), chosen.stop)
    at = chosen.stop - 1 + by if by > 0 else chosen.first + by
    at = max(0, min(length - 1, at))
    return Selection(layer, at, at + 1)


def step_layer(document: Document, by: int) -> Selection | None:
    """Return the items that carry the selected bytes at the next layer up (-1) or down (1)."""
    if document.selection is None:
        return None
    names = sorted(document.snapshot.tracks, key=pipeline_position)
    at = names.index(document.selection.layer) + by
    while 0 <= at < len(names):
        items = document.selected_items(names[at])
        if items is not None:
            return Selection(names[at], *items)
        at += by
    return None


def next_long_gap(document: Document, layer: str, seen_ns: tuple[int, int]) -> Selection | None:
    """Return the item after the next gap that is long for its layer and for the view; goes round at the end.

    ``seen_ns`` are the monotonic times on screen. It begins behind the selection where that is seen, else at what is.
    """
    track = document.snapshot.tracks[layer]
    if len(track) < 3:
        return None
    begin, end = track.first_at_or_after(list(seen_ns)).tolist()
    chosen = document.selection
    if chosen is not None and chosen.layer == layer and begin <= chosen.stop - 1 <= end:
        begin = chosen.stop
    begin = max(1, begin)
    median_ns = float(np.median(np.diff(track.t_ns[-_BLOCK:])))
    threshold_ns = max(LONG_GAP_FACTOR * median_ns, LEAST_SHARE_OF_VIEW * (seen_ns[1] - seen_ns[0]))
    order = [(start, min(start + _BLOCK, len(track))) for start in range(begin, len(track), _BLOCK)]
    order += [(start, min(start + _BLOCK, begin)) for start in range(1, begin, _BLOCK)]
    for start, stop in order:
        found = np.flatnonzero(np.diff(track.t_ns[start - 1 : stop]) > threshold_ns)
        if len(found):
            at = start + int(found[0])
            return Selection(layer, at, at + 1)
    return None
