"""Counts how many items each line of code produced; a growing recording costs only its new rows. No Qt."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

import numpy as np

from inspector.recording.track import Int64Array, Track

#: Layers whose marks know the line that produced them.
SOURCE_LAYERS = ("part", "yield")
_BLOCK_ROWS = 1 << 20
#: Source numbers from here on are not counted: a damaged recording must not ask for gigabytes.
_SOURCE_LIMIT = 1 << 20


class SourceCounts:
    """Items per source number of ``part`` and ``yield``. Thread: one at a time."""

    def __init__(self) -> None:
        self._counts: dict[str, Int64Array] = {}
        self._counted_rows: dict[str, int] = {}
        self.clear()

    def clear(self) -> None:
        """Forget everything: another recording is shown."""
        for layer in SOURCE_LAYERS:
            self._counts[layer] = np.zeros(0, dtype=np.int64)
            self._counted_rows[layer] = 0

    def grow(self, tracks: Mapping[str, Track]) -> int:
        """Count the rows added since the last call; return how many there were."""
        added = 0
        for layer in SOURCE_LAYERS:
            column = tracks[layer].column("source")
            while self._counted_rows[layer] < len(column):
                block = column[self._counted_rows[layer] : self._counted_rows[layer] + _BLOCK_ROWS]
                self._add(layer, block)
                self._counted_rows[layer] += len(block)
                added += len(block)
        return added

    def _add(self, layer: str, sources: Int64Array) -> None:
        known = sources[(sources >= 0) & (sources < _SOURCE_LIMIT)]
        more = np.bincount(known, minlength=len(self._counts[layer]))
        more[: len(self._counts[layer])] += self._counts[layer]
        self._counts[layer] = more

    def of(self, layer: str, sources: Iterable[int]) -> int:
        """Return how many items of a layer the given source numbers produced together."""
        counts = self._counts[layer]
        return sum(int(counts[source]) for source in sources if 0 <= source < len(counts))


def next_item_of(track: Track, sources: Collection[int], after: int) -> int | None:
    """Return the next item after index ``after`` that one of the sources produced, going round; None if none did.

    ``after`` may be -1: then the first one. Looks at no more rows than it has to.
    """
    column = track.column("source")
    wanted = np.array(sorted(sources), dtype=np.int64)
    for first, last in ((after + 1, len(column)), (0, min(after + 1, len(column)))):
        for start in range(first, last, _BLOCK_ROWS):
            found = np.flatnonzero(np.isin(column[start : min(start + _BLOCK_ROWS, last)], wanted))
            if len(found):
                return start + int(found[0])
    return None


def item_before(track: Track, sources: Collection[int], before: int) -> int | None:
    """Return the last item before index ``before`` that one of the sources produced, going round; None if none did."""
    column = track.column("source")
    wanted = np.array(sorted(sources), dtype=np.int64)
    for first, last in ((0, min(before, len(column))), (max(0, before), len(column))):
        for stop in range(last, first, -_BLOCK_ROWS):
            start = max(first, stop - _BLOCK_ROWS)
            found = np.flatnonzero(np.isin(column[start:stop], wanted))
            if len(found):
                return start + int(found[-1])
    return None
