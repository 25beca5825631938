"""How often the window polls its session: often while something is under way, seldom otherwise."""

from __future__ import annotations

import gc

import psutil
import shiboken6
from PySide6.QtCore import QTimer
from pytestqt.qtbot import QtBot

from inspector.gui.models.session_poller import SessionPoller
from inspector.gui.shell.main_window import MainWindow
from tests.gui.running import DEADLINE_MS, begin, stream, wait_for_items
from tests.gui.window_driver import find, stop


def poller_of(window: MainWindow) -> SessionPoller:
    return find(window, SessionPoller, "session_poller")


def test_that_a_window_in_which_nothing_runs_rests(qtbot: QtBot, window: MainWindow) -> None:
    stream(qtbot, window, "/large.csv?rows=3&delay_ms=0")
    qtbot.waitUntil(lambda: poller_of(window).is_resting, timeout=DEADLINE_MS)
    qtbot.waitUntil(lambda: _timers_below_a_second() == [], timeout=DEADLINE_MS)
    begin(window, "/large.csv?rows=0&delay_ms=5")
    wait_for_items(qtbot, window, "chunk", 5)
    assert not poller_of(window).is_resting
    stop(window)
    qtbot.waitUntil(lambda: poller_of(window).is_resting, timeout=DEADLINE_MS)


def test_that_a_resting_window_sees_a_server_die(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.waitUntil(lambda: poller_of(window).is_resting, timeout=DEADLINE_MS)
    told: list[str] = []
    window.session.listen(lambda notice: told.append(notice.kind))
    psutil.Process(window.session.child_pids["server"]).kill()
    qtbot.waitUntil(lambda: told == ["server_died", "server_restarted"], timeout=DEADLINE_MS)
    qtbot.waitUntil(lambda: poller_of(window).is_resting, timeout=DEADLINE_MS)


def _timers_below_a_second() -> list[QTimer]:
    """Return every timer that wakes the window more often than once a second."""
    timers = [each for each in gc.get_objects() if isinstance(each, QTimer) and shiboken6.isValid(each)]
    return [timer for timer in timers if timer.isActive() and timer.interval() < 1_000]
