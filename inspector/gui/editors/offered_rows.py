"""Which engines, middlewares and proxies are installed here, with the tooltip of each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from inspector.catalogue import ENGINES, MIDDLEWARES, PROXIES, available


@dataclass(frozen=True, slots=True)
class Offer:
    """One value of a knob: whether it can be had here, and what to tell about it."""

    is_available: bool
    tip: str


class _Row(Protocol):
    """A row of any of the tables."""

    @property
    def name(self) -> str: ...
    @property
    def sentence(self) -> str: ...
    @property
    def needs(self) -> str | None: ...
    @property
    def program(self) -> str | None: ...
    @property
    def platforms(self) -> tuple[str, ...]: ...
    @property
    def install(self) -> str: ...


_TABLES: Mapping[str, Sequence[_Row]] = {"engine": ENGINES, "middleware": MIDDLEWARES, "proxy": PROXIES}


def offer_of(knob_name: str, value: str) -> Offer | None:
    """Return what is known of a value of ``engine``, ``middleware`` or ``proxy``; None for other knobs."""
    base = value.partition(":")[0]
    row = next((row for row in _TABLES.get(knob_name, ()) if row.name == base), None)
    if row is None:
        return None
    if available(row):
        return Offer(True, row.sentence)
    return Offer(False, f"{row.sentence}\nNot installed here: {row.install}")
