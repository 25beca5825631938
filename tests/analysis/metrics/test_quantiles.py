"""Quantiles: exact while they are few, inside their bound for ever, the same in any cuts."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.analysis.metrics.quantiles import EXACT_VALUES, Quantiles
from inspector.recording.track import Int64Array

FRACTIONS = (0.001, 0.25, 0.5, 0.95, 0.99, 0.999, 1.0)


def quantiles_of(*batches: Int64Array) -> Quantiles:
    quantiles = Quantiles()
    for batch in batches:
        quantiles.add(batch)
    return quantiles


def by_hand(values: Int64Array, fraction: float) -> int:
    return int(np.sort(values)[max(1, math.ceil(fraction * len(values))) - 1])


@given(st.lists(st.integers(0, 2**62), min_size=1), st.sampled_from(FRACTIONS))
def test_that_few_values_have_exact_quantiles(values: list[int], fraction: float) -> None:
    assert quantiles_of(np.array(values)).quantile(fraction) == by_hand(np.array(values), fraction)


@pytest.mark.parametrize("spread", ["narrow", "wide", "small", "constant", "mostly zero", "largest"])
def test_that_many_values_have_quantiles_less_than_one_percent_off(spread: str) -> None:
    dice = np.random.default_rng(5)
    count = EXACT_VALUES * 3
    values = {
        "narrow": dice.integers(1_000_000, 1_010_000, count),
        "wide": np.exp(dice.uniform(0, 43, count)).astype(np.int64),
        "small": dice.integers(0, 400, count),
        "constant": np.full(count, 123_457),
        "mostly zero": np.where(dice.random(count) < 0.9, 0, dice.integers(1, 10**9, count)),
        "largest": np.full(count, 2**63 - 1),
    }[spread]
    quantiles = quantiles_of(values)
    for fraction in FRACTIONS:
        exact = by_hand(values, fraction)
        found = quantiles.quantile(fraction)
        assert found is not None
        assert abs(found - exact) <= exact * 0.01
        if exact < 100:
            assert found == exact
    assert (quantiles.count, quantiles.largest) == (count, values.max())


@given(st.lists(st.integers(0, 2**62), max_size=40), st.lists(st.integers(0, 40)), st.booleans())
def test_that_the_answer_does_not_depend_on_cuts_or_order(values: list[int], cuts: list[int], many: bool) -> None:
    whole = np.array(values * (1 + EXACT_VALUES // max(1, len(values)) if many else 1), dtype=np.int64)
    batches = np.array_split(whole[::-1], sorted(cuts))
    one, other = quantiles_of(whole), quantiles_of(*batches)
    for fraction in FRACTIONS:
        assert one.quantile(fraction) == other.quantile(fraction)
    assert (one.count, one.largest) == (other.count, other.largest)


def test_that_asking_in_between_changes_nothing() -> None:
    quantiles = Quantiles()
    assert quantiles.median is None
    for start in range(0, EXACT_VALUES + 1_000, 500):
        quantiles.add(np.arange(start, start + 500)[::-1])
        exact = start + 500
        median = quantiles.median
        assert median is not None
        assert abs(median - (exact // 2 - 1)) <= (0 if exact <= EXACT_VALUES else exact * 0.005)


def test_that_memory_is_bounded() -> None:
    quantiles = quantiles_of(*[np.arange(50_000) + n for n in range(30)])
    kept = [value for value in vars(quantiles).values() if isinstance(value, np.ndarray)]
    assert sum(array.nbytes for array in kept) < 100_000
    assert vars(quantiles)["_added"] == []


def test_that_what_was_added_may_be_changed_afterwards() -> None:
    values = np.array([1, 2, 3])
    quantiles = quantiles_of(values)
    values[:] = 9
    assert quantiles.median == 2
