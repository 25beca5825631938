"""A tapped Flask app with one view: what the tests of taps stream, and how."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from flask import (
    Flask,
    Response,
    current_app,
    render_template,
    request,
    stream_template,
    stream_template_string,
    stream_with_context,
)

from inspector.tap import Tap, parts
from tests.tapping import Exchange, Recorded, cumulated, environ_of, exchange, new_recording

TEMPLATES = Path(__file__).parent / "tap" / "templates"
STRING_TEMPLATE = "<ul>\n{% for row in rows %}\n<li>{{ row }}</li>{% endfor %}\n</ul>"


def recorded_run(app: Flask, spool: Path, path: str = "/", stop_after: int | None = None) -> tuple[Exchange, Recorded]:
    """Stream a view of a tapped app as a server does and return what was seen and what was recorded."""
    recording_id = new_recording(spool)
    seen = exchange(app, environ_of(recording_id, path), stop_after)
    return seen, Recorded(spool / recording_id)


def make_app(spool: Path | None, view: Callable[[], Any], **options: Any) -> Flask:
    app = Flask("tests", template_folder=str(TEMPLATES), **options)
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
