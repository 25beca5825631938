"""The picker's list: sections and sentences, recent addresses, and their secrets."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from inspector.catalogue import FIRST_ROUTE, VIEWS, sections
from inspector.gui.editors.target_list import removal_area
from inspector.gui.editors.target_picker import SECTION_ROLE, TargetPicker

_RECENT = ["http://127.0.0.1:9/events", "https://api.example.com/chat?key=[redacted]&model=large"]


@pytest.fixture
def picker(qtbot: QtBot) -> TargetPicker:
    made = TargetPicker("stream_picker")
    qtbot.addWidget(made)
    made.resize(400, 30)
    made.show()
    qtbot.waitExposed(made)
    return made


def rows_of(picker: TargetPicker) -> list[str]:
    return [picker.itemData(at, SECTION_ROLE) or picker.itemText(at) for at in range(picker.count())]


def test_that_routes_stand_in_the_sections_of_the_documentation_with_a_sentence_each(picker: TargetPicker) -> None:
    wanted = [row for heading, views in sections().items() for row in (heading, *(view.route for view in views))]
    assert rows_of(picker) == wanted
    assert picker.target_text == FIRST_ROUTE
    said = {
        picker.itemText(at): picker.itemData(at, Qt.ItemDataRole.AccessibleDescriptionRole)
        for at in range(picker.count())
        if picker.itemText(at)
    }
    assert said == {view.route: view.sentence for view in VIEWS}


def test_that_arrow_keys_open_the_list_and_leave_headings_out(qtbot: QtBot, picker: TargetPicker) -> None:
    before, runs = picker.target_text, []
    picker.run_requested.connect(lambda: runs.append(picker.target_text))
    QTest.keyClick(picker.line, Qt.Key.Key_Down)
    qtbot.waitUntil(picker.view().isVisible)
    assert (picker.target_text, runs) == (before, []), "it is only looked at"
    seen = set()
    for _ in range(picker.count()):
        QTest.keyClick(picker.view(), Qt.Key.Key_Down)
        seen.add(picker.itemText(picker.view().currentIndex().row()))
    assert "" not in seen
    assert len(seen) > 3
    picker.hidePopup()


def test_that_the_index_can_be_typed_and_the_others_are_completed(picker: TargetPicker) -> None:
    picker.line.selectAll()
    QTest.keyClicks(picker.line, "/")
    assert picker.target_text == "/"
    QTest.keyClicks(picker.line, "lar")
    assert picker.target_text == "/large.csv"


def test_that_the_list_shows_as_much_of_the_sentences_as_the_screen_has_room_for(picker: TargetPicker) -> None:
    picker.showPopup()
    assert picker.view().width() >= min(picker.screen().availableSize().width() * 9 // 10, 600)
    picker.hidePopup()


def test_that_recent_addresses_come_first_and_leave_the_text_alone(picker: TargetPicker) -> None:
    picker.set_target_text("/large.csv?rows=3")
    picker.set_recent_addresses(_RECENT)
    assert rows_of(picker)[:4] == ["Recent addresses", *_RECENT, next(iter(sections()))]
    assert picker.target_text == "/large.csv?rows=3"
    picker.set_recent_addresses([])
    assert rows_of(picker)[0] == next(iter(sections()))
    assert picker.target_text == "/large.csv?rows=3"


@pytest.mark.parametrize("way", ["the cross", "Delete"])
def test_that_a_recent_address_can_be_taken_out(qtbot: QtBot, picker: TargetPicker, way: str) -> None:
    picker.set_recent_addresses(_RECENT)
    picker.showPopup()
    view = picker.view()
    index = picker.model().index(2, 0)
    with qtbot.waitSignal(picker.forget_requested) as asked:
        if way == "Delete":
            view.setCurrentIndex(index)
            QTest.keyClick(view, Qt.Key.Key_Delete)
        else:
            at = removal_area(view.visualRect(index)).center()
            QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(at))
    assert asked.args == [_RECENT[1]]
    assert view.isVisible(), "the list stays open"
    picker.hidePopup()


def test_that_an_address_that_lost_its_secret_is_not_streamed_before_it_has_it(picker: TargetPicker) -> None:
    streamed: list[str] = []
    picker.run_requested.connect(lambda: streamed.append(picker.target_text))
    picker.set_recent_addresses(_RECENT)
    for at in (1, 2):
        picker.setCurrentIndex(at)
        picker.activated.emit(at)
    assert streamed == [_RECENT[0]]
    assert picker.line.selectedText() == "[redacted]"
