"""Body offsets carried over to content offsets, through the points that the client's decoder left behind.

A ``chunk`` (else a ``read``) says how much content had been decoded after so many body bytes. A layer of the server
that counts coded bytes is put on the content axis by these points: exact where a point lies at the very offset; between
two points only a lower bound is known, and `inexact` counts how often. Nothing is interpolated.
"""

from __future__ import annotations

import numpy as np

from inspector.recording.layers import Axis, Layer
from inspector.recording.track import Track, search_left

from .growable_rows import GrowableRows

_BODY_AND_CONTENT: tuple[Axis, Axis] = ("body", "content")


class OffsetMap:
    """The marks of one layer of the server, carried over from the body axis to the content axis as points come in."""

    def __init__(self, layer: Layer) -> None:
        self._layer = Layer(layer.name, layer.side, "content", ("t_ns", "end"), layer.item, layer.items, layer.meaning)
        self._carried = GrowableRows(2)
        #: Marks with bytes whose content offset is known exactly, and those with a lower bound only.
        self.exact = 0
        self.inexact = 0

    @property
    def track(self) -> Track:
        """The marks carried over so far, on the content axis. Stays valid while more are added."""
        return Track(self._layer, self._carried.rows)

    def update(self, marks: Track, points: Track) -> None:
        """Carry over the marks that the points now reach. ``points`` is the same layer each time, only longer."""
        if not len(points):
            return
        body, content = (points.column(points.layer.column_on(axis) or "end") for axis in _BODY_AND_CONTENT)
        ends = marks.end
        known = int(search_left(ends, int(body[-1]) + 1))
        count = len(self._carried)
        if known <= count:
            return
        fresh = ends[count:known]
        at = search_left(body, fresh + 1) - 1
        inside = np.maximum(at, 0)
        mapped = np.where(at >= 0, content[inside], 0)
        exact = (fresh == 0) | ((at >= 0) & (body[inside] == fresh))
        full = np.diff(fresh, prepend=np.int64(marks.start(count))) > 0
        self.exact += int(np.count_nonzero(exact & full))
        self.inexact += int(np.count_nonzero(~exact & full))
        self._carried.append(np.column_stack((marks.t_ns[count:known], mapped)))
