"""What a Flask app and its templates can see of the taps: nothing, in contexts, errors and lifetimes."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import (
    Flask,
    current_app,
    g,
    has_app_context,
    has_request_context,
    request,
    session,
    stream_template_string,
    stream_with_context,
)
from jinja2 import DictLoader, Template
from markupsafe import Markup

from inspector.tap import Tap, parts
from tests.tapped_flask import (
    TEMPLATES,
    make_app,
    plain,
    recorded_run,
)
from tests.tapping import Recorded, environ_of, exchange, new_recording, start


def test_that_an_environment_and_templates_made_before_the_tap_are_tapped_too(tmp_path: Path) -> None:
    app = Flask("tests", template_folder=str(TEMPLATES))
    assert app.jinja_env.get_template("page.html").name == "page.html"
    Tap(tmp_path).install(app)

    @app.get("/")
    def view() -> Iterator[str]:
        stream = app.jinja_env.get_template("page.html").stream(rows=range(2), name="name", foot="end")
        stream.enable_buffering(5)
        return stream

    _, recorded = recorded_run(app, tmp_path)
    assert len(recorded.ends("part")) > 4 * len(recorded.ends("yield")) > 0
    assert recorded.files == {"part.marks", "yield.marks", "sources.jsonl", "taps.jsonl"}


def test_that_a_template_class_of_the_apps_own_stays_and_is_tapped(tmp_path: Path) -> None:
    class Own(Template):
        pass

    app = Flask("tests", template_folder=str(TEMPLATES))
    app.jinja_env.template_class = Own
    Tap(tmp_path).install(app)

    @app.get("/")
    def view() -> Iterator[str]:
        template = app.jinja_env.get_template("head.html")
        assert isinstance(template, Own)
        stream = template.stream(name="name")
        stream.enable_buffering(5)
        return stream

    _, recorded = recorded_run(app, tmp_path)
    assert len(recorded.ends("part")) == 3
    assert len(recorded.ends("yield")) == 1


def test_that_settings_of_jinja_may_still_be_made_after_the_tap(tmp_path: Path) -> None:
    app = Flask("tests", template_folder=str(TEMPLATES))
    Tap(tmp_path).install(app)
    assert "jinja_env" not in vars(app)
    app.jinja_options = {"trim_blocks": True}
    app.jinja_loader = DictLoader({"x.html": "{{ 1 }}"})
    assert app.jinja_env.trim_blocks


def test_that_pieces_stay_markup_and_a_template_stream_is_lazy(tmp_path: Path) -> None:
    facts: list[object] = []

    def rows() -> Iterator[str]:
        for number in range(3):
            facts.append(number)
            yield f"<{number}>"

    def view() -> Iterator[str]:
        pieces = stream_template_string("{% for row in rows %}{{ row }}{% endfor %}", rows=rows())
        for piece in pieces:
            facts.append(type(piece))
            yield piece

    app = make_app(tmp_path, lambda: stream_with_context(view()))
    app.select_jinja_autoescape = lambda filename: True  # type: ignore[method-assign]
    body = iter(start(app, environ_of(new_recording(tmp_path))).body)
    assert facts == []
    assert next(body) == b"&lt;0&gt;"
    assert facts == [0, Markup]
    body.close()  # type: ignore[attr-defined]


def test_that_an_abandoned_template_is_closed_with_the_body(tmp_path: Path) -> None:
    facts: list[str] = []

    def rows() -> Iterator[str]:
        try:
            yield "row"
            yield "never"
        finally:
            facts.append("closed in context of " + request.path)

    view = lambda: stream_template_string("{% for row in rows %}{{ row }}{% endfor %}", rows=rows())  # noqa: E731
    gc.disable()
    try:
        _, recorded = recorded_run(make_app(tmp_path, view), tmp_path, stop_after=1)
        assert facts == ["closed in context of /"]
    finally:
        gc.enable()
    assert recorded.sizes("part") == [3]


def test_that_an_error_in_a_template_passes_after_the_parts_before_it(tmp_path: Path) -> None:
    def view() -> Iterator[str]:
        return stream_template_string("a{{ x }}b{{ 1 // zero }}", x=1, zero=0)

    seen, recorded = recorded_run(make_app(tmp_path, view), tmp_path)
    assert isinstance(seen.error, ZeroDivisionError)
    assert seen.content == b"a1b"
    assert recorded.sizes("part") == recorded.sizes("yield") == recorded.sizes("write") == [1, 1, 1]


@pytest.mark.parametrize("spool_of", [lambda folder: folder, lambda folder: None])
def test_that_contexts_are_those_of_the_view(spool_of: Callable[[Path], Path | None], tmp_path: Path) -> None:
    facts: list[object] = []

    def view() -> Iterator[str]:
        g.token = object()
        session["seen"] = True
        outer = (g.token, request._get_current_object(), current_app._get_current_object())  # type: ignore[attr-defined]

        def generate() -> Iterator[str]:
            inner = (g.token, request._get_current_object(), current_app._get_current_object())  # type: ignore[attr-defined]
            facts.append([one is other for one, other in zip(inner, outer, strict=True)])
            facts.append(dict(session))
            yield "x"

        return stream_with_context(parts(generate()))

    app = make_app(spool_of(tmp_path), view)
    app.teardown_request(lambda error: facts.append(("teardown", error)))
    bare_teardowns = _teardowns_of_a_bare_app(view)
    facts.clear()
    recording_id = new_recording(tmp_path)
    seen = exchange(app, environ_of(recording_id))
    assert seen.error is None
    assert [fact for fact in facts if not isinstance(fact, tuple)] == [[True, True, True], {"seen": True}]
    assert facts.count(("teardown", None)) == bare_teardowns
    assert not has_request_context()
    assert not has_app_context()


def _teardowns_of_a_bare_app(view: Callable[[], Any]) -> int:
    """Return how often this version of Flask tears down a request that streams with its context."""
    count = 0

    def tear_down(error: BaseException | None) -> None:
        nonlocal count
        count += 1

    app = make_app(None, view)
    app.teardown_request(tear_down)
    exchange(app, environ_of())
    return count


def test_that_a_missing_context_is_the_same_error_in_mid_stream(tmp_path: Path) -> None:
    def view() -> Iterator[str]:
        def generate() -> Iterator[str]:
            yield "Hello "
            yield request.path

        return generate()

    bare = exchange(make_app(None, view), environ_of())
    seen, recorded = recorded_run(make_app(tmp_path, view), tmp_path)
    assert isinstance(seen.error, RuntimeError)
    assert str(seen.error) == str(bare.error)
    assert recorded.ends("yield") == recorded.ends("part") == recorded.ends("write") == [6]


@pytest.mark.parametrize(("method", "status"), [("HEAD", 200), ("GET", 304), ("GET", 204)])
def test_that_answers_without_a_body_have_no_marks(method: str, status: int, tmp_path: Path) -> None:
    app = make_app(tmp_path, lambda: (plain(), status))
    recording_id = new_recording(tmp_path)
    bare = exchange(make_app(None, lambda: (plain(), status)), environ_of(REQUEST_METHOD=method))
    seen = exchange(app, environ_of(recording_id, REQUEST_METHOD=method))
    assert (seen.status, seen.headers, seen.items) == (bare.status, bare.headers, [])
    for layer in ("part", "yield", "write"):
        assert Recorded(tmp_path / recording_id).ends(layer) == []


def test_that_only_the_app_itself_runs_with_the_marks_of_its_response(tmp_path: Path) -> None:
    from inspector.tap.content_marks import active_content

    facts: list[bool] = []

    def view() -> Iterator[str]:
        def generate() -> Iterator[str]:
            facts.append(active_content.get() is not None)
            yield "x"
            facts.append(active_content.get() is not None)

        facts.append(active_content.get() is not None)
        return generate()

    body = start(make_app(tmp_path, view), environ_of(new_recording(tmp_path))).body
    assert active_content.get() is None
    for _ in body:
        assert active_content.get() is None
    assert facts == [True, True, True]
    body.close()  # type: ignore[attr-defined]


def test_that_a_generator_nobody_closes_is_not_kept_alive_by_its_request(tmp_path: Path) -> None:
    facts: list[str] = []

    def view() -> Iterator[str]:
        def generate() -> Iterator[str]:
            try:
                yield request.path
                yield "never"
            finally:
                facts.append("finalised")

        return stream_with_context(generate())

    body = start(make_app(tmp_path, view), environ_of(new_recording(tmp_path))).body
    assert next(iter(body)) == b"/"
    gc.disable()
    try:
        del body
        assert facts == ["finalised"]
    finally:
        gc.enable()
