"""Parses the response head once: the same value is shown, frames the body and chooses its decoder.

`request` reads the octets, `framing.framer_factory` uses the result. RFC 9112 sections 2 to 5. Octets may come in any
cuts: the same octets give the same head or the same reason.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from inspector.recording.meta import EndingKind

#: Limits of this recorder, not of HTTP: octets of one head, and of all informational responses before the final one.
LONGEST_HEAD_BYTES = 256 << 10
MOST_INFORMATIONAL_BYTES = 1 << 20
#: So many octets of an answer that isn't HTTP are shown.
_SHOWN_BYTES = 64
_SHOWN_INFORMATIONAL = 8
_PROTOCOL = b"HTTP/"
_STATUS_LINE = re.compile(rb"HTTP/([0-9])\.([0-9])[ \t]+([1-9][0-9]{2})(?:[ \t]+([^\0\r]*))?[ \t]*")
_FIELD = re.compile(rb"([!#$%&'*+\-.^_`|~0-9A-Za-z]+):([^\0\r]*)")
_BLANKS = b" \t"
_TLS_RECORDS = (0x15, 0x16)


@dataclass(frozen=True, slots=True)
class RawHead:
    """A final response head. ``informational`` lists the 1xx responses before it, each text once."""

    http_version: str
    status: int
    reason: str
    headers: list[tuple[str, str]]
    informational: list[str] = field(default_factory=list)


class BadHead(Exception):
    """The octets are no head that can be used; ``head`` is it as far as it could be read, None without a status."""

    def __init__(self, kind: EndingKind, text: str, head: RawHead | None = None) -> None:
        super().__init__(text)
        self.kind: EndingKind = kind
        self.text = text
        self.head = head


class HeadReader:
    """Reads one final head, 1xx responses before it included, in bounded memory."""

    def __init__(self) -> None:
        #: Octets behind the head, once it is whole.
        self.rest = b""
        self.size_bytes = 0
        self._line = bytearray()
        self._head_bytes = 0
        self._informational: dict[str, int] = {}
        self._informational_bytes = 0
        self._status: tuple[str, int, str] | None = None
        self._fields: list[tuple[str, str]] = []
        self._lines = 0
        self._wrong = ""

    @property
    def is_foreign(self) -> bool:
        """Return whether what came so far can't be HTTP."""
        return self._status is None and not _PROTOCOL.startswith(bytes(self._line[: len(_PROTOCOL)]))

    def feed(self, octets: bytes) -> RawHead | None:
        """Take further octets; return the head once it is whole. Raises `BadHead`."""
        self.size_bytes += len(octets)
        at = 0
        while at < len(octets):
            line_end = octets.find(b"\n", at) + 1 or len(octets)
            # One line is never held beyond the limit, however much of it came at once.
            self._line += octets[at : min(line_end, at + LONGEST_HEAD_BYTES + 1)]
            self._head_bytes += line_end - at
            at = line_end
            self._check_size()
            if not self._line.endswith(b"\n"):
                break
            if self.is_foreign:
                raise self.not_http()
            line = bytes(self._line[:-1]).removesuffix(b"\r")
            self._line.clear()
            head = self._take(line)
            if head is not None:
                self.rest = octets[at:]
                return head
        if self.is_foreign and len(self._line) >= _SHOWN_BYTES:
            raise self.not_http()
        return None

    def not_http(self) -> BadHead:
        """Return what is said of an answer in another protocol (RFC 9112 section 2.2 wants ``HTTP/`` first)."""
        begin = bytes(self._line[:_SHOWN_BYTES])
        if begin[:1] and begin[0] in _TLS_RECORDS:
            return BadHead("protocol_error", "The answer is not HTTP but TLS. Use https://.")
        if begin[:2] in (b"\n", b"\r\n"):
            return BadHead("protocol_error", "The answer is not HTTP: it begins with an empty line.")
        return BadHead("protocol_error", f"The answer is not HTTP: it begins with {_shown(begin.rstrip())}.")

    def _check_size(self) -> None:
        if self._head_bytes > LONGEST_HEAD_BYTES:
            text = f"The response head is longer than {LONGEST_HEAD_BYTES >> 10} KiB, which is the most that is read."
            raise BadHead("over_limit", text, self._head())
        if self._informational_bytes + self._head_bytes > MOST_INFORMATIONAL_BYTES:
            limit = f"{MOST_INFORMATIONAL_BYTES >> 20} MiB"
            text = f"More than {limit} of informational responses ({self._told()[0]}) came, and no final response."
            raise BadHead("over_limit", text)

    def _take(self, line: bytes) -> RawHead | None:
        """Take one line without its end; return the head if that was its last."""
        self._lines += 1
        if self._status is None:
            self._status = _status_of(line)
        elif line:
            self._take_field(line)
        else:
            return self._finished()
        return None

    def _take_field(self, line: bytes) -> None:
        if line[0] in _BLANKS and self._fields and not self._wrong and not re.search(rb"[\0\r]", line):
            # Section 5.2: a folded line goes on with the field before it, behind a blank.
            name, value = self._fields.pop()
            self._fields.append((name, f"{value} {_text(line)}".strip(" ")))
            return
        found = _FIELD.fullmatch(line)
        if found is not None:
            self._fields.append((found[1].decode("ascii"), _text(found[2])))
        elif not self._wrong:
            self._wrong = f"Line {self._lines} of the response head is not a header: {_shown(line[:_SHOWN_BYTES])}."

    def _finished(self) -> RawHead | None:
        head = self._head()
        assert head is not None
        if self._wrong:
            raise BadHead("protocol_error", self._wrong, head)
        if head.status == 101:
            text = "The server switched to another protocol (status 101), which nothing had asked for."
            raise BadHead("protocol_error", text, head)
        if head.status >= 200:
            return head
        status_line = f"{head.status} {head.reason}".strip()
        if status_line in self._informational or len(self._informational) < _SHOWN_INFORMATIONAL:
            self._informational[status_line] = self._informational.get(status_line, 0) + 1
        self._informational_bytes += self._head_bytes
        self._head_bytes = self._lines = 0
        self._status, self._fields = None, []
        return None

    def _head(self) -> RawHead | None:
        if self._status is None:
            return None
        return RawHead(*self._status, self._fields, self._told())

    def _told(self) -> list[str]:
        return [text if count == 1 else f"{text} ({count:,} times)" for text, count in self._informational.items()]


def _status_of(line: bytes) -> tuple[str, int, str]:
    """Parse a status line (section 4) into version, status and reason. Raises `BadHead`."""
    found = _STATUS_LINE.fullmatch(line)
    if found is None:
        text = f"The status line is not valid: {_shown(line[:_SHOWN_BYTES])}."
        raise BadHead("protocol_error", text)
    version = f"HTTP/{found[1].decode()}.{found[2].decode()}"
    if found[1] != b"1":
        raise BadHead("protocol_error", f"The server answered in {version} where HTTP/1.1 was asked for.")
    return version, int(found[3]), _text(found[4] or b"")


def _text(octets: bytes) -> str:
    return octets.decode("latin-1").strip(" \t")


def _shown(octets: bytes) -> str:
    """Return octets for people, on one line and without control characters."""
    return repr(octets.decode("latin-1"))
