"""The source lines that produced items: ``sources.jsonl``, written by the tap, append-only, one JSON object a line.

Two kinds of object: ``{"file": 0, "name": "timeline.html", "language": "jinja", "text": "..."}`` gives a source file's
text once, so that a recording shows its code wherever it is opened; ``{"line": 3, "file": 0, "number": 12,
"function": "root"}`` gives a place in it. The ``source`` column of ``part`` and ``yield`` marks holds the ``line``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Literal

import msgspec

from .json_lines import JsonLinesReader
from .meta import LARGEST_NUMBER, Count, Text

SOURCES_NAME = "sources.jsonl"
LONGEST_SOURCES_BYTES = 64 << 20
#: Characters of one source file that are kept; what is longer is left out by the tap.
LONGEST_TEXT = 1_000_000
_MOST_ROWS = 1 << 16
_LineId = Annotated[int, msgspec.Meta(ge=-LARGEST_NUMBER, le=LARGEST_NUMBER)]


class SourceFile(msgspec.Struct, kw_only=True, frozen=True):
    """One file of code or template: ``language`` is ``python`` or ``jinja``."""

    file: _LineId
    name: Text
    language: Literal["python", "jinja"]
    text: Annotated[str, msgspec.Meta(max_length=LONGEST_TEXT)]


class SourceLine(msgspec.Struct, kw_only=True, frozen=True):
    """One line that produced items: ``number`` counts from 1."""

    line: _LineId
    file: _LineId
    number: Count
    function: Text = ""


def encode_row(row: SourceFile | SourceLine) -> bytes:
    """Return one row of ``sources.jsonl`` with its newline."""
    return msgspec.json.encode(row) + b"\n"


@dataclass(frozen=True, slots=True)
class SourceLines:
    """Source files and lines by their ids. Immutable: a recording that grows gives a new table."""

    files: Mapping[int, SourceFile] = field(default_factory=dict)
    lines: Mapping[int, SourceLine] = field(default_factory=dict)

    def place(self, line_id: int) -> tuple[SourceFile, SourceLine] | None:
        """Return the file and line of a ``source`` value, or None where it is not known."""
        line = self.lines.get(line_id)
        if line is None or line.file not in self.files:
            return None
        return self.files[line.file], line

    def label(self, line_id: int) -> str:
        """Return ``timeline.html:12``, or an empty string where the line is not known."""
        place = self.place(line_id)
        return f"{place[0].name}:{place[1].number}" if place else ""


class SourceLineReader:
    """Reads ``sources.jsonl`` as it grows: feed it the new bytes, cut anywhere."""

    def __init__(self) -> None:
        #: What was read so far; a new table whenever there is more.
        self.sources = SourceLines()
        self.rows = JsonLinesReader(SOURCES_NAME, _MOST_ROWS, LONGEST_SOURCES_BYTES)

    def feed(self, data: bytes) -> None:
        """Read further bytes; an unfinished last row waits. Raises `BadRecording`."""
        files, lines = dict(self.sources.files), dict(self.sources.lines)

        def take(row: bytes) -> None:
            if row.startswith(b'{"line"'):
                line = msgspec.json.decode(row, type=SourceLine)
                lines[line.line] = line
            else:
                file = msgspec.json.decode(row, type=SourceFile)
                files[file.file] = file

        try:
            self.rows.feed(data, take)
        finally:
            self.sources = SourceLines(files, lines)
