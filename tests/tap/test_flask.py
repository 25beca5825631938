"""Taps on a Flask app: tracks that agree with the body, the lines that made it, and contexts left as they were."""

from __future__ import annotations

import gc
import itertools
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import (
    Flask,
    Response,
    current_app,
    g,
    has_app_context,
    has_request_context,
    render_template,
    request,
    session,
    stream_template,
    stream_template_string,
    stream_with_context,
)
from jinja2 import DictLoader
from markupsafe import Markup

from inspector.tap import Tap, parts
from tests.tapping import Exchange, Recorded, cumulated, environ_of, exchange, new_recording, start

TEMPLATES = Path(__file__).parent / "templates"
STRING_TEMPLATE = "<ul>\n{% for row in rows %}\n<li>{{ row }}</li>{% endfor %}\n</ul>"


def recorded_run(app: Flask, spool: Path, path: str = "/", stop_after: int | None = None) -> tuple[Exchange, Recorded]:
    """Stream a view of a tapped app as a server does and return what was seen and what was recorded."""
    recording_id = new_recording(spool)
    seen = exchange(app, environ_of(recording_id, path), stop_after)
    return seen, Recorded(spool / recording_id)


def make_app(spool: Path | None, view: Callable[[], Any], **options: Any) -> Flask:
    app = Flask(__name__, **options)
    app.secret_key = "secret"
    tap = Tap(spool)
    tap.install(app)
    app.add_url_rule("/", view_func=view, endpoint="view")
    app.wsgi_app = tap.write(app.wsgi_app)  # type: ignore[method-assign, assignment]
    return app


def buffered(items: Iterable[str], size: int) -> Iterator[str]:
    """Join items as an app's own buffer does."""
    iterator = iter(items)
    while batch := list(itertools.islice(iterator, size)):
        yield "".join(batch)


def assert_tracks_agree(seen: Exchange, recorded: Recorded) -> None:
    ends = cumulated(item for item in seen.items if isinstance(item, bytes))
    assert recorded.ends("yield") == ends
    assert recorded.ends("write") == ends
    assert recorded.ends("part")[-1:] == ends[-1:]
    times_ns = [recorded.times_ns(layer) for layer in ("part", "yield", "write")]
    for layer_times_ns in times_ns:
        assert layer_times_ns == sorted(layer_times_ns)
    assert times_ns[0][-1] <= times_ns[1][-1] <= times_ns[2][-1]


# Views. Comments name the lines that the tests expect.


def plain() -> Iterator[str]:
    def generate() -> Iterator[str]:
        yield "first"
        for number in range(2):
            yield f"räw {number}"
        yield ""

    return generate()


def delegating() -> Iterator[str]:
    def inner() -> Iterator[str]:
        yield "inner one"
        yield "inner two"

    def generate() -> Iterator[str]:
        yield "outer"
        yield from inner()
        yield from ["listed"]

    return stream_with_context(generate())


def decorated() -> Response:
    @stream_with_context
    def generate() -> Iterator[str]:
        yield "Hello "
        yield request.path

    return Response(generate())  # type: ignore[call-arg]  # what Flask's types say of a decorator


def template() -> Iterator[str]:
    return stream_template("page.html", rows=range(2), name="näme", foot="end")


def string_template() -> Iterator[str]:
    return stream_template_string(STRING_TEMPLATE, rows=range(3))


def old_recipe() -> Response:
    context = {"rows": range(3)}
    current_app.update_template_context(context)
    stream = current_app.jinja_env.from_string(STRING_TEMPLATE).stream(context)
    stream.enable_buffering(5)
    return Response(stream)


def with_parts() -> Iterator[str]:
    def rows() -> Iterator[str]:
        for number in range(5):
            yield f"row {number}"

    return buffered(parts(rows()), 2)


def in_memory() -> str:
    return render_template("page.html", rows=range(2), name="name", foot="end")


ALL_VIEWS = [plain, delegating, decorated, template, string_template, old_recipe, with_parts, in_memory]


@pytest.mark.parametrize("view", ALL_VIEWS)
def test_that_tracks_agree_byte_for_byte_and_the_bytes_are_the_same(view: Callable[[], Any], tmp_path: Path) -> None:
    bare = exchange(make_app(None, view), environ_of())
    seen, recorded = recorded_run(make_app(tmp_path, view), tmp_path)
    assert bare.error is None
    assert seen == Exchange(bare.status, bare.headers, seen.body, bare.items, bare.written)
    assert seen.content
    assert_tracks_agree(seen, recorded)


def test_that_a_request_without_an_id_writes_nothing(tmp_path: Path) -> None:
    app = make_app(tmp_path, template)
    assert exchange(app, environ_of()).content
    assert list(tmp_path.iterdir()) == []


def test_that_lines_of_a_plain_generator_are_found(tmp_path: Path) -> None:
    _, recorded = recorded_run(make_app(tmp_path, plain), tmp_path)
    expected = ['yield "first"', 'yield f"räw {number}"', 'yield f"räw {number}"', 'yield ""']
    assert recorded.code_lines("part") == recorded.code_lines("yield") == expected
    assert recorded.sizes("part") == [5, 6, 6, 0]
    file, line = recorded.sources.place(0) or (None, None)
    assert file is not None
    assert line is not None
    assert (file.language, file.name) == ("python", "tests/tap/test_flask.py")
    assert file.text == Path(__file__).read_text(encoding="utf-8")
    assert line.function == "plain.<locals>.generate"
    # Each file and each line once.
    assert len(recorded.sources.files) == 1
    assert len(recorded.sources.lines) == 3


def test_that_the_line_of_a_delegating_generator_is_the_innermost(tmp_path: Path) -> None:
    _, recorded = recorded_run(make_app(tmp_path, delegating), tmp_path)
    expected = ['yield "outer"', 'yield "inner one"', 'yield "inner two"', 'yield from ["listed"]']
    assert recorded.code_lines("yield") == recorded.code_lines("part") == expected


def test_that_lines_of_the_decorator_form_are_found(tmp_path: Path) -> None:
    _, recorded = recorded_run(make_app(tmp_path, decorated), tmp_path)
    assert recorded.code_lines("yield") == ['yield "Hello "', "yield request.path"]


def test_that_a_string_view_has_marks_and_no_line(tmp_path: Path) -> None:
    _, recorded = recorded_run(make_app(tmp_path, lambda: "text"), tmp_path)
    assert recorded.sizes("part") == recorded.sizes("yield") == [4]
    assert recorded.labels("yield") == [""]


def test_that_parts_of_a_template_point_to_their_statements(tmp_path: Path) -> None:
    seen, recorded = recorded_run(make_app(tmp_path, template), tmp_path)
    assert recorded.ends("part") == recorded.ends("yield")
    assert recorded.labels("part") == recorded.labels("yield")
    lines = dict(zip([bytes(item) for item in seen.items], recorded.labels("part"), strict=True))  # type: ignore[call-overload]
    assert lines[b"<!doctype html>\n<title>"] == "base.html:1"
    assert lines[b"rows"] == "page.html:3"
    assert lines["näme".encode()] == "head.html:2"
    assert lines[b"1"] == "page.html:7"
    assert lines[b"<b>1</b>"] == "page.html:11"
    assert lines[b"\n<b>one</b>\n"] == "page.html:8"
    assert lines[b"end"] == "base.html:4"
    files = {file.name: file for file in recorded.sources.files.values()}
    assert set(files) == {"base.html", "page.html", "head.html"}
    for name, file in files.items():
        assert file.language == "jinja"
        assert file.text == (TEMPLATES / name).read_text(encoding="utf-8")


def test_that_parts_of_a_string_template_show_its_text(tmp_path: Path) -> None:
    _, recorded = recorded_run(make_app(tmp_path, string_template), tmp_path)
    assert [file.text for file in recorded.sources.files.values()] == [STRING_TEMPLATE]
    assert recorded.labels("part")[:3] == ["<string>:1", "<string>:2", "<string>:3"]
    assert recorded.labels("yield") == recorded.labels("part")


def test_that_two_string_templates_are_two_files(tmp_path: Path) -> None:
    def view() -> Iterator[str]:
        yield from stream_template_string("one {{ 1 + x }}", x=1)
        yield from stream_template_string("two {{ 1 + x }}", x=1)

    _, recorded = recorded_run(make_app(tmp_path, lambda: stream_with_context(view())), tmp_path)
    assert [file.text for file in recorded.sources.files.values()] == ["one {{ 1 + x }}", "two {{ 1 + x }}"]


def test_that_a_buffered_template_keeps_its_parts_and_each_yield_points_to_its_last(tmp_path: Path) -> None:
    _, recorded = recorded_run(make_app(tmp_path, old_recipe), tmp_path)
    bare = exchange(make_app(None, string_template), environ_of())
    assert recorded.ends("part") == cumulated(item for item in bare.items if isinstance(item, bytes))
    assert len(recorded.ends("yield")) == 3
    part_labels = dict(zip(recorded.ends("part"), recorded.labels("part"), strict=True))
    assert recorded.labels("yield") == [part_labels[end] for end in recorded.ends("yield")]
    assert "" not in recorded.labels("yield")


def test_that_parts_shows_what_the_apps_own_buffer_holds_back(tmp_path: Path) -> None:
    _, recorded = recorded_run(make_app(tmp_path, with_parts), tmp_path)
    assert recorded.sizes("part") == [5] * 5
    assert recorded.sizes("yield") == [10, 10, 5]
    assert set(recorded.code_lines("part") + recorded.code_lines("yield")) == {'yield f"row {number}"'}


def test_that_a_yield_that_ends_inside_a_part_points_to_that_part(tmp_path: Path) -> None:
    def view() -> Iterator[str]:
        def rows() -> Iterator[str]:
            yield "aaaa"
            yield "bbbb"

        whole = "".join(parts(rows()))
        for at in range(0, 8, 2):
            yield whole[at : at + 2]

    _, recorded = recorded_run(make_app(tmp_path, lambda: stream_with_context(view())), tmp_path)
    assert recorded.ends("part") == [4, 8]
    assert recorded.ends("yield") == [2, 4, 6, 8]
    assert recorded.code_lines("yield") == ['yield "aaaa"'] * 2 + ['yield "bbbb"'] * 2


def test_that_what_no_part_accounts_for_is_a_part_itself(tmp_path: Path) -> None:
    def view() -> Iterator[str]:
        yield "before"
        yield from stream_template_string("[{{ x }}]", x="template")
        yield "after"

    _, recorded = recorded_run(make_app(tmp_path, lambda: stream_with_context(view())), tmp_path)
    assert recorded.ends("part") == recorded.ends("yield") == [6, 7, 15, 16, 21]
    assert recorded.labels("part") == recorded.labels("yield")
    assert recorded.code_lines("part")[0::4] == ['yield "before"', 'yield "after"']


@pytest.mark.parametrize("wrap", [parts, lambda items: parts(parts(items)), lambda items: parts(buffered(items, 3))])
def test_that_parts_inside_parts_are_marked_once(
    wrap: Callable[[Iterable[str]], Iterator[str]], tmp_path: Path
) -> None:
    seen, recorded = recorded_run(make_app(tmp_path, lambda: wrap(string_template())), tmp_path)
    bare = exchange(make_app(None, string_template), environ_of())
    assert recorded.ends("part") == cumulated(item for item in bare.items if isinstance(item, bytes))
    assert_tracks_agree(seen, recorded)


def test_that_an_app_tapped_twice_is_marked_once(tmp_path: Path) -> None:
    app = make_app(tmp_path, with_parts)
    app.wsgi_app = Tap(tmp_path).yields(app.wsgi_app)  # type: ignore[method-assign, assignment]
    _, recorded = recorded_run(app, tmp_path)
    assert recorded.sizes("part") == [5] * 5
    assert recorded.sizes("yield") == [10, 10, 5]


def test_that_includes_within_includes_point_to_the_innermost_template(tmp_path: Path) -> None:
    templates = {
        "outer.html": '<{% include "middle.html" %}>\n{{ x }}',
        "middle.html": 'm{{ x }}\n{% include "inner.html" %}\n{{ x }}',
        "inner.html": "\n\n{{ x }}",
    }
    app = make_app(tmp_path, lambda: stream_template("outer.html", x="x"))
    app.jinja_loader = DictLoader(templates)
    seen, recorded = recorded_run(app, tmp_path)
    assert seen.content == b"<mx\n\n\nx\nx>\nx"
    labels = list(zip([bytes(item) for item in seen.items], recorded.labels("part"), strict=True))  # type: ignore[call-overload]
    assert [label for item, label in labels if item == b"x"] == [
        "middle.html:1",
        "inner.html:3",
        "middle.html:3",
        "outer.html:2",
    ]


def test_that_wrappers_with_wrapped_are_looked_through(tmp_path: Path) -> None:
    class Pacer:
        def __init__(self, items: Iterator[str]) -> None:
            self.__wrapped__ = items

        def __iter__(self) -> Iterator[str]:
            return self

        def __next__(self) -> str:
            return next(self.__wrapped__)

    def view() -> Iterator[str]:
        def rows() -> Iterator[str]:
            yield "row"

        return stream_with_context(Pacer(Pacer(rows())))

    _, recorded = recorded_run(make_app(tmp_path, view), tmp_path)
    assert recorded.code_lines("yield") == ['yield "row"']


def test_that_a_template_rendered_whole_is_one_part(tmp_path: Path) -> None:
    _, recorded = recorded_run(make_app(tmp_path, in_memory), tmp_path)
    assert len(recorded.ends("part")) == len(recorded.ends("yield")) == 1


def test_that_an_environment_made_before_the_tap_is_tapped_too(tmp_path: Path) -> None:
    app = Flask(__name__)
    assert app.jinja_env.get_template("page.html").name == "page.html"
    Tap(tmp_path).install(app)
    app.add_url_rule("/", view_func=template)
    _, recorded = recorded_run(app, tmp_path)
    assert "page.html:7" in recorded.labels("part")
    assert recorded.files == {"part.marks", "yield.marks", "sources.jsonl"}


def test_that_settings_of_jinja_may_still_be_made_after_the_tap(tmp_path: Path) -> None:
    app = Flask(__name__)
    Tap(tmp_path).install(app)
    assert "jinja_env" not in vars(app)
    app.jinja_options = {"trim_blocks": True}
    app.jinja_loader = DictLoader({"x.html": "{{ 1 }}"})
    assert app.jinja_env.trim_blocks


def test_that_a_loader_that_fails_costs_the_text_alone(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    class Forgetful(DictLoader):
        def forget(self) -> None:
            self.mapping = {}

    loader = Forgetful({"x.html": "{{ x }}!"})
    app = make_app(tmp_path, lambda: stream_template("x.html", x="x"))
    app.jinja_loader = loader
    app.config["TEMPLATES_AUTO_RELOAD"] = False
    assert exchange(app, environ_of()).content == b"x!"
    loader.forget()
    seen, recorded = recorded_run(app, tmp_path)
    assert seen.content == b"x!"
    assert recorded.labels("part") == ["x.html:1"] * 2
    assert recorded.sources.files[0].text == ""
    assert "can't be read" in caplog.text


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


def test_that_write_marks_what_a_middleware_made_of_the_yields(tmp_path: Path) -> None:
    app = Flask(__name__)
    tap = Tap(tmp_path)
    tap.install(app)
    app.add_url_rule("/", view_func=plain)
    inner = app.wsgi_app

    def doubling(environ: Any, start_response: Any) -> Iterator[bytes]:
        body = inner(environ, start_response)
        try:
            for item in body:
                yield item + item
        finally:
            body.close()  # type: ignore[attr-defined]

    app.wsgi_app = tap.write(doubling)  # type: ignore[method-assign, assignment]
    _, recorded = recorded_run(app, tmp_path)
    assert recorded.sizes("yield") == [5, 6, 6, 0]
    assert recorded.sizes("write") == [10, 12, 12, 0]


def test_that_only_the_app_itself_runs_with_the_marks_of_its_response(tmp_path: Path) -> None:
    from inspector.tap.content import active_content

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
