"""A body keeps its length and its class, and every way of PEP 3333 to hand on bytes is marked."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any
from wsgiref.types import StartResponse, WSGIEnvironment
from wsgiref.util import FileWrapper

import pytest

from inspector.tap import Tap
from inspector.tap.typing_compat import override
from tests.tapping import Recorded, close, environ_of, exchange, new_recording, start, stream_of
from tests.wsgi_bodies import Body, Broken, app_of, both, open_files

NOT_AN_ITEM: Any = 3


@pytest.fixture
def tap(tmp_path: Path) -> Tap:
    return Tap(tmp_path)


def test_that_a_request_that_asks_for_nothing_gets_the_very_iterable(tap: Tap, tmp_path: Path) -> None:
    inner = iter([b"a"])
    assert start(both(tap, app_of(inner)), environ_of()).body is inner


def test_that_a_tap_without_a_spool_changes_nothing() -> None:
    app = stream_of([b"a"])
    assert both(Tap(None), app) is app


@pytest.mark.parametrize("shape", [list, tuple, iter, b"".join, dict.fromkeys])
def test_that_length_and_class_of_a_body_stay(shape: Callable[[list[bytes]], Iterable[bytes]], tmp_path: Path) -> None:
    inner = shape([b"one", b"two"])
    body = start(both(Tap(tmp_path), app_of(inner)), environ_of(new_recording(tmp_path))).body
    assert hasattr(body, "__len__") == hasattr(inner, "__len__")
    if hasattr(inner, "__len__"):
        assert len(body) == len(inner)  # type: ignore[arg-type]
    assert isinstance(body, list) == isinstance(inner, list)
    assert isinstance(body, tuple) == isinstance(inner, tuple)
    assert list(body) == list(shape([b"one", b"two"]))
    close(body)


def test_that_a_list_is_marked_as_the_server_takes_its_items(tap: Tap, tmp_path: Path) -> None:
    recording_id = new_recording(tmp_path)
    seen = exchange(both(tap, app_of([b"one", b"", b"three"])), environ_of(recording_id))
    assert seen.items == [b"one", b"", b"three"]
    for layer in ("part", "yield", "write"):
        assert Recorded(tmp_path / recording_id).sizes(layer) == [3, 0, 5]


def test_that_a_middleware_may_change_a_tapped_list(tap: Tap, tmp_path: Path) -> None:
    inner = tap.yields(app_of([b"one"]))

    def adding(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        body = inner(environ, start_response)
        assert isinstance(body, list)
        body.append(b"added")
        return body

    recording_id = new_recording(tmp_path)
    assert exchange(tap.write(adding), environ_of(recording_id)).items == [b"one", b"added"]
    assert Recorded(tmp_path / recording_id).sizes("write") == [3, 5]


def test_that_a_server_which_never_calls_iter_is_served(tap: Tap, tmp_path: Path) -> None:
    body = start(both(tap, stream_of([b"a", b"b"])), environ_of(new_recording(tmp_path))).body
    assert next(body) == b"a"  # type: ignore[call-overload]
    close(body)


def test_that_bytes_given_to_the_write_callable_are_marked(tap: Tap, tmp_path: Path) -> None:
    def app(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        write = start_response("200 OK", [("Content-Type", "text/plain")])
        write(b"first")
        write(b"second")
        return [b"third"]

    recording_id = new_recording(tmp_path)
    seen = exchange(both(tap, app), environ_of(recording_id))
    assert seen.written == [b"first", b"second"]
    for layer in ("part", "yield", "write"):
        assert Recorded(tmp_path / recording_id).sizes(layer) == [5, 6, 5]


def test_that_start_response_may_come_with_the_first_item_and_again_with_an_error(tap: Tap, tmp_path: Path) -> None:
    def app(environ: WSGIEnvironment, start_response: StartResponse) -> Iterator[bytes]:
        start_response("200 OK", [])
        try:
            raise Broken
        except Broken:
            start_response("500 Late", [("A", "b")], sys.exc_info())
        yield b"sorry"

    seen = start(both(tap, app), environ_of(new_recording(tmp_path)))
    assert seen.status == ""
    assert next(iter(seen.body)) == b"sorry"
    assert (seen.status, seen.headers) == ("500 Late", [("A", "b")])
    close(seen.body)


def test_that_a_file_wrapper_of_the_server_stays_what_it_is(tap: Tap, tmp_path: Path) -> None:
    file = (tmp_path / "file").open("w+b")

    def app(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        start_response("200 OK", [])
        wrapped: Iterable[bytes] = environ["wsgi.file_wrapper"](file)
        return wrapped

    environ = environ_of(new_recording(tmp_path)) | {"wsgi.file_wrapper": FileWrapper}
    body = start(both(tap, app), environ).body
    assert type(body) is FileWrapper
    close(body)
    assert file.closed
    assert open_files(tmp_path) == []


def test_that_an_item_no_server_takes_is_the_servers_to_refuse(tap: Tap, tmp_path: Path) -> None:
    class Odd(Body):
        @override
        def __next__(self) -> bytes:
            item: bytes = NOT_AN_ITEM
            return item

    body = start(both(tap, app_of(Odd([], []))), environ_of(new_recording(tmp_path))).body
    assert next(iter(body)) is NOT_AN_ITEM
    close(body)
