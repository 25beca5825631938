"""The page of a reader: what is drawn of ordinary pages, and that hostile ones load nothing and stop nothing."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtGui import QTextDocument
from pytestqt.qtbot import QtBot

from inspector.gui.models.document import Document
from inspector.gui.style.theme import LIGHT
from inspector.gui.views.detail.page_markup import MOST_BYTES, MOST_CHARACTERS, MOST_ELEMENTS, page_markup
from inspector.gui.views.detail.reader_page import ReaderPage
from inspector.gui.views.detail.reader_view import ReaderView
from inspector.recording.folder import Recording
from tests.growing_recording import GrowingRecording

PAGE = b"<!DOCTYPE html><html><head><title>T</title></head><body><h1>Rows</h1><table>"
ROW = b"<tr><td>Ada &amp; Co</td><td class='x' onclick=\"go('>')\">88</td></tr>"
HOSTILE = {
    "an image of this disk": "<img src='file:///etc/passwd' alt='secret'><img src=/etc/hostname>",
    "an image of the network": "<img src=http://127.0.0.1:9/x.png><input type=image src=//127.0.0.1:9/y>",
    "style sheets": "<link rel=stylesheet href=http://127.0.0.1:9/a.css><style>@import url(file:///etc/hosts);</style>",
    "style attributes": "<p style=\"background-image: url('file:///etc/hosts'); font-size: 9999999px\">p</p>",
    "backgrounds": "<body background=http://127.0.0.1:9/b.png><table background=file:///etc/hosts><tr><td>x</table>",
    "frames and scripts": "<iframe src=file:///etc/passwd></iframe><script>while(1);</script><object data=x></object>",
    "links": "<a href='javascript:alert(1)'>j</a><a href=file:///etc/passwd>f</a>",
    "an unended script": "<script>" * 30_000,
    "unended comments": "<!--" * 60_000,
    "unended tags": "<a " * 80_000,
    "unended quotes": "<a b='" * 40_000,
    "one long word": "x" * MOST_BYTES,
    "nothing but brackets": "<" * MOST_BYTES,
    "nested tables": "<table><tr><td>" * 20_000,
    "a wide table": "<table>" + ("<tr>" + "<td>c</td>" * 2_000 + "</tr>") * 100,
    "a cell of a million columns": "<table><tr><td colspan=1000000 rowspan=1000000 width=99999999>x</td></tr></table>",
    "a long table": "<table>" + "<tr><td>a</td><td>b</td></tr>" * 9_000,
    "deep elements": "<div><blockquote><ul><li>" * 9_000,
    "empty lines": "<pre>" + "\n" * MOST_BYTES,
    "combining marks": "a" + "\u0301" * 120_000,
    "directions": "\u202e\u2067" * 60_000,
}


@pytest.fixture
def loads(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """What is asked to be loaded."""
    asked: list[object] = []

    def load(_page: object, _kind: int, name: object) -> None:
        asked.append(name)

    monkeypatch.setattr(ReaderPage, "loadResource", load)
    return asked


def text_of(html: str) -> str:
    """Return the text of a page as Qt lays it out."""
    drawn = QTextDocument()
    drawn.setHtml(page_markup(html).markup)
    return " ".join(drawn.toPlainText().replace("\u200b", "").split())


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>one<p>two</p><div>three</div>", "one two three"),
        ("<table><tr><td>a<td>b<tr><td>c</table>d", "a b c d"),
        ("<ul><li>one<li>two</ul>", "one two"),
        ("a &lt;b&gt; &amp;amp; 1 < 2", "a <b> &amp; 1 < 2"),
        ("<head><title>no</title></head><header>yes</header>", "yes"),
        ("before<!-- not this --> after", "before after"),
        ("<img alt='a cat' src=x> <img src=y>", "[image: a cat] [image]"),
        ("there <b>and not yet</b> <td", "there and not yet"),
        ("a<script>if (a < b) no()</script>b", "ab"),
    ],
)
def test_that_the_text_of_a_page_is_drawn_in_its_order(html: str, text: str) -> None:
    assert text_of(html) == text
    assert page_markup(html).is_whole


def test_that_blanks_between_cells_take_no_room() -> None:
    loose = page_markup("<table>\n  <tr>\n <td>a</td>\n <td>b</td>\n </tr>\n</table>\n")
    assert loose.markup.strip() == page_markup("<table><tr><td>a</td><td>b</td></tr></table>").markup


@given(st.text(alphabet="<>/!-'\"= abptdrul&;#x1\n", max_size=200))
def test_that_markup_is_of_known_elements_that_are_all_closed(html: str) -> None:
    markup = page_markup(html).markup
    opened: list[str] = []
    for piece in markup.split("<")[1:]:
        tag = piece.split(">")[0]
        if tag in ("br", "hr"):
            continue
        if tag.startswith("/"):
            assert opened.pop() == tag[1:]
        else:
            assert tag in {"table cellpadding=3", "p", "b", "u", "ul", "div", "pre", "tr", "td", "dl", "dt", "dd"}
            opened.append(tag.split()[0])
    assert not opened


@pytest.mark.parametrize("name", HOSTILE)
def test_that_a_hostile_page_loads_nothing_and_stops_nothing(
    name: str, document: Document, loads: list[object], tmp_path: Path, qtbot: QtBot
) -> None:
    made = GrowingRecording(tmp_path / "r")
    made.add_chunk(HOSTILE[name].encode())
    made.end()
    document.show(Recording(made.folder))
    view = ReaderView(document, LIGHT, 10.0)
    qtbot.addWidget(view)
    view.resize(500, 260)
    with qtbot.waitExposed(view):
        view.show()
    began = time.monotonic()
    view.as_page.click()
    page = view.findChild(ReaderPage, "reader_page")
    assert page is not None
    page.grab()
    assert time.monotonic() - began < 10  # what has no bound takes minutes
    assert not loads
    assert len(page.toPlainText()) <= 2 * MOST_CHARACTERS
    assert page.document().blockCount() <= 4 * MOST_ELEMENTS
    assert "<a " not in page.toHtml()


def test_that_the_page_grows_with_what_the_reader_has(document: Document, tmp_path: Path, qtbot: QtBot) -> None:
    made = GrowingRecording(tmp_path / "r")
    made.add_chunk(PAGE + ROW)
    document.show(Recording(made.folder))
    view = ReaderView(document, LIGHT, 10.0)
    qtbot.addWidget(view)
    with qtbot.waitExposed(view):
        view.show()
    assert view.as_page.isVisible()
    assert not view.as_page.isChecked()
    assert view.findChild(ReaderPage, "reader_page") is None
    view.as_page.click()
    page = view.findChild(ReaderPage, "reader_page")
    assert page is not None
    assert page.toPlainText().count("Ada & Co") == 1
    for _ in range(5):
        made.add_chunk(ROW)
        document.follow_up()
    qtbot.waitUntil(lambda: page.toPlainText().count("Ada & Co") == 6)
    document.set_moment(25_000_000)
    qtbot.waitUntil(lambda: page.toPlainText().count("Ada & Co") == 2)
    view.as_page.click()
    assert not page.isVisible()
    assert view.text.isVisible()


def test_that_a_page_of_which_only_the_beginning_is_drawn_says_so(
    document: Document, tmp_path: Path, qtbot: QtBot
) -> None:
    made = GrowingRecording(tmp_path / "r")
    made.add_chunk(PAGE + ROW * 2_000)
    document.show(Recording(made.folder))
    view = ReaderView(document, LIGHT, 10.0)
    qtbot.addWidget(view)
    with qtbot.waitExposed(view):
        view.show()
    assert "beginning" not in view.caption.text()
    view.as_page.click()
    assert view.caption.text().endswith(" · only the beginning of the page is drawn")


def test_that_only_pages_are_drawn_as_pages(document: Document, tmp_path: Path, qtbot: QtBot) -> None:
    made = GrowingRecording(tmp_path / "r", content_type="text/csv")
    made.add_chunk(b"a,b\n")
    document.show(Recording(made.folder))
    view = ReaderView(document, LIGHT, 10.0)
    qtbot.addWidget(view)
    with qtbot.waitExposed(view):
        view.show()
    assert not view.as_page.isVisible()
