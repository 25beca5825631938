"""Numbers in words: times, bytes, ratios and counts as a sentence has them."""

from __future__ import annotations

from inspector.recording.layers import LAYER_BY_NAME


def time_text(value_ms: float) -> str:
    """Return a time with three digits at most: ``0.4 ms``, ``40 ms``, ``1.2 s``."""
    if value_ms >= 60_000:
        return f"{value_ms / 60_000:.1f} min"
    if value_ms >= 1_000:
        return f"{value_ms / 1_000:.1f} s"
    if value_ms >= 10:
        return f"{value_ms:.0f} ms"
    return f"{value_ms:.1f} ms" if value_ms >= 0.1 else "under 0.1 ms"


def bytes_text(count: float) -> str:
    """Return a number of bytes: ``640 B``, ``1.3 KiB``, ``178 MiB``."""
    power = min(3, (int(abs(count)).bit_length() - 1) // 10) if abs(count) >= 1024 else 0
    value = count / 1024**power
    return f"{value:.{1 if power and value < 100 else 0}f} {('B', 'KiB', 'MiB', 'GiB')[power]}"


def ratio_text(value: float) -> str:
    """Return a ratio without needless digits: ``5``, ``2.2``, ``120``."""
    text = f"{value:.0f}" if value >= 10 else f"{value:.1f}"
    return text.removesuffix(".0")


def count_text(count: int, layer: str) -> str:
    """Return a count of items of a layer: ``1 part``, ``1,200 yields``."""
    return f"{count:,} {item_text(layer) if count == 1 else items_text(layer)}"


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
