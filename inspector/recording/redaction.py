"""Removes secrets from a recording's meta data before it is saved or exported.

Headers, knobs, URLs and the texts that quote them are treated. The body is what was asked for and stays as it is.
Redacting twice gives the same as redacting once.
"""

from __future__ import annotations

import re
from urllib.parse import unquote_plus

import msgspec

from .meta import Meta

REDACTED = "[redacted]"
#: Userinfo of a URL: without brackets, because a URL with brackets before its host can't be parsed any more.
REDACTED_USER = "redacted"

_SECRET_HEADERS = frozenset({"authorization", "proxy-authorization", "cookie", "set-cookie", "cookie2", "set-cookie2"})
#: A name with any of these in it is secret: ``access_token``, ``clientSecret``, ``passwd``, ``apikey``.
_SECRET_PARTS = re.compile(
    r"token|secret|passw|passphrase|passcode|credential|apikey|accesskey|privatekey|signature|session|bearer", re.ASCII
)
#: A name with any of these as a word of its own is secret: ``key``, ``api-key``, ``X-Goog-Key``, ``sig``.
_SECRET_WORDS = frozenset(
    {"key", "keys", "pass", "pwd", "pw", "auth", "authorization", "jwt", "sig", "sid", "otp", "pin", "csrf", "xsrf"}
)
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")
_USERINFO = re.compile(r"(?<=://)[^/?#\s@]*(?:@[^/?#\s@]*)*(?=@)")
_PAIR = re.compile(r"(?P<start>[?&#;])(?P<name>[^?&#;=\s]+)=(?P<value>[^&#;\s]*)")


def redacted_meta(meta: Meta) -> Meta:
    """Return a copy of ``meta`` without secrets; the given one is left alone.

    Replaced by ``[redacted]``: values of secret headers and trailers (Authorization, Proxy-Authorization, Cookie,
    Set-Cookie and any whose name looks like a secret), of secret knobs and of secret query parameters, in the URL and
    wherever a text or header quotes a URL; userinfo in URLs is replaced by ``redacted``.
    """
    request, response, ending = meta.request, meta.response, meta.ending
    return msgspec.structs.replace(
        meta,
        title=redacted_text(meta.title),
        request=msgspec.structs.replace(
            request,
            url=redacted_text(request.url),
            headers=redacted_headers(request.headers),
            knobs={name: _redacted_value(name, value) for name, value in request.knobs.items()},
        ),
        response=response and msgspec.structs.replace(response, headers=redacted_headers(response.headers)),
        trailers=redacted_headers(meta.trailers),
        ending=ending and msgspec.structs.replace(ending, text=redacted_text(ending.text)),
        notes=[redacted_text(note) for note in meta.notes],
    )


def redacted_headers(headers: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return header pairs with the values of secret ones replaced, in the same order."""
    return [(name, _redacted_value(name, value)) for name, value in headers]


def redacted_text(text: str) -> str:
    """Return a URL, or a text that may quote URLs, with userinfo and secret parameter values replaced."""
    return _PAIR.sub(_redacted_pair, _USERINFO.sub(REDACTED_USER, text))


def is_secret_name(name: str) -> bool:
    """Return whether a header, knob or query parameter of this name is taken to hold a secret.

    Errs on the side of redacting: ``monkey`` is safe, ``key``, ``apiKey``, ``X-Auth-Token`` and ``PHPSESSION`` are not.
    """
    if name.lower() in _SECRET_HEADERS or _SECRET_PARTS.search(re.sub(r"[^a-z]", "", name.lower())):
        return True
    return any(word.lower() in _SECRET_WORDS for word in _WORD.findall(name))


def _redacted_value(name: str, value: str) -> str:
    return REDACTED if is_secret_name(name) else redacted_text(value)


def _redacted_pair(found: re.Match[str]) -> str:
    if not is_secret_name(unquote_plus(found["name"])):
        return found[0]
    return f"{found['start']}{found['name']}={REDACTED}"
