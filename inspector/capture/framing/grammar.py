"""The grammar of chunked framing, line by line and incremental (RFC 9112 section 7.1), for `chunked`.

Each function looks at the octets of a line that are there so far and tells one of three things: the line is whole, it
may still become one, or the octet at which it can no longer. So an error has the same offset in whatever cuts the
octets arrive, and a body that is no chunked body at all is told at its first octet, not when the peer closes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

#: Longest chunk size line with its extensions and CRLF, and longest trailer section, in octets.
LONGEST_SIZE_LINE_BYTES = 16_384
LONGEST_TRAILERS_BYTES = 32_768
_LARGEST_BODY_BYTES = (1 << 62) - 1

# A size in hex, blanks that old servers pad it with, extensions, CRLF; each group is what is there of it.
_SIZE_LINE = re.compile(rb"([0-9A-Fa-f]+)[ \t]*(;[\t\x20-\x7e\x80-\xff]*)?(\r\n?)?")
_FIELD_LINE = re.compile(rb"([!#$%&'*+\-.^_`|~0-9A-Za-z]+)(?::([\t\x20-\x7e\x80-\xff]*)(\r\n?)?)?")
_FOLDED_LINE = re.compile(rb"[ \t]([\t\x20-\x7e\x80-\xff]*)(\r\n?)?")
_EMPTY_LINE = re.compile(rb"\r\n?")


@dataclass(frozen=True, slots=True)
class Malformed:
    """The octet at ``at`` (offset in the line) can't follow those before it."""

    at: int
    text: str


@dataclass(frozen=True, slots=True)
class SizeLine:
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
        return Malformed(len(octets), f"a chunk size line of more than {LONGEST_SIZE_LINE_BYTES} bytes")
    return None


@dataclass(frozen=True, slots=True)
class Trailers:
    """A whole trailer section: its fields, and its octets including the empty line."""

    fields: list[tuple[str, str]]
    length: int


def trailer_section(octets: bytes) -> Trailers | Malformed | None:
    """Parse the trailer section (RFC 9112 section 7.1.2) at the start of ``octets``. None: not whole yet."""
    octets = octets[:LONGEST_TRAILERS_BYTES]
    fields: list[tuple[str, str]] = []
    at = 0
    match: re.Match[bytes] | None = None
    while at < len(octets):
        match = _EMPTY_LINE.match(octets, at)
        if match is not None:
            if match[0] == b"\r\n":
                return Trailers(fields, match.end())
            break
        folded = _FOLDED_LINE.match(octets, at) if fields else None
        match = folded or _FIELD_LINE.match(octets, at)
        if match is None:
            return Malformed(at, f"{_shown(octets, at)} where a trailer field name must stand")
        if match[match.re.groups] != b"\r\n":
            break
        fields.append(_field(fields.pop(), match) if folded else (match[1].decode("ascii"), _text(match[2])))
        at = match.end()
    else:
        match = None
    if match is not None and match.end() < len(octets):
        return Malformed(match.end(), f"{_shown(octets, match.end())} in the trailer section")
    if len(octets) == LONGEST_TRAILERS_BYTES:
        return Malformed(len(octets), f"a trailer section of more than {LONGEST_TRAILERS_BYTES} bytes")
    return None


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
