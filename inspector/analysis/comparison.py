"""Two runs compared in one sentence with figures: what is the same, and what is not, the most telling first.

"Same 10,240 bytes, same total 2.0 s; first byte 31 times earlier in A (12 ms against 380 ms)."
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from .summary import RunSummary
from .wording import bytes_text, ratio_text, time_text

#: Figures this close are the same: runs of the same thing differ by as much.
SAME_SHARE = 0.05
#: A ratio that a person sees.
TELLING_RATIO = 1.25
#: Differences below these are noise whatever their ratio.
LEAST_MS = 5.0
LEAST_HELD_BYTES = 1_000
LEAST_MEMORY_BYTES = 8_000_000
_MOST_CLAUSES = 3


@dataclass(frozen=True, slots=True)
class Difference:
    """One figure that differs. ``ratio`` is the larger over the smaller, ``text`` the clause."""

    name: str
    ratio: float
    text: str


@dataclass(frozen=True, slots=True)
class _Figure:
    name: str
    of: Callable[[RunSummary], float | None]
    least: float
    #: "{ratio}", "{letter}" of the run with the smaller value (or larger, see ``names_larger``), "{a}" and "{b}".
    text: str
    shown: Callable[[float], str]
    names_larger: bool = False
    least_smaller: float = 0.0


_FIGURES: tuple[_Figure, ...] = (
    _Figure("ttfb_ms", lambda run: run.ttfb_ms, LEAST_MS,
            "first byte {ratio} times earlier in {letter} ({a} against {b})", time_text),
    _Figure("held_bytes_max", lambda run: run.held_bytes_max, LEAST_HELD_BYTES,
            "{letter} holds {ratio} times as much at most ({a} against {b})", bytes_text, names_larger=True),
    _Figure("rss_rise_bytes", lambda run: run.rss_rise_bytes, LEAST_MEMORY_BYTES,
            "{letter} takes {ratio} times the memory ({a} against {b})", bytes_text, names_larger=True),
    _Figure("chunks", lambda run: run.chunks, 1,
            "{ratio} times as many chunks in {letter} ({a} against {b})", lambda count: f"{count:,.0f}",
            names_larger=True),
    _Figure("gap_p50_ms", lambda run: run.gap_p50_ms, LEAST_MS,
            "{ratio} times as long between chunks in {letter} ({a} against {b})", time_text, names_larger=True,
            least_smaller=1.0),
)  # fmt: skip


def comparison(a: RunSummary, b: RunSummary) -> str:
    """Return the sentence. Runs without a byte, still running or failed are told as such. Pure and symmetric."""
    for letter, run in (("A", a), ("B", b)):
        if run.ending not in ("", "complete", "stopped"):
            return f"{letter} did not end well ({run.ending.replace('_', ' ')}): only what both have can be compared."
    if not a.content_bytes or not b.content_bytes:
        return "Nothing to compare yet: one of them has no byte."
    same = [_bytes_clause(a, b), _total_clause(a, b)]
    found = sorted(differences(a, b), key=lambda one: one.ratio, reverse=True)
    first = next((one for one in found if one.name == "ttfb_ms"), None)
    told = ([first] if first else []) + [one for one in found if one is not first]
    running = "" if a.ending and b.ending else "So far: "
    head = ", ".join(filter(None, same))
    tail = "; ".join(one.text for one in told[: _MOST_CLAUSES - 1]) or "no difference that matters"
    text = f"{running}{head}; {tail}." if head else f"{running}{tail}."
    return text[0].upper() + text[1:]


def differences(a: RunSummary, b: RunSummary) -> list[Difference]:
    """Return the figures in which two runs differ so that a person sees it, in the order of the table."""
    found = []
    for figure in _FIGURES:
        of_a, of_b = figure.of(a), figure.of(b)
        if of_a is None or of_b is None or abs(of_a - of_b) < figure.least:
            continue
        smaller, larger = sorted((of_a, of_b))
        ratio = larger / smaller if smaller > 0 else float("inf")
        # A ratio to next to nothing is a large number that tells nothing.
        if ratio < TELLING_RATIO or smaller < figure.least_smaller:
            continue
        letter = "A" if (of_a > of_b) == figure.names_larger else "B"
        words = {"letter": letter, "a": figure.shown(of_a), "b": figure.shown(of_b), "ratio": ratio_text(ratio)}
        text = figure.text.format(**words) if ratio < 1e6 else _without_ratio(figure, words)
        found.append(Difference(figure.name, ratio, text))
    return found


def _without_ratio(figure: _Figure, words: dict[str, str]) -> str:
    names = {"held_bytes_max": "held at most", "rss_rise_bytes": "memory", "chunks": "chunks"}
    return f"{names.get(figure.name, figure.name)}: {words['a']} in A, {words['b']} in B"


def _bytes_clause(a: RunSummary, b: RunSummary) -> str:
    if a.content_bytes == b.content_bytes:
        return f"same {a.content_bytes:,} bytes"
    return f"{a.content_bytes:,} bytes in A, {b.content_bytes:,} in B"


def _total_clause(a: RunSummary, b: RunSummary) -> str:
    if a.total_ms is None or b.total_ms is None:
        return ""
    longer, shorter = max(a.total_ms, b.total_ms), min(a.total_ms, b.total_ms)
    if longer - shorter <= max(SAME_SHARE * longer, LEAST_MS):
        return f"same total {time_text(longer)}"
    return f"{time_text(a.total_ms)} in A, {time_text(b.total_ms)} in B in all"
