"""The way of some bytes down the ladder: the items of each layer that carried them, and their lines in each gap."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from inspector.analysis.tracks.alignment import Alignment
from inspector.gui.models.analysis_model import AnalysisModel
from inspector.gui.models.document import Document
from inspector.gui.models.selection import Selection
from inspector.recording.track import Int64Array

from .join_paint import Stretches, joins_of

#: More lines of one way could not be told apart.
MOST_LINES = 120


@dataclass(frozen=True, slots=True)
class Way:
    """Items ``[first, stop)`` by the name of a layer, and lines by the id of a gap."""

    items: Mapping[str, tuple[int, int]]
    lines: Mapping[str, Stretches]


def way_of(document: Document, analysis: AnalysisModel, pointed: Selection) -> Way:
    """Return the way of the bytes of some items through all layers."""
    items = {
        name: found for name in document.snapshot.tracks if (found := document.items_of(pointed, name)) is not None
    }
    lines: dict[str, Stretches] = {}
    for gap in analysis.gaps:
        alignment = analysis.alignment(gap)
        if alignment is not None and gap.earlier in items:
            ends = _cuts(alignment, items[gap.earlier], items.get(gap.later))
            lines[gap.id] = joins_of(alignment, ends)
    return Way(items, lines)


def _cuts(alignment: Alignment, earlier: tuple[int, int], later: tuple[int, int] | None) -> Int64Array:
    """Return where the bytes that both sides share are cut, rising; evenly thinned where the cuts are too many."""
    first, stop = earlier[0], min(earlier[1], len(alignment.earlier))
    ends = alignment.ends_in[first:stop]
    if not len(ends):
        return np.empty(0, dtype=np.int64)
    start = int(alignment.ends_in[first - 1]) if first else 0
    if later is not None and later[0] < len(alignment.later):
        bounds = alignment.ends_out[later[0] : min(later[1], len(alignment.later))]
        before = int(alignment.ends_out[later[0] - 1]) if later[0] else 0
        last = min(int(ends[-1]), int(bounds[-1]))
        ends = np.union1d(ends, bounds)
        ends = ends[(ends > max(start, before)) & (ends <= last)]
    if len(ends) > MOST_LINES:
        ends = ends[np.linspace(0, len(ends) - 1, MOST_LINES).astype(np.int64)]
    return np.asarray(ends[ends > 0], dtype=np.int64)
