"""Each part and yield points to the line of Python or of a template that made it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import (
    stream_template,
    stream_template_string,
    stream_with_context,
)
from jinja2 import DictLoader

from inspector.tap import parts
from tests.tapped_flask import (
    STRING_TEMPLATE,
    TEMPLATES,
    decorated,
    delegating,
    make_app,
    old_recipe,
    plain,
    recorded_run,
    string_template,
    template,
)
from tests.tapping import cumulated, environ_of, exchange


def test_that_lines_of_a_plain_generator_are_found(tmp_path: Path) -> None:
    _, recorded = recorded_run(make_app(tmp_path, plain), tmp_path)
    expected = ['yield "first"', 'yield f"räw {number}"', 'yield f"räw {number}"', 'yield ""']
    assert recorded.code_lines("part") == recorded.code_lines("yield") == expected
    assert recorded.sizes("part") == [5, 6, 6, 0]
    file, line = recorded.sources.place(0) or (None, None)
    assert file is not None
    assert line is not None
    assert (file.language, file.name) == ("python", "tests/tapped_flask.py")
    assert file.text == TEMPLATES.parents[1].joinpath("tapped_flask.py").read_text(encoding="utf-8")
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


def test_that_the_line_of_a_part_too_far_back_is_not_guessed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("inspector.tap.content_marks._MOST_WAITING_PARTS", 1)

    def view() -> Iterator[str]:
        def rows() -> Iterator[str]:
            yield "aaaa"
            yield "bbbb"
            yield "cccc"

        whole = "".join(parts(rows()))
        for at in range(0, 12, 4):
            yield whole[at : at + 4]

    _, recorded = recorded_run(make_app(tmp_path, lambda: stream_with_context(view())), tmp_path)
    assert recorded.ends("yield") == [4, 8, 12]
    assert recorded.code_lines("yield") == ["", 'yield "bbbb"', 'yield "cccc"']


def test_that_an_iterable_that_wraps_itself_has_no_line(tmp_path: Path) -> None:
    class Loop:
        def __init__(self) -> None:
            self.__wrapped__ = self
            self._items = iter(["x"])

        def __iter__(self) -> Iterator[str]:
            return self

        def __next__(self) -> str:
            return next(self._items)

    _, recorded = recorded_run(make_app(tmp_path, Loop), tmp_path)
    assert recorded.labels("yield") == [""]


def test_that_a_source_with_a_lone_surrogate_is_written_all_the_same(tmp_path: Path) -> None:
    source = "{# \udc80 #}{{ x }}"
    _, recorded = recorded_run(make_app(tmp_path, lambda: stream_template_string(source, x="x")), tmp_path)
    assert recorded.labels("part") == ["<string>:1"]
    assert [file.text for file in recorded.sources.files.values()] == ["{# ? #}{{ x }}"]
