"""Drives the window as a person or a script does: finds widgets by their object names, clicks, types, reads and waits.

Tests know these names and the window's public models (`document`, `analysis`, `time_range`, `preferences`, `replay`,
`session`), not how its parts hold each other.
"""

from __future__ import annotations

from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QEvent, QMimeData, QObject, QPointF, Qt, QUrl
from PySide6.QtGui import QAction, QDragEnterEvent, QDropEvent, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QLabel,
    QLineEdit,
    QMenu,
    QStackedWidget,
    QTabWidget,
    QWidget,
)

from inspector.gui.editors.knob_editors import Editor, KnobEditors
from inspector.gui.editors.target_picker import TargetPicker
from inspector.gui.models.run_controller import RunController
from inspector.gui.shell.compare_page import ComparePage
from inspector.gui.shell.main_window import MainWindow
from inspector.gui.style.run_states import RunState
from inspector.gui.views.banner import Banner
from inspector.gui.views.detail.log_view import LogView
from inspector.gui.views.detail.statistics_view import StatisticsView
from inspector.gui.views.ladder.header_column import HeaderColumn
from inspector.gui.views.ladder.ladder_canvas import LadderCanvas
from inspector.gui.views.ladder.ladder_view import LadderView
from inspector.gui.views.marks_table_view import MarksTable
from inspector.gui.views.recorded_line import RecordedLine
from inspector.gui.views.runs.runs_pane import RunsPane
from inspector.gui.views.sweep.sweep_page import SweepPage
from inspector.gui.views.verdict_line import VerdictLine
from inspector.session.run import Run
from inspector.session.run_library import LibraryEntry

Found = TypeVar("Found", bound=QObject)


def find(window: QObject, kind: type[Found], name: str) -> Found:
    """Return the part of the window that has an object name. Fails where there is none of this kind."""
    found = window.findChild(kind, name)
    assert found is not None, f"the window has no {kind.__name__} called {name}"
    return found


# Acting


def click(window: MainWindow, name: str) -> None:
    """Click a button."""
    button = find(window, QAbstractButton, name)
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def trigger(window: MainWindow, action: str) -> None:
    """Trigger an action of the menu: ``action_present``, ``theme_dark``."""
    find(window, QAction, action).trigger()


def press(widget: QWidget, key: Qt.Key | str) -> None:
    """Press a key, or type characters, in a widget that has the focus then."""
    widget.setFocus()
    if isinstance(key, str):
        QTest.keyClicks(widget, key)
    else:
        QTest.keyClick(widget, key)


def point(widget: QWidget, position: QPointF) -> None:
    """Move the pointer over a widget, without a button."""
    none, keys = Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier
    there = widget.mapToGlobal(position)
    QApplication.sendEvent(widget, QMouseEvent(QEvent.Type.MouseMove, position, there, none, none, keys))


def drag(widget: QWidget, start: QPointF, stop: QPointF, keys: Qt.KeyboardModifier) -> None:
    """Press the left button at a place, move to another one and let go, keys held down."""
    left, none = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
    for kind, position, button, buttons in (
        (QEvent.Type.MouseButtonPress, start, left, left),
        (QEvent.Type.MouseMove, (start + stop) / 2, none, left),
        (QEvent.Type.MouseMove, stop, none, left),
        (QEvent.Type.MouseButtonRelease, stop, left, none),
    ):
        QApplication.sendEvent(widget, QMouseEvent(kind, position, widget.mapToGlobal(position), button, buttons, keys))


def type_target(window: MainWindow, target: str) -> None:
    """Put a route or URL into the picker."""
    find(window, TargetPicker, "stream_picker").set_target_text(target)


def stop(window: MainWindow) -> None:
    """Press Stop; does nothing where nothing runs."""
    if state_of(window).is_running:
        click(window, "run_button")


def set_setting(window: MainWindow, name: str, text: str) -> None:
    """Set a setting without acting on it, as a start with remembered settings does."""
    settings(window).set_text(name, text)


def turn(window: MainWindow, name: str, text: str) -> None:
    """Change a setting as a person does: a running stream takes it over at once if it can."""
    settings(window).change(name, text)


def set_text_size(window: MainWindow, points: int) -> None:
    """Give all text a size."""
    window.preferences.type_size_pt = points - 1
    trigger(window, "action_larger")


def show_runs(window: MainWindow) -> RunsPane:
    """Show the list of runs and return its pane."""
    if not runs_pane(window).isVisible():
        trigger(window, "action_runs")
    return runs_pane(window)


def show_tab(window: MainWindow, page: QWidget) -> None:
    """Bring a page of the detail pane to the front."""
    detail_tabs(window).setCurrentWidget(page)


def drop_file(window: MainWindow, path: Path) -> None:
    """Drop a file on the window."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    actions, buttons, keys = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    entering = QDragEnterEvent(QPointF(50, 50).toPoint(), actions, data, buttons, keys)
    QApplication.sendEvent(window, entering)
    assert entering.isAccepted(), "the window takes no such file"
    QApplication.sendEvent(window, QDropEvent(QPointF(50, 50), actions, data, buttons, keys))


# Reading


def state_of(window: MainWindow) -> RunState:
    """Return the state that the status bar names."""
    word = text_of(window, "status_state")
    return next(state for state in RunState if state.value.word == word)


def text_of(window: MainWindow, name: str) -> str:
    """Return the text of a label or button."""
    found = find(window, QWidget, name)
    assert isinstance(found, QLabel | QAbstractButton)
    return found.text()


def hint_of(window: MainWindow) -> str:
    """Return the hint at the right of the status bar."""
    return text_of(window, "status_hint")


def target_of(window: MainWindow) -> str:
    """Return what the picker holds."""
    return find(window, TargetPicker, "stream_picker").target_text


def setting_of(window: MainWindow, name: str) -> str:
    """Return the value of a setting as a query has it."""
    return settings(window).text(name)


def folder_of(window: MainWindow) -> Path | None:
    """Return the folder of the recording on screen: another run has another one."""
    return window.document.recording.folder if window.document.recording is not None else None


def gap_texts(window: MainWindow) -> dict[str, str]:
    """Return the live figures of each gap of the ladder, by the id of the gap."""
    return {gap_id: header.figures_text for gap_id, header in headers(window).gaps.items()}


def recent_files(window: MainWindow) -> list[str]:
    """Return the names that the menu of recent files offers, newest first."""
    menu = find(window, QMenu, "recent_files")
    menu.aboutToShow.emit()
    return [action.text() for action in menu.actions() if action.isEnabled()]


# Parts of the window


def banner(window: MainWindow) -> Banner:
    """The message above the picture."""
    return find(window, Banner, "banner")


def canvas(window: MainWindow) -> LadderCanvas:
    """The picture of the ladder."""
    return find(window, LadderCanvas, "ladder_canvas")


def compare_page(window: MainWindow) -> ComparePage:
    """The page of A and B, brought to the front."""
    window.show_view("compare")
    return find(window, ComparePage, "compare_page")


def detail_tabs(window: MainWindow) -> QTabWidget:
    """The tabs of the detail pane."""
    return find(window, QTabWidget, "detail_tabs")


def editor(window: MainWindow, name: str) -> Editor:
    """The editor of a setting."""
    return settings(window).editors[name]


def headers(window: MainWindow) -> HeaderColumn:
    """The left column of the ladder."""
    return find(window, HeaderColumn, "ladder_headers")


def ladder(window: MainWindow) -> LadderView:
    """The ladder of the run on screen: that of A, beside B."""
    return find(window, LadderView, "ladder")


def log(window: MainWindow) -> LogView:
    """The page with the server's log."""
    return find(window, LogView, "log_view")


def marks_table(window: MainWindow) -> MarksTable:
    """The table of the marks of one layer."""
    return find(window, MarksTable, "marks_table")


def recorded_line(window: MainWindow) -> RecordedLine:
    """The line above the picture of a recorded run."""
    return find(window, RecordedLine, "recorded_line")


def runs_pane(window: MainWindow) -> RunsPane:
    """The pane with the list of runs, which is made when it is first shown."""
    if window.findChild(RunsPane, "runs_pane") is None:
        trigger(window, "action_runs")
    return find(window, RunsPane, "runs_pane")


def settings(window: MainWindow) -> KnobEditors:
    """The editors of all settings: those of A, beside B."""
    return find(window, KnobEditors, "knob_editors")


def statistics(window: MainWindow) -> StatisticsView:
    """The page with the statistics."""
    return find(window, StatisticsView, "statistics_view")


def sweep_page(window: MainWindow) -> SweepPage:
    """The page of sweeps, brought to the front."""
    window.show_view("sweep")
    return find(window, SweepPage, "sweep_page")


def target_line(window: MainWindow) -> QLineEdit:
    """The text field of the picker."""
    return find(window, TargetPicker, "stream_picker").line


def verdict(window: MainWindow) -> VerdictLine:
    """The verdict above the picture."""
    return find(window, VerdictLine, "verdict")


def run_controller(window: MainWindow) -> RunController:
    """What starts and follows the run on screen: that of A, beside B."""
    return find(window, RunController, "run_controller")


def run_of(window: MainWindow) -> Run | None:
    """The run that this window has started, None while it shows a recording or nothing."""
    return run_controller(window).run


def picture_of(window: MainWindow) -> str:
    """The object name of the picture in front."""
    shown = find(window, QStackedWidget, "pictures").currentWidget()
    return shown.objectName() if shown is not None else ""


def entry_of(window: MainWindow, folder: Path) -> LibraryEntry:
    """The entry of a recording in the list of runs, which is shown."""
    pane = show_runs(window)
    pane.refresh()
    return next(entry for entry in pane.model.all_entries if entry.folder == folder)
