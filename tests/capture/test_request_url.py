"""URLs of requests: taken apart without httpx where that gives what httpx gives, and by httpx everywhere else."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from inspector.capture.request_url import _UNCHANGED, BadUrl, RequestUrl
from tests.fresh_python import run_python


def by_httpx(text: str) -> RequestUrl:
    return RequestUrl._parse_any(text)


@given(st.from_regex(_UNCHANGED, fullmatch=True))
@example("http://127.0.0.1:5000/large.csv?rows=5&middleware=gzip%2Cjoin")
@example("http://localhost/")
@example("http://xn--bcher-kva.example/")
@example("http://localhost:80/")
@example("https://localhost:443/x")
@example("http://localhost:99999/x")
def test_that_what_is_taken_apart_here_is_what_httpx_makes_of_it(text: str) -> None:
    try:
        expected = by_httpx(text)
    except BadUrl:
        with pytest.raises(BadUrl):
            RequestUrl.parse(text)
        return
    assert RequestUrl.parse(text) == expected


@given(st.text(alphabet="ahtps:/.%2C?&=#@[]-_~'0 é", max_size=30).map("http://a".__add__))
def test_that_any_text_gives_what_httpx_gives(text: str) -> None:
    try:
        expected = by_httpx(text)
    except BadUrl:
        with pytest.raises(BadUrl):
            RequestUrl.parse(text)
        return
    assert RequestUrl.parse(text) == expected


@pytest.mark.parametrize(
    ("text", "host", "port", "netloc", "raw_path"),
    [
        ("http://127.0.0.1:5000/x?a=1", "127.0.0.1", 5000, b"127.0.0.1:5000", b"/x?a=1"),
        ("http://bücher.example/ä", "xn--bcher-kva.example", 80, b"xn--bcher-kva.example", b"/%C3%A4"),
        ("https://[::1]:8443/a/../b", "::1", 8443, b"[::1]:8443", b"/b"),
        ("http://LOCALHOST", "localhost", 80, b"localhost", b"/"),
    ],
)
def test_that_a_url_has_its_parts(text: str, host: str, port: int, netloc: bytes, raw_path: bytes) -> None:
    url = RequestUrl.parse(text)
    assert (url.host, url.port, url.netloc, url.raw_path) == (host, port, netloc, raw_path)


@pytest.mark.parametrize("text", ["", "ftp://a/", "http://", "http://a:99999/", "http://a:x/"])
def test_that_what_is_no_url_is_refused(text: str) -> None:
    with pytest.raises(BadUrl):
        RequestUrl.parse(text)


LOADS = """
import sys
from inspector.capture.request_url import RequestUrl
RequestUrl.parse({!r})
print('httpx' in sys.modules)
"""


@pytest.mark.parametrize(
    ("text", "loads_httpx"), [("http://127.0.0.1:5000/large.csv?rows=1&delay_ms=0", "False"), ("http://ä/", "True")]
)
def test_that_httpx_is_loaded_for_what_only_it_understands(text: str, loads_httpx: str) -> None:
    result = run_python(LOADS.format(text))
    assert result.stdout.strip() == loads_httpx, result.stderr
