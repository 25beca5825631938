"""Figures of one layer: how many items, how big, how far apart, when the first byte came and how fast it goes.

Incremental like `gap_metrics`: an update looks only at the marks that were added.
"""

from __future__ import annotations

import numpy as np

from inspector.recording.track import Track, search_left

from .item_blocks import ItemBlocks
from .quantiles import Quantiles

RATE_WINDOW_NS = 1_000_000_000
_BLOCK_ITEMS = 1 << 16


class LayerStatistics:
    """Figures of one layer of one recording; feed it the track as it grows. Thread: any one at a time.

    Sizes are in bytes of the layer's own axis; gaps are times between one item and the next, in nanoseconds.
    """

    def __init__(self) -> None:
        self.count = 0
        self.total_bytes = 0
        self.sizes_bytes = Quantiles()
        self.size_blocks = ItemBlocks()
        self.gaps_ns = Quantiles()
        #: Monotonic time of the first item that has bytes, None before it.
        self.first_byte_t_ns: int | None = None
        self.last_t_ns: int | None = None

    def update(self, track: Track) -> None:
        """Take in what the track has grown by. Raises ``ValueError`` for a track that became shorter."""
        if len(track) < self.count:
            raise ValueError("this track is shorter than the one before")
        while self.count < len(track):
            first, stop = self.count, min(self.count + _BLOCK_ITEMS, len(track))
            sizes_bytes = track.sizes(first, stop)
            if self.first_byte_t_ns is None and sizes_bytes.any():
                self.first_byte_t_ns = int(track.t_ns[first + int(np.argmax(sizes_bytes > 0))])
            self.sizes_bytes.add(sizes_bytes)
            self.size_blocks.add(sizes_bytes)
            # A conversion of clocks may let times fall by its error.
            self.gaps_ns.add(np.maximum(np.diff(track.t_ns[max(0, first - 1) : stop]), 0))
            self.count = stop
            self.total_bytes = int(track.end[stop - 1])
            self.last_t_ns = int(track.t_ns[stop - 1])

    def time_to_first_byte_ns(self, sent_t_ns: int) -> int | None:
        """Return the time from the sending of the request to the first byte, None before it. Never negative."""
        if self.first_byte_t_ns is None or not sent_t_ns:
            return None
        return max(0, self.first_byte_t_ns - sent_t_ns)


def rate_bytes_per_s(track: Track, now_t_ns: int, window_ns: int = RATE_WINDOW_NS) -> float:
    """Return the bytes per second that the layer passed in ``(now - window, now]``.

    ``now_t_ns`` is monotonic: the time of the frame while a stream runs, of its ending afterwards.
    """
    until = int(search_left(track.t_ns, now_t_ns + 1))
    since = int(search_left(track.t_ns, now_t_ns - window_ns + 1))
    return (track.start(until) - track.start(since)) * 1e9 / window_ns
