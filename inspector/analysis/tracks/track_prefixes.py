"""Longer and longer heads of tracks, so that a long recording is taken in a step at a time and nothing freezes."""

from __future__ import annotations

from collections.abc import Mapping

from inspector.recording.track import Track

#: Marks of each layer that a step adds; taking in six layers of as many takes some 10 ms.
_MARKS_PER_STEP = 10_000


class TrackPrefixes:
    """What was given so far of the tracks of one recording, which may grow meanwhile."""

    def __init__(self) -> None:
        self._given: dict[str, int] = {}
        #: Whether the last step left marks for another one.
        self.is_behind = False

    def step(self, tracks: Mapping[str, Track]) -> dict[str, Track]:
        """Return the tracks, each at most a step longer than last time. Copies nothing."""
        heads: dict[str, Track] = {}
        self.is_behind = False
        for name, track in tracks.items():
            stop = self._given.get(name, 0) + _MARKS_PER_STEP
            self.is_behind |= len(track) > stop
            heads[name] = track if len(track) <= stop else Track(track.layer, track.rows[:stop])
            self._given[name] = len(heads[name])
        return heads
