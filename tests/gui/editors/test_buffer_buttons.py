"""The row of buttons for a buffer: which are shown, which is lit, and that keys and labels agree."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from inspector.catalogue import kind_of
from inspector.gui.editors.buffer_buttons import BufferButtons
from inspector.gui.editors.knob_editors import KnobEditors
from inspector.gui.style.theme import LIGHT

ROUTES = ("/timeline", "/large.csv", "/stream", "http://127.0.0.1/")


@pytest.fixture
def knobs() -> Iterator[KnobEditors]:
    """All editors, for a template."""
    made = KnobEditors()
    made.show_kind(kind_of("/timeline"))
    yield made
    for editor in made.editors.values():
        editor.deleteLater()


@pytest.fixture
def buttons(knobs: KnobEditors, qtbot: QtBot) -> BufferButtons:
    made = BufferButtons(knobs, LIGHT)
    qtbot.addWidget(made)
    made.resize(made.sizeHint())
    made.show()
    return made


def labels(buttons: BufferButtons) -> list[str]:
    return [button.text() for button in buttons.in_sight()]


def lit(buttons: BufferButtons) -> list[str]:
    return [button.text() for button in buttons.in_sight() if button.isChecked()]


def test_that_the_row_goes_from_none_to_all_and_lights_what_is_set(knobs: KnobEditors, buttons: BufferButtons) -> None:
    assert labels(buttons) == ["none", "2", "5", "10", "50", "100", "all"]
    assert lit(buttons) == ["none"]
    knobs.change("template_buffer", "50")
    assert lit(buttons) == ["50"]
    assert "50 items" in buttons.accessibleDescription()


def test_that_a_value_between_the_presets_has_a_button_of_its_own(knobs: KnobEditors, buttons: BufferButtons) -> None:
    buttons.resize(buttons.sizeHint().width() + 60, buttons.height())
    knobs.set_text("template_buffer", "7")
    assert labels(buttons)[:5] == ["none", "2", "5", "7", "10"]
    assert lit(buttons) == ["7"]
    knobs.set_text("template_buffer", "5")
    assert "7" not in labels(buttons)


def test_that_a_click_sets_the_buffer_as_a_person_does(knobs: KnobEditors, buttons: BufferButtons) -> None:
    told: list[str] = []
    knobs.changed.connect(told.append)
    ten = next(button for button in buttons.in_sight() if button.text() == "10")
    QTest.mouseClick(ten, Qt.MouseButton.LeftButton)
    assert (knobs.text("template_buffer"), told) == ("10", ["template_buffer"])
    QTest.mouseClick(ten, Qt.MouseButton.LeftButton)
    assert told == ["template_buffer"]
    assert not ten.hasFocus(), "the keys of the picture go on acting"


def test_that_a_key_presses_its_button_for_a_moment(qtbot: QtBot, knobs: KnobEditors, buttons: BufferButtons) -> None:
    knobs.change("template_buffer", "5")
    five = next(button for button in buttons.in_sight() if button.text() == "5")
    assert five.isDown()
    qtbot.waitUntil(lambda: not five.isDown())


@pytest.mark.parametrize("width", [120, 170, 200, 260, 900])
@pytest.mark.parametrize("points", [9, 12, 20])
def test_that_what_has_no_room_goes_but_for_both_ends_and_what_is_set(
    knobs: KnobEditors, buttons: BufferButtons, width: int, points: int
) -> None:
    font = buttons.font()
    font.setPointSize(points)
    buttons.setFont(font)
    knobs.set_text("template_buffer", "10")
    buttons.resize(max(width, buttons.minimumSizeHint().width()), buttons.sizeHint().height())
    shown = buttons.in_sight()
    assert {shown[0].text(), shown[-1].text(), *lit(buttons)} == {"none", "all", "10"}
    assert all(button.geometry().right() < buttons.width() for button in shown)
    assert all(min(button.width(), button.height()) >= 24 for button in shown)
    gaps = [after.x() - before.geometry().right() for before, after in pairwise(shown)]
    assert min(gaps) > 1


@pytest.mark.parametrize("route", ROUTES)
def test_that_every_route_has_the_buttons_of_the_buffer_that_its_keys_turn(
    route: str, knobs: KnobEditors, buttons: BufferButtons
) -> None:
    knobs.show_kind(kind_of(route))
    buttons.resize(900, 60)
    name = kind_of(route).buffer.name
    for button in buttons.in_sight():
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
        assert knobs.number(name) == button.preset.value
        assert lit(buttons) == [button.text()]
    assert [button.preset.key for button in buttons.in_sight()] == list(range(1, 10))


def test_that_the_buttons_of_a_recorded_run_show_its_value_and_can_not_be_pressed(
    knobs: KnobEditors, buttons: BufferButtons
) -> None:
    knobs.show_recorded(kind_of("/timeline"), {"template_buffer": "5"})
    assert lit(buttons) == ["5"]
    assert not any(button.isEnabled() for button in buttons.in_sight())
    knobs.give_back()
    assert all(button.isEnabled() for button in buttons.in_sight())


def test_that_buttons_that_are_gone_are_asked_no_more(knobs: KnobEditors, qtbot: QtBot) -> None:
    buttons = BufferButtons(knobs, LIGHT)
    buttons.deleteLater()
    qtbot.waitUntil(lambda: not isValid(buttons))
    with qtbot.captureExceptions() as caught:
        knobs.show_recorded(kind_of("/timeline"), {"template_buffer": "5"})
        knobs.give_back()
    assert caught == []
