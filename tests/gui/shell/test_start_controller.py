"""The start page in the window: when it comes, what is chosen there, and when it gives way."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QWidget
from pytestqt.qtbot import QtBot

from inspector.assets import asset_path
from inspector.gui.models.preferences import Preferences
from inspector.gui.shell.main_window import MainWindow
from inspector.gui.startup.application import create_window
from inspector.gui.views.start.recent_run import RecentRun
from inspector.gui.views.start.start_page import StartPage
from inspector.session import Session
from inspector.stories.story_library import FOLDER_NAME, built_in_stories
from tests.gui.running import DEADLINE_MS, has_ended, stream, wait_for_items
from tests.gui.window_driver import (
    banner,
    canvas,
    find,
    folder_of,
    picture_of,
    press,
    state_of,
    stop,
    target_line,
    target_of,
    text_of,
    trigger,
    type_target,
)

_FIRST = built_in_stories()[0]


@pytest.fixture
def starting(qtbot: QtBot, preferences: Preferences, warm_session: Session) -> Iterator[MainWindow]:
    """A window as it opens for a person."""
    window = create_window(preferences=preferences, session=warm_session, welcomes=True)
    window.show()
    qtbot.waitExposed(window)
    yield window
    window.close()
    window.deleteLater()


def page_of(window: MainWindow) -> StartPage:
    return find(window, StartPage, "start_page")


def countdown_of(window: MainWindow) -> QTimer:
    return find(window, QTimer, "start_countdown")


def test_that_a_first_start_counts_down_and_begins_the_first_story(qtbot: QtBot, starting: MainWindow) -> None:
    assert picture_of(starting) == "start_page"
    assert not find(starting, QWidget, "table_and_details").isVisible()
    countdown_of(starting).setInterval(1)
    wait_for_items(qtbot, starting, "chunk", 1)
    assert starting.stories.story is _FIRST
    assert picture_of(starting) == "ladder"
    assert find(starting, QWidget, "verdict").isVisible()
    stop(starting)
    qtbot.waitUntil(lambda: has_ended(starting), timeout=DEADLINE_MS)


@pytest.mark.parametrize("sign", ["a key", "a click", "the mouse over a card"])
def test_that_a_sign_of_life_ends_the_countdown(qtbot: QtBot, starting: MainWindow, sign: str) -> None:
    page, timer = page_of(starting), countdown_of(starting)
    assert timer.isActive()
    if sign == "a key":
        QTest.keyClick(page.cards[0], Qt.Key.Key_Tab)
    elif sign == "a click":
        QTest.mouseClick(page.viewport(), Qt.MouseButton.LeftButton, pos=page.viewport().rect().bottomRight())
    else:
        for at in (page.cards[0].rect().center(), page.cards[0].rect().topLeft() + QPoint(20, 20)):
            QTest.mouseMove(page.cards[0], at)
    qtbot.waitUntil(lambda: not timer.isActive(), timeout=1_000)
    assert state_of(starting).value.word == "Ready"


def test_that_a_later_start_streams_what_was_streamed_last(
    qtbot: QtBot, preferences: Preferences, warm_session: Session
) -> None:
    preferences.target = "/large.csv"
    preferences.set_knobs({"rows": "3", "delay_ms": "1"})
    window = create_window(preferences=preferences, session=warm_session, welcomes=True)
    window.show()
    qtbot.waitUntil(lambda: has_ended(window), timeout=DEADLINE_MS)
    assert (picture_of(window), target_of(window)) == ("ladder", "/large.csv")
    window.close()
    window.deleteLater()


def test_that_a_start_that_streams_nothing_shows_the_page_and_escape_streams(
    qtbot: QtBot, preferences: Preferences, warm_session: Session
) -> None:
    preferences.runs_at_start = False
    window = create_window(preferences=preferences, session=warm_session, welcomes=True)
    window.show()
    assert picture_of(window) == "start_page"
    assert not countdown_of(window).isActive()
    assert page_of(window).leave_button.text() == "Just stream /timeline"
    type_target(window, "/large.csv?rows=2&delay_ms=1")
    QTest.keyClick(page_of(window).cards[0], Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: has_ended(window), timeout=DEADLINE_MS)
    assert picture_of(window) == "ladder"
    window.close()
    window.deleteLater()


def test_that_the_page_comes_back_with_the_runs_of_today_and_opens_one(qtbot: QtBot, window: MainWindow) -> None:
    stream(qtbot, window, "/large.csv?rows=2&delay_ms=1")
    first = folder_of(window)
    stream(qtbot, window, "/timeline?rows=2&delay_ms=1")
    trigger(window, "action_start_page")
    page = page_of(window)

    def runs() -> list[RecentRun]:
        return page.findChildren(RecentRun, "recent_run")

    qtbot.waitUntil(lambda: len(runs()) >= 2, timeout=DEADLINE_MS)
    press(page.cards[0], Qt.Key.Key_Escape)
    assert picture_of(window) == "ladder", "there is a run to go back to"
    assert canvas(window).hasFocus()
    trigger(window, "action_start_page")
    qtbot.waitUntil(lambda: len(runs()) >= 2 and all(run.card.verdict != "…" for run in runs()), timeout=DEADLINE_MS)
    press(next(run for run in runs() if run.card.entry.folder == first), Qt.Key.Key_Return)
    assert (picture_of(window), folder_of(window)) == ("ladder", first)


def test_that_an_address_that_lost_its_secret_waits_for_it_in_the_picker(window: MainWindow) -> None:
    window.preferences.remember_address("http://127.0.0.1:9/chat?api_key=abc&model=large")
    trigger(window, "action_start_page")
    press(find(page_of(window), QAbstractButton, "recent_address"), Qt.Key.Key_Return)
    assert target_line(window).hasFocus()
    assert target_line(window).selectedText() == "[redacted]"
    assert state_of(window).value.word == "Ready"


def test_that_everything_on_the_page_has_a_name_and_a_tip(window: MainWindow) -> None:
    window.preferences.remember_address("http://127.0.0.1:9/")
    trigger(window, "action_start_page")
    buttons = page_of(window).findChildren(QAbstractButton)
    assert len(buttons) >= len(built_in_stories()) + 4
    assert [button.objectName() for button in buttons if not button.accessibleName() or not button.toolTip()] == []


def test_that_one_s_own_stories_have_cards_and_a_mistake_in_one_is_told(
    window: MainWindow, request: pytest.FixtureRequest
) -> None:
    folder = window.session.home / FOLDER_NAME
    folder.mkdir()
    request.addfinalizer(lambda: shutil.rmtree(folder))
    text = asset_path("stories/gzip.toml").read_text(encoding="utf-8")
    (folder / "mine.toml").write_text(text.replace("Who ate", "What ate"), encoding="utf-8")
    (folder / "wrong.toml").write_text(text.replace("[knobs]", "[nobs]"), encoding="utf-8")
    trigger(window, "action_start_page")
    assert page_of(window).cards[-1].story.title == "What ate my rows?"
    assert banner(window).isVisible()
    assert "wrong.toml, line 6: unknown key nobs. Did you mean knobs?" in text_of(window, "banner_text")
