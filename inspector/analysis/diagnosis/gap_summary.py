"""The figures of a gap in words: its line in the ladder, and the wait as every other place says it.

`GapMetrics.wait` says which wait is meant; here it gets its words, so that the ladder, the statistics and the verdict
print the same figures. All of them are about the same span of time: that of the figures given.
"""

from __future__ import annotations

from dataclasses import dataclass

from inspector.analysis.formatting import bytes_text, items_text, short_count, time_text
from inspector.analysis.metrics.measurements import GapMetrics


@dataclass(frozen=True, slots=True)
class GapLine:
    """``whole``: ``446 in, 90 out · waits 49 ms, at most 60 · held up to 679 B``.

    ``shorter`` begins with what tells most, so that it may be cut from its end; the counts stand at the lanes as well.
    ``explanation`` are lines that say what each figure means.
    """

    whole: str
    shorter: str
    explanation: str


def gap_line(figures: GapMetrics, *, is_running: bool, since: str = "") -> GapLine:
    """Return the figures of a gap in words. ``since`` names the change that they count from, empty for the request."""
    counts = f"{short_count(figures.items_in)} in, {short_count(figures.items_out)} out"
    if since:
        counts += " since the flag"
    shorter = " · ".join(filter(None, (waits_text(figures), held_text(figures, is_running=is_running))))
    return GapLine(f"{counts} · {shorter}", shorter, _explanation(figures, since))


def waits_text(figures: GapMetrics) -> str:
    """Return how long items wait: ``waits 49 ms, at most 60``, ``some wait 49 ms, at most 60``, ``waiting 1.7 s``."""
    if figures.wait.of == "oldest":
        return f"waiting {time_text(figures.wait.ms)}"
    verb = "some wait" if figures.wait.of == "merged" else "waits"
    bound = {"": "", "at_most": "≤ ", "at_least": "≥ "}[figures.bound] if figures.is_exact else "up to "
    typical, longest = time_text(figures.wait.ms), time_text(figures.longest_ms)
    if longest == typical:
        return f"{verb} {bound}{typical}"
    # Both have the same unit most of the time: then it stands once.
    number, unit = longest.split(" ")
    most = number if typical.endswith(f" {unit}") else longest
    return f"{verb} {bound}{typical}, at most {most}"


def held_text(figures: GapMetrics, *, is_running: bool) -> str:
    """Return what waits: ``holding 24 B (at most 679)`` as long as something may, ``held up to 679 B`` afterwards."""
    most = bytes_text(figures.held_bytes_max)
    if not figures.held_bytes_max:
        return ""
    if not figures.held_bytes and not is_running:
        return f"held up to {most}"
    now = bytes_text(figures.held_bytes)
    number, unit = most.split(" ")
    verb = "holding" if is_running else "still holding"
    return f"{verb} {now} (at most {number if now.endswith(f' {unit}') else most})"


def _explanation(figures: GapMetrics, since: str) -> str:
    gap, wait = figures.gap, figures.wait
    noun = items_text(gap.earlier)
    typical = {
        "all": f"{time_text(wait.ms)} is the median wait of all {noun}",
        "merged": (
            f"{time_text(wait.ms)} is the median wait of the {noun} that are joined with later ones; "
            f"that of all {noun} is {time_text(figures.delay_ms)}"
        ),
        "oldest": f"next to nothing has left; the first of the {noun} has waited {time_text(wait.ms)}",
    }[wait.of]
    lines = [
        gap.culprit[:1].upper() + gap.culprit[1:],
        f"{figures.items_in:,} {noun} in, {figures.items_out:,} {items_text(gap.later)} out",
        typical[:1].upper() + typical[1:],
        f"The longest wait is {time_text(figures.longest_ms)}",
        f"{figures.held_bytes:,} bytes held now, {figures.held_bytes_max:,} at most",
    ]
    if since:
        lines.append(f"Counted since {since}")
    if figures.bound:
        least = "no wait is longer than shown" if figures.bound == "at_most" else "waits may be longer than shown"
        lines.append(f"The reader took much of it later than it came, so some times are upper bounds: {least}.")
    if not figures.is_exact:
        lines.append("Coded bytes are known to be out only when the client has decoded them: waits are upper bounds.")
    return "\n".join(lines)
