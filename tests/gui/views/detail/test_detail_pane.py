"""The pane as a whole: names that others rely on, caption, accessibility, sizes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtWidgets import QTabWidget, QWidget
from pytestqt.qtbot import QtBot

from inspector.gui.models.document import Document
from inspector.gui.models.selection import Selection
from inspector.gui.style.theme import DARK, LIGHT
from inspector.gui.views.detail import DetailPane
from inspector.recording.folder import Recording
from tests.growing_recording import GrowingRecording
from tests.sample_recording import write_sample

_FOCUSABLE = set(Qt.FocusPolicy) - {Qt.FocusPolicy.NoFocus}
NAMES = ["reader_view", "text_view", "hex_view", "source_view", "headers_view"]


@pytest.fixture
def document(tmp_path: Path) -> Iterator[Document]:
    write_sample(tmp_path / "r", [b"one\n", b"two2\n", b"three\n"], parts_per_yield=2)
    document = Document()
    document.show(Recording(tmp_path / "r"))
    yield document
    document.show(None)


@pytest.fixture
def pane(document: Document, qtbot: QtBot) -> DetailPane:
    pane = DetailPane(document, LIGHT)
    qtbot.addWidget(pane)
    pane.resize(600, 400)
    with qtbot.waitExposed(pane):
        pane.show()
    return pane


def test_that_tabs_and_views_have_the_names_that_others_rely_on(pane: DetailPane) -> None:
    tabs = pane.findChild(QTabWidget, "detail_tabs")
    assert tabs is not None
    assert [view.objectName() for view in pane.views] == NAMES
    assert [tabs.indexOf(view) for view in pane.views] == [0, 1, 2, 3, 4]
    pane.resize(700, 400)
    assert [tabs.tabText(at) for at in range(tabs.count())] == [
        "What the reader has", "Text", "Hex", "Source", "Headers",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("selection", "caption"),
    [
        (None, "Nothing selected · 3 chunks · 15 B"),
        (Selection("chunk", 0, 1), "Chunk 1 · 4 B · 1.1 ms after the request · carries 2 parts"),
        (Selection("chunk", 1, 2), "Chunk 2 · 5 B · 20 ms after chunk 1 · carries 2 parts"),
        (Selection("read", 0, 2), "Reads 1 to 2 · 19 B · over 20 ms · carries 4 parts"),
        (Selection("part", 1, 2), "Part 2 · 2 B · 1.0 µs after part 1 · in chunk 1 · timeline.html:1"),
        (Selection("yield", 2, 3), "Yield 3 · 6 B · 20 ms after yield 2 · carries 2 parts"),
    ],
)
def test_that_the_caption_tells_of_the_selection(
    pane: DetailPane, document: Document, selection: Selection | None, caption: str
) -> None:
    document.select(selection)
    assert pane.caption.text() == caption
    assert pane.caption.accessibleName() == caption
    pane.resize(pane.minimumSizeHint().width(), 300)
    pane.grab()
    assert pane.caption.toolTip() in {caption, ""}


def test_that_every_tab_takes_the_focus(pane: DetailPane, document: Document, qtbot: QtBot) -> None:
    for shown in (document.recording, None):
        document.show(shown)
        for at, view in enumerate(pane.views):
            pane.tabs.setCurrentIndex(at)
            view.setFocus()
            proxy = view.focusProxy() or view
            qtbot.waitUntil(proxy.hasFocus)
            found = QAccessible.queryAccessibleInterface(proxy)
            assert found.text(QAccessible.Text.Name)


def test_that_the_caption_follows_a_run(pane: DetailPane, document: Document, tmp_path: Path) -> None:
    document.show(None)
    assert pane.caption.text() == "No stream yet"
    made = GrowingRecording(tmp_path / "live")
    document.show(Recording(made.folder))
    assert pane.caption.text() == "Waiting for the body"
    made.add_chunk(b"one")
    document.follow_up()
    assert pane.caption.text() == "Following the end · 1 chunk · 3 B"


def test_that_only_the_shown_tab_works(pane: DetailPane, document: Document, tmp_path: Path) -> None:
    made = GrowingRecording(tmp_path / "live")
    made.add_chunk(b"one")
    document.show(Recording(made.folder))
    text, hexes = pane.views[1], pane.views[2]
    pane.tabs.setCurrentIndex(1)
    assert text.rows.end == 3  # type: ignore[union-attr]
    assert hexes.rows.end == 0  # type: ignore[union-attr]
    pane.tabs.setCurrentIndex(2)
    assert hexes.rows.end == 3  # type: ignore[union-attr]


def test_that_a_selection_in_one_tab_is_the_selection_in_all(pane: DetailPane, document: Document) -> None:
    document.select(Selection("chunk", 1, 2))
    for at in range(pane.tabs.count()):
        pane.tabs.setCurrentIndex(at)
        pane.grab()
    assert document.selection == Selection("chunk", 1, 2)
    assert pane.views[1].accessibleDescription() == "Chunk 2 · 5 B · 20 ms after chunk 1 · carries 2 parts"


def interfaces(at: QAccessibleInterface) -> Iterator[QAccessibleInterface]:
    yield at
    for child in range(at.childCount()):
        below = at.child(child)
        if below.isValid():
            yield from interfaces(below)


def focusable(pane: DetailPane) -> Iterator[QWidget]:
    for widget in pane.findChildren(QWidget):
        if widget.isVisible() and widget.focusPolicy() in _FOCUSABLE:
            yield widget


def test_that_every_focusable_widget_has_a_name_and_a_tooltip(pane: DetailPane, document: Document) -> None:
    document.select(Selection("chunk", 1, 2))
    seen = 0
    for at in range(pane.tabs.count()):
        pane.tabs.setCurrentIndex(at)
        for widget in focusable(pane):
            found = QAccessible.queryAccessibleInterface(widget)
            assert found is not None
            assert found.text(QAccessible.Text.Name), widget
            assert widget.toolTip(), widget
            seen += 1
        root = QAccessible.queryAccessibleInterface(pane)
        assert root is not None
        for each in interfaces(root):
            subject: QObject = each.object()
            if each.state().focusable and isinstance(subject, QWidget) and subject.isVisible():
                assert each.text(QAccessible.Text.Name), subject
    assert seen >= 2 * pane.tabs.count()


def test_that_a_long_title_is_said_in_short_where_there_is_no_room(pane: DetailPane) -> None:
    pane.resize(900, 400)
    assert pane.tabs.tabText(0) == "What the reader has"
    pane.resize(pane.minimumSizeHint().width(), 400)
    assert pane.tabs.tabText(0) == "Reader"
    pane.resize(900, 400)
    assert pane.tabs.tabText(0) == "What the reader has"


@pytest.mark.parametrize("points", [9.0, 12.0, 20.0])
def test_that_nothing_is_clipped_at_any_type_size(pane: DetailPane, document: Document, points: float) -> None:
    pane.set_theme(DARK)
    pane.set_type_size(points)
    document.select(Selection("part", 0, 5))
    bar = pane.tabs.tabBar()
    pane.resize(pane.minimumSizeHint().width(), 400)
    for at in range(bar.count()):
        pane.tabs.setCurrentIndex(at)
        pane.grab()
        assert bar.rect().contains(bar.tabRect(at))
        assert bar.tabRect(at).width() >= bar.fontMetrics().horizontalAdvance(bar.tabText(at))
    assert pane.caption.height() >= pane.caption.fontMetrics().height()
    assert bar.fontMetrics().height() <= bar.height()
    assert bar.font().pointSizeF() == points
    assert bar.minimumSizeHint().width() >= bar.tabRect(bar.count() - 1).right()
