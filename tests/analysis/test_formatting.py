"""Numbers in words: three digits at most, a space before the unit, and never more of a unit than makes the next one."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.analysis.formatting import bytes_text, duration_text, rate_text, time_text

_UNITS = {
    "µs": 1e-3, "ms": 1.0, "s": 1e3, "min": 6e4, "h": 3.6e6, "B": 1.0, "KB": 1e3, "MB": 1e6, "GB": 1e9, "TB": 1e12,
}  # fmt: skip
_SIZE = re.compile(r"(-?[0-9,]+(?:\.[0-9])?) (\S+)")


def value_of(text: str) -> float:
    """Read a number back: milliseconds or bytes."""
    found = _SIZE.fullmatch(text)
    assert found, text
    return float(found[1].replace(",", "")) * _UNITS[found[2]]


@pytest.mark.parametrize(
    ("value_ms", "text"),
    [(0, "0 ms"), (0.0206, "21 µs"), (0.0041, "4.1 µs"), (0.43, "0.4 ms"), (0.9996, "1.0 ms"), (49.1, "49 ms"),
     (412.4, "412 ms"), (999.6, "1.0 s"), (2_049, "2.0 s"), (48_300, "48 s"), (59_960, "1.0 min"), (9e6, "2.5 h")],
)  # fmt: skip
def test_that_a_time_is_written_as_people_read_it(value_ms: float, text: str) -> None:
    assert time_text(value_ms) == text
    assert duration_text(value_ms * 1e6) == text


@pytest.mark.parametrize(
    ("count", "text"),
    [(0, "0 B"), (679, "679 B"), (999.6, "1.0 KB"), (1_331, "1.3 KB"), (99_960, "100 KB"), (12_400_000, "12.4 MB"),
     (999_600_000, "1.0 GB"), (10**12, "1.0 TB")],
)  # fmt: skip
def test_that_a_size_is_written_as_people_read_it(count: float, text: str) -> None:
    assert bytes_text(count) == text
    assert rate_text(count) == f"{text}/s"


@given(st.floats(0, 3e8) | st.floats(0, 2))
def test_that_a_time_has_three_digits_at_most_and_is_near(value_ms: float) -> None:
    text = time_text(value_ms)
    assert sum(letter.isdigit() for letter in text) <= 3
    # One decimal of less than ten: half of it is 5 % of one unit, and of 0.1 ms half of that.
    assert value_of(text) == pytest.approx(value_ms, rel=0.051 if value_ms >= 1 else 0.5, abs=1e-4)


@given(st.floats(0, 5e14))
def test_that_a_size_has_three_digits_at_most_and_is_near(count: float) -> None:
    text = bytes_text(count)
    assert sum(letter.isdigit() for letter in text.replace(" TB", "")) <= 3 or text.endswith("TB")
    assert value_of(text) == pytest.approx(count, rel=0.051, abs=0.51)


@given(st.lists(st.floats(0, 3e8), min_size=2, max_size=2))
def test_that_a_longer_time_never_reads_as_a_shorter_one(times: list[float]) -> None:
    shorter, longer = sorted(times)
    assert value_of(time_text(shorter)) <= value_of(time_text(longer)) * (1 + 1e-9)
