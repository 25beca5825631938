"""The cards of the start page by keys, and what the page looks like."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from inspector.gui.style.theme import DARK, LIGHT, Theme
from inspector.gui.views.start.start_page import StartPage
from inspector.gui.views.start.story_sketches import sketch_name
from inspector.stories.story import Step, Story

_HINTS = (
    "/my-large-page.html", "/large.csv", "middleware=gzip", "middleware=join", "proxy=nginx", "read_rate", "memory",
    "/stream-without-context",
)  # fmt: skip
_STORIES = tuple(
    Story(f"story-{at}", f"Story {at}", "What it shows.", hint, (Step("It streams."),))
    for at, hint in enumerate(_HINTS)
)


@pytest.fixture
def page(qtbot: QtBot) -> StartPage:
    made = StartPage(_STORIES, LIGHT)
    qtbot.addWidget(made)
    made.resize(1280, 740)
    made.show()
    qtbot.waitExposed(made)
    made.focus_first()
    return made


def test_that_arrows_walk_over_the_cards_and_enter_begins_one(page: StartPage) -> None:
    begun: list[Story] = []
    page.story_chosen.connect(begun.append)
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Right):
        QTest.keyClick(page.focusWidget(), key)
    assert page.focusWidget() is page.cards[6]
    QTest.keyClick(page.focusWidget(), Qt.Key.Key_Return)
    assert begun == [_STORIES[6]]
    QTest.keyClick(page.focusWidget(), Qt.Key.Key_Down)
    assert page.focusWidget() is page.leave_button


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_that_every_card_has_a_picture_in_the_colours_of_the_theme(page: StartPage, theme: Theme) -> None:
    page.set_theme(theme)
    for card in page.cards:
        image = card.grab().toImage()
        colours = {image.pixelColor(x, y).name() for x in range(image.width()) for y in range(image.height() // 2)}
        assert {QColor(theme.server).name(), QColor(theme.client).name()} <= colours


def test_that_stories_that_show_different_things_look_different() -> None:
    names = [sketch_name("a-story", hint) for hint in _HINTS]
    assert names == ["streams", "streams", "gzip", "join", "proxy", "slow", "memory", "cut"]
    assert sketch_name("jinja-buffer", "/my-large-page.html") == "buffer"
