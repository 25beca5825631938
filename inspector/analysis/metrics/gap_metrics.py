"""The gap between two layers: how many bytes wait in it and how long each item waited there.

The delay of an item is the time from its mark to the mark of the item of the later layer that carried its last byte.
Bytes held at a time are those that the earlier layer had passed and the later one had not. Both come from tracks alone;
an update looks only at what was added, so a live frame costs the same in the first and in the ten-millionth mark.
"""

from __future__ import annotations

import numpy as np

from inspector.analysis.tracks.alignment import Alignment
from inspector.recording.track import Int64Array, search_left

from .item_blocks import ItemBlocks
from .quantiles import Quantiles

_BLOCK_ITEMS = 1 << 16


class GapStatistics:
    """Figures of the gap between two layers of one recording; feed it the tracks as they grow.

    What it says depends on the tracks as last given, not on how often they were given before. A million
    new marks take about 0.2 s: a window that opens a long recording feeds it longer and longer heads of the tracks
    (``Track(layer, rows[:stop])``), a part a frame. Thread: any one at a time.
    """

    def __init__(self) -> None:
        self.items_in = 0
        self.items_out = 0
        #: Bytes that wait in the gap now.
        self.held_bytes = 0
        #: When the item that waits longest came in (monotonic ns), None while none waits.
        self.waiting_since_t_ns: int | None = None
        #: The item of the earlier layer that waited longest, None before any was carried on.
        self.slowest_item: int | None = None
        self.delays_ns = Quantiles()
        #: The delays of the items that were carried on, in their order; 0 for those without a byte.
        self.delay_blocks = ItemBlocks()
        self._settled_held_bytes = 0
        self._carried_in = 0
        self._full_in = 0
        self._full_out = 0
        self._settled_in = 0
        self._out = 0
        self._passed_bytes = 0

    def update(self, alignment: Alignment) -> None:
        """Take in what the tracks have grown by. They are aligned by the same columns each time.

        Raises ``ValueError`` for tracks that became shorter: another recording needs another object.
        """
        earlier, later = alignment.earlier, alignment.later
        if len(earlier) < self.items_in or len(later) < self.items_out:
            raise ValueError("these tracks are shorter than the ones before")
        ends_in, ends_out = alignment.ends_in, alignment.ends_out
        self.items_in, self.items_out = len(earlier), len(later)
        self._count_out(ends_out)
        self._add_delays(alignment)
        if len(later):
            self._settle_held(earlier.t_ns, ends_in, later.t_ns, ends_out)
        came_in = int(ends_in[-1]) if len(earlier) else 0
        # The later track may have been read a moment after the earlier one and be ahead of it.
        self.held_bytes = max(0, came_in - self._passed_bytes)
        self.waiting_since_t_ns = int(earlier.t_ns[self._carried_in]) if self.held_bytes else None

    @property
    def largest_held_bytes(self) -> int:
        """The most bytes that have ever waited in the gap, bytes on their way included."""
        return max(self._settled_held_bytes, self.held_bytes)

    @property
    def median_delay_ns(self) -> int | None:
        """Median delay of the items that were carried on (precision: `quantiles`), None before the first."""
        return self.delays_ns.median

    @property
    def largest_delay_ns(self) -> int | None:
        """Largest delay of an item that was carried on, None before the first."""
        return self.delays_ns.largest if self.delays_ns.count else None

    @property
    def coalescing(self) -> float | None:
        """Items in per item out, empty ones and those still held not counted: 4.0 says "four became one".

        Below 1 where items are split. None before anything was carried on.
        """
        return self._full_in / self._full_out if self._full_in and self._full_out else None

    def _count_out(self, ends_out: Int64Array) -> None:
        while self._out < len(ends_out):
            stop = min(self._out + _BLOCK_ITEMS, len(ends_out))
            sizes = np.diff(ends_out[self._out : stop], prepend=np.int64(self._passed_bytes))
            self._full_out += int(np.count_nonzero(sizes))
            self._passed_bytes = int(ends_out[stop - 1])
            self._out = stop

    def _add_delays(self, alignment: Alignment) -> None:
        """Add the delay of each item that has been carried on since."""
        t_in, ends_in, t_out = alignment.earlier.t_ns, alignment.ends_in, alignment.later.t_ns
        carried = int(search_left(ends_in, self._passed_bytes + 1))
        while self._carried_in < carried:
            first, stop = self._carried_in, min(self._carried_in + _BLOCK_ITEMS, carried)
            before = ends_in[first - 1] if first else np.int64(0)
            # An empty item has no byte that could wait.
            full = np.diff(ends_in[first:stop], prepend=before) > 0
            by = alignment.carriers(ends_in[first:stop][full])
            # Two processes and the kernel stamp: a clock's grain can put the later mark before the earlier one.
            delays_ns = np.maximum(t_out[by] - t_in[first:stop][full], 0)
            if len(delays_ns):
                slowest = int(np.argmax(delays_ns))
                if self.slowest_item is None or delays_ns[slowest] > self.delays_ns.largest:
                    self.slowest_item = first + int(np.flatnonzero(full)[slowest])
            self.delays_ns.add(delays_ns)
            in_order = np.zeros(stop - first, dtype=np.int64)
            in_order[full] = delays_ns
            self.delay_blocks.add(in_order)
            self._full_in += len(delays_ns)
            self._carried_in = stop

    def _settle_held(self, t_in: Int64Array, ends_in: Int64Array, t_out: Int64Array, ends_out: Int64Array) -> None:
        """Find what was held when each item came in, as far as no later mark can change it any more."""
        settled = int(search_left(t_in, int(t_out[-1])))
        while self._settled_in < settled:
            first, stop = self._settled_in, min(self._settled_in + _BLOCK_ITEMS, settled)
            passed = search_left(t_out, t_in[first:stop] + 1)
            passed_bytes = np.where(passed > 0, ends_out[np.maximum(passed - 1, 0)], 0)
            self._settled_held_bytes = max(self._settled_held_bytes, int((ends_in[first:stop] - passed_bytes).max()))
            self._settled_in = stop
