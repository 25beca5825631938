"""Two runs compared in a few sentences: what differs by more than chance, how long parts wait, and what is the same.

"First byte 31 times earlier in A: 12 ms against 372 ms. Parts wait 0.1 ms in A, 240 ms in B. Same 10,240 bytes in the
same 2.0 s." A factor is claimed only where one setting differs and the figures are further apart than those of runs
of the same settings: measured ones of this session where there are some, else the limits below.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from inspector.analysis.formatting import bytes_text, count_in_words, ratio_text, time_text
from inspector.analysis.runs.run_summary import RunSummary
from inspector.analysis.sweep.significance import SINGLE_RUN_VARIATION, Noise
from inspector.analysis.sweep.sweep_results import Measured

#: Totals this close are the same: runs of the same thing differ by as much.
SAME_SHARE = 0.05
SAME_MS = 20.0
#: A ratio that a person sees; for figures that repeated runs give.
TELLING_RATIO = 1.25
#: Below it a time is next to nothing, and a ratio to it tells nothing.
LEAST_TIME_MS = 1.0
#: From so many runs of each side on, their spread says what chance is.
LEAST_RUNS = 3
_MOST_CLAIMS = 2


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a comparison: the run, and earlier ones of the same settings that were made in the same way.

    ``is_cold`` tells that its server is not ours to warm up, and was not asked for anything before; ``was_turned`` that
    a setting was turned while it ran.
    """

    run: RunSummary
    earlier: tuple[RunSummary, ...] = ()
    is_cold: bool = False
    was_turned: bool = False

    @property
    def runs(self) -> tuple[RunSummary, ...]:
        """All runs of these settings, this one last."""
        return (*self.earlier, self.run)


@dataclass(frozen=True, slots=True)
class Difference:
    """One figure that differs by more than chance. ``ratio`` is the larger over the smaller, ``text`` a sentence."""

    name: str
    ratio: float
    text: str


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure of a run.

    Two single runs of the same settings differ by no more than chance (`SINGLE_RUN_VARIATION`), or ``times``; medians
    of repeated ones that differ by less than ``floor`` are the same for anybody.

    ``text`` has "{ratio}", "{letter}" (of the run with the smaller value, or the larger, see ``names_larger``),
    "{here}" (that run's figure) and "{there}"; ``plain`` has "{a}" and "{b}".
    """

    name: str
    of: Callable[[RunSummary], float | None]
    times: float
    floor: float
    text: str
    plain: str
    shown: Callable[[float], str]
    names_larger: bool = False
    least: float = 0.0


def _count(value: float) -> str:
    return f"{value:,.0f}"


FIGURES: tuple[Figure, ...] = (
    Figure("ttfb_ms", lambda run: run.ttfb_ms, 3.0, 5.0,
           "First byte {ratio} times earlier in {letter}: {here} against {there}.",
           "First byte after {a} in A, {b} in B.", time_text),
    Figure("wait_ms", lambda run: run.wait_ms, 3.0, 5.0,
           "Parts wait {ratio} times as long in {letter}: {here} against {there}.",
           "Parts wait {a} in A, {b} in B.", time_text, names_larger=True, least=LEAST_TIME_MS),
    Figure("held_bytes_max", lambda run: run.held_bytes_max, 3.0, 500,
           "{letter} holds {ratio} times as much at most: {here} against {there}.",
           "Held at most: {a} in A, {b} in B.", bytes_text, names_larger=True, least=1.0),
    Figure("rss_rise_bytes", lambda run: run.rss_rise_bytes, 3.0, 4_000_000,
           "{letter} takes {ratio} times the memory: {here} against {there}.",
           "Memory: {a} in A, {b} in B.", bytes_text, names_larger=True, least=100_000.0),
    Figure("chunks", lambda run: run.chunks, 1.5, 1,
           "{ratio} times as many chunks in {letter}: {here} against {there}.",
           "{a} chunks in A, {b} in B.", _count, names_larger=True, least=1.0),
    Figure("gap_p50_ms", lambda run: run.gap_p50_ms, 2.0, 2.0,
           "{ratio} times as long between chunks in {letter}: {here} against {there}.",
           "{a} between chunks in A, {b} in B.", time_text, names_larger=True, least=LEAST_TIME_MS),
)  # fmt: skip
_FIGURE_BY_NAME = {figure.name: figure for figure in FIGURES}


def comparison(a: Side, b: Side, differing: int) -> str:
    """Return the sentences; ``differing`` is the number of settings that differ. Pure and symmetric.

    Runs without a byte, still running or failed are named as such. Nothing is claimed of equal settings, where only
    chance makes a difference, nor where several differ or one was turned, so that nobody can tell which one makes it.
    """
    for letter, side in (("A", a), ("B", b)):
        if side.run.ending not in ("", "complete", "stopped"):
            return f"{letter} did not complete ({side.run.ending.replace('_', ' ')}), so there is nothing to compare."
    waiting = [letter for letter, side in (("A", a), ("B", b)) if not side.run.content_bytes]
    if waiting:
        return f"Nothing to compare yet: the reader of {' and of '.join(waiting)} has nothing."
    turned = [letter for letter, side in (("A", a), ("B", b)) if side.was_turned]
    if turned or differing > 1:
        sentences = [_not_fair(turned, differing), *_plain(a.run, b.run, ("ttfb_ms", "wait_ms")), _same(a.run, b.run)]
    elif differing == 0:
        sentences = [
            "Same settings on both sides. The difference is noise.",
            *_plain(a.run, b.run, ("ttfb_ms", "wait_ms")),
        ]
    else:
        sentences = [*_claims(a, b), _same(a.run, b.run)]
    if not (a.run.ending and b.run.ending):
        sentences[0] = f"So far: {sentences[0][0].lower()}{sentences[0][1:]}"
    sentences.append(_cold_text([letter for letter, side in (("A", a), ("B", b)) if side.is_cold]))
    return " ".join(filter(None, sentences))


def is_fair(a: Side, b: Side, differing: int) -> bool:
    """Tell whether one setting makes all the difference: no other differs, and none was turned meanwhile."""
    return differing == 1 and not (a.was_turned or b.was_turned)


def differences(a: Side, b: Side) -> list[Difference]:
    """Return the figures in which two runs differ by more than chance and so that a person sees it."""
    found = []
    for figure in FIGURES:
        of_a, of_b = _measured(figure, a), _measured(figure, b)
        if of_a is None or of_b is None or not _differ(figure, of_a, of_b):
            continue
        slower = a if of_a.median > of_b.median else b
        if figure.name == "ttfb_ms" and slower.is_cold and not slower.earlier:
            continue
        smaller, larger = sorted((of_a.median, of_b.median))
        ratio = larger / smaller if smaller > 0 else float("inf")
        found.append(Difference(figure.name, ratio, _text(figure, of_a, of_b, ratio)))
    return found


def _claims(a: Side, b: Side) -> list[str]:
    """Return what differs, the first byte first, and in any case how long parts wait."""
    found = sorted(differences(a, b), key=lambda one: (one.name != "ttfb_ms", one.name != "wait_ms", -one.ratio))
    sentences = [one.text for one in found[:_MOST_CLAIMS]]
    if not found:
        sentences = [
            "No difference that runs of the same settings would not show.",
            *_plain(a.run, b.run, ("ttfb_ms",)),
        ]
    if all(one.name != "wait_ms" for one in found[:_MOST_CLAIMS]):
        sentences += _plain(a.run, b.run, ("wait_ms",))
    counts = [len(side.runs) for side in (a, b)]
    return (
        [*sentences, f"These are medians of {counts[0]} and {counts[1]} runs."]
        if found and min(counts) > 1
        else sentences
    )


def _measured(figure: Figure, side: Side) -> Measured | None:
    values = sorted(float(value) for run in side.runs if (value := figure.of(run)) is not None)
    if figure.of(side.run) is None:
        return None
    middle = len(values) // 2
    median = values[middle] if len(values) % 2 else (values[middle - 1] + values[middle]) / 2
    return Measured("", median, values[0], values[-1], len(values))


def _differ(figure: Figure, one: Measured, other: Measured) -> bool:
    """Tell whether two figures differ by more than runs of the same settings do."""
    smaller, larger = sorted((one.median, other.median))
    if max(one.low, other.low) <= min(one.high, other.high):
        return False
    if larger - smaller > SINGLE_RUN_VARIATION[figure.name] and larger >= figure.times * smaller:
        return True
    is_seen = larger >= TELLING_RATIO * smaller
    return (
        is_seen
        and min(one.count, other.count) >= LEAST_RUNS
        and Noise.of((one, other), figure.floor).differ(one, other)
    )


def _text(figure: Figure, of_a: Measured, of_b: Measured, ratio: float) -> str:
    a, b = figure.shown(of_a.median), figure.shown(of_b.median)
    if min(of_a.median, of_b.median) < figure.least or ratio == float("inf"):
        return figure.plain.format(a=a, b=b)
    is_a = (of_a.median > of_b.median) == figure.names_larger
    here, there = (a, b) if is_a else (b, a)
    return figure.text.format(ratio=ratio_text(ratio), letter="A" if is_a else "B", here=here, there=there)


def _plain(a: RunSummary, b: RunSummary, names: Sequence[str]) -> list[str]:
    """Return figures side by side, without saying that one is better."""
    sentences = []
    for figure in (_FIGURE_BY_NAME[name] for name in names):
        of_a, of_b = figure.of(a), figure.of(b)
        if of_a is not None and of_b is not None:
            sentences.append(figure.plain.format(a=figure.shown(of_a), b=figure.shown(of_b)))
    return sentences


def _same(a: RunSummary, b: RunSummary) -> str:
    """Return size and time of both, once where they are the same."""
    same_bytes = a.content_bytes == b.content_bytes
    size = (
        f"Same {a.content_bytes:,} bytes" if same_bytes else f"{a.content_bytes:,} bytes in A, {b.content_bytes:,} in B"
    )
    # When a person stopped one of them says nothing of either.
    if a.total_ms is None or b.total_ms is None or "stopped" in (a.ending, b.ending):
        return f"{size}."
    longer, shorter = max(a.total_ms, b.total_ms), min(a.total_ms, b.total_ms)
    if longer - shorter > max(SAME_SHARE * longer, SAME_MS):
        return f"{size}. {time_text(a.total_ms)} in A, {time_text(b.total_ms)} in B."
    return f"{size} in the same {time_text(longer)}." if same_bytes else f"{size}, both in {time_text(longer)}."


def _not_fair(turned: Sequence[str], differing: int) -> str:
    if turned:
        return f"A setting was turned while {' and '.join(turned)} ran, so this isn't a fair comparison."
    return f"{count_in_words(differing).capitalize()} settings differ, so this isn't a fair comparison."


def _cold_text(letters: Sequence[str]) -> str:
    whose = " and ".join(f"{letter}'s" for letter in letters)
    return f"The first request to {whose} server may be slower." if letters else ""
