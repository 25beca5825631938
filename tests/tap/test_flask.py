"""Tracks of a Flask app agree with its body, byte for byte, whatever makes the parts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import (
    Flask,
    stream_template_string,
    stream_with_context,
)

from inspector.tap import Tap, parts
from tests.tapped_flask import (
    ALL_VIEWS,
    TEMPLATES,
    assert_tracks_agree,
    buffered,
    in_memory,
    make_app,
    plain,
    recorded_run,
    string_template,
    template,
    with_parts,
)
from tests.tapping import Exchange, cumulated, environ_of, exchange


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


def test_that_parts_shows_what_the_apps_own_buffer_holds_back(tmp_path: Path) -> None:
    _, recorded = recorded_run(make_app(tmp_path, with_parts), tmp_path)
    assert recorded.sizes("part") == [5] * 5
    assert recorded.sizes("yield") == [10, 10, 5]
    assert set(recorded.code_lines("part") + recorded.code_lines("yield")) == {'yield f"row {number}"'}


def test_that_what_no_part_accounts_for_is_a_part_itself(tmp_path: Path) -> None:
    def view() -> Iterator[str]:
        yield "before"
        yield from stream_template_string("[{{ x }}]", x="template")
        yield "after"
        yield ""

    _, recorded = recorded_run(make_app(tmp_path, lambda: stream_with_context(view())), tmp_path)
    assert recorded.ends("part") == [6, 7, 15, 16, 21]
    assert recorded.ends("yield") == [6, 7, 15, 16, 21, 21]
    # An empty yield contains no part of its own: it points to the last one.
    assert [*recorded.labels("part"), recorded.labels("part")[-1]] == recorded.labels("yield")
    assert recorded.code_lines("part")[0::4] == ['yield "before"', 'yield "after"']


@pytest.mark.parametrize("wrap", [parts, lambda items: parts(parts(items)), lambda items: parts(buffered(items, 3))])
def test_that_parts_inside_parts_are_marked_once(
    wrap: Callable[[Iterable[str]], Iterator[str]], tmp_path: Path
) -> None:
    seen, recorded = recorded_run(make_app(tmp_path, lambda: wrap(string_template())), tmp_path)
    bare = exchange(make_app(None, string_template), environ_of())
    assert recorded.ends("part") == cumulated(item for item in bare.items if isinstance(item, bytes))
    assert_tracks_agree(seen, recorded)


def test_that_parts_made_before_the_request_are_marked(tmp_path: Path) -> None:
    def rows() -> Iterator[str]:
        yield "one"
        yield "three"

    made_before = parts(rows())
    _, recorded = recorded_run(make_app(tmp_path, lambda: buffered(made_before, 2)), tmp_path)
    assert recorded.sizes("part") == [3, 5]


def test_that_parts_around_a_splitter_of_parts_are_marked_once(tmp_path: Path) -> None:
    def rows() -> Iterator[str]:
        for _ in range(3):
            yield "abcd"

    def halves(items: Iterable[str]) -> Iterator[str]:
        for item in items:
            yield item[:2]
            yield item[2:]

    _, recorded = recorded_run(make_app(tmp_path, lambda: parts(halves(parts(rows())))), tmp_path)
    assert recorded.sizes("part") == [4, 4, 4]
    assert recorded.sizes("yield") == [2] * 6


def test_that_a_template_streamed_inside_a_template_is_marked_once(tmp_path: Path) -> None:
    def view() -> Iterator[str]:
        inner = stream_template_string("{% for n in range(3) %}{{ n }}{% endfor %}")
        return stream_template_string("{% for piece in inner %}{{ piece }}{% endfor %}", inner=inner)

    seen, recorded = recorded_run(make_app(tmp_path, view), tmp_path)
    assert seen.content == b"012"
    assert recorded.ends("part") == recorded.ends("yield") == [1, 2, 3]


def test_that_an_app_tapped_twice_is_marked_once(tmp_path: Path) -> None:
    app = make_app(tmp_path, with_parts)
    app.wsgi_app = Tap(tmp_path).yields(app.wsgi_app)  # type: ignore[method-assign, assignment]
    _, recorded = recorded_run(app, tmp_path)
    assert recorded.sizes("part") == [5] * 5
    assert recorded.sizes("yield") == [10, 10, 5]


def test_that_a_template_rendered_whole_is_one_part(tmp_path: Path) -> None:
    _, recorded = recorded_run(make_app(tmp_path, in_memory), tmp_path)
    assert len(recorded.ends("part")) == len(recorded.ends("yield")) == 1


def test_that_write_marks_what_a_middleware_made_of_the_yields(tmp_path: Path) -> None:
    app = Flask("tests", template_folder=str(TEMPLATES))
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
