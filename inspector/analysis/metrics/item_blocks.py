"""The largest and the median value of each few neighbouring items: what a picture of very many items needs of them.

A picture a thousand pixels wide that asks for the largest of ten thousand items in each pixel column would have to look
at all of them in each frame; of blocks there are an eighth as many, they lie side by side, and nothing is left out.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

BLOCK_ITEMS = 8
_FIRST_BLOCKS = 64

Float32Array = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Blocks:
    """Whole blocks of `BLOCK_ITEMS` values each, shape ``(blocks,)``: windows that don't change when more come."""

    largest: Float32Array
    medians: Float32Array

    @property
    def items(self) -> int:
        """How many items they stand for: those from the first one on."""
        return BLOCK_ITEMS * len(self.largest)


class ItemBlocks:
    """Blocks of values that are added in the order of their items. Thread: any one at a time.

    Takes 8 bytes for each block; seven digits of a value are kept.
    """

    def __init__(self) -> None:
        self._count = 0
        self._blocks: Float32Array = np.empty((2, _FIRST_BLOCKS), dtype=np.float32)
        self._left: Float32Array = np.empty(0, dtype=np.float32)

    @property
    def blocks(self) -> Blocks:
        """The blocks that are full."""
        return Blocks(self._blocks[0, : self._count], self._blocks[1, : self._count])

    def add(self, values: NDArray[np.int64]) -> None:
        """Add the values of the next items, shape ``(any,)``."""
        waiting = np.concatenate([self._left, values.astype(np.float32)])
        full = len(waiting) // BLOCK_ITEMS
        self._left = waiting[full * BLOCK_ITEMS :].copy()
        if not full:
            return
        rows = np.sort(waiting[: full * BLOCK_ITEMS].reshape(full, BLOCK_ITEMS), axis=1)
        stop = self._count + full
        if stop > self._blocks.shape[1]:
            grown = np.empty((2, max(stop, 2 * self._blocks.shape[1])), dtype=np.float32)
            grown[:, : self._count] = self._blocks[:, : self._count]
            self._blocks = grown
        self._blocks[0, self._count : stop] = rows[:, -1]
        self._blocks[1, self._count : stop] = rows[:, BLOCK_ITEMS // 2]
        self._count = stop
