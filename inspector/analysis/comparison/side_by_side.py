"""The figures of A and B side by side, for a glance: ``49 ms → 0.1 ms``, what it is, and whether B is better."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from inspector.analysis.formatting import time_text
from inspector.analysis.runs.run_summary import RunSummary

from .comparison import Side, differences, is_fair

Tone = Literal["better", "worse", ""]
#: What stands for a figure that is not known yet.
NOT_YET = "…"
#: Verdicts that tell of bytes which waited; where one run has such a one and the other streams, no chance did that.
_ACCUSING = ("coalesced", "held", "stalls", "back_pressure", "not_a_stream")


@dataclass(frozen=True, slots=True)
class Pair:
    """One figure of both runs in words. ``tone`` says what B is beside A, "" where nothing may be said of it."""

    name: str
    label: str
    a: str
    b: str
    tone: Tone = ""

    @property
    def text(self) -> str:
        """Both, as a caption has them."""
        return f"{self.a} → {self.b}"


@dataclass(frozen=True, slots=True)
class _Figure:
    name: str
    label: str
    of: Callable[[RunSummary], float | None]
    is_time: bool = True


_FIGURES = (
    _Figure("wait_ms", "parts wait (median)", lambda run: run.wait_ms),
    _Figure("ttfb_ms", "first byte", lambda run: run.ttfb_ms),
    _Figure("chunks", "chunks", lambda run: run.chunks, is_time=False),
)


def pairs_of(a: Side | None, b: Side | None, differing: int) -> tuple[Pair, ...]:
    """Return the figures that at least one run has, the one that matters most first; None for a run without figures.

    A tone is given only where one setting differs, and only by what the sentence may claim, or by the verdicts.
    """
    tones = _tones(a, b) if a is not None and b is not None and is_fair(a, b, differing) else {}
    found = []
    for figure in _FIGURES:
        values = [figure.of(side.run) if side is not None else None for side in (a, b)]
        if any(value is not None for value in values):
            texts = _time_texts(values) if figure.is_time else [_count_text(value) for value in values]
            found.append(Pair(figure.name, figure.label, texts[0], texts[1], tones.get(figure.name, "")))
    return tuple(found)


def _tones(a: Side, b: Side) -> dict[str, Tone]:
    tones: dict[str, Tone] = {}
    for one in differences(a, b):
        if one.name in ("wait_ms", "ttfb_ms"):
            before, after = getattr(a.run, one.name), getattr(b.run, one.name)
            tones[one.name] = "better" if after < before else "worse"
    kinds = a.run.kind, b.run.kind
    if kinds[0] in _ACCUSING and kinds[1] == "streams":
        tones["wait_ms"] = "better"
    elif kinds[1] in _ACCUSING and kinds[0] == "streams":
        tones["wait_ms"] = "worse"
    return tones


def _time_texts(values: list[float | None]) -> list[str]:
    """Return times in units that can be compared at a glance: no microseconds beside milliseconds."""
    longest_ms = max(value for value in values if value is not None)
    return [NOT_YET if value is None else _time_beside(value, longest_ms) for value in values]


def _time_beside(value_ms: float, longest_ms: float) -> str:
    text = time_text(value_ms)
    if longest_ms >= 1.0 and text.endswith("µs"):
        return f"{value_ms:.1g} ms" if value_ms >= 0.01 else "0.01 ms"
    return text


def _count_text(value: float | None) -> str:
    return NOT_YET if value is None else f"{value:,.0f}"
