"""What a rule of the table is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from inspector.analysis.case import Case
from inspector.analysis.findings import Verdict


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: what it looks for, in words, and the function that looks.

    Rules of a lower ``priority`` are asked first. ``find`` is pure and returns None where the rule has nothing to say.
    ``facts`` names the row of the streaming facts behind it.
    """

    name: str
    looks_for: str
    facts: str
    priority: int
    find: Callable[[Case], Verdict | None]
