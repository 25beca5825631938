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


class ReadLags:
    """How long the kernel had each read before the reading process took it; feed it the reads as they grow.

    A read that ends inside of what the kernel has merged has the time of the last segment, so this is a lower bound.
    """

    def __init__(self) -> None:
        self.lag_ns = Quantiles()
        self._reads = 0

    def update(self, reads: Track) -> None:
        """Take in what was added."""
        taken, came = reads.column("user_t_ns")[self._reads :], reads.t_ns[self._reads :]
        self.lag_ns.add(np.maximum(taken - came, 0))
        self._reads = len(reads)


def write_rates(writes: Track, filled_bytes: int) -> tuple[float, float] | None:
    """Return the bytes per second at which the first ``filled_bytes`` were written, and what came after them.

    A writer that is blocked fills the buffers at its own pace and goes at its reader's from then on. None where nothing
    is known of one of the two.
    """
    first = int(search_left(writes.end, filled_bytes))
    if not 0 < first < len(writes) - 1:
        return None
    fill_ns = max(1, int(writes.t_ns[first] - writes.t_ns[0]))
    later_ns = max(1, int(writes.t_ns[-1] - writes.t_ns[first]))
    return int(writes.end[first]) / fill_ns * 1e9, int(writes.end[-1] - writes.end[first]) / later_ns * 1e9
