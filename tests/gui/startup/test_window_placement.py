"""A window is never larger than the screen it stands on, nor beside it."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from inspector.gui.shell.main_window import MainWindow
from inspector.gui.startup.window_placement import WindowPlacement, fitted
from tests.gui.window_driver import trigger

_SCREEN = QRect(0, 24, 1280, 696)


@pytest.mark.parametrize(
    ("frame", "found"),
    [
        (QRect(100, 50, 800, 600), QRect(100, 50, 800, 600)),
        (QRect(0, 0, 1280, 828), QRect(0, 24, 1280, 696)),
        (QRect(1900, 300, 1000, 500), QRect(280, 220, 1000, 500)),
        (QRect(-500, -500, 3840, 2160), _SCREEN),
    ],
)
def test_that_a_frame_is_moved_before_it_is_made_smaller(frame: QRect, found: QRect) -> None:
    assert fitted(frame, _SCREEN) == found


def test_that_a_window_that_was_made_for_a_larger_screen_fits_this_one(qtbot: QtBot) -> None:
    larger, window = QWidget(), QWidget()
    qtbot.addWidget(larger)
    qtbot.addWidget(window)
    larger.setGeometry(500, 300, 3_000, 2_000)
    window.restoreGeometry(larger.saveGeometry())
    window.resize(3_000, 2_000)
    WindowPlacement(window)
    window.show()
    screen = window.screen().availableGeometry()
    qtbot.waitUntil(lambda: screen.contains(window.frameGeometry()))
    window.resize(3_000, 400)
    window.showFullScreen()
    window.showNormal()
    qtbot.waitUntil(lambda: screen.contains(window.frameGeometry()))


@pytest.mark.parametrize("state", [Qt.WindowState.WindowMaximized, Qt.WindowState.WindowNoState])
def test_that_a_presentation_gives_the_window_back_as_it_was(
    qtbot: QtBot, window: MainWindow, state: Qt.WindowState
) -> None:
    window.setWindowState(state)
    trigger(window, "action_present")
    assert window.isFullScreen()
    trigger(window, "action_present")
    assert window.windowState() == state


def test_that_a_window_fits_once_its_frame_is_put_around_it_and_then_stays_where_a_hand_moves_it(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(400, 300)
    placement = WindowPlacement(window)
    window.show()
    screen = window.screen().availableGeometry()
    framed = QPoint(screen.right() - 200, screen.bottom() - 100)
    window.move(framed)  # as window managers do when they put a title bar above it
    qtbot.waitUntil(lambda: screen.contains(window.frameGeometry()))
    placement.settles_for(0)
    window.move(framed)
    QApplication.processEvents()
    QApplication.processEvents()  # what the first round has posted
    assert window.pos() == framed
