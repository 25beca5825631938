"""What a rule of the table is, and what its thresholds are: numbers that say themselves what they mean and why."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal, Self

from inspector.analysis.diagnosis.finding import Verdict
from inspector.analysis.diagnosis.run_analysis import RunAnalysis
from inspector.analysis.formatting import bytes_text, rate_text, ratio_text, share_text, time_text

Unit = Literal["ms", "bytes", "bytes/s", "share", "times", "count"]
#: What a rule needs to see: the server's taps, nothing of them, or either.
Needs = Literal["taps", "no taps", "either"]

_TEXTS: Mapping[Unit, Callable[[float], str]] = {
    "ms": time_text,
    "bytes": bytes_text,
    "bytes/s": rate_text,
    "share": share_text,
    "times": lambda value: f"{ratio_text(value)} times",
    "count": ratio_text,
}


class Threshold(float):
    """A number that a rule compares with: used as the number that it is, and explained by ``why``."""

    unit: Unit
    why: str

    def __new__(cls, value: float, unit: Unit, why: str) -> Self:
        """Return the number, with its unit and a sentence on what it decides and why it is this large."""
        made = super().__new__(cls, value)
        made.unit, made.why = unit, why
        return made

    @property
    def text(self) -> str:
        """The number as a sentence has it: ``90 %``, ``500 ms``."""
        return _TEXTS[self.unit](float(self))


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: what it looks for, as a sentence that "Why?" shows, and the function that looks.

    Rules of a lower ``priority`` are asked first. ``find`` is pure and returns None where the rule has nothing to say.
    ``says`` names all the sentences that it may say, each with what it means: each has a run that makes it say so, and
    one beside it that doesn't. ``thresholds`` are all that it compares with. ``changes_if`` is a sentence on what would
    change its verdict.
    """

    name: str
    looks_for: str
    priority: int
    find: Callable[[RunAnalysis], Verdict | None]
    needs: Needs
    says: Mapping[str, str]
    changes_if: str
    thresholds: tuple[Threshold, ...] = ()
