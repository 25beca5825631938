"""Parses the URL of a request into the address to connect to and the target in the request line.

httpx understands every URL (international names, what has to be escaped, dots in a path). One with nothing to change in
it, as those of the built-in server, is taken apart without httpx, which takes longer to load than such a run lasts.
"""

from __future__ import annotations

import re
from typing import NamedTuple

#: URLs of which httpx gives the parts back letter for letter.
_UNCHANGED = re.compile(
    r"(?P<scheme>https?)://"
    r"(?P<netloc>(?P<host>127\.0\.0\.1|[a-z](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z](?:[a-z0-9-]*[a-z0-9])?)*)"
    r"(?::(?P<port>[1-9][0-9]{0,4}))?)"
    r"(?P<path>(?:/(?:[A-Za-z0-9_~-]|%[0-9A-F]{2})(?:[A-Za-z0-9._~-]|%[0-9A-F]{2})*)+|/)"
    r"(?P<query>\?(?:[A-Za-z0-9._~+&=-]|%[0-9A-F]{2})+)?",
    re.ASCII,
)
_DEFAULT_PORTS = {"http": 80, "https": 443}
_MOST_PORT = 65_535


class BadUrl(ValueError):
    """The text is no URL that can be asked for; the message says why, empty where there is nothing more to say."""


class RequestUrl(NamedTuple):
    """``host`` is in ASCII and without brackets, ``netloc`` as in a Host header, ``raw_path`` has the query too."""

    scheme: str
    host: str
    port: int
    netloc: bytes
    raw_path: bytes

    @classmethod
    def parse(cls, text: str) -> RequestUrl:
        """Read a URL without user and password. Raises `BadUrl`."""
        found = _UNCHANGED.fullmatch(text)
        if found is not None and "--" not in found["host"] and found["port"] not in ("80", "443"):
            port = int(found["port"] or _DEFAULT_PORTS[found["scheme"]])
            if port <= _MOST_PORT:
                raw_path = f"{found['path']}{found['query'] or ''}".encode("ascii")
                return cls(found["scheme"], found["host"], port, found["netloc"].encode("ascii"), raw_path)
        return cls._parse_any(text)

    @classmethod
    def _parse_any(cls, text: str) -> RequestUrl:
        import httpx

        try:
            url = httpx.URL(text)
            is_good = url.scheme in _DEFAULT_PORTS and bool(url.raw_host)
        except (httpx.InvalidURL, ValueError) as error:
            raise BadUrl(str(error)) from error
        # Name resolution takes a port modulo 65536.
        if not is_good or (url.port or 0) > _MOST_PORT:
            raise BadUrl
        port = url.port or _DEFAULT_PORTS[url.scheme]
        return cls(url.scheme, url.raw_host.decode("ascii"), port, url.netloc, url.raw_path or b"/")
