"""Which setting the number keys 1 to 9, plus and minus change, and to which value. No Qt."""

from __future__ import annotations

from typing import NamedTuple

from inspector.catalogue import ITEM_PRESETS, Knob

#: What the keys 1 to 9 set a buffer of items to: unbuffered, a number of items, all.
_ITEMS: tuple[int | None, ...] = (*ITEM_PRESETS, None)
#: The same for a buffer that counts bytes.
_BYTES: tuple[int | None, ...] = (0, 64, 256, 512, 1024, 4096, 16_384, 65_536, None)
_KIB = 1024


class Preset(NamedTuple):
    """One value that a number key sets a buffer to; ``label`` is as short as a button likes it."""

    key: int
    value: float
    label: str


def presets_of(knob: Knob) -> tuple[Preset, ...]:
    """Return the presets of a buffer, one for each of the keys 1 to 9."""
    return tuple(Preset(key, value := preset_of(knob, key), short_word(knob, value)) for key in range(1, 10))


def preset_of(knob: Knob, key: int) -> float:
    """Return the value that a number key sets a buffer to; ``key`` is 1 to 9, 9 being all."""
    presets = _BYTES if knob.unit == "bytes" else _ITEMS
    value = presets[key - 1]
    return float(knob.maximum if value is None else max(value, knob.minimum))


def short_word(knob: Knob, value: float) -> str:
    """Return what a button for a value of a buffer says: ``none``, ``50``, ``4K``, ``all``."""
    if value <= knob.minimum:
        return "none"
    if value >= knob.maximum:
        return "all"
    if knob.unit == "bytes" and value >= _KIB and value % _KIB == 0:
        return f"{value / _KIB:.0f}K"
    return f"{value:,.0f}"


def nudged(knob: Knob, value: float, direction: int) -> float:
    """Return a value a quarter larger (``direction`` 1) or smaller (-1), by one whole step at least, within range."""
    if knob.kind == "int":
        step = max(1, round(abs(value) / 4))
        wanted = value + direction * step
        while wanted in knob.refused:
            wanted += direction
    else:
        wanted = value + direction * (value / 4 if value else 1)
    return float(min(max(wanted, knob.minimum), knob.maximum))
