"""Takes user and password out of a URL before anything keeps, shows or sends the URL."""

from __future__ import annotations

import base64
from urllib.parse import unquote_to_bytes, urlsplit


def without_userinfo(url: str) -> tuple[str, str]:
    """Return the URL without ``user:password@``, and the value of the Authorization header that says the same.

    The header is that of RFC 7617 ("Basic"), empty where the URL names nobody. A text that is no URL comes back as it
    was, without a header.

    >>> without_userinfo("http://me:secret@localhost:5000/x")
    ('http://localhost:5000/x', 'Basic bWU6c2VjcmV0')
    """
    try:
        parts = urlsplit(url)
    except ValueError:
        return url, ""
    userinfo, at, host = parts.netloc.rpartition("@")
    if not at:
        return url, ""
    # Put together by hand: urlunsplit would leave out an empty query's question mark.
    before, _, after = url.partition(parts.netloc)
    clean = f"{before}{host}{after}"
    if not userinfo.strip(":"):
        return clean, ""
    user, _, password = userinfo.partition(":")
    return clean, "Basic " + base64.b64encode(unquote_to_bytes(user) + b":" + unquote_to_bytes(password)).decode()
