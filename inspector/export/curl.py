"""Exports a recorded request as a curl command that asks the same, without buffering (``-N``) and without secrets."""

from __future__ import annotations

import shlex
from urllib.parse import urlsplit

from inspector.recording.meta import Meta
from inspector.recording.recording_id import RECORDING_HEADER
from inspector.recording.redaction import redacted_meta

#: Headers that curl or our own recorder sends by itself.
_OWN_HEADERS = {"host", "connection", "accept", "user-agent", RECORDING_HEADER.lower()}


def curl_command(meta: Meta, netloc: str = "") -> str:
    """Return the command, quoted for a POSIX shell; ``netloc`` takes the place of the server's address, "" leaves it.

    >>> from inspector.recording.meta import RequestMeta
    >>> curl_command(Meta(id="x", started_at="", request=RequestMeta(url="http://127.0.0.1:5000/a?b=1&c=2")))
    "curl -N 'http://127.0.0.1:5000/a?b=1&c=2'"
    """
    request = redacted_meta(meta).request
    parts = urlsplit(request.url)
    words = ["curl", "-N"]
    if request.method != "GET":
        words += ["-X", request.method]
    for name, value in request.headers:
        is_default = name.lower() == "accept-encoding" and value == "identity"
        if name.lower() not in _OWN_HEADERS and not is_default:
            words += ["-H", f"{name}: {value}"]
    words.append((parts._replace(netloc=netloc) if netloc else parts).geturl())
    return shlex.join(words)
