"""The middlewares on the wire, row by row: who holds what, and until when; and that each closes what it wraps."""

from __future__ import annotations

import importlib.util
import zlib
from collections.abc import Iterator
from typing import Any

import pytest

from inspector.catalogue import MIDDLEWARES
from server.flask_hooks import HOOKS
from server.middleware_stack import BUILDERS
from tests.needs import each_of, needs
from tests.served import Wire, serving, serving_gated
from tests.tapping import close, environ_of, start

ROWS = "/large.csv?rows=4&row_bytes=100&delay_ms=50"
AT_ONCE = "/large.csv?rows=4&row_bytes=100&delay_ms=0"


def held_until_the_end(middleware: str) -> tuple[Wire, bytes]:
    """Check that nothing was sent before the last row was made; return the response and its body."""
    with serving_gated() as (served, gate), served.get(f"{ROWS}&middleware={middleware}") as wire:
        for row in (1, 2, 3):
            gate.wait_for_pause(row)
            assert wire.is_silent()
            gate.open()
        assert wire.status == 200
        return wire, wire.rest()


def plain_body() -> bytes:
    with serving() as served, served.get(AT_ONCE) as wire:
        return wire.body()


def test_that_every_row_of_the_table_is_built_by_something() -> None:
    assert {row.name for row in MIDDLEWARES if row.is_hook} == set(HOOKS)
    assert {row.name for row in MIDDLEWARES if not row.is_hook} == set(BUILDERS)


@pytest.mark.parametrize("middleware", ["join", "profiler"])
def test_that_what_joins_sends_one_chunk_when_the_last_row_is_made(middleware: str) -> None:
    wire, body = held_until_the_end(middleware)
    assert wire.headers["transfer-encoding"] == "chunked"
    assert body == b"190\r\n" + plain_body() + b"\r\n0\r\n\r\n"


@pytest.mark.parametrize("middleware", ["get_data", "etag", "content_length"])
def test_that_what_measures_sends_a_content_length_when_the_last_row_is_made(middleware: str) -> None:
    wire, body = held_until_the_end(middleware)
    headers = wire.headers
    assert headers["content-length"] == "400"
    assert "transfer-encoding" not in headers
    assert ("etag" in headers) is (middleware == "etag")
    assert body == plain_body()


def test_that_rechunk_holds_what_does_not_fill_a_piece() -> None:
    with serving_gated() as (served, gate), served.get(f"{ROWS}&middleware=rechunk:150") as wire:
        gate.wait_for_pause(1)
        assert wire.is_silent()
        gate.open()
        assert len(wire.chunk()) == 150
        gate.wait_for_pause(2)
        assert wire.is_silent()
        gate.open()
        assert len(wire.chunk()) == 150
        gate.wait_for_pause(3)
        assert wire.is_silent()
        gate.open()
        assert [len(chunk) for chunk in wire.chunks()] == [100]


@pytest.mark.parametrize(
    ("middleware", "coding", "wbits", "head_bytes"),
    [("gzip", "gzip", 31, 10), pytest.param("compress", "deflate", 15, 2, marks=needs("compress"))],
)
def test_that_compression_without_a_flush_sends_its_own_header_and_holds_the_rest(
    middleware: str, coding: str, wbits: int, head_bytes: int
) -> None:
    with serving_gated() as (served, gate), served.get(f"{ROWS}&middleware={middleware}") as wire:
        head = wire.chunk()
        assert len(head) == head_bytes
        for row in (1, 2, 3):
            gate.wait_for_pause(row)
            assert wire.is_silent()
            gate.open()
        assert wire.headers["content-encoding"] == coding
        assert zlib.decompress(head + b"".join(wire.chunks()), wbits) == plain_body()


def test_that_gzip_with_a_flush_lets_each_row_be_decoded_when_it_comes() -> None:
    decoder = zlib.decompressobj(31)
    with serving_gated() as (served, gate), served.get(f"{ROWS}&middleware=gzip-flush") as wire:
        rows = []
        for row in (1, 2, 3):
            gate.wait_for_pause(row)
            rows.append(decoder.decompress(wire.chunk()))
            gate.open()
        rows += [decoder.decompress(chunk) for chunk in wire.chunks()]
    assert [len(row) for row in rows] == [100, 100, 100, 100, 0]
    assert decoder.eof


@pytest.mark.parametrize("middleware", ["lint", "debugger", "lint,debugger,lint", ""])
def test_that_what_does_no_harm_sends_each_row_before_the_next_is_made(middleware: str) -> None:
    with serving_gated() as (served, gate), served.get(f"{ROWS}&middleware={middleware}") as wire:
        for row in (1, 2, 3):
            gate.wait_for_pause(row)
            assert len(wire.chunk()) == 100
            assert wire.is_silent()
            gate.open()
        assert len(wire.chunks()) == 1


@needs("compress", "brotli")
@pytest.mark.parametrize(("accepted", "coding"), [("br", "br"), ("gzip", ""), ("gzip, deflate, br, zstd", "zstd")])
def test_that_flask_compress_takes_of_what_the_client_accepts(accepted: str, coding: str) -> None:
    with serving() as served, Wire(
        served.port, f"{AT_ONCE}&middleware=compress", fields=f"Accept-Encoding: {accepted}\r\n"
    ) as wire:  # fmt: skip
        assert wire.headers.get("content-encoding", "") == coding
        assert wire.body()


def test_that_the_debugger_ends_a_failed_body_as_if_it_were_complete(capfd: pytest.CaptureFixture[str]) -> None:
    path = "/stream-without-context?name=Jo&delay_ms=0"
    with serving() as served:
        with served.get(path) as wire:
            assert wire.chunks_until_cut()
        with served.get(f"{path}&middleware=debugger") as wire:
            assert wire.chunks()
    assert "RuntimeError" in capfd.readouterr().err


@needs("compress")
def test_that_a_stack_is_built_from_the_inside_to_the_outside() -> None:
    with serving() as served:
        with served.get(f"{AT_ONCE}&middleware=join,rechunk:30") as wire:
            assert len(wire.chunks()) == 14
        with served.get(f"{AT_ONCE}&middleware=rechunk:30,join") as wire:
            assert len(wire.chunks()) == 1
        with served.get(f"{AT_ONCE}&middleware=gzip-flush,gzip") as wire:
            assert zlib.decompress(wire.body(), 31) == plain_body()
        with served.get(f"{AT_ONCE}&middleware=debugger,gzip,compress,rechunk:7") as wire:
            assert set(map(len, wire.chunks()[:-1])) == {7}
            assert wire.headers["content-encoding"] == "gzip"


@pytest.mark.parametrize("route", ["/timeline", "/in-memory.csv", "/through-a-file.csv", "/stream-checked"])
@pytest.mark.parametrize("middleware", each_of(*(row.example for row in MIDDLEWARES)))
def test_that_every_middleware_hands_on_every_kind_of_body(route: str, middleware: str) -> None:
    query = "?rows=3&delay_ms=0&name=Jo"
    with serving() as served:
        with served.get(f"{route}{query}") as wire:
            plain = wire.body()
        with served.get(f"{route}{query}&middleware={middleware}") as wire:
            headers = wire.headers
            body = wire.rest() if "content-length" in headers else b"".join(wire.chunks())
    coding = headers.get("content-encoding")
    assert (zlib.decompress(body, {"gzip": 31, "deflate": 15}[coding]) if coding else body) == plain


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("middleware=rechunk", "rechunk:BYTES with BYTES from 1 to 1048576"),
        ("middleware=gzip,nothing", "debugger"),
        ("middleware=gzip&rows=x", "rows takes a whole number"),
        ("middleware=gzip&middleware=join", "middleware is given 2 times"),
        ("middleware=" + "gzip," * 16 + "gzip", "at most 16"),
    ],
)
def test_that_a_refused_request_gets_a_sentence_and_no_middleware(query: str, sentence: str) -> None:
    with serving() as served, served.get(f"/large.csv?{query}") as wire:
        assert wire.status == 400
        assert sentence in wire.text()
        assert "content-encoding" not in wire.headers


def test_that_a_middleware_that_is_not_installed_is_refused_with_its_command(monkeypatch: pytest.MonkeyPatch) -> None:
    found = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name, *rest: None if name == "flask_compress" else found(name, *rest)
    )
    with serving() as served, served.get(f"{AT_ONCE}&middleware=gzip,compress") as wire:
        assert wire.status == 400
        assert "pip install flask-compress" in wire.text()


@pytest.mark.parametrize(("value", "field"), [("no", "no"), ("unset", None)])
def test_that_x_accel_is_a_header(value: str, field: str | None) -> None:
    with serving() as served, served.get(f"{AT_ONCE}&x_accel={value}") as wire:
        assert wire.headers.get("x-accel-buffering") == field


class Body:
    """A response that counts how often it is closed."""

    def __init__(self, *, fails: bool) -> None:
        self.closed = 0
        self._items = iter([b"one", b"two"])
        self._fails = fails

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        if self._fails:
            raise ValueError("a mistake of the app")
        return next(self._items)

    def close(self) -> None:
        self.closed += 1


@pytest.mark.parametrize("name", each_of("join", "rechunk", "gzip", "gzip-flush", "content_length", "compress"))
@pytest.mark.parametrize("use", ["to the end", "one item", "not at all", "fails"])
def test_that_a_middleware_closes_what_it_wraps_exactly_once(name: str, use: str) -> None:
    body = Body(fails=use == "fails")

    def app(_environ: object, start_response: Any) -> Body:
        start_response("200 OK", [("Content-Type", "text/csv")])
        return body

    def use_it() -> None:
        response = start(BUILDERS[name](app, 2), environ_of()).body
        items = iter(response)
        try:
            if use == "one item":
                next(items)
            elif use != "not at all":
                list(items)
        finally:
            close(response)
            close(response)

    if use == "fails":
        with pytest.raises(ValueError, match="a mistake of the app"):
            use_it()
    else:
        use_it()
    assert body.closed == 1
