"""A presentation: what a room can read, what who presents has at hand, and that the window comes back as it was."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtGui import QFontMetricsF, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from inspector.gui.editors.buffer_buttons import BufferButtons
from inspector.gui.shell.main_window import MainWindow
from inspector.gui.shell.presenter_tools import PresenterTools, key_text
from inspector.gui.style.presented_type import PresentedType
from inspector.gui.views.story_strip import StoryStrip
from inspector.stories.story_library import built_in_stories
from tests.gui.running import DEADLINE_MS, has_ended, stream, wait_for_items
from tests.gui.window_driver import (
    canvas,
    compare_page,
    find,
    headers,
    ladder,
    stop,
    target_line,
    text_of,
    trigger,
    verdict,
)

_ROWS = "/large.csv?rows=5&delay_ms=1&jitter=0"


@pytest.mark.parametrize("screen_px", [720, 1080, 1440])
def test_that_letters_are_large_enough_for_eight_metres(qtbot: QtBot, screen_px: int) -> None:
    look = PresentedType(screen_px)
    capitals = {name: QFontMetricsF(getattr(look, name)).capHeight() for name in ("headline", "caption", "name")}
    assert capitals["headline"] > capitals["caption"] >= screen_px / 30
    assert capitals["name"] >= screen_px / 40


def test_that_the_verdict_leads_with_its_headline_and_lanes_have_large_names(qtbot: QtBot, window: MainWindow) -> None:
    stream(qtbot, window, _ROWS)
    usual = {name: lane.name_width() for name, lane in headers(window).lanes.items()}
    qtbot.waitUntil(lambda: verdict(window).sentence.startswith("Streams"), timeout=DEADLINE_MS)
    trigger(window, "action_present")
    assert "<br>" in verdict(window).text.text()
    assert all(lane.name_width() > 1.5 * usual[name] for name, lane in headers(window).lanes.items())
    assert not any(gap.isVisible() for gap in headers(window).gaps.values())
    trigger(window, "action_present")
    assert {name: lane.name_width() for name, lane in headers(window).lanes.items()} == usual
    assert any(gap.isVisible() for gap in headers(window).gaps.values())
    assert "<br>" not in verdict(window).text.text()


def test_that_the_gap_with_the_wait_and_the_pointed_one_have_names_while_presenting(
    qtbot: QtBot, window: MainWindow
) -> None:
    stream(qtbot, window, "/large.csv?rows=5&delay_ms=5&jitter=0&middleware=join")
    trigger(window, "action_present")
    column, joins = headers(window), ("middlewares", "join")
    qtbot.waitUntil(lambda: column.presented_names() == {"middleware.1": joins}, timeout=DEADLINE_MS)
    assert column.accessibleDescription() == "middlewares, join"
    nameless = column.grab(column.gaps["template"].geometry()).toImage()
    ladder(window).point_at("template")
    assert set(column.presented_names()) == {"middleware.1", "template"}
    assert column.grab(column.gaps["template"].geometry()).toImage() != nameless, "it is seen"
    QTest.keyClick(canvas(window), Qt.Key.Key_B)
    assert set(column.presented_names()) == {"middleware.1"}, "the buttons have the name above them"
    trigger(window, "action_present")
    assert not column.presented_names()


def test_that_a_presented_story_shows_its_caption_and_page_down_goes_on(qtbot: QtBot, window: MainWindow) -> None:
    story = built_in_stories()[0]
    trigger(window, "action_present")
    window.stories.begin(story)
    wait_for_items(qtbot, window, "chunk", 1)
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow, timeout=DEADLINE_MS)
    strip = find(window, StoryStrip, "story_strip")
    assert strip.isVisible()
    assert window.stories.caption in strip.words.text()
    assert text_of(window, "story_place") == f"1 of {len(story.steps)} · {story.title}"
    assert not strip.next_button.isVisible()
    for at, step in enumerate(story.steps[1:], 2):
        QTest.keyClick(canvas(window), Qt.Key.Key_PageDown)
        assert text_of(window, "story_place").startswith(f"{at} of ")
        assert (ladder(window).viewport().findChild(QWidget, "presented_buttons") is not None) == step.shows_buttons
        if step.shows_buttons:
            break
    else:
        pytest.fail("no step lets the room try the buffer")
    assert find(window, QLabel, "pressed_keys").text() == "Page Down"
    trigger(window, "action_present")
    assert strip.isVisible(), "the story goes on in the window"
    assert strip.next_button.isVisible()
    QTest.mouseClick(strip.end_button, Qt.MouseButton.LeftButton)
    assert not strip.isVisible()
    stop(window)
    qtbot.waitUntil(lambda: has_ended(window), timeout=DEADLINE_MS)


def test_that_a_presentation_shows_the_memory_where_the_story_speaks_of_it(qtbot: QtBot, window: MainWindow) -> None:
    story = built_in_stories()[0]
    with_memory, without = (replace(story.steps[0], pane=pane, act="change") for pane in ("memory", "source"))
    strip = find(window, QWidget, "memory_strip")
    trigger(window, "action_present")
    window.stories.begin(replace(story, steps=(with_memory, without)))
    wait_for_items(qtbot, window, "chunk", 1)
    qtbot.waitUntil(strip.isVisible, timeout=DEADLINE_MS)
    window.stories.next()
    assert not strip.isVisible()
    window.stories.end()
    stop(window)
    qtbot.waitUntil(lambda: has_ended(window), timeout=DEADLINE_MS)
    trigger(window, "action_present")


def test_that_b_and_the_mouse_bring_the_buttons_of_the_buffer(qtbot: QtBot, window: MainWindow) -> None:
    stream(qtbot, window, _ROWS)
    trigger(window, "action_present")
    place = ladder(window).viewport()

    def shown() -> bool:
        return place.findChild(QWidget, "presented_buttons") is not None

    assert not shown()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow, timeout=DEADLINE_MS)
    QTest.keyClick(canvas(window), Qt.Key.Key_B)
    buttons = find(find(place, QWidget, "presented_buttons"), BufferButtons, "")
    assert len(buttons.in_sight()) >= 4
    assert buttons.mapTo(ladder(window), QPoint(buttons.width(), 0)).x() <= headers(window).width() + 1
    QTest.keyClick(canvas(window), Qt.Key.Key_B)
    qtbot.waitUntil(lambda: not shown(), timeout=DEADLINE_MS)
    QTest.mouseMove(headers(window), QPoint(5, 60))
    qtbot.waitUntil(shown, timeout=DEADLINE_MS)
    QTest.mouseMove(canvas(window), QPoint(50, 60))
    qtbot.waitUntil(lambda: not shown(), timeout=DEADLINE_MS)
    trigger(window, "action_present")
    QTest.keyClick(canvas(window), Qt.Key.Key_B)
    assert not shown(), "only in a presentation"


def test_that_pressed_keys_are_seen_for_a_moment(qtbot: QtBot, window: MainWindow) -> None:
    stream(qtbot, window, _ROWS)
    trigger(window, "action_present")
    tools = find(window, PresenterTools, "presenter_tools")
    find(tools, QTimer, "key_timer").setInterval(1)
    QTest.keyClick(canvas(window), Qt.Key.Key_W)
    label = find(window, QLabel, "pressed_keys")
    assert (label.text(), label.isVisible()) == ("W", True)
    qtbot.waitUntil(lambda: not label.isVisible(), timeout=DEADLINE_MS)
    trigger(window, "action_present")
    QTest.keyClick(canvas(window), Qt.Key.Key_W)
    assert not label.isVisible()


@pytest.mark.parametrize(
    ("key", "modifiers", "said"),
    [
        (Qt.Key.Key_3, Qt.KeyboardModifier.NoModifier, "3"),
        (Qt.Key.Key_PageDown, Qt.KeyboardModifier.NoModifier, "Page Down"),
        (Qt.Key.Key_R, Qt.KeyboardModifier.ControlModifier, "Ctrl+R"),
        (Qt.Key.Key_Shift, Qt.KeyboardModifier.ShiftModifier, ""),
    ],
)
def test_that_keys_are_named_in_words(key: Qt.Key, modifiers: Qt.KeyboardModifier, said: str) -> None:
    assert key_text(key, modifiers) == said


def test_that_the_pointer_is_large_hides_when_still_and_is_the_usual_one_afterwards(
    qtbot: QtBot, window: MainWindow
) -> None:
    trigger(window, "action_present")
    cursor = QGuiApplication.overrideCursor()
    assert cursor is not None
    assert cursor.pixmap().width() >= 48
    find(find(window, PresenterTools, "presenter_tools"), QTimer, "still_timer").setInterval(1)
    QTest.mouseMove(canvas(window), QPoint(40, 40))

    def shape() -> Qt.CursorShape:
        shown = QGuiApplication.overrideCursor()
        assert shown is not None
        return shown.shape()

    qtbot.waitUntil(lambda: shape() == Qt.CursorShape.BlankCursor, timeout=DEADLINE_MS)
    QTest.keyClick(canvas(window), Qt.Key.Key_Escape)
    assert QGuiApplication.overrideCursor() is None


def test_that_the_focus_is_where_it_was_before(qtbot: QtBot, window: MainWindow) -> None:
    stream(qtbot, window, _ROWS)
    target_line(window).setFocus()
    trigger(window, "action_present")
    assert canvas(window).hasFocus(), "the keys of the picture act"
    QTest.keyClick(canvas(window), Qt.Key.Key_Escape)
    assert target_line(window).hasFocus()


def test_that_runs_compared_while_presenting_are_presented_both(qtbot: QtBot, window: MainWindow) -> None:
    stream(qtbot, window, _ROWS)
    trigger(window, "action_present")
    page = compare_page(window)
    for each in (ladder(window), page.comparing.b.ladder):
        assert each.canvas.strokes.line == 2
        qtbot.waitUntil(lambda each=each: each.verticalScrollBar().maximum() == 0, timeout=DEADLINE_MS)  # type: ignore[misc]
    trigger(window, "action_present")
    assert page.comparing.b.ladder.canvas.strokes.line == 1
