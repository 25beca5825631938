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


class LayerRhythm:
    """Bursts, long gaps and page-sized items of one layer; feed it the track as it grows."""

    def __init__(self) -> None:
        self.pace_ns = Quantiles()
        self.long_gaps = 0
        self.long_gaps_ns = 0
        self.page_items = 0
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
            long_ns = gaps_ns[gaps_ns >= LONG_GAP_NS]
            self.long_gaps += len(long_ns)
            self.long_gaps_ns += int(long_ns.sum())
            sizes = track.sizes(first, stop)
            self.page_items += int(np.count_nonzero((sizes > 0) & (sizes % PAGE_BYTES == 0)))
            self._count = stop
