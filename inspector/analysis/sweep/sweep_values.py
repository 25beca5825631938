"""The values of a sweep as a person writes them: a list, a range, the presets. Pure text to texts.

Path: window or command line -> here -> `inspector.session.sweep_runner`, which checks each value against its knob.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

#: So many values a sweep has at most: more would be no picture, and take all day.
MOST_VALUES = 200
PRESETS_WORD = "presets"
#: How a person writes no middleware at all.
NONE_WORD = "none"
_LEAST_FACTOR = Decimal("1.01")
_NUMBER = r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)"
_RANGE = re.compile(
    rf"(?P<start>{_NUMBER})\s*\.\.\s*(?P<stop>{_NUMBER})\s*"
    rf"(?:step\s*(?P<step>{_NUMBER})|[x*]\s*(?P<factor>{_NUMBER}))?",
    re.ASCII | re.IGNORECASE,
)


class BadValues(ValueError):
    """The text gives no values; the message says what would."""


def parse_values(text: str, *, presets: Sequence[str], numeric: bool) -> list[str]:
    """Return the values of a text in its order, each once.

    Values are separated by commas, or by semicolons where there is one, since a stack of middlewares has commas of its
    own. ``numeric`` knobs take ranges too, both ends included: ``0..100 step 10``, ``1..1000 x10``. ``presets`` stands
    for those of the knob, ``none`` for an empty text. Raises `BadValues`.
    """
    separator = ";" if ";" in text else ","
    words = [word.strip() for word in text.split(separator)]
    if not any(words):
        raise BadValues("No values: give a list such as 0,2,5,50, a range such as 0..100 step 10, or presets.")
    found: dict[str, None] = {}
    for word in words:
        for value in _values_of(word, presets, numeric=numeric):
            found.setdefault(value)
            if len(found) > MOST_VALUES:
                raise BadValues(f"{_shown(word)} makes too many values: a sweep has {MOST_VALUES} at most.")
    return list(found)


def values_text(values: Iterable[str]) -> str:
    """Return values as `parse_values` reads them."""
    words = [value or NONE_WORD for value in values]
    separator = "; " if any("," in word for word in words) else ", "
    # One value with a comma alone would be read as two.
    return separator.join(words) + (";" if separator == "; " and len(words) == 1 else "")


def number_of(value: str) -> float | None:
    """Return a value as a number, None where it is a word."""
    return float(value) if re.fullmatch(rf"{_NUMBER}(?:[eE][+-]?[0-9]{{1,3}})?", value, re.ASCII) else None


def _values_of(word: str, presets: Sequence[str], *, numeric: bool) -> Iterator[str]:
    if not word:
        return
    if word == PRESETS_WORD:
        yield from presets
    elif word == NONE_WORD and not numeric:
        yield ""
    elif numeric and ".." in word:
        yield from _range(word)
    else:
        yield word


def _range(word: str) -> Iterator[str]:
    found = _RANGE.fullmatch(word)
    if found is None:
        raise BadValues(f"{_shown(word)} is no range: write 0..100 step 10, or 1..1000 x10.")
    start, stop = Decimal(found["start"]), Decimal(found["stop"])
    if stop < start:
        raise BadValues(f"{_shown(word)} goes down: a range goes up.")
    if found["factor"]:
        return _geometric(word, start, stop, Decimal(found["factor"]))
    return _arithmetic(word, start, stop, Decimal(found["step"] or 1))


def _arithmetic(word: str, start: Decimal, stop: Decimal, step: Decimal) -> Iterator[str]:
    if step <= 0:
        raise BadValues(f"{_shown(word)} never gets on: its step has to be above 0.")
    value = start
    while value <= stop:
        yield _plain(value)
        value += step


def _geometric(word: str, start: Decimal, stop: Decimal, factor: Decimal) -> Iterator[str]:
    if start <= 0 or factor < _LEAST_FACTOR:
        raise BadValues(f"{_shown(word)} never gets on: start above 0, and multiply by {_LEAST_FACTOR} or more.")
    whole = start == start.to_integral_value() and stop == stop.to_integral_value()
    value = start
    while value <= stop:
        yield _plain(value.to_integral_value() if whole else round(value, 3))
        value *= factor


def _plain(value: Decimal) -> str:
    """Return a number without exponent and without needless zeros."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _shown(word: str) -> str:
    return word if len(word) <= 40 else f"{word[:40]}..."
