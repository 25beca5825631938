"""Merging: whether items that came in apart were carried on together, and for how long the first waited for the last.

The *spread* of an item of the later layer is the time between the coming in of its first byte and of its last byte. A
buffer makes spreads as long as it collects; a pipeline without one makes none, because each item leaves before the next
one comes. Spreads of one gap never overlap, so their sum is a time, to be compared with that of the whole stream.
"""

from __future__ import annotations

import numpy as np

from inspector.analysis.tracks.alignment import Alignment
from inspector.recording.track import search_left

from .quantiles import Quantiles

_BLOCK_ITEMS = 1 << 16


class MergeStatistics:
    """Spreads of one gap, and what each item of the later layer left behind; incremental like `gap_metrics`."""

    def __init__(self, material_ns: int) -> None:
        """``material_ns``: shorter spreads are noise of a busy machine and count for nothing."""
        self._material_ns = material_ns
        #: Items of the later layer that brought bytes.
        self.carriers = 0
        #: Of these, the ones with a material spread; their spreads, and how long their first bytes waited.
        self.merged = 0
        self.merged_spread_ns = 0
        self.merged_wait_ns = 0
        self.spreads_ns = Quantiles()
        #: Bytes that still waited in the gap after each carrier had left.
        self.left_behind_bytes = Quantiles()
        #: The byte range (earlier layer's axis) and the spread of the carrier that merged over the longest time.
        self.widest: tuple[int, int] | None = None
        self.widest_spread_ns = 0
        self._spread_to = 0
        self._left_to = 0
        self._begin = 0
        self._left_begin = 0

    def update(self, alignment: Alignment) -> None:
        """Take in what the tracks have grown by. They are aligned by the same columns each time."""
        earlier, later = alignment.earlier, alignment.later
        if not len(earlier) or not len(later):
            return
        ends_in, ends_out = alignment.ends_in, alignment.ends_out
        settled = int(search_left(ends_out, int(ends_in[-1]) + 1))
        while self._spread_to < settled:
            self._add_spreads(alignment, min(self._spread_to + _BLOCK_ITEMS, settled))
        settled = min(settled, int(search_left(later.t_ns, int(earlier.t_ns[-1]))))
        while self._left_to < settled:
            self._add_left_behind(alignment, min(self._left_to + _BLOCK_ITEMS, settled))

    def _add_spreads(self, alignment: Alignment, stop: int) -> None:
        earlier, later = alignment.earlier, alignment.later
        first, ends = self._spread_to, alignment.ends_out[self._spread_to : stop]
        begins = np.concatenate(([self._begin], ends[:-1]))
        full = ends > begins
        begins, ends_full = begins[full], ends[full]
        since = earlier.t_ns[alignment.origins(begins + 1)]
        waits = np.maximum(later.t_ns[first:stop][full] - since, 0)
        # What left before its last byte was marked as come in (a piece of a chunk that is not whole yet) did not wait.
        spreads = np.minimum(np.maximum(earlier.t_ns[alignment.origins(ends_full)] - since, 0), waits)
        merged = spreads >= self._material_ns
        self.carriers += len(spreads)
        self.merged += int(np.count_nonzero(merged))
        self.merged_spread_ns += int(spreads[merged].sum())
        self.merged_wait_ns += int(waits[merged].sum())
        self.spreads_ns.add(spreads[merged])
        if len(spreads) and int(spreads.max()) > self.widest_spread_ns:
            widest = int(np.argmax(spreads))
            self.widest = (int(begins[widest]), int(ends_full[widest]))
            self.widest_spread_ns = int(spreads[widest])
        self._begin = int(ends[-1])
        self._spread_to = stop

    def _add_left_behind(self, alignment: Alignment, stop: int) -> None:
        earlier, later = alignment.earlier, alignment.later
        first, ends = self._left_to, alignment.ends_out[self._left_to : stop]
        full = np.diff(ends, prepend=np.int64(self._left_begin)) > 0
        came = search_left(earlier.t_ns, later.t_ns[first:stop][full] + 1)
        ends_in = alignment.ends_in
        in_bytes = np.where(came > 0, ends_in[np.maximum(came - 1, 0)], 0)
        self.left_behind_bytes.add(np.maximum(in_bytes - ends[full], 0))
        self._left_begin = int(ends[-1])
        self._left_to = stop
