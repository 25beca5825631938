"""Parses the lines of chunked framing incrementally (RFC 9112 section 7.1), for `chunked_framing`.

Each function looks at the octets of a line so far and returns one of three things: the line is whole, it may still
become one, or the octet at which it no longer can. So an error has the same offset however the octets are cut, and a
body that is not chunked at all is found out at its first octet, not when the peer closes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import NamedTuple

#: Longest chunk size line with its extensions and CRLF, and longest trailer section, in octets.
LONGEST_SIZE_LINE_BYTES = 16_384
LONGEST_TRAILERS_BYTES = 32_768
_LARGEST_BODY_BYTES = (1 << 62) - 1

# A size in hex, blanks that old servers pad it with, extensions, CRLF; each group is what is there of it.
_SIZE_LINE = re.compile(rb"([0-9A-Fa-f]+)[ \t]*(;[\t\x20-\x7e\x80-\xff]*)?(\r\n?)?")
_FIELD_LINE = re.compile(rb"([!#$%&'*+\-.^_`|~0-9A-Za-z]+)(?::([\t\x20-\x7e\x80-\xff]*)(\r\n?)?)?")
_FOLDED_LINE = re.compile(rb"[ \t]([\t\x20-\x7e\x80-\xff]*)(\r\n?)?")
_EMPTY_LINE = re.compile(rb"\r\n?")


class Malformed(NamedTuple):
    """The octet at ``at`` (offset in the line) can't follow those before it; or it is one too many for us alone."""

    at: int
    text: str
    is_our_limit: bool = False


class SizeLine(NamedTuple):
    """A whole chunk size line: octets of chunk-data to come, octets of the line, and its extensions as sent."""

    size: int
    length: int
    extensions: bytes


def size_line(octets: bytes, body_bytes: int) -> SizeLine | Malformed | None:
    """Parse a chunk size line at the start of ``octets``; ``body_bytes`` came before it. None: not whole yet."""
    octets = octets[:LONGEST_SIZE_LINE_BYTES]
    match = _SIZE_LINE.match(octets)
    if match is None:
        return Malformed(0, f"{_shown(octets, 0)} where a chunk size in hex digits must stand") if octets else None
    digits = match[1]
    if len(digits.lstrip(b"0")) > 15 and int(digits, 16) + body_bytes > _LARGEST_BODY_BYTES:
        at = next(i for i in range(len(digits)) if int(digits[: i + 1], 16) + body_bytes > _LARGEST_BODY_BYTES)
        return Malformed(at, "the chunk size is too large for any body")
    if match[3] == b"\r\n":
        return SizeLine(int(digits, 16), match.end(), match[2] or b"")
    if match.end() < len(octets):
        return Malformed(match.end(), f"{_shown(octets, match.end())} in a chunk size line")
    if len(octets) == LONGEST_SIZE_LINE_BYTES:
        return Malformed(len(octets), f"a chunk size line of more than {LONGEST_SIZE_LINE_BYTES} bytes", True)
    return None


@dataclass(slots=True)
class Trailers:
    """The trailer section (RFC 9112 section 7.1.2) as far as it was taken, line by line, so that none is read twice."""

    fields: list[tuple[str, str]] = field(default_factory=list)
    size_bytes: int = 0
    #: The empty line that ends it was taken.
    is_whole: bool = False

    def take_line(self, octets: bytes) -> int | Malformed | None:
        """Take the line at the start of ``octets``; return its length. None: not whole yet."""
        left_bytes = LONGEST_TRAILERS_BYTES - self.size_bytes
        octets = octets[:left_bytes]
        match = _EMPTY_LINE.match(octets)
        is_last, folded = match is not None, None
        if match is None:
            folded = _FOLDED_LINE.match(octets) if self.fields else None
            match = folded or _FIELD_LINE.match(octets)
        if match is None and octets:
            return Malformed(0, f"{_shown(octets, 0)} where a trailer field name must stand")
        if match is not None and (match[0] if is_last else match[match.re.groups]) != b"\r\n":
            if match.end() < len(octets):
                return Malformed(match.end(), f"{_shown(octets, match.end())} in the trailer section")
            match = None
        if match is None:
            too_long = f"a trailer section of more than {LONGEST_TRAILERS_BYTES} bytes"
            return Malformed(left_bytes, too_long, True) if len(octets) == left_bytes else None
        if folded is not None:
            self.fields.append(_field(self.fields.pop(), folded))
        elif not is_last:
            self.fields.append((match[1].decode("ascii"), _text(match[2])))
        self.is_whole = is_last
        self.size_bytes += match.end()
        return match.end()


def crlf_after_data(octets: bytes) -> Malformed | bool:
    """Check the CRLF behind chunk-data at the start of ``octets``: True if it is there, False if not whole yet."""
    for at, (have, wanted) in enumerate(zip(octets, b"\r\n", strict=False)):
        if have != wanted:
            return Malformed(at, f"{_shown(octets, at)} where the CRLF after a chunk must stand")
    return len(octets) >= 2


def _field(last: tuple[str, str], match: re.Match[bytes]) -> tuple[str, str]:
    """Return the last field with a folded line added (RFC 9112 section 5.2)."""
    return last[0], f"{last[1]} {_text(match[1])}".strip(" ")


def _text(octets: bytes) -> str:
    return octets.decode("latin-1").strip(" \t")


def _shown(octets: bytes, at: int) -> str:
    """Return the octet for people: ``'x' (0x78)``."""
    octet = octets[at]
    return f"{chr(octet)!r} (0x{octet:02x})" if 0x20 < octet < 0x7F else f"octet 0x{octet:02x}"
