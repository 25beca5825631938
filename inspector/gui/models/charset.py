"""Tells in which charset a response says that its text is, as far as that can be shown byte by byte."""

from __future__ import annotations

import codecs
import re
from functools import cache

from inspector.recording.snapshot import Snapshot

UTF_8 = "utf-8"
_CHARSET = re.compile(r"""charset\s*=\s*["']?([\w.:-]{1,40})""", re.IGNORECASE | re.ASCII)
_ALL_BYTES = bytes(range(256))


def charset_of(snapshot: Snapshot) -> str:
    """Return the declared charset where each byte of it is a character, else UTF-8."""
    response = snapshot.meta.response if snapshot.meta is not None else None
    for name, value in response.headers if response is not None else []:
        found = _CHARSET.search(value) if name.lower() == "content-type" else None
        if found is not None:
            return _of_single_bytes(found[1].lower())
    return UTF_8


@cache
def _of_single_bytes(name: str) -> str:
    """Return a charset's name here where each byte is a character; browsers take Latin-1 and ASCII for Windows-1252."""
    try:
        known = codecs.lookup(name).name
        known = "cp1252" if known in ("iso8859-1", "ascii") else known
        text = _ALL_BYTES.decode(known, "replace")
    except (LookupError, UnicodeError):  # not known, or not of text
        return UTF_8
    return known if len(text) == len(_ALL_BYTES) and text.startswith(_ALL_BYTES[:128].decode("ascii")) else UTF_8
