"""Words of code and their colours."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtGui import QColor

from inspector.gui.style.theme import DARK, LIGHT, Theme
from inspector.gui.views.detail.code_colours import CODE_COLOURS
from inspector.gui.views.detail.syntax_highlighting import spans_of

PYTHON = '''@app.route("/")
def view():  # a comment
    """Two
    lines."""
    yield f"{1}"
'''
JINJA = """{# two
lines #}<li class="x">{{ row.name|upper }}</li>
{%- for row in rows %}{% include "a.html" %}
"""


def words(text: str, language: str) -> list[tuple[int, str, str]]:
    lines = text.split("\n")
    return [
        (number, lines[number][span.start : span.stop], span.kind)
        for number, spans in enumerate(spans_of(text, language))
        for span in spans
    ]


def test_that_python_is_read_as_python() -> None:
    found = words(PYTHON, "python")
    assert (0, "app", "name") in found
    assert (0, '"/"', "string") in found
    assert (1, "def", "keyword") in found
    assert (1, "view", "name") in found
    assert (1, "# a comment", "comment") in found
    assert (2, '"""Two', "string") in found
    assert (3, '    lines."""', "string") in found
    assert (4, "yield", "keyword") in found


def test_that_jinja_is_read_as_jinja() -> None:
    found = words(JINJA, "jinja")
    assert (0, "{# two", "comment") in found
    assert (1, "lines #}", "comment") in found
    assert (1, '<li class="x">', "tag") in found
    assert (1, "{{", "delimiter") in found
    assert (2, "{%-", "delimiter") in found
    assert (2, "for", "keyword") in found
    assert (2, '"a.html"', "string") in found
    assert not any(word == "row" for _, word, _ in found)


def test_that_columns_are_those_of_qt() -> None:
    (span,) = spans_of('x = "😀" + y', "python")[0]
    assert (span.start, span.stop) == (4, 8)


@given(st.text(max_size=200), st.sampled_from(["python", "jinja"]))
def test_that_any_text_is_read_without_an_error(text: str, language: str) -> None:
    lines = text.split("\n")
    spans = spans_of(text, language)
    assert len(spans) == len(lines)
    for line, found in zip(lines, spans, strict=True):
        units = len(line.encode("utf-16-le", "surrogatepass")) // 2
        assert all(0 <= span.start < span.stop <= units for span in found)


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_that_all_colours_of_code_are_readable_on_every_background(theme: Theme) -> None:
    for kind, colour in CODE_COLOURS[theme.name].items():
        for background in (theme.background, theme.band, theme.server_lane):
            assert contrast(colour, background) >= 4.5, (kind, colour, background)


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours (WCAG 2.2, relative luminance)."""
    low, high = sorted(luminance(QColor(colour)) for colour in (one, other))
    return (high + 0.05) / (low + 0.05)


def luminance(colour: QColor) -> float:
    channels = (colour.redF(), colour.greenF(), colour.blueF())
    parts = [value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]
