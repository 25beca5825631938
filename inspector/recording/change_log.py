"""The log of knobs changed while a stream ran: ``changes.jsonl``, append-only, one JSON object a line.

Server and recorder write their own lines, each with one write: ``{"t_ns": 1, "side": "server", "knob":
"template_buffer", "before": "5", "after": "50"}``.
"""

from __future__ import annotations

from operator import attrgetter
from typing import Literal

import msgspec

from .json_lines import JsonLinesReader
from .meta import Count, Text

CHANGES_NAME = "changes.jsonl"
LONGEST_CHANGES_BYTES = 64 << 20
#: More changes than anybody makes in one stream, or could see as flags.
_MOST_ROWS = 1 << 14


class Change(msgspec.Struct, kw_only=True, frozen=True):
    """One changed setting. ``t_ns`` is the monotonic time from which it acts; values are texts as in a query."""

    t_ns: Count
    side: Literal["server", "client"]
    knob: Text
    before: Text
    after: Text


def encode_change(change: Change) -> bytes:
    """Return one row of ``changes.jsonl`` with its newline."""
    return msgspec.json.encode(change) + b"\n"


class ChangeLogReader:
    """Reads ``changes.jsonl`` as it grows: feed it the new bytes, cut anywhere."""

    def __init__(self) -> None:
        #: What was read so far, by time: the two writers may write out of order.
        self.changes: tuple[Change, ...] = ()
        self.rows = JsonLinesReader(CHANGES_NAME, _MOST_ROWS, LONGEST_CHANGES_BYTES)

    def feed(self, data: bytes) -> None:
        """Read further bytes; an unfinished last row waits. Raises `BadRecording`."""
        found = [*self.changes]
        try:
            self.rows.feed(data, lambda row: found.append(msgspec.json.decode(row, type=Change)))
        finally:
            self.changes = tuple(sorted(found, key=attrgetter("t_ns")))
