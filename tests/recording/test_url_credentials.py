"""A password in a URL: sent as a header, kept and shown nowhere."""

from __future__ import annotations

import base64

import pytest

from inspector.recording.url_credentials import without_userinfo


@pytest.mark.parametrize(
    ("url", "clean", "credentials"),
    [
        ("http://me:secret@host/x?a=1", "http://host/x?a=1", b"me:secret"),
        ("https://me@host:8443", "https://host:8443", b"me:"),
        ("http://m%40x:s%3Ac%2Fr@[::1]:80/?", "http://[::1]:80/?", b"m@x:s:c/r"),
        ("http://a:b@c:d@host/", "http://host/", b"a:b@c:d"),
        ("http://:@host/", "http://host/", None),
        ("http://@host/", "http://host/", None),
        ("http://host/@x", "http://host/@x", None),
        ("nonsense", "nonsense", None),
        ("http://[bad/", "http://[bad/", None),
    ],
)
def test_that_user_and_password_leave_the_url(url: str, clean: str, credentials: bytes | None) -> None:
    header = "" if credentials is None else "Basic " + base64.b64encode(credentials).decode()
    assert without_userinfo(url) == (clean, header)
