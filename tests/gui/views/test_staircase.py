"""The staircase in the real window: the first and the last layer, what is held between them, the rest on wish."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton, QWidget
from pytestqt.qtbot import QtBot

from inspector.gui.shell.main_window import MainWindow
from inspector.gui.views.time_scale import tick_step
from tests.gui.running import stream
from tests.gui.window_driver import find, set_text_size


def _picture(window: MainWindow) -> QWidget:
    window.show_view("staircase")
    return find(window, QWidget, "staircase")


def test_that_all_layers_are_drawn_on_wish(qtbot: QtBot, window: MainWindow) -> None:
    stream(qtbot, window, "/my-large-page.html?rows=6&delay_ms=20&template_buffer=50")
    picture, box = _picture(window), find(window, QPushButton, "staircase_all_layers")
    assert not box.isChecked()
    two = picture.grab().toImage()
    QTest.mouseClick(box, Qt.MouseButton.LeftButton, pos=QPoint(8, box.height() // 2))
    assert box.isChecked()
    assert picture.grab().toImage() != two


def test_that_the_box_of_all_layers_stays_whole_in_large_type(window: MainWindow) -> None:
    picture, box = _picture(window), find(window, QPushButton, "staircase_all_layers")
    for points in (9, 20):
        set_text_size(window, points)
        assert picture.rect().contains(box.geometry())
        assert box.width() >= box.sizeHint().width()
    set_text_size(window, 10)


def test_that_ticks_are_round() -> None:
    assert [tick_step(most, 400.0, 50.0) for most in (90, 1_000, 5_900, 2_200_000)] == [20, 200, 1_000, 500_000]
