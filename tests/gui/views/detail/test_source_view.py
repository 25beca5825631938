"""The source view over a real recording folder: counts, marks, files, clicks."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox
from pytestqt.qtbot import QtBot

from inspector.gui.models.document import Document
from inspector.gui.models.selection import Selection
from inspector.gui.style.theme import LIGHT
from inspector.gui.views.detail.code_edit import LineCounts
from inspector.gui.views.detail.empty_state import why_no_source
from inspector.gui.views.detail.source_view import SourceView
from inspector.recording.folder import Recording
from inspector.recording.source_lines import SourceFile, SourceLine
from tests.growing_recording import GrowingRecording

TEMPLATE = "<ul>\n{% for row in rows %}\n<li>{{ row }}</li>\n{% endfor %}\n</ul>\n"
VIEW = "def view():\n    yield 'a'\n"


@pytest.fixture
def made(tmp_path: Path) -> GrowingRecording:
    made = GrowingRecording(tmp_path / "r")
    made.add_sources(
        SourceFile(file=0, name="timeline.html", language="jinja", text=TEMPLATE),
        SourceLine(line=0, file=0, number=1),
        SourceLine(line=1, file=0, number=3),
        SourceLine(line=2, file=0, number=3, function="block"),
    )
    return made


@pytest.fixture
def view(document: Document, qtbot: QtBot) -> SourceView:
    view = SourceView(document, LIGHT, 10.0)
    qtbot.addWidget(view)
    view.resize(600, 300)
    with qtbot.waitExposed(view):
        view.show()
    return view


def line_place(view: SourceView, line: int) -> QPoint:
    """Return a point of the code's viewport that shows a line, found by asking for every height."""
    height = view.code.viewport().height()
    return QPoint(30, next(y for y in range(3, height, 3) if view.code.line_at(y) == line))


def test_that_lines_carry_the_number_of_items_they_made_and_grow(
    view: SourceView, document: Document, made: GrowingRecording
) -> None:
    made.add_chunk(b"<ul>", sources=[0])
    made.add_chunk(b"<li>1<li>2", sources=[1, 2])
    document.show(Recording(made.folder))
    assert view.code.counts == {1: LineCounts(1, 1), 3: LineCounts(2, 1)}
    made.add_chunk(b"<li>3", sources=[1])
    document.follow_up()
    assert view.code.counts == {1: LineCounts(1, 1), 3: LineCounts(3, 2)}
    assert view.code.tip_of(line_place(view, 3).y()) == "Line 3 made 3 parts and 2 yields."
    view.grab()


def test_that_a_hidden_view_counts_nothing_and_catches_up(
    view: SourceView, document: Document, made: GrowingRecording
) -> None:
    document.show(Recording(made.folder))
    view.hide()
    made.add_chunk(b"<ul>", sources=[0])
    document.follow_up()
    assert view.counts.of("part", [0]) == 0
    view.show()
    assert view.code.counts == {1: LineCounts(1, 1)}


def test_that_the_line_of_the_selected_item_is_marked(
    view: SourceView, document: Document, made: GrowingRecording
) -> None:
    made.add_chunk(b"<ul>", sources=[0])
    made.add_chunk(b"<li>1", sources=[1])
    document.show(Recording(made.folder))
    document.select(Selection("chunk", 1, 2))
    assert view.code.selected_lines == {3}
    assert view.accessibleDescription() == "line 3 made 1 part and 1 yield"
    document.select(Selection("part", 0, 2))
    assert view.code.selected_lines == {1, 3}
    document.select(None)
    assert not view.code.selected_lines


def test_that_the_line_of_the_last_item_is_marked_while_following(
    view: SourceView, document: Document, made: GrowingRecording
) -> None:
    made.add_chunk(b"<ul>", sources=[0])
    document.show(Recording(made.folder))
    assert view.code.latest_line == 1
    made.add_chunk(b"<li>1", sources=[1])
    document.follow_up()
    assert view.code.latest_line == 3
    view.grab()
    document.set_following(False)
    assert view.code.latest_line is None
    document.set_following(True)
    made.end()
    document.follow_up()
    assert view.code.latest_line is None


def test_that_a_click_selects_the_next_item_of_the_line_and_goes_round(
    view: SourceView, document: Document, made: GrowingRecording, qtbot: QtBot
) -> None:
    made.add_chunk(b"<ul>", sources=[0])
    made.add_chunk(b"<li>1<li>2", sources=[1, 2])
    made.add_chunk(b"</ul>", sources=[0])
    document.show(Recording(made.folder))
    found = []
    for _ in range(3):
        QTest.mouseClick(view.code.viewport(), Qt.MouseButton.LeftButton, pos=line_place(view, 3))
        found.append(document.selection)
    assert found == [Selection("part", 1, 2), Selection("part", 2, 3), Selection("part", 1, 2)]
    QTest.mouseClick(view.code.viewport(), Qt.MouseButton.LeftButton, pos=line_place(view, 2))
    assert document.selection == Selection("part", 1, 2)


def test_that_enter_selects_from_the_keyboard_in_both_directions(
    view: SourceView, document: Document, made: GrowingRecording, qtbot: QtBot
) -> None:
    made.add_chunk(b"<li>1<li>2<li>3", sources=[1, 2, 1])
    document.show(Recording(made.folder))
    view.code.go_to(3)
    QTest.keyClick(view.code, Qt.Key.Key_Return)
    assert document.selection == Selection("part", 0, 1)
    QTest.keyClick(view.code, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    assert document.selection == Selection("part", 2, 3)


def test_that_yields_are_stepped_through_where_a_yield_is_selected(
    view: SourceView, document: Document, made: GrowingRecording
) -> None:
    made.add_chunk(b"<li>1<li>2", sources=[1, 2])
    made.add_chunk(b"<li>3", sources=[1])
    document.show(Recording(made.folder))
    document.select(Selection("yield", 0, 1))
    view.select_item_of(3, 1)
    assert document.selection == Selection("yield", 1, 2)


def test_that_the_file_of_the_selection_is_shown_and_a_choice_holds(
    view: SourceView, document: Document, made: GrowingRecording, qtbot: QtBot
) -> None:
    made.add_chunk(b"<ul>", sources=[0])
    document.show(Recording(made.folder))
    box = view.findChild(QComboBox)
    assert box is not None
    assert not box.isVisible()
    made.add_sources(
        SourceFile(file=1, name="view.py", language="python", text=VIEW), SourceLine(line=3, file=1, number=2)
    )
    made.add_chunk(b"a", sources=[3])
    document.follow_up()
    assert box.isVisible()
    assert box.accessibleName()
    assert box.toolTip()
    assert view.code.toPlainText() == TEMPLATE
    document.select(Selection("part", 1, 2))
    assert view.code.toPlainText() == VIEW
    assert box.currentText() == "view.py"
    assert view.code.selected_lines == {2}
    QTest.keyClick(box, Qt.Key.Key_Up)
    assert view.code.toPlainText() == TEMPLATE
    assert not view.code.selected_lines
    made.add_chunk(b"b", sources=[3])
    document.follow_up()
    assert view.code.toPlainText() == TEMPLATE


def test_that_a_line_out_of_sight_is_scrolled_to(view: SourceView, document: Document, tmp_path: Path) -> None:
    made = GrowingRecording(tmp_path / "long")
    made.add_sources(
        SourceFile(file=0, name="view.py", language="python", text="\n" * 500), SourceLine(line=0, file=0, number=300)
    )
    made.add_chunk(b"a", sources=[0])
    document.show(Recording(made.folder))
    assert line_place(view, 300).y() > 0


def test_that_a_missing_source_is_explained(view: SourceView, document: Document, tmp_path: Path) -> None:
    assert "Nothing streamed yet" in why_no_source(document)
    made = GrowingRecording(tmp_path / "foreign")
    document.show(Recording(made.folder))
    assert "Waiting" in why_no_source(document)
    made.add_chunk(b"a", tapped=False)
    document.follow_up()
    assert why_no_source(document).startswith("Not visible: this server isn't ours")
    assert not view.code.isVisible()
    view.grab()
    tapped = GrowingRecording(tmp_path / "tapped")
    tapped.add_chunk(b"a")
    document.show(Recording(tapped.folder))
    assert why_no_source(document).startswith("The tap saw every item but no line")
    assert not view.code.isVisible()


def test_that_another_recording_is_shown_from_scratch(
    view: SourceView, document: Document, made: GrowingRecording, tmp_path: Path
) -> None:
    made.add_chunk(b"<ul>", sources=[0])
    document.show(Recording(made.folder))
    other = GrowingRecording(tmp_path / "other")
    other.add_sources(
        SourceFile(file=0, name="view.py", language="python", text=VIEW), SourceLine(line=1, file=0, number=2)
    )
    other.add_chunk(b"a", sources=[1])
    document.show(Recording(other.folder))
    assert view.code.toPlainText() == VIEW
    assert view.code.counts == {2: LineCounts(1, 1)}
