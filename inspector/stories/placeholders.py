"""The placeholders of captions: ``{wait}`` is filled from the figures of the run, as verdict and gaps print them.

A figure that the run does not have yet is written as an ellipsis: a caption never says a number that is not there.
"""

from __future__ import annotations

import string
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, NamedTuple

from inspector.analysis.formatting import bytes_text, rate_text, ratio_text, time_text

if TYPE_CHECKING:
    from inspector.analysis.diagnosis.run_analysis import RunAnalysis

#: What stands in place of a figure that is not known yet.
NOT_YET = "…"
#: Ends the name of a figure of run B.
OF_B = "_b"


class Placeholder(NamedTuple):
    """One placeholder: what it means, and its figure from a run and the gap that the step points at; None for none."""

    meaning: str
    figure: Callable[[RunAnalysis, str], str | None]


class Filled(NamedTuple):
    """A text with its figures; ``is_whole`` tells that none is missing."""

    text: str
    is_whole: bool


def _time(value_ms: float | None) -> str | None:
    return time_text(value_ms) if value_ms else None


def _bytes(count: int | None) -> str | None:
    return bytes_text(count) if count else None


def _count(run: RunAnalysis, layer: str) -> str | None:
    count = run.layer(layer).count
    return f"{count:,}" if count else None


def _per_second(run: RunAnalysis) -> str | None:
    layer = run.layer("chunk" if run.layer("chunk").count else "read")
    return ratio_text((layer.count - 1) * 1_000 / layer.span_ms) if layer.count > 1 and layer.span_ms else None


def _typical(run: RunAnalysis, point: str) -> str | None:
    gap = run.gap(point)
    return _time(gap.wait.ms) if gap is not None and gap.items_in else None


def _longest(run: RunAnalysis, point: str) -> str | None:
    gap = run.gap(point)
    return _time(gap.longest_ms) if gap is not None and gap.items_in else None


def _held(run: RunAnalysis, point: str) -> str | None:
    gap = run.gap(point)
    return _bytes(gap.held_bytes_max) if gap is not None else None


def _total(run: RunAnalysis, _point: str) -> str | None:
    ending = run.meta.ending if run.meta is not None else None
    return _time((ending.t_ns - run.meta.request.sent_t_ns) / 1e6) if run.meta and ending else None


def _status(run: RunAnalysis, _point: str) -> str | None:
    response = run.meta.response if run.meta is not None else None
    return str(response.status) if response is not None else None


def _body_bytes(run: RunAnalysis) -> int:
    return run.layer("chunk").total_bytes or run.layer("read").total_bytes


PLACEHOLDERS: Mapping[str, Placeholder] = {
    "wait": Placeholder(
        "median time from the part to what the reader gets", lambda run, _point: _time(run.pipeline.delay_median_ms)
    ),
    "median": Placeholder("what the gap that the step points at says after “waits”", _typical),
    "longest": Placeholder("the longest wait in that gap", _longest),
    "held": Placeholder("the most bytes that have waited in that gap", _held),
    "ttfb": Placeholder(
        "time to first byte, from the sending of the request", lambda run, _point: _time(run.layer("read").ttfb_ms)
    ),
    "total": Placeholder("time from the request to its end, once it has ended", _total),
    "pace": Placeholder("median time between two parts", lambda run, _point: _time(run.layer("part").gap_p50_ms)),
    "status": Placeholder("status of the response", _status),
    "parts": Placeholder("number of parts", lambda run, _point: _count(run, "part")),
    "yields": Placeholder("number of yields", lambda run, _point: _count(run, "yield")),
    "chunks": Placeholder("number of chunks", lambda run, _point: _count(run, "chunk")),
    "chunks_per_s": Placeholder("chunks a second, reads where there are none", lambda run, _point: _per_second(run)),
    "bytes": Placeholder("content that the reader has", lambda run, _point: _bytes(run.layer("piece").total_bytes)),
    "body_bytes": Placeholder(
        "body that has arrived, as it was sent: compressed, perhaps", lambda run, _point: _bytes(_body_bytes(run))
    ),
    "rate": Placeholder(
        "bytes a second that the client takes",
        lambda run, _point: rate_text(run.taken_bytes_per_s) if run.taken_bytes_per_s else None,
    ),
    "rss": Placeholder(
        "how much the memory of the server process has risen",
        lambda run, _point: bytes_text(run.memory.rss_rise_bytes) if run.memory is not None else None,
    ),
    "disk": Placeholder(
        "what the server process has written to the disk",
        lambda run, _point: _bytes(run.memory.written_bytes) if run.memory is not None else None,
    ),
}  # fmt: skip


def names_in(text: str) -> tuple[str, ...]:
    """Return the names of the placeholders of a text. Raises ``ValueError`` for braces that don't hold a name."""
    names = []
    for _, name, form, conversion in string.Formatter().parse(text):
        if name is not None:
            if not name.isidentifier() or form or conversion:
                raise ValueError(text)
            names.append(name)
    return tuple(names)


def fill(text: str, a: RunAnalysis, b: RunAnalysis | None, point: str) -> Filled:
    """Return a text with the figures of run A, and of run B where a name ends in ``_b``."""
    found: dict[str, str | None] = {}
    for name in names_in(text):
        run = b if name.endswith(OF_B) else a
        found[name] = PLACEHOLDERS[name.removesuffix(OF_B)].figure(run, point) if run is not None else None
    filled = text.format_map({name: NOT_YET if figure is None else figure for name, figure in found.items()})
    return Filled(filled, None not in found.values())


def placeholders_markdown() -> str:
    """Return the table of placeholders for the page about stories: ``python -m inspector.stories.placeholders``."""
    rows = [f"| `{{{name}}}` | {placeholder.meaning} |" for name, placeholder in PLACEHOLDERS.items()]
    return "\n".join(["| name | figure |", "|---|---|", *rows])


if __name__ == "__main__":
    print(placeholders_markdown())
