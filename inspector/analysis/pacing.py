"""Who waits for whom: how soon the server writes after the reader has read.

Where a reader keeps up, a read follows each write, and the next write comes when the source has something: about as
long after that read as the source takes. Where the buffers before a slow reader are full, the server waits for room:
then its writes follow the reads, soon after each, however much later the next read comes. Needs both tracks only.
"""

from __future__ import annotations

import numpy as np

from inspector.recording.track import Track, search_left

from .quantiles import Quantiles


class WritesAfterReads:
    """Times between each write and the read before it, and between reads; feed it the tracks as they grow."""

    def __init__(self) -> None:
        self.after_read_ns = Quantiles()
        self.between_reads_ns = Quantiles()
        self._writes = 0
        self._reads = 0

    def update(self, writes: Track, taken: Track) -> None:
        """Take in what was added. ``taken`` are the reads at the times at which the reading process had them."""
        if not len(taken):
            return
        first = max(0, self._reads - 1)
        self.between_reads_ns.add(np.maximum(np.diff(taken.t_ns[first:]), 0))
        self._reads = len(taken)
        # Only up to the last read is it known which read came before a write.
        known = int(search_left(writes.t_ns, int(taken.t_ns[-1])))
        fresh = np.ascontiguousarray(writes.t_ns[self._writes : known])
        self._writes = max(self._writes, known)
        before = search_left(taken.t_ns, fresh) - 1
        after_a_read = before >= 0
        self.after_read_ns.add(fresh[after_a_read] - taken.t_ns[before[after_a_read]])

    @property
    def share(self) -> float | None:
        """How far into the time from one read to the next the median write comes: 0 is right after the read."""
        after, between = self.after_read_ns.median, self.between_reads_ns.median
        return after / between if after is not None and between else None
