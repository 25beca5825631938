"""A recorded request as a curl command: the same request, quoted, without secrets."""

from __future__ import annotations

import shlex

from inspector.export.curl import curl_command
from inspector.recording.meta import Meta, RequestMeta
from inspector.recording.recording_id import RECORDING_HEADER

URL = "http://127.0.0.1:40404/stream?name=O'Neill&delay_ms=5"


def meta(*headers: tuple[str, str], method: str = "GET") -> Meta:
    return Meta(id="x", started_at="", request=RequestMeta(method=method, url=URL, headers=[*headers]))


def test_that_the_command_asks_the_same_of_the_server_that_runs_now() -> None:
    own = [("Host", "127.0.0.1:40404"), ("User-Agent", "x"), ("Accept-Encoding", "identity"), (RECORDING_HEADER, "1")]
    words = shlex.split(curl_command(meta(*own, ("X-Trace", "a b")), "127.0.0.1:5000"))
    assert words == ["curl", "-N", "-H", "X-Trace: a b", URL.replace("40404", "5000")]


def test_that_coding_and_method_are_kept_and_secrets_are_not() -> None:
    command = curl_command(meta(("Accept-Encoding", "gzip"), ("Authorization", "Bearer hidden"), method="HEAD"))
    assert "Accept-Encoding: gzip" in command
    assert "-X HEAD" in command
    assert "hidden" not in command
