"""Chooses framing and content codings of a body from its response head (RFC 9112 section 6.3, RFC 9110 section 8.4)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from inspector.recording.meta import Framing

from .chunked_framing import ChunkedFramer
from .framer import Framer
from .identity_framing import IdentityFramer

Headers = Sequence[tuple[str, str]]
_LENGTH = re.compile(r"[0-9]+", re.ASCII)
#: A number of more digits than this is shown by none of the tables.
_MOST_DIGITS = 100
_SHOWN_LETTERS = 100


class BadFraming(Exception):
    """The head does not say where its body ends; the text says why."""


@dataclass(frozen=True, slots=True)
class BodyPlan:
    """How to read a body. ``codings`` is in the order in which they were applied, without ``identity``.

    ``length_bytes`` is as large as the head says, which may be more than any file holds.
    """

    framing: Framing
    length_bytes: int | None = None
    codings: tuple[str, ...] = ()
    notes: list[str] = field(default_factory=list)

    def framer(self) -> Framer:
        """Return a new framer for this body."""
        return ChunkedFramer() if self.framing == "chunked" else IdentityFramer(self.length_bytes)


def plan_body(method: str, status: int, http_version: str, headers: Headers) -> BodyPlan:
    """Return how the body behind a head is framed. Raises `BadFraming`."""
    codings = tuple(coding for coding in _listed(headers, "content-encoding") if coding != "identity")
    if method == "HEAD" or status in (204, 304) or status < 200:
        return BodyPlan("none", 0, codings)
    transfer = _listed(headers, "transfer-encoding")
    lengths = _listed(headers, "content-length")
    if transfer:
        return BodyPlan("chunked", None, codings, _check_transfer(transfer, lengths, http_version))
    if not lengths:
        if any(name.lower() == "content-length" for name, _ in headers):
            raise BadFraming("Content-Length is empty")
        return BodyPlan("close-delimited", None, codings)
    for length in lengths:
        if not _LENGTH.fullmatch(length):
            raise BadFraming(f"Content-Length: {length[:_SHOWN_LETTERS]!r} is not a number of bytes")
    lengths = [length.lstrip("0") or "0" for length in lengths]
    if len(set(lengths)) > 1:
        shown = sorted(length[:_SHOWN_LETTERS] for length in set(lengths))
        raise BadFraming(f"Content-Length is given as {' and as '.join(shown)}")
    if len(lengths[0]) > _MOST_DIGITS:
        raise BadFraming(f"Content-Length has {len(lengths[0]):,} digits, more than any number of bytes has")
    return BodyPlan("content-length", int(lengths[0]), codings)


def _check_transfer(transfer: list[str], lengths: list[str], http_version: str) -> list[str]:
    """Check the transfer codings; return what there is to note about them."""
    if transfer == ["chunked", "chunked"]:
        raise BadFraming(
            "Transfer-Encoding: chunked is sent twice; let the WSGI server add it, the app must not (RFC 9112 6.1)"
        )
    if transfer != ["chunked"]:
        raise BadFraming(f"Transfer-Encoding: {', '.join(transfer)} is not supported, only chunked is")
    notes: list[str] = []
    if lengths:
        notes.append("both Transfer-Encoding and Content-Length were sent; chunked wins (RFC 9112 6.3)")
    if http_version == "HTTP/1.0":
        notes.append("Transfer-Encoding in an HTTP/1.0 response; read as chunked (RFC 9112 6.1 calls it faulty)")
    return notes


def _listed(headers: Headers, name: str) -> list[str]:
    """Return the members of a list-valued field, lower-cased, those of repeated fields in order."""
    values = [value for key, value in headers if key.lower() == name]
    return [member for value in values for member in (part.strip().lower() for part in value.split(",")) if member]
