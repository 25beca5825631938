"""Which engines, middlewares and proxies are installed here, with the tooltip of each."""

from __future__ import annotations

from dataclasses import dataclass

from inspector.catalogue import Knob, available


@dataclass(frozen=True, slots=True)
class Offer:
    """One value of a knob: whether it can be had here, and what to tell about it."""

    is_available: bool
    tip: str


def offer_of(knob: Knob, value: str) -> Offer | None:
    """Return what is known of a value of a knob; None where its values are no rows of a table."""
    row = knob.row_of(value)
    if row is None:
        return None
    if available(row):
        return Offer(True, row.sentence)
    return Offer(False, f"{row.sentence}\nNot installed here: {row.install}")
