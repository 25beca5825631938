"""What a rule of the table is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from inspector.analysis.diagnosis.finding import Verdict
from inspector.analysis.diagnosis.run_analysis import RunAnalysis


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: what it looks for, as a sentence that "Why?" shows, and the function that looks.

    Rules of a lower ``priority`` are asked first. ``find`` is pure and returns None where the rule has nothing to say.
    ``says`` names all the sentences that it may say: each has a run that makes it say so, and one beside it that
    doesn't.
    """

    name: str
    looks_for: str
    priority: int
    find: Callable[[RunAnalysis], Verdict | None]
    says: tuple[str, ...]
