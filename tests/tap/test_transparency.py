"""A tapped app and a bare one can't be told apart by a server."""

from __future__ import annotations

import gc
import inspect
import tempfile
import weakref
from collections.abc import Iterable, Iterator
from pathlib import Path
from wsgiref.types import StartResponse, WSGIEnvironment
from wsgiref.validate import validator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.tap import Tap, parts
from inspector.tap.typing_compat import override
from tests.tapping import Recorded, close, cumulated, environ_of, exchange, new_recording, start, stream_of
from tests.wsgi_bodies import Body, Broken, app_of, both, open_files

ITEMS = st.lists(st.binary(max_size=20), max_size=12)
TEXTS = st.lists(st.text("a<\nä€𝄞", max_size=8), max_size=12)


@pytest.fixture
def tap(tmp_path: Path) -> Tap:
    return Tap(tmp_path)


@given(items=ITEMS, raise_at=st.none() | st.integers(0, 12), stop_after=st.none() | st.integers(0, 12))
def test_that_a_server_sees_the_same_items_errors_and_calls(
    items: list[bytes], raise_at: int | None, stop_after: int | None
) -> None:
    with tempfile.TemporaryDirectory() as spool:
        tap = Tap(Path(spool))
        recording_id = new_recording(Path(spool))
        bare_facts: list[str] = []
        tapped_facts: list[str] = []
        bare = exchange(app_of(Body(items, bare_facts, raise_at)), environ_of(), stop_after)
        tapped = exchange(both(tap, app_of(Body(items, tapped_facts, raise_at))), environ_of(recording_id), stop_after)
        recorded = Recorded(Path(spool) / recording_id)

        assert tapped_facts == bare_facts
        assert tapped_facts.count("close") == 1
        assert [id(item) for item in tapped.items] == [id(item) for item in bare.items]
        assert (tapped.status, tapped.headers) == (bare.status, bare.headers)
        assert (type(tapped.error), str(tapped.error)) == (type(bare.error), str(bare.error))
        for layer in ("part", "yield", "write"):
            assert recorded.ends(layer) == cumulated(item for item in tapped.items if isinstance(item, bytes))


@given(texts=TEXTS, raise_at=st.none() | st.integers(0, 12), stop_after=st.none() | st.integers(0, 12))
def test_that_parts_hands_on_the_very_items_and_marks_their_utf_8_size(
    texts: list[str], raise_at: int | None, stop_after: int | None
) -> None:
    def made() -> Iterator[str]:
        for number, text in enumerate(texts):
            if number == raise_at:
                raise Broken(number)
            yield text

    seen: list[str] = []

    def encoded(items: Iterable[str]) -> Iterator[bytes]:
        for item in items:
            seen.append(item)
            yield item.encode()

    with tempfile.TemporaryDirectory() as spool:
        recording_id = new_recording(Path(spool))
        app = both(Tap(Path(spool)), lambda environ, start_response: encoded(parts(made())))
        tapped = exchange(app, environ_of(recording_id), stop_after)
        recorded = Recorded(Path(spool) / recording_id)

        expected = texts[: min(len(texts), len(texts) if raise_at is None else raise_at)]
        expected = expected if stop_after is None else expected[:stop_after]
        assert [id(item) for item in seen] == [id(item) for item in texts[: len(seen)]]
        assert seen == expected
        assert recorded.ends("part") == recorded.ends("yield") == recorded.ends("write") == cumulated(expected)
        assert isinstance(tapped.error, Broken) == (
            len(expected) == raise_at
            and len(expected) < len(texts)
            and (stop_after is None or stop_after > len(expected))
        )


def test_that_nothing_is_made_before_the_server_asks(tap: Tap, tmp_path: Path) -> None:
    facts: list[str] = []
    recording_id = new_recording(tmp_path)
    body = start(both(tap, stream_of([b"a", b"b"], facts)), environ_of(recording_id)).body
    recorded = Recorded(tmp_path / recording_id)
    assert facts == []

    items = iter(body)
    assert facts == []
    assert next(items) == b"a"
    # Visible to a follower before the next item exists.
    assert facts == ["made 0"]
    assert recorded.ends("part") == recorded.ends("yield") == recorded.ends("write") == [1]
    assert next(items) == b"b"
    assert facts == ["made 0", "made 1"]
    close(body)
    assert facts == ["made 0", "made 1", "ended"]


def test_that_close_is_forwarded_once_even_if_a_server_closes_twice(tap: Tap, tmp_path: Path) -> None:
    facts: list[str] = []
    body = start(both(tap, app_of(Body([b"a"], facts))), environ_of(new_recording(tmp_path))).body
    close(body)
    close(body)
    assert facts == ["close"]


def test_that_an_error_of_close_reaches_the_server_and_the_files_are_closed(tap: Tap, tmp_path: Path) -> None:
    class Unclosable(Body):
        @override
        def close(self) -> None:
            raise Broken("close")

    body = start(both(tap, app_of(Unclosable([b"a"], []))), environ_of(new_recording(tmp_path))).body
    with pytest.raises(Broken, match="close"):
        close(body)
    assert open_files(tmp_path) == []


def test_that_an_error_of_the_app_itself_passes_and_the_files_are_closed(tap: Tap, tmp_path: Path) -> None:
    def app(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        raise Broken("app")

    with pytest.raises(Broken, match="app") as caught:
        start(both(tap, app), environ_of(new_recording(tmp_path)))
    # The traceback keeps the frames of the taps alive: they must have closed their files themselves.
    assert caught.traceback
    assert open_files(tmp_path) == []


def test_that_a_body_nobody_closes_leaves_no_open_file_and_ends_at_once(tap: Tap, tmp_path: Path) -> None:
    facts: list[str] = []
    body = start(both(tap, stream_of([b"a", b"b"], facts)), environ_of(new_recording(tmp_path))).body
    assert next(iter(body)) == b"a"
    assert len(open_files(tmp_path)) == 4
    gc.disable()
    try:
        del body
        assert facts == ["made 0", "ended"]
        assert open_files(tmp_path) == []
    finally:
        gc.enable()


def test_that_the_body_is_let_go_when_it_is_closed(tap: Tap, tmp_path: Path) -> None:
    class Kept(Body):
        pass

    inner = Kept([b"a"], [])
    gone = weakref.ref(inner)
    environ = environ_of(new_recording(tmp_path))
    exchange(both(tap, app_of(inner)), environ)
    gc.disable()
    try:
        del inner
        assert gone() is None
    finally:
        gc.enable()


def test_that_the_validator_of_the_standard_library_agrees(tap: Tap, tmp_path: Path) -> None:
    def app(environ: WSGIEnvironment, start_response: StartResponse) -> Iterator[bytes]:
        start_response("200 OK", [("Content-Type", "text/plain")])
        yield b"a"
        yield b"b"

    recording_id = new_recording(tmp_path)
    tapped = validator(tap.write(validator(tap.yields(validator(app)))))
    environ = environ_of(recording_id)
    seen = exchange(tapped, environ)
    assert seen.error is None
    assert seen.items == [b"a", b"b"]
    assert Recorded(tmp_path / recording_id).ends("write") == [1, 2]


def test_that_parts_forwards_close_once_and_shows_what_it_wraps() -> None:
    facts: list[str] = []
    wrapped = parts(Body([b"a"], facts))
    assert isinstance(wrapped.__wrapped__, Body)
    assert list(wrapped) == [b"a"]
    wrapped.close()
    wrapped.close()
    assert facts == ["iter", "next", "next", "close"]

    generator = (item for item in [b"a"])
    parts(generator).close()
    assert inspect.getgeneratorstate(generator) == inspect.GEN_CLOSED


def test_that_parts_of_what_can_t_be_iterated_is_a_type_error() -> None:
    with pytest.raises(TypeError, match="not iterable"):
        parts(3)  # type: ignore[arg-type]
