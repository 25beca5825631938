"""Blocks of values: the largest and the median of each, however the values were cut into batches."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from inspector.analysis.metrics.item_blocks import BLOCK_ITEMS, ItemBlocks


@given(st.lists(st.lists(st.integers(0, 10**7), max_size=30), max_size=12))
def test_that_blocks_are_of_the_values_in_their_order(batches: list[list[int]]) -> None:
    blocks = ItemBlocks()
    for batch in batches:
        blocks.add(np.array(batch, dtype=np.int64))
    values = [value for batch in batches for value in batch]
    whole = [values[at : at + BLOCK_ITEMS] for at in range(0, len(values) - BLOCK_ITEMS + 1, BLOCK_ITEMS)]
    assert blocks.blocks.largest.tolist() == [max(block) for block in whole]
    assert blocks.blocks.medians.tolist() == [sorted(block)[BLOCK_ITEMS // 2] for block in whole]
    assert blocks.blocks.items == BLOCK_ITEMS * len(whole)


def test_that_blocks_given_before_stay_as_they_were() -> None:
    blocks = ItemBlocks()
    blocks.add(np.arange(8 * 64))
    before = blocks.blocks
    kept = before.largest.tolist()
    blocks.add(np.arange(8 * 1_000))
    assert before.largest.tolist() == kept
