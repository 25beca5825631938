"""Runs the window without a display: streams to the end, then saves a picture, a recording and a table."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QDeadlineTimer, QEventLoop, QSettings, QTemporaryDir, QTimer
from PySide6.QtWidgets import QApplication

from inspector.export.marks_table import HEADER, MarksTable
from inspector.gui.models.preferences import Preferences
from inspector.gui.shell.main_window import MainWindow
from inspector.gui.style.theme import ThemeChoice
from inspector.recording.archive import save_archive
from inspector.recording.folder import Recording

from .application import create_window

#: A stream that has not ended by then is stopped, so that a picture of an endless one comes about.
LONGEST_RUN_MS = 20_000
_SETTLE_MS = 5_000
_LAYOUT_STEPS = 5
_PICTURE_NAME = "streaming-inspector.png"
_RECORDING_NAME = "streaming-inspector.stream"


def fresh_window(
    target: str | None, *, size: tuple[int, int], theme: ThemeChoice, opened: Path | None = None
) -> tuple[MainWindow, QTemporaryDir]:
    """Make a window with settings of its own, so that a picture doesn't depend on what somebody chose before."""
    folder = QTemporaryDir()
    preferences = Preferences(QSettings(folder.filePath("settings.ini"), QSettings.Format.IniFormat))
    preferences.theme = theme
    window = create_window(target, run=True, preferences=preferences, opened=opened)
    window.resize(*size)
    window.show()
    return window, folder


def run_to_end(window: MainWindow, longest_ms: int = LONGEST_RUN_MS) -> bool:
    """Wait in the event loop until the stream has ended and its last marks are shown; tell if it ended by itself."""
    deadline = QDeadlineTimer(longest_ms)
    _wait(lambda: _has_ended(window) or window.banner.severity == "error", deadline)
    by_itself = _has_ended(window)
    if not by_itself:
        window.a.controller.stop()
        _wait(lambda: _has_ended(window), QDeadlineTimer(_SETTLE_MS))
    _wait(lambda: _is_settled(window), QDeadlineTimer(_SETTLE_MS))
    _lay_out()
    return by_itself


def _lay_out() -> None:
    """Let a last sentence, which may need a second line, move what stands below it: each step posts the next one."""
    for _ in range(_LAYOUT_STEPS):
        loop = QEventLoop()
        QTimer.singleShot(0, loop.quit)
        loop.exec()


def _has_ended(window: MainWindow) -> bool:
    return window.document.snapshot.meta is not None and window.document.snapshot.meta.ending is not None


def _is_settled(window: MainWindow) -> bool:
    """Return whether the server has written its last marks too, and figures and verdict are of them all."""
    return window.document.snapshot.meta is None or (window.a.controller.is_settled and window.analysis.is_current)


def _wait(fact: Callable[[], bool], deadline: QDeadlineTimer) -> None:
    while not fact() and not deadline.hasExpired():
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
    QApplication.processEvents()


def _print_marks(recording: Recording) -> None:
    table = MarksTable(recording, width=100)
    print(HEADER)
    while lines := table.next_lines():
        print("\n".join(lines))


def run_unseen(target: str | None, opened: Path | None = None) -> int:
    """Stream, write the picture and the recording into the working folder, print the marks; return the exit status.

    Of a saved recording only the picture is written.
    """
    window, folder = fresh_window(target, size=(1280, 800), theme="light", opened=opened)
    run_to_end(window)
    picture, recording = Path(_PICTURE_NAME), Path(_RECORDING_NAME)
    try:
        saved = window.grab().save(str(picture))
        if window.a.controller.run is not None:
            save_archive(window.a.controller.run.folder, recording)
            _print_marks(window.a.controller.run.recording)
        written = f"Picture: {picture}" + ("" if opened else f"\nRecording: {recording}")
        print(written if saved else f"{picture} could not be written.")
    except OSError as error:
        print(f"The recording could not be written here: {error}")
        saved = False
    finally:
        window.close()
        folder.remove()
    return 0 if saved else 1
