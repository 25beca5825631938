"""Median, p95, p99 and largest of any number of values, in bounded memory and without looking twice.

Exact up to `EXACT_VALUES` values. From then on a histogram with logarithmic bins answers, whose relative error is below
1 % (the idea of DDSketch, Masson, Rim and Lee, VLDB 2019). What it answers depends on the values alone, not on their
order nor on how they were cut into batches.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from inspector.recording.track import Int64Array

EXACT_VALUES = 20_000
#: Half of what is promised, so that rounding to whole numbers stays inside.
_RELATIVE_ERROR = 0.005
_GROWTH = (1 + _RELATIVE_ERROR) / (1 - _RELATIVE_ERROR)
_LOG_GROWTH = math.log(_GROWTH)
#: Bin 0 holds zeros, bin ``i`` the values in ``(growth ** (i - 2), growth ** (i - 1)]``; the last one 2 ** 63.
_BINS = 2 + math.ceil(63 * math.log(2) / _LOG_GROWTH)


class Quantiles:
    """Quantiles of whole numbers from 0 on (ns, bytes). At most about 200 kB, whatever was added."""

    def __init__(self) -> None:
        self.count = 0
        self.largest = 0
        self._sorted: Int64Array = np.empty(0, dtype=np.int64)
        self._added: list[Int64Array] = []
        self._bins: NDArray[np.int64] | None = None

    def add(self, values: Int64Array) -> None:
        """Add values, shape ``(n,)``, none below 0. The cost depends on ``n`` alone."""
        if not len(values):
            return
        self.count += len(values)
        self.largest = max(self.largest, int(values.max()))
        if self._bins is not None:
            self._bins += _binned(values)
            return
        self._added.append(np.array(values, dtype=np.int64))
        if self.count > EXACT_VALUES:
            self._bins = _binned(self._sorted)
            for added in self._added:
                self._bins += _binned(added)
            self._sorted, self._added = np.empty(0, dtype=np.int64), []

    def quantile(self, fraction: float) -> int | None:
        """Return the smallest value that at least ``fraction`` of the values do not exceed (nearest rank).

        ``fraction`` lies in ``(0, 1]``. None without values. Less than 1 % off once there are more than
        `EXACT_VALUES`, exact before.
        """
        if not self.count:
            return None
        rank = max(1, math.ceil(fraction * self.count))
        if self._bins is None:
            return int(self._merged()[rank - 1])
        if rank == self.count:
            return self.largest
        found = int(np.searchsorted(np.cumsum(self._bins), rank, "left"))
        if found == 0:
            return 0
        return min(round(2 * _GROWTH ** (found - 1) / (_GROWTH + 1)), self.largest)

    @property
    def median(self) -> int | None:
        """The value at half of the values, None without any."""
        return self.quantile(0.5)

    def _merged(self) -> Int64Array:
        if self._added:
            self._sorted = np.concatenate([self._sorted, *self._added])
            self._added.clear()
            # A stable sort merges what is sorted already, which makes a small addition cheap.
            self._sorted.sort(kind="stable")
        return self._sorted


def _binned(values: Int64Array) -> NDArray[np.int64]:
    bins = np.ceil(np.log(np.maximum(values, 1)) / _LOG_GROWTH).astype(np.int64) + 1
    bins[values <= 0] = 0
    return np.bincount(bins, minlength=_BINS)
