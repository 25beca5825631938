"""The window is on screen before slow work begins, and what it needs is under way before Qt is loaded."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QElapsedTimer, QEvent, QObject
from PySide6.QtWidgets import QComboBox, QMainWindow, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from inspector.gui.models.preferences import Preferences
from inspector.gui.startup.application import create_window
from inspector.gui.startup.first_paint import show_and_wait
from inspector.gui.style.shield import override
from inspector.session import Session
from inspector.session.run import Run
from inspector.session.target import Target
from tests.fresh_python import run_python
from tests.gui.running import DEADLINE_MS, has_ended
from tests.gui.window_driver import find, run_of, target_of

#: Starts the window as its command does, and closes it; tells what was loaded when.
_START = """
import json, sys
facts = {"spawned": []}
def hear(event, given):
    if event == "subprocess.Popen":
        facts["spawned"].append(sorted(each for each in HEAVY if each in sys.modules))
HEAVY = ("PySide6.QtCore", "PySide6.QtWidgets", "numpy", "httpx", "flask", "inspector.analysis", "server")
sys.addaudithook(hear)
import inspector.cli
from inspector.gui.startup import application
create_window = application.create_window
def create_noted(*given, show_early, **named):
    def show(window):
        show_early(window)
        facts["painted"] = sorted(each for each in HEAVY if each in sys.modules)
        facts["is on screen"] = window.isVisible() and not window.toolbar.visibleRegion().isEmpty()
    window = create_window(*given, show_early=show, **named)
    from PySide6.QtCore import QTimer
    QTimer.singleShot(0, window, window.close)
    return window
application.create_window = create_noted
facts["status"] = inspector.cli.main(["--no-run"])
print(json.dumps(facts))
"""


def test_that_the_window_is_painted_before_anything_slow_is_loaded(tmp_path: Path) -> None:
    done = run_python(_START, QT_QPA_PLATFORM="offscreen", STREAMING_INSPECTOR_HOME=str(tmp_path))
    assert done.stderr == ""
    facts = json.loads(done.stdout)
    assert (facts["status"], facts["is on screen"]) == (0, True)
    assert facts["painted"] == ["PySide6.QtCore", "PySide6.QtWidgets"]
    assert facts["spawned"] == [[], []], "server and recorder are started before Qt is loaded"


class _Events(QObject):
    """Notes the types of the events of a widget."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__()
        self.types: list[QEvent.Type] = []
        widget.installEventFilter(self)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        self.types.append(event.type())
        return super().eventFilter(watched, event)


def test_that_a_window_is_painted_once_it_is_shown_so(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    events = _Events(window)
    assert show_and_wait(window)
    assert QEvent.Type.Paint in events.types


def test_that_a_window_that_is_never_painted_is_not_waited_for_long(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    window.setUpdatesEnabled(False)
    timer = QElapsedTimer()
    timer.start()
    assert not show_and_wait(window)
    assert timer.elapsed() < 5_000


@pytest.mark.parametrize(("target", "said"), [(None, "/large.csv"), ("/timeline?rows=3", "/timeline?rows=3")])
def test_that_the_toolbar_says_what_will_be_streamed_and_shown_from_the_first_paint_on(
    qtbot: QtBot, preferences: Preferences, target: str | None, said: str
) -> None:
    preferences.target, preferences.view = "/large.csv", "staircase"
    seen: list[tuple[str, bool]] = []

    def note(window: QMainWindow) -> None:
        picker, staircase = find(window, QComboBox, "stream_picker"), find(window, QPushButton, "staircase_button")
        seen.append((picker.currentText(), staircase.isChecked()))

    window = create_window(target, run=False, preferences=preferences, show_early=note)
    qtbot.addWidget(window)
    assert (seen, target_of(window)) == ([(said, True)], said)


def test_that_the_request_is_sent_before_the_panes_are_built_and_its_run_is_shown(
    qtbot: QtBot, preferences: Preferences, warm_session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[Run, bool]] = []
    shown: list[QMainWindow] = []
    record = warm_session.record

    def noted(target: Target, **given: Any) -> Run:
        run = record(target, **given)
        asked.append((run, any(early.findChild(QWidget, "detail_tabs") is not None for early in shown)))
        return run

    def show(early: QMainWindow) -> None:
        shown.append(early)
        early.show()

    monkeypatch.setattr(warm_session, "record", noted)
    window = create_window(
        "/large.csv?rows=3&delay_ms=2", preferences=preferences, session=warm_session, show_early=show
    )
    qtbot.waitUntil(lambda: has_ended(window), timeout=DEADLINE_MS)
    assert [(run is run_of(window), has_panes) for run, has_panes in asked] == [(True, False)], "once, and at once"
    run = run_of(window)
    assert run is not None
    assert (run.target.knobs["rows"], run.target.knobs["delay_ms"]) == ("3", "2")
    window.close()
    window.deleteLater()
