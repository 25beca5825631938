"""How often the window looks at its run, and what it leaves to the processes that it measures."""

from __future__ import annotations

import time

from PySide6.QtCore import QTimer
from pytestqt.qtbot import QtBot

from inspector.gui.shell.main_window import MainWindow
from tests.gui.running import DEADLINE_MS, begin, wait_for_items
from tests.gui.window_driver import find, run_controller, stop, turn

_LONG_WORK_NS = 30_000_000
#: Twice the work, as a whole number of milliseconds.
_SELDOM_MS = 60


def test_that_frames_which_work_long_leave_half_of_the_time_to_others(qtbot: QtBot, window: MainWindow) -> None:
    def work() -> None:
        until_ns = time.thread_time_ns() + _LONG_WORK_NS
        while time.thread_time_ns() < until_ns:
            pass

    timer = find(run_controller(window), QTimer, "frame_timer")
    begin(window, "/large.csv?rows=0&delay_ms=50")  # frames without news work little, however loaded the machine is
    wait_for_items(qtbot, window, "chunk", 5)
    window.document.grew.connect(work)
    qtbot.waitUntil(lambda: timer.interval() >= _SELDOM_MS, timeout=DEADLINE_MS)
    turn(window, "delay_ms", "60")
    assert timer.remainingTime() < _SELDOM_MS / 2, "a turned knob is to be seen at once"
    window.document.grew.disconnect(work)
    qtbot.waitUntil(lambda: timer.interval() < _SELDOM_MS, timeout=DEADLINE_MS)
    stop(window)
