"""No secret leaves with the meta data, and what is no secret stays."""

from __future__ import annotations

from urllib.parse import urlsplit

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.recording.meta import Ending, Meta, RequestMeta, ResponseMeta, encode_meta
from inspector.recording.redaction import is_secret_name, redacted_meta, redacted_text

SECRET = "hunter2"


def secretive(name: str = "token") -> Meta:
    """Return a meta with the secret in every place that is known to hold some."""
    url = f"https://user:{SECRET}@example.org/a?rows=3&{name}={SECRET}#access_token={SECRET}"
    return Meta(
        id="20261120-231504-4f2a9c01",
        title=url,
        started_at="2026-11-20T23:15:04Z",
        request=RequestMeta(
            url=url,
            headers=[("Authorization", f"Bearer {SECRET}"), ("proxy-authorization", SECRET), ("COOKIE", f"a={SECRET}")],
            knobs={"rows": "3", name: SECRET},
        ),
        response=ResponseMeta(
            http_version="HTTP/1.1",
            status=200,
            headers=[("Set-Cookie", f"a={SECRET}; Path=/"), ("Set-Cookie", SECRET), ("Location", url), ("X-A", "kept")],
        ),
        trailers=[("X-Auth-Token", SECRET), ("X-Rows", "3")],
        ending=Ending(kind="refused", text=f"no connection to {url}", t_ns=1),
        notes=[f"asked for {url}"],
    )


@pytest.mark.parametrize("name", ["token", "api_key", "client-secret", "passwd", "key", "apiKey", "X-Amz-Signature"])
def test_that_no_secret_is_left_anywhere(name: str) -> None:
    meta = secretive(name)
    before = encode_meta(meta)
    after = redacted_meta(meta)
    assert SECRET not in encode_meta(after).decode()
    assert encode_meta(meta) == before
    assert after.response is not None
    assert ("Set-Cookie", "[redacted]") in after.response.headers
    assert f"rows=3&{name}=[redacted]" in after.request.url
    assert after.request.knobs == {"rows": "3", name: "[redacted]"}


def test_that_what_is_no_secret_stays() -> None:
    after = redacted_meta(secretive())
    assert after.response is not None
    assert ("X-A", "kept") in after.response.headers
    assert after.trailers[1] == ("X-Rows", "3")
    assert [name for name, _ in after.request.headers] == ["Authorization", "proxy-authorization", "COOKIE"]
    plain = Meta(
        id="x", started_at="", request=RequestMeta(url="http://a/large.csv?rows=3&seed=1&name=Jo&client_buffer=0")
    )
    assert redacted_meta(plain) == plain


def test_that_a_meta_without_response_or_ending_is_redacted_too() -> None:
    meta = msgspec.structs.replace(secretive(), response=None, ending=None)
    assert SECRET not in encode_meta(redacted_meta(meta)).decode()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("http://h/?token=1&a=2", "http://h/?token=[redacted]&a=2"),
        ("http://h/?a=2;key=1", "http://h/?a=2;key=[redacted]"),
        ("http://h/?api%5Fkey=1", "http://h/?api%5Fkey=[redacted]"),
        ("/stream?password=", "/stream?password=[redacted]"),
        ("http://ghp_123@h/", "http://redacted@h/"),
        ("http://u:p@ss@h:80/a@b?c=d@e", "http://redacted@h:80/a@b?c=d@e"),
        ("http://h/a@b", "http://h/a@b"),
        ("http://[::1]:80/?monkey=1&keyboard=2", "http://[::1]:80/?monkey=1&keyboard=2"),
        ("see http://u:p@h/?sid=1 and http://v:q@h/", "see http://redacted@h/?sid=[redacted] and http://redacted@h/"),
    ],
)
def test_that_urls_lose_userinfo_and_secret_parameters(text: str, expected: str) -> None:
    assert redacted_text(text) == expected
    urlsplit(expected)


@pytest.mark.parametrize(
    "name",
    [
        "rows", "delay_ms", "jitter", "seed", "row_bytes", "fetch_rows", "name", "template_buffer", "client_buffer",
        "Host", "Accept", "Content-Type", "X-Accel-Buffering", "ETag", "Transfer-Encoding", "User-Agent",
        "Streaming-Inspector-Recording",
    ],
)  # fmt: skip
def test_that_knobs_and_usual_headers_are_no_secrets(name: str) -> None:
    assert not is_secret_name(name)


@given(st.text())
def test_that_redacting_twice_is_redacting_once(text: str) -> None:
    once = redacted_text(text)
    assert redacted_text(once) == once


@given(st.sampled_from(["token=", "&", "?", "@", "://", "key", "#", "=", "a", " "]).flatmap(lambda a: st.lists(
    st.sampled_from(["token=", "&", "?", "@", "://", "key", "#", "=", "a", " ", a]), max_size=12)))  # fmt: skip
def test_that_redacting_twice_is_redacting_once_in_what_looks_like_urls(words: list[str]) -> None:
    once = redacted_text("".join(words))
    assert redacted_text(once) == once
