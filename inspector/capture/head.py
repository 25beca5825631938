"""Where a response head ends in what was read, and a tolerant reading of a head that h11 refused.

Between `network`, which keeps the bytes read along with the head, and `exchange`. RFC 9112 sections 2 to 5.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

_EMPTY_LINE = re.compile(rb"\n\r?\n")
_STATUS_LINE = re.compile(rb"(HTTP/[0-9.]+)[ \t]+([0-9]{3})[ \t]*([^\r\n]*)")


@dataclass(frozen=True, slots=True)
class RawHead:
    """A final response head: its octets end at ``end`` of what was read; ``informational`` are the 1xx before it."""

    end: int
    http_version: str
    status: int
    reason: str
    headers: list[tuple[str, str]]
    informational: list[str] = field(default_factory=list)


def find_head(octets: bytes) -> RawHead | None:
    """Return the final head at the start of ``octets``, 1xx responses skipped; None where it is not whole.

    Line ends and the empty line are taken as tolerantly as h11 does, so that both see the body start at one offset.
    """
    informational: list[str] = []
    at = 0
    while True:
        empty_line = _EMPTY_LINE.search(octets, at)
        line = _STATUS_LINE.match(octets, at)
        if empty_line is None or line is None:
            return None
        status = int(line[2])
        text = line[3].decode("latin-1").strip()
        if status >= 200 or status == 101:
            headers = _fields(octets[line.end() : empty_line.start()])
            version = line[1].decode("ascii")
            return RawHead(empty_line.end(), version, status, text, headers, informational)
        informational.append(f"{status} {text}".strip())
        at = empty_line.end()


def _fields(octets: bytes) -> list[tuple[str, str]]:
    lines = octets.decode("latin-1").split("\n")
    pairs = (line.rstrip("\r").partition(":") for line in lines)
    return [(name.strip(), value.strip()) for name, colon, value in pairs if colon]
