"""Where the keyboard goes next: through the items of a layer, through the layers, to the next long gap."""

from __future__ import annotations

import numpy as np

from inspector.recording.layers import place_on_road

from .document import Document
from .selection import Selection

#: A gap is long when it is this many times the median gap of the layer.
LONG_GAP_FACTOR = 3.0
_BLOCK = 65_536


def step_selection(document: Document, layer: str, by: int, *, extend: bool) -> Selection | None:
    """Return the selection after a step of ``by`` items; the first or last item where nothing was selected."""
    length = len(document.tracks[layer])
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
    """Return the items that carry the selected bytes at the next layer up (-1) or down (1) the road."""
    if document.selection is None:
        return None
    names = sorted(document.tracks, key=place_on_road)
    at = names.index(document.selection.layer) + by
    while 0 <= at < len(names):
        items = document.selected_items(names[at])
        if items is not None:
            return Selection(names[at], *items)
        at += by
    return None


def next_long_gap(document: Document, layer: str) -> Selection | None:
    """Return the item after the next gap that is long for its layer; begins at the selection and goes round."""
    track = document.tracks[layer]
    if len(track) < 3:
        return None
    after = document.selection.stop if document.selection and document.selection.layer == layer else 1
    threshold_ns = LONG_GAP_FACTOR * float(np.median(np.diff(track.t_ns[-_BLOCK:])))
    order = [(start, min(start + _BLOCK, len(track))) for start in range(max(after, 1), len(track), _BLOCK)]
    order += [(start, min(start + _BLOCK, len(track))) for start in range(1, max(after, 1), _BLOCK)]
    for start, stop in order:
        found = np.flatnonzero(np.diff(track.t_ns[start - 1 : stop]) > threshold_ns)
        if len(found):
            at = start + int(found[0])
            return Selection(layer, at, at + 1)
    return None
