"""The rhythm of one layer: its bursts, its long gaps and its page-sized items; incremental like `layer_statistics`."""

from __future__ import annotations

import numpy as np

from inspector.recording.track import Track

from .quantiles import Quantiles

#: Items closer than this belong to one burst: a template's pieces of one row, rows of one fetch.
BURST_GAP_NS = 2_000_000
#: A gap that a reader notices as a standstill.
LONG_GAP_NS = 1_000_000_000
#: Memory page, and so the size of the buffers of many a proxy.
PAGE_BYTES = 4_096
_BLOCK_ITEMS = 1 << 16
#: Gaps within so many doublings are of one order.
_SAME_ORDER = 2


class LayerRhythm:
    """Bursts, long gaps and page-sized items of one layer; feed it the track as it grows."""

    def __init__(self) -> None:
        self.pace_ns = Quantiles()
        self.long_gaps = 0
        self.long_gaps_ns = 0
        self.page_items = 0
        self._gap_counts = np.zeros(64, dtype=np.int64)
        self._gap_sums_ns = np.zeros(64, dtype=np.int64)
        #: The largest gap, and the offset of the first byte after it.
        self.largest_gap_ns = 0
        self.largest_gap_offset = 0
        self._count = 0

    def update(self, track: Track) -> None:
        """Take in what the track has grown by."""
        while self._count < len(track):
            first, stop = self._count, min(self._count + _BLOCK_ITEMS, len(track))
            gaps_ns = np.diff(track.t_ns[max(0, first - 1) : stop])
            if len(gaps_ns) and int(gaps_ns.max()) > self.largest_gap_ns:
                widest = int(np.argmax(gaps_ns))
                self.largest_gap_ns = int(gaps_ns[widest])
                self.largest_gap_offset = track.start(max(0, first - 1) + widest + 1)
            self.pace_ns.add(gaps_ns[gaps_ns >= BURST_GAP_NS])
            doublings = np.frexp(np.maximum(gaps_ns, 0).astype(np.float64))[1]
            np.add.at(self._gap_counts, doublings, 1)
            np.add.at(self._gap_sums_ns, doublings, np.maximum(gaps_ns, 0))
            long_ns = gaps_ns[gaps_ns >= LONG_GAP_NS]
            self.long_gaps += len(long_ns)
            self.long_gaps_ns += int(long_ns.sum())
            sizes = track.sizes(first, stop)
            self.page_items += int(np.count_nonzero((sizes > 0) & (sizes % PAGE_BYTES == 0)))
            self._count = stop

    @property
    def pauses(self) -> tuple[int, int]:
        """Return how many gaps are of the order of the largest one (an eighth of it or more), and their sum in ns."""
        since = int(np.frexp(float(self.largest_gap_ns))[1]) - _SAME_ORDER
        first = max(0, since)
        return int(self._gap_counts[first:].sum()), int(self._gap_sums_ns[first:].sum())
