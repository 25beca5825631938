"""Two readers side by side over recordings made by hand: the same rows beside each other, and who is further along."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from inspector.gui.models.document import Document
from inspector.gui.style.theme import LIGHT
from inspector.gui.views.detail.reader_pair import ReaderPair
from inspector.gui.views.detail.reader_text import ReaderText
from inspector.recording.folder import Recording
from tests.sample_recording import write_sample

ROWS = [b"row %03d\n" % number for number in range(200)]
#: By this time after the request the hundredth row was made.
HALF_NS = 100 * 20_000_000


@pytest.fixture
def documents() -> Iterator[tuple[Document, Document]]:
    documents = Document(), Document()
    yield documents
    for document in documents:
        document.show(None)


@pytest.fixture
def pair(documents: tuple[Document, Document], qtbot: QtBot) -> ReaderPair:
    pair = ReaderPair(*documents, LIGHT)
    qtbot.addWidget(pair)
    pair.resize(900, 200)
    with qtbot.waitExposed(pair):
        pair.show()
    return pair


def held_and_streamed(documents: tuple[Document, Document], tmp_path: Path) -> None:
    """Show a run in which the rows from the tenth on are held to the end beside one that streams, at half time."""
    held, streamed = documents
    write_sample(tmp_path / "a", [b"".join(ROWS[:10]), b"".join(ROWS[10:])], parts_per_yield=2, period_ns=2 * HALF_NS)
    write_sample(tmp_path / "b", ROWS)
    held.show(Recording(tmp_path / "a"))
    streamed.show(Recording(tmp_path / "b"))
    for document in documents:
        document.set_moment(HALF_NS)


def texts(pair: ReaderPair) -> tuple[ReaderText, ReaderText]:
    one, other = (view.text for view in pair.views)
    return one, other


def test_that_the_same_row_stands_at_the_top_of_both(
    pair: ReaderPair, documents: tuple[Document, Document], tmp_path: Path
) -> None:
    write_sample(tmp_path / "a", ROWS, period_ns=21_000_000)
    write_sample(tmp_path / "b", ROWS)
    for document, name in zip(documents, "ab", strict=True):
        document.show(Recording(tmp_path / name))
    documents[1].set_moment(HALF_NS)
    documents[0].set_moment(HALF_NS)
    a, b = texts(pair)
    assert 0 < a.bytes.here < b.bytes.here
    assert a.window_rows.top == a.window_rows.last_top < b.window_rows.top == b.window_rows.last_top
    documents[0].set_moment(HALF_NS + 400_000_000)
    assert a.bytes.here > b.bytes.here
    assert a.window_rows.top > b.window_rows.top == b.window_rows.last_top


def test_that_bars_stand_beside_the_rows_that_the_other_has(
    pair: ReaderPair, documents: tuple[Document, Document], tmp_path: Path
) -> None:
    held, streamed = documents
    write_sample(tmp_path / "b", ROWS)
    write_sample(tmp_path / "a", [*ROWS[:10], b"".join(ROWS[10:])])
    held.show(Recording(tmp_path / "a"))
    streamed.show(Recording(tmp_path / "b"))
    streamed.set_moment(HALF_NS)
    held.set_moment(10 * 20_000_000 + 1_010_000)  # the rest is yielded at 201 ms, and written 30 us later
    a, b = texts(pair)
    assert a.bytes.here == 80
    assert a.bytes.missing == 8 * 190
    assert a.window_rows.top == b.window_rows.top > a.bytes.here


def test_that_what_only_one_has_is_marked_there(
    pair: ReaderPair, documents: tuple[Document, Document], tmp_path: Path
) -> None:
    held_and_streamed(documents, tmp_path)
    a, b = texts(pair)
    marked, plain = (text.viewport().grab().toImage().pixelColor(1, 8) for text in (b, a))
    assert marked == QColor(LIGHT.message)
    assert plain == QColor(LIGHT.background)


def test_that_scrolling_one_scrolls_both_until_the_end_is_followed_again(
    pair: ReaderPair, documents: tuple[Document, Document], tmp_path: Path
) -> None:
    for name, document in zip("ab", documents, strict=True):
        write_sample(tmp_path / name, ROWS)
        document.show(Recording(tmp_path / name))
    a, b = texts(pair)
    QTest.keyClick(a, Qt.Key.Key_Home)
    assert a.window_rows.top == b.window_rows.top == 0
    QTest.keyClick(b, Qt.Key.Key_PageDown)
    assert a.window_rows.top == b.window_rows.top > 0
    assert not a.follows
    QTest.keyClick(a, Qt.Key.Key_End)
    assert a.follows
    assert b.follows
    assert b.window_rows.top == b.window_rows.last_top


def test_that_runs_of_other_content_each_follow_their_own_end(
    pair: ReaderPair, documents: tuple[Document, Document], tmp_path: Path
) -> None:
    write_sample(tmp_path / "a", [b"another page\n"] * 20)
    write_sample(tmp_path / "b", ROWS)
    for name, document in zip("ab", documents, strict=True):
        document.show(Recording(tmp_path / name))
    a, b = texts(pair)
    assert a.window_rows.top == a.window_rows.last_top
    assert b.window_rows.top == b.window_rows.last_top
    image = b.viewport().grab().toImage()
    assert image.pixelColor(1, 8) == QColor(LIGHT.background)


def test_that_each_says_whose_it_is(pair: ReaderPair, documents: tuple[Document, Document], tmp_path: Path) -> None:
    held_and_streamed(documents, tmp_path)
    assert [view.caption.text().split(" · ")[0] for view in pair.views] == ["A at 2.0 s", "B at 2.0 s"]
