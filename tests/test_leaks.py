"""The leak fixture itself, shown on real leaks: a fixture that finds nothing would let everything pass."""

from __future__ import annotations

import socket
import subprocess
import sys
import threading
from pathlib import Path

import psutil
import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from tests.fresh_python import ROOT
from tests.leaks import descendants, everything, left_behind
from tests.waiting import wait_until

#: Of a run inside a test: with our fixtures, without a cache, in one process.
_PLAINLY = ("-p", "tests.conftest", "-p", "no:cacheprovider", "-n", "0")


def test_that_a_running_thread_is_found() -> None:
    before = everything()
    end = threading.Event()
    thread = threading.Thread(target=end.wait, name="leaky")
    thread.start()
    try:
        assert left_behind(before) == ["thread 'leaky'"]
    finally:
        end.set()
        thread.join()
    assert left_behind(before) == []


def test_that_a_child_process_is_found_until_it_has_ended() -> None:
    before = everything()
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as child:
        wait_until(lambda: any(f"process {child.pid}" in text for text in left_behind(before)), "the child to be seen")
        child.communicate(b"\n")
    assert left_behind(before) == []


def test_that_the_child_of_a_thread_and_its_own_child_are_found() -> None:
    code = "import subprocess, sys; subprocess.run([sys.executable, '-c', 'input()'])"
    started: list[subprocess.Popen[bytes]] = []
    begun, end = threading.Event(), threading.Event()

    def start() -> None:
        started.append(subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE))
        begun.set()
        end.wait()

    before = everything()
    thread = threading.Thread(target=start)
    thread.start()
    begun.wait()
    try:
        wait_until(lambda: len([text for text in left_behind(before) if text.startswith("process")]) == 2, "both")
        assert {child.pid for child in descendants()} == {
            child.pid for child in psutil.Process().children(recursive=True)
        }
    finally:
        started[0].communicate(b"\n")
        end.set()
        thread.join()
    assert left_behind(before) == []


def test_that_an_open_socket_is_found() -> None:
    before = everything()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        (found,) = left_behind(before)
        assert str(listener.getsockname()[1]) in found
    assert left_behind(before) == []


def test_that_a_visible_window_is_found(qtbot: QtBot) -> None:
    before = everything()
    window = QWidget()
    window.setWindowTitle("leaky")
    window.show()
    assert left_behind(before) == ["window 'leaky' (QWidget)"]
    window.close()
    assert left_behind(before) == []


def test_that_a_test_that_leaks_fails_and_says_what(tmp_path: Path) -> None:
    (tmp_path / "test_leaky.py").write_text(
        "import socket\nkept = []\ndef test_leaky(): kept.append(socket.create_server(('127.0.0.1', 0)))\n"
        "def test_clean(): pass\n"
    )
    command = [sys.executable, "-m", "pytest", *_PLAINLY, str(tmp_path)]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=25, check=False)
    assert "2 passed, 1 error" in result.stdout, result.stdout + result.stderr
    assert "left behind: socket" in result.stdout


def test_that_a_test_that_waits_for_a_child_for_ever_fails_at_its_timeout(tmp_path: Path) -> None:
    (tmp_path / "test_waiting.py").write_text(
        "import subprocess, sys\n"
        "def test_waiting():\n"
        "    with subprocess.Popen([sys.executable, '-c', 'input()'], stdin=subprocess.PIPE) as child:\n"
        "        child.wait()\n"
        "def test_clean(): pass\n"
    )
    options = [*_PLAINLY, "--timeout", "2"]
    command = [sys.executable, "-m", "pytest", *options, str(tmp_path)]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=25, check=False)
    assert "1 failed, 1 passed" in result.stdout, result.stdout + result.stderr


def test_that_waiting_in_vain_says_for_what() -> None:
    with pytest.raises(AssertionError, match="waited 0 s in vain for the moon; last seen: False"):
        wait_until(lambda: False, "the moon", deadline_s=0)
