"""The tracks of a recording from a moment on, as if it had begun then: for the time since a knob was turned.

The bytes before the moment are those that the first layer of the pipeline had passed by then. What the layers behind it
pass of them afterwards is left out, so that no wait from before the moment is laid at the door of what came after.
Only where content and body are the same bytes (no content coding): then one offset holds for both axes.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from inspector.recording.layers import pipeline_position
from inspector.recording.track import Int64Array, Track, search_left

from .growable_rows import GrowableRows


class TrackTails:
    """Follows the tracks of one recording from a moment on; an update costs what was added."""

    def __init__(self, t_ns: int) -> None:
        """Begin after the monotonic time ``t_ns``."""
        self.t_ns = t_ns
        #: Bytes that the first layer had passed by then, None until it has passed one more item.
        self.base_bytes: int | None = None
        self._kept: dict[str, GrowableRows] = {}
        self._taken: dict[str, int] = {}
        self._offsets: dict[str, Int64Array] = {}

    def update(self, tracks: Mapping[str, Track]) -> dict[str, Track]:
        """Take in what the tracks have grown by; return those since the moment, none while nothing came after it."""
        if self.base_bytes is None:
            self.base_bytes = self._find_base(tracks)
        if self.base_bytes is None:
            return {}
        found: dict[str, Track] = {}
        for name, track in tracks.items():
            found[name] = Track.empty(track.layer)
            if name in self._kept or self._begin(name, track, self.base_bytes):
                self._kept[name].append(track.rows[self._taken[name] :] - self._offsets[name])
                self._taken[name] = len(track)
                found[name] = Track(track.layer, self._kept[name].rows)
        return found

    def _find_base(self, tracks: Mapping[str, Track]) -> int | None:
        first = min((name for name, track in tracks.items() if len(track)), key=pipeline_position, default=None)
        if first is None:
            return None
        track = tracks[first]
        at = int(search_left(track.t_ns, self.t_ns + 1))
        if at == len(track):
            return None
        return int(track.column(track.layer.column_on("body") or "end")[at - 1]) if at else 0

    def _begin(self, name: str, track: Track, base_bytes: int) -> bool:
        """Find the first item with a byte behind the base; False while there is none."""
        first = int(track.index_of_byte(base_bytes, track.layer.column_on("body") or "end"))
        if first == len(track):
            return False
        columns = track.layer.columns
        before = track.rows[first - 1].tolist() if first else [0] * len(columns)
        offsets = [_offset(track, column, base_bytes, value) for column, value in zip(columns, before, strict=True)]
        self._offsets[name] = np.array(offsets, dtype=np.int64)
        self._kept[name] = GrowableRows(len(columns))
        self._taken[name] = first
        return True


def _offset(track: Track, column: str, base_bytes: int, before: int) -> int:
    """Return what is to be taken from a column: nothing from times and sources."""
    axis = track.layer.axis_of(column)
    if axis is None:
        return 0
    return before if axis == "wire" else base_bytes
