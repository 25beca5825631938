"""Which setting the number keys 1 to 9, plus and minus change, and to which value. No Qt."""

from __future__ import annotations

from inspector.catalogue import ITEM_PRESETS, Knob

#: What the keys 1 to 9 set a buffer of items to: unbuffered, a number of items, all.
_ITEMS: tuple[int | None, ...] = (*ITEM_PRESETS, None)
#: The same for a buffer that counts bytes.
_BYTES: tuple[int | None, ...] = (0, 64, 256, 512, 1024, 4096, 16_384, 65_536, None)


def preset_of(knob: Knob, key: int) -> float:
    """Return the value that a number key sets a buffer to; ``key`` is 1 to 9, 9 being all."""
    presets = _BYTES if knob.unit == "bytes" else _ITEMS
    value = presets[key - 1]
    return float(knob.maximum if value is None else max(value, knob.minimum))


def preset_word(knob: Knob, value: float) -> str:
    """Return what a value is called: ``unbuffered``, ``all``, ``50 items``."""
    if value <= knob.minimum:
        return "unbuffered"
    return "all" if value >= knob.maximum else f"{value:,.0f} {knob.unit}"


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
