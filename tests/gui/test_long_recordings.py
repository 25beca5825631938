"""Recordings longer than one frame takes in: the window paints while it catches up."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from inspector.gui.shell.main_window import MainWindow
from tests.benchmarks.bench_window import make_recording
from tests.gui.running import DEADLINE_MS
from tests.gui.window_driver import canvas, find, marks_table

_COUNT = 100_000


def test_that_a_long_recording_is_painted_while_its_figures_are_taken_in(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    make_recording(tmp_path / "made", _COUNT)
    window.show_recording(tmp_path / "made")
    taken: list[int] = []

    def caught_up() -> bool:
        canvas(window).repaint()
        find(window, QWidget, "staircase").grab()
        taken.append(window.analysis.whole_run.layer("chunk").count)
        return taken[-1] == _COUNT

    qtbot.waitUntil(caught_up, timeout=DEADLINE_MS)
    assert any(0 < count < _COUNT for count in taken)
    assert marks_table(window).model().rowCount() == _COUNT
    marks_table(window).scrollToBottom()
    QTest.keyClick(canvas(window), Qt.Key.Key_End)
    assert window.analysis.verdict is not None
