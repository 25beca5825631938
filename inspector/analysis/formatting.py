"""Numbers in words: times, bytes, ratios and counts as a sentence has them."""

from __future__ import annotations

from inspector.recording.layers import LAYER_BY_NAME

_COUNTS = (
    "no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
)  # fmt: skip
#: Below it, microseconds are written.
_LEAST_MS = 0.0995
_LEAST_MICROSECONDS = 0.05
_HOUR_MS = 3_600_000.0
#: Milliseconds of each unit, from what number of it on the next unit is written (as it would be rounded), its name.
_TIME_UNITS = ((1.0, 999.5, "ms"), (1_000.0, 59.95, "s"), (60_000.0, 99.5, "min"), (_HOUR_MS, 99.5, "h"))


def time_text(value_ms: float) -> str:
    """Return a time of so many milliseconds: ``21 µs``, ``0.4 ms``, ``49 ms``, ``412 ms``, ``1.2 s``, ``1.5 min``.

    Two digits, three from a hundred on; never ``1000 ms`` where it is a second.
    """
    if abs(value_ms) < _LEAST_MS:
        micros = value_ms * 1_000
        return f"{_rounded(micros)} µs" if abs(micros) >= _LEAST_MICROSECONDS else "0 ms"
    for unit_ms, most, unit in _TIME_UNITS:
        if abs(value_ms) / unit_ms < most:
            return f"{_rounded(value_ms / unit_ms)} {unit}"
    return f"{value_ms / _HOUR_MS:,.0f} h"


def duration_text(duration_ns: float) -> str:
    """Return a time of so many nanoseconds, written as `time_text` writes it."""
    return time_text(duration_ns / 1e6)


def bytes_text(count: float) -> str:
    """Return a number of bytes, three digits at most: ``640 B``, ``1.3 KB``, ``178 MB``; 1 KB is 1,000 bytes."""
    if abs(count) < 999.5:
        return f"{count:.0f} B"
    for power, unit in enumerate(("KB", "MB", "GB"), 1):
        value = count / 1000**power
        if abs(value) < 99.95:
            return f"{value:.1f} {unit}"
        if abs(value) < 999.5:
            return f"{value:.0f} {unit}"
    return f"{count / 1e12:,.1f} TB"


def rate_text(bytes_per_s: float) -> str:
    """Return bytes per second: ``300 B/s``, ``1.2 MB/s``."""
    return f"{bytes_text(bytes_per_s)}/s"


def ratio_text(value: float) -> str:
    """Return a ratio without needless digits: ``5``, ``2.2``, ``120``."""
    text = f"{value:.0f}" if value >= 10 else f"{value:.1f}"
    return text.removesuffix(".0")


def count_in_words(count: int) -> str:
    """Return a small count as a word: ``two``, ``twelve``; from 13 on in digits."""
    return _COUNTS[count] if 0 <= count < len(_COUNTS) else f"{count:,}"


def short_count(count: int) -> str:
    """Return a count with four digits or so where it would have six: ``9,876``, ``737k``, ``1.00M``."""
    if count < 100_000:
        return f"{count:,}"
    return f"{count / 1_000:.0f}k" if count < 999_500 else f"{count / 1_000_000:,.2f}M"


def share_text(share: float) -> str:
    """Return a share of 1 as whole per cents: ``86 %``."""
    return f"{share:.0%}".replace("%", " %")


def count_text(count: int, layer: str) -> str:
    """Return a count of items of a layer: ``1 part``, ``1,200 yields``."""
    return f"{count:,} {item_text(layer) if count == 1 else items_text(layer)}"


def count_of(count: int, noun: str) -> str:
    """Return a count of anything whose plural ends in an s: ``1 member``, ``1,200 members``."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def item_text(layer: str) -> str:
    """Return what one item of a layer is called; between two middlewares it is an item."""
    return LAYER_BY_NAME[layer].item if layer in LAYER_BY_NAME else "item"


def one_text(layer: str) -> str:
    """Return one item of a layer with its article: ``a part``, ``an item``."""
    noun = item_text(layer)
    return f"{'an' if noun[:1] in 'aeiou' else 'a'} {noun}"


def items_text(layer: str) -> str:
    """Return what items of a layer are called."""
    return LAYER_BY_NAME[layer].items if layer in LAYER_BY_NAME else "items"


def _rounded(value: float) -> str:
    """Return two digits, three from a hundred on: ``4.1``, ``49``, ``412``."""
    return f"{value:.1f}" if abs(value) < 9.95 else f"{value:.0f}"
