"""Several requests and several threads: marks belong to their request, whoever does what where."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

from flask import Flask, request, stream_template_string, stream_with_context

from inspector.tap import Tap, parts
from tests.tapping import Recorded, close, cumulated, environ_of, exchange, new_recording, start, stream_of


def in_thread(work: Callable[[], object]) -> None:
    thread = threading.Thread(target=work)
    thread.start()
    thread.join()


def make_app(spool: Path, meeting: threading.Barrier | None = None) -> Flask:
    """Return an app of two views whose items have sizes of their own, and which meet before each item."""
    app = Flask(__name__)
    tap = Tap(spool)
    tap.install(app)

    def met(items: Iterator[str]) -> Iterator[str]:
        for item in items:
            if meeting is not None:
                meeting.wait()
            yield item

    @app.get("/template")
    def template() -> Iterator[str]:
        rows = met(iter(["x" * 3] * 100))
        return stream_template_string("{% for row in rows %}{{ row }}{% endfor %}", rows=rows)

    @app.get("/parts")
    def with_parts() -> Iterator[str]:
        return stream_with_context(parts(met(iter(["y" * 7] * 100))))

    app.wsgi_app = tap.write(app.wsgi_app)  # type: ignore[method-assign, assignment]
    return app


def test_that_two_requests_at_once_do_not_mix(tmp_path: Path) -> None:
    app = make_app(tmp_path, threading.Barrier(2))
    ids = {path: new_recording(tmp_path) for path in ("/template", "/parts")}
    threads = [
        threading.Thread(target=exchange, args=(app, environ_of(recording_id, path)))
        for path, recording_id in ids.items()
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for path, size in (("/template", 3), ("/parts", 7)):
        recorded = Recorded(tmp_path / ids[path])
        for layer in ("part", "yield", "write"):
            assert recorded.sizes(layer) == [size] * 100


def test_that_two_requests_interleaved_in_one_thread_do_not_mix(tmp_path: Path) -> None:
    tap = Tap(tmp_path)

    def app_of(item: bytes) -> Iterator[bytes]:
        app = tap.write(tap.yields(lambda environ, start_response: parts(iter([item] * 5))))
        recording_id = new_recording(tmp_path)
        ids.append(recording_id)
        return iter(start(app, environ_of(recording_id)).body)

    ids: list[str] = []
    short, long = app_of(b"a"), app_of(b"long")
    for _ in range(5):
        next(short)
        next(long)
    assert Recorded(tmp_path / ids[0]).sizes("part") == [1] * 5
    assert Recorded(tmp_path / ids[1]).sizes("part") == [4] * 5


def test_that_a_request_after_an_abandoned_one_is_not_recorded_into_it(tmp_path: Path) -> None:
    app = make_app(tmp_path)
    recording_id = new_recording(tmp_path)
    abandoned = start(app, environ_of(recording_id, "/parts")).body
    next(iter(abandoned))
    assert exchange(app, environ_of(None, "/template")).content == b"xxx" * 100
    recorded = Recorded(tmp_path / recording_id)
    assert recorded.sizes("part") == recorded.sizes("yield") == recorded.sizes("write") == [7]
    close(abandoned)


def test_that_a_body_may_be_iterated_and_closed_in_other_threads(tmp_path: Path) -> None:
    facts: list[str] = []
    tap = Tap(tmp_path)
    recording_id = new_recording(tmp_path)
    body = start(tap.write(tap.yields(stream_of([b"a", b"bc"], facts))), environ_of(recording_id)).body
    in_thread(lambda: next(iter(body)))
    in_thread(lambda: next(iter(body)))
    in_thread(lambda: close(body))
    assert facts == ["made 0", "made 1", "ended"]
    assert Recorded(tmp_path / recording_id).ends("write") == cumulated([b"a", b"bc"])


def test_that_parts_are_marked_where_items_are_made_in_other_threads_than_the_request(tmp_path: Path) -> None:
    tap = Tap(tmp_path)
    recording_id = new_recording(tmp_path)

    def app(environ: object, start_response: object) -> Iterator[bytes]:
        yield from joined(parts(iter([b"one", b"three"])))

    def joined(items: Iterator[bytes]) -> Iterator[bytes]:
        yield next(items) + next(items)

    body = start(tap.write(tap.yields(app)), environ_of(recording_id)).body
    in_thread(lambda: next(iter(body)))
    assert Recorded(tmp_path / recording_id).sizes("part") == [3, 5]
    assert Recorded(tmp_path / recording_id).sizes("yield") == [8]
    close(body)


def test_that_a_close_while_an_item_is_made_is_what_it_is_without_taps(tmp_path: Path) -> None:
    inside, go_on = threading.Event(), threading.Event()

    def slow() -> Iterator[bytes]:
        inside.set()
        assert go_on.wait(10)
        yield b"late"

    tap = Tap(tmp_path)
    recording_id = new_recording(tmp_path)
    body = start(tap.write(tap.yields(lambda environ, start_response: slow())), environ_of(recording_id)).body
    items: list[bytes] = []
    thread = threading.Thread(target=lambda: items.extend(body))
    thread.start()
    assert inside.wait(10)
    try:
        close(body)
    except ValueError as error:
        assert str(error) == "generator already executing"  # noqa: PT017  # a bare generator says the same
    else:
        raise AssertionError("a running generator can't be closed")
    finally:
        go_on.set()
        thread.join()
    assert items == [b"late"]
    assert Recorded(tmp_path / recording_id).ends("write") == []


def test_that_a_view_which_calls_its_own_app_is_recorded_alone(tmp_path: Path) -> None:
    app = make_app(tmp_path)

    @app.get("/outer")
    def outer() -> Iterator[str]:
        def generate() -> Iterator[str]:
            yield request.path

        inner = app.test_client().get("/parts")
        assert len(inner.data) == 700
        return stream_with_context(generate())

    recording_id = new_recording(tmp_path)
    assert exchange(app, environ_of(recording_id, "/outer")).content == b"/outer"
    recorded = Recorded(tmp_path / recording_id)
    assert recorded.sizes("yield") == recorded.sizes("write") == [6]
    assert recorded.code_lines("yield") == ["yield request.path"]
