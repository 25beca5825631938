"""One Ctrl+Z for all of the window: settings turned by hand or by keys, those of another run, deleted runs."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from inspector.gui.shell.main_window import MainWindow
from tests.gui.running import stream
from tests.gui.window_driver import (
    canvas,
    compare_page,
    entry_of,
    find,
    hint_of,
    press,
    runs_pane,
    setting_of,
    target_line,
    trigger,
    turn,
    type_target,
)

_SHORT = "/my-large-page.html?rows=3&delay_ms=0"


def test_that_settings_go_back_one_by_one_and_then_there_is_nothing_left(window: MainWindow) -> None:
    type_target(window, "/my-large-page.html")
    turn(window, "template_buffer", "50")
    turn(window, "client_buffer", "512")
    trigger(window, "action_undo")
    assert (setting_of(window, "template_buffer"), setting_of(window, "client_buffer")) == ("50", "0")
    assert hint_of(window) == "Undone: client buffer"
    trigger(window, "action_undo")
    assert setting_of(window, "template_buffer") == "5"
    trigger(window, "action_undo")
    assert hint_of(window) == "Nothing to undo"


def test_that_one_setting_turned_on_and_on_goes_back_at_once(window: MainWindow) -> None:
    type_target(window, "/my-large-page.html")
    for key in ("4", "5", "6"):
        press(canvas(window), key)
    assert setting_of(window, "template_buffer") == "100"
    trigger(window, "action_undo")
    assert setting_of(window, "template_buffer") == "5"


def test_that_the_settings_of_b_are_named_and_go_back(window: MainWindow) -> None:
    page = compare_page(window)
    before = page.comparing.b.knobs.text("rows")
    page.comparing.b.knobs.change("rows", "7")
    trigger(window, "action_undo")
    assert page.comparing.b.knobs.text("rows") == before
    assert hint_of(window) == "Undone: B: rows"


def test_that_settings_taken_over_from_a_run_give_way_to_those_of_before(qtbot: QtBot, window: MainWindow) -> None:
    stream(qtbot, window, f"{_SHORT}&template_buffer=50")
    folder = window.document.recording.folder if window.document.recording else None
    assert folder is not None
    type_target(window, "/large.csv")
    turn(window, "rows", "9")
    window.show_recording(folder)
    qtbot.waitUntil(find(window, QPushButton, "recorded_line_use").isVisible)
    find(window, QPushButton, "recorded_line_use").click()
    assert setting_of(window, "template_buffer") == "50"
    trigger(window, "action_undo")
    assert (target_line(window).text(), setting_of(window, "rows")) == ("/large.csv", "9")


def test_that_deleted_runs_come_back_wherever_the_focus_is(qtbot: QtBot, window: MainWindow) -> None:
    stream(qtbot, window, _SHORT)
    folder = window.document.recording.folder if window.document.recording else None
    assert folder is not None
    pane = runs_pane(window)
    entry = entry_of(window, folder)
    pane.list.setCurrentIndex(pane.model.index_of(entry.id))
    pane.acts["delete"].trigger()
    assert not pane.model.index_of(entry.id).isValid()
    qtbot.keyClick(pane.list, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)  # type: ignore[no-untyped-call]
    assert hint_of(window) == "Undone: 1 run deleted"
    assert pane.model.index_of(entry.id).isValid()
