"""How often the window looks at its run, and what it leaves to the processes that it measures."""

from __future__ import annotations

import gc
import time

import psutil
import shiboken6
from PySide6.QtCore import QTimer
from pytestqt.qtbot import QtBot

from inspector.gui.shell.main_window import MainWindow
from tests.gui.running import DEADLINE_MS, begin, stream, wait_for_items
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
    begin(window, "/large.csv?rows=0&delay_ms=5")
    wait_for_items(qtbot, window, "chunk", 5)
    window.document.grew.connect(work)
    qtbot.waitUntil(lambda: timer.interval() >= _SELDOM_MS, timeout=DEADLINE_MS)
    turn(window, "delay_ms", "6")
    assert timer.remainingTime() < _SELDOM_MS / 2, "a turned knob is to be seen at once"
    window.document.grew.disconnect(work)
    qtbot.waitUntil(lambda: timer.interval() < _SELDOM_MS / 2, timeout=DEADLINE_MS)
    stop(window)


def test_that_a_window_in_which_nothing_runs_rests(qtbot: QtBot, window: MainWindow) -> None:
    stream(qtbot, window, "/large.csv?rows=3&delay_ms=0")
    qtbot.waitUntil(lambda: run_controller(window).is_resting, timeout=DEADLINE_MS)
    qtbot.waitUntil(lambda: _timers_below_a_second() == [], timeout=DEADLINE_MS)
    begin(window, "/large.csv?rows=0&delay_ms=5")
    wait_for_items(qtbot, window, "chunk", 5)
    assert not run_controller(window).is_resting
    stop(window)
    qtbot.waitUntil(lambda: run_controller(window).is_resting, timeout=DEADLINE_MS)


def test_that_a_resting_window_sees_a_server_die(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.waitUntil(lambda: run_controller(window).is_resting, timeout=DEADLINE_MS)
    told: list[str] = []
    window.session.listen(lambda notice: told.append(notice.kind))
    psutil.Process(window.session.child_pids["server"]).kill()
    qtbot.waitUntil(lambda: told == ["server_died", "server_restarted"], timeout=DEADLINE_MS)
    qtbot.waitUntil(lambda: run_controller(window).is_resting, timeout=DEADLINE_MS)


def _timers_below_a_second() -> list[QTimer]:
    """Return every timer that wakes the window more often than once a second."""
    timers = [each for each in gc.get_objects() if isinstance(each, QTimer) and shiboken6.isValid(each)]
    return [timer for timer in timers if timer.isActive() and timer.interval() < 1_000]
