"""Tells items of a layer row by row, as values: what the printed table shows, and what the window's table copies."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from inspector.recording.layers import LAYER_BY_NAME
from inspector.recording.source_lines import SourceLines
from inspector.recording.track import Track

#: How rows are written: for a program, for a spreadsheet by the clipboard, for an issue or a page.
RowFormat = Literal["csv", "tsv", "markdown", "json"]

_BLOCK_BYTES = 1 << 20
_LEFT_ALIGNED = ("source", "content")


class MarkRow(NamedTuple):
    """One item. Times are milliseconds: ``t_ms`` since the request was sent, ``at_most`` where it may be earlier."""

    number: int
    t_ms: float
    at_most: bool
    gap_ms: float | None
    size: int
    total: int
    waited_ms: float | None
    parts: int | None
    source: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Marks:
    """The items of a layer and what there is to tell of them.

    ``content`` is the layer's track on the content axis, ``read`` returns bytes ``[start, stop)`` of it, and
    ``parts`` are those that the items are made of: none where that can't be told.
    """

    track: Track
    content: Track
    origin_ns: int
    read: Callable[[int, int], bytes]
    parts: Track = field(default_factory=lambda: Track.empty(LAYER_BY_NAME["part"]))
    sources: SourceLines = field(default_factory=SourceLines)

    def rows(self, first: int, stop: int, most_bytes: int) -> list[MarkRow]:
        """Return the items ``[first, stop)``, with up to ``most_bytes`` of the content of each."""
        track = self.track
        if stop <= first:
            return []
        times: list[int] = track.t_ns[first:stop].tolist()
        before = [int(track.t_ns[first - 1]) if first else None, *times[:-1]]
        bounds = track.column("at_most")[first:stop].tolist() if "at_most" in track.layer.columns else [0] * len(times)
        ends: list[int] = self.content.column(self.content.layer.content_column)[first:stop].tolist()
        # What was coded and isn't decoded yet has no content that is known.
        known = self._start(first)
        ends += [ends[-1] if ends else known] * (len(times) - len(ends))
        starts = [known, *ends[:-1]]
        waited, counts = self._made_of(starts, ends, times)
        return [
            MarkRow(first + at + 1, (t_ns - self.origin_ns) / 1e6, bool(is_bound),
                    None if earlier is None else (t_ns - earlier) / 1e6, size, total, wait, count, source, data)
            for at, (t_ns, earlier, is_bound, size, total, wait, count, source, data) in enumerate(
                zip(times, before, bounds, track.sizes(first, stop).tolist(), track.end[first:stop].tolist(), waited,
                    counts, self._labels(first, stop), self._contents(starts, ends, most_bytes), strict=True)
            )
        ]  # fmt: skip

    def _start(self, first: int) -> int:
        column = self.content.column(self.content.layer.content_column)
        return int(column[min(first, len(column)) - 1]) if first and len(column) else 0

    def _made_of(
        self, starts: Sequence[int], ends: Sequence[int], times: Sequence[int]
    ) -> tuple[list[float | None], list[int | None]]:
        """Return for each item how long its first part had waited, and of how many parts it is made."""
        parts = self.parts
        if not len(parts):
            return [None] * len(times), [None] * len(times)
        firsts: list[int] = parts.index_of_byte(starts).tolist()
        lasts: list[int] = parts.first_at_or_after(ends, "end").tolist()
        is_made = [start < end and start < parts.total_bytes for start, end in zip(starts, ends, strict=True)]
        made_ns = parts.t_ns
        waited = [
            max(0, t_ns - int(made_ns[first])) / 1e6 if made else None
            for t_ns, first, made in zip(times, firsts, is_made, strict=True)
        ]
        counts = [
            min(last + 1, len(parts)) - first if made else None
            for first, last, made in zip(firsts, lasts, is_made, strict=True)
        ]
        return waited, counts

    def _labels(self, first: int, stop: int) -> list[str]:
        if "source" not in self.track.layer.columns:
            return [""] * (stop - first)
        return [self.sources.label(line) for line in self.track.column("source")[first:stop].tolist()]

    def _contents(self, starts: Sequence[int], ends: Sequence[int], most_bytes: int) -> list[bytes]:
        """Return the beginning of each item's content, read in one go where it is not too much."""
        begin = starts[0]
        block = self.read(begin, ends[-1]) if ends[-1] - begin <= _BLOCK_BYTES else None
        found: list[bytes] = []
        for start, end in zip(starts, ends, strict=True):
            until = min(end, start + most_bytes)
            found.append(self.read(start, until) if block is None else block[start - begin : until - begin])
        return found


def rows_text(rows: Sequence[MarkRow], form: RowFormat) -> str:
    """Return rows as text, without the columns in which they all have nothing."""
    values = [_values(row) for row in rows]
    names = [name for name in MarkRow._fields if name != "at_most" or any(row.at_most for row in rows)]
    names = [name for name in names if any(row[name] not in (None, "") for row in values)]
    table = [[row[name] for name in names] for row in values]
    if form == "json":
        return json.dumps([dict(zip(names, line, strict=True)) for line in table], ensure_ascii=False, indent=1) + "\n"
    if form == "markdown":
        return _markdown(names, table)
    text = io.StringIO()
    writer = csv.writer(text, delimiter="\t" if form == "tsv" else ",", lineterminator="\n")
    writer.writerows([names, *table])
    return text.getvalue()


def _values(row: MarkRow) -> Mapping[str, object]:
    def rounded(value: float | None) -> float | None:
        return None if value is None else round(value, 3)

    return row._asdict() | {
        "t_ms": rounded(row.t_ms), "gap_ms": rounded(row.gap_ms), "waited_ms": rounded(row.waited_ms),
        "content": row.content.decode("utf-8", "replace"),
    }  # fmt: skip


def _markdown(names: Sequence[str], table: Iterable[Sequence[object]]) -> str:
    rule = ["---" if name in _LEFT_ALIGNED else "---:" for name in names]
    lines = [_markdown_line(names), _markdown_line(rule), *map(_markdown_line, table)]
    return "\n".join(lines) + "\n"


def _markdown_line(cells: Iterable[object]) -> str:
    return f"| {' | '.join(_markdown_cell(cell) for cell in cells)} |"


def _markdown_cell(cell: object) -> str:
    """Return a cell on one line, in which nothing ends it and nothing is taken for HTML."""
    text = "" if cell is None else str(cell)
    for character, escape in (("\\", "\\\\"), ("|", "\\|"), ("<", "&lt;"), ("`", "\\`"), ("\r", ""), ("\n", "↵")):
        text = text.replace(character, escape)
    return text
