"""Body offsets carried over to content offsets, through the points that the client's decoder left behind.

A ``chunk`` (else a ``read``) says how much content had been decoded after so many body bytes. A layer of the server
that counts coded bytes is put on the content axis by these points: exact where a point lies at the very offset; between
two points only a lower bound is known, and `inexact` counts how often. Nothing is interpolated.
"""

from __future__ import annotations

import numpy as np

from inspector.recording.layers import Layer
from inspector.recording.track import Int64Array, Track, search_left

#: Columns of a track of points: its offset on the body axis, and on the content axis.
POINT_COLUMNS = {"chunk": ("end", "content_end"), "read": ("body_end", "content_end")}
_FIRST_ROWS = 64


class ContentMap:
    """The marks of one layer of the server, carried over from the body axis to the content axis as points come in."""

    def __init__(self, layer: Layer) -> None:
        self._layer = Layer(layer.name, layer.side, "content", ("t_ns", "end"), layer.item, layer.items, layer.meaning)
        self._rows: Int64Array = np.empty((_FIRST_ROWS, 2), dtype=np.int64)
        self._count = 0
        #: Marks with bytes whose content offset is known exactly, and those with a lower bound only.
        self.exact = 0
        self.inexact = 0

    @property
    def track(self) -> Track:
        """The marks carried over so far, on the content axis. Stays valid while more are added."""
        return Track(self._layer, self._rows[: self._count])

    def update(self, marks: Track, points: Track) -> None:
        """Carry over the marks that the points now reach. ``points`` is the same layer each time, only longer."""
        body, content = (points.column(name) for name in POINT_COLUMNS[points.layer.name])
        if not len(points):
            return
        ends = marks.end
        known = int(search_left(ends, int(body[-1]) + 1))
        if known <= self._count:
            return
        fresh = ends[self._count : known]
        at = search_left(body, fresh + 1) - 1
        inside = np.maximum(at, 0)
        mapped = np.where(at >= 0, content[inside], 0)
        exact = (fresh == 0) | ((at >= 0) & (body[inside] == fresh))
        full = np.diff(fresh, prepend=np.int64(marks.start(self._count))) > 0
        self.exact += int(np.count_nonzero(exact & full))
        self.inexact += int(np.count_nonzero(~exact & full))
        self._append(marks.t_ns[self._count : known], mapped)

    def _append(self, t_ns: Int64Array, ends: Int64Array) -> None:
        stop = self._count + len(t_ns)
        if stop > len(self._rows):
            grown = np.empty((max(stop, 2 * len(self._rows)), 2), dtype=np.int64)
            grown[: self._count] = self._rows[: self._count]
            self._rows = grown
        self._rows[self._count : stop, 0] = t_ns
        self._rows[self._count : stop, 1] = ends
        self._count = stop
