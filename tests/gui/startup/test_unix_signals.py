"""Ctrl+C and SIGTERM end a window that does nothing, shown on a real process."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest
from pytestqt.qtbot import QtBot

from inspector.gui.startup.unix_signals import UnixSignals
from tests.fresh_python import ROOT
from tests.waiting import wait_until

IDLE_APP = """
import sys
from PySide6.QtWidgets import QApplication, QWidget
from inspector.gui.startup.unix_signals import UnixSignals
app = QApplication([])
window = QWidget()
window.show()
bridge = UnixSignals(app)
bridge.received.connect(app.quit)
print("ready", flush=True)
app.exec()
number = bridge.last_signal
bridge.close()
print("closed", number, flush=True)
sys.exit(128 + number)
"""
CAN_SEND_SIGNALS = pytest.mark.skipif(sys.platform == "win32", reason="Windows sends no SIGTERM, it ends the process")


@CAN_SEND_SIGNALS
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_that_an_idle_window_ends_at_once_by_a_signal(number: signal.Signals) -> None:
    command = [sys.executable, "-c", IDLE_APP]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as app:
        assert app.stdout is not None
        assert app.stdout.readline() == "ready\n"
        sent_s = time.monotonic()
        app.send_signal(number)
        out, err = app.communicate(timeout=10)
        assert time.monotonic() - sent_s < 5
    assert out == f"closed {int(number)}\n"
    assert err == ""
    assert app.returncode == 128 + number


@CAN_SEND_SIGNALS
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_that_the_app_and_all_its_processes_end_by_a_signal(tmp_path: Path, number: signal.Signals) -> None:
    command = [sys.executable, "-m", "inspector", "/timeline?rows=0"]
    environment = {**os.environ, "STREAMING_INSPECTOR_HOME": str(tmp_path), "QT_QPA_PLATFORM": "offscreen"}
    with subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.PIPE, text=True) as app:
        try:
            wait_until(lambda: list(tmp_path.glob("recordings/*/chunk.marks")), "the stream to run", deadline_s=15)
            family = psutil.Process(app.pid).children(recursive=True)
            app.send_signal(number)
            _, err = app.communicate(timeout=10)
        finally:
            app.kill()
    assert err == ""
    assert app.returncode == 128 + number
    assert len(family) == 2, "a server and a recorder"
    assert psutil.wait_procs(family, timeout=5)[1] == []


@CAN_SEND_SIGNALS
def test_that_signals_and_their_wake_up_go_back_to_whoever_had_them(qtbot: QtBot) -> None:
    before = [signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)]
    bridge = UnixSignals()
    with qtbot.waitSignal(bridge.received, timeout=5000) as seen:
        os.kill(os.getpid(), signal.SIGTERM)
    assert seen.args == [signal.SIGTERM]
    bridge.close()
    bridge.close()
    assert [signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)] == before
    assert signal.set_wakeup_fd(-1) == -1


@CAN_SEND_SIGNALS
def test_that_signals_of_others_are_not_reported(qtbot: QtBot) -> None:
    heard: list[int] = []
    told: list[int] = []
    before = signal.signal(signal.SIGUSR1, lambda number, _frame: heard.append(number))
    bridge = UnixSignals()
    bridge.received.connect(told.append)
    try:
        os.kill(os.getpid(), signal.SIGUSR1)
        os.kill(os.getpid(), signal.SIGTERM)
        qtbot.waitUntil(lambda: bool(heard and told))
    finally:
        bridge.close()
        signal.signal(signal.SIGUSR1, before)
    assert (heard, told) == ([signal.SIGUSR1], [signal.SIGTERM])
