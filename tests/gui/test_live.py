"""Keys and knobs on a running stream, in the real window: what acts at once, what waits, what the picture says."""

from __future__ import annotations

import time

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from inspector.gui.editors.number_editor import NumberEditor
from inspector.gui.shell.main_window import MainWindow
from tests.gui.running import DEADLINE_MS, begin, stream, wait_for_items

ENDLESS = "/timeline?rows=0&delay_ms=4&jitter=0&template_buffer=0"


def press(qtbot: QtBot, window: MainWindow, key: Qt.Key | str) -> None:
    """Press a key in the ladder."""
    window.ladder.canvas.setFocus()
    if isinstance(key, str):
        qtbot.keyClicks(window.ladder.canvas, key)  # type: ignore[no-untyped-call]
    else:
        qtbot.keyClick(window.ladder.canvas, key)  # type: ignore[no-untyped-call]


def values_of(window: MainWindow) -> list[tuple[str, str]]:
    return [(change.knob, change.after) for change in window.document.snapshot.changes]


def test_that_a_number_key_turns_the_buffer_of_the_running_stream(qtbot: QtBot, window: MainWindow) -> None:
    begin(window, ENDLESS)
    wait_for_items(qtbot, window, "chunk", 5)
    run = window.controller.run
    press(qtbot, window, "5")
    qtbot.waitUntil(lambda: values_of(window) == [("template_buffer", "50")], timeout=DEADLINE_MS)
    assert window.knobs.text("template_buffer") == "50"
    assert "at once" in window.status.hint.text()
    press(qtbot, window, "+")
    press(qtbot, window, "-")
    press(qtbot, window, "1")
    wanted = [("template_buffer", text) for text in ("50", "62", "46", "0")]
    qtbot.waitUntil(lambda: values_of(window) == wanted, timeout=DEADLINE_MS)
    assert window.controller.run is run, "all in one request"
    window.controller.stop()
    qtbot.waitUntil(lambda: not window.controller.state.is_running, timeout=DEADLINE_MS)


def test_that_a_change_is_on_its_way_with_the_key_and_acts_within_one_item(qtbot: QtBot, window: MainWindow) -> None:
    begin(window, ENDLESS)
    wait_for_items(qtbot, window, "chunk", 5)
    pressed_t_ns = time.monotonic_ns()
    press(qtbot, window, "9")
    qtbot.waitUntil(lambda: len(window.document.snapshot.changes) == 1, timeout=DEADLINE_MS)
    changed_t_ns = window.document.snapshot.changes[0].t_ns
    assert pressed_t_ns < changed_t_ns
    yields = window.document.snapshot.tracks["yield"]
    assert int((yields.t_ns > changed_t_ns).sum()) <= 1, "the item under way was the last one"
    window.controller.stop()
    qtbot.waitUntil(lambda: not window.controller.state.is_running, timeout=DEADLINE_MS)


def test_that_an_editor_of_a_live_knob_acts_too(qtbot: QtBot, window: MainWindow) -> None:
    begin(window, "/large.csv?rows=0&delay_ms=2")
    wait_for_items(qtbot, window, "chunk", 5)
    for name, value in (("delay_ms", 1), ("rows_per_yield", 10), ("client_buffer", 512)):
        editor = window.findChild(QWidget, f"knob_{name}")
        assert isinstance(editor, NumberEditor)
        editor.setValue(value)
    wanted = {("delay_ms", "1"), ("rows_per_yield", "10"), ("client_buffer", "512")}
    qtbot.waitUntil(lambda: set(values_of(window)) == wanted, timeout=DEADLINE_MS)
    window.controller.stop()
    qtbot.waitUntil(lambda: not window.controller.state.is_running, timeout=DEADLINE_MS)


def test_that_what_cant_change_under_way_says_so(qtbot: QtBot, window: MainWindow) -> None:
    begin(window, ENDLESS)
    wait_for_items(qtbot, window, "chunk", 3)
    window.knobs.turn("engine", "waitress")
    assert window.status.hint.text() == "engine applies to the next run: Enter runs it"
    window.toolbar.set_target_text("/large.csv")
    window.knobs.turn("delay_ms", "7")
    assert "next run" in window.status.hint.text(), "it is for another route"
    assert window.document.snapshot.changes == ()
    window.controller.stop()
    qtbot.waitUntil(lambda: not window.controller.state.is_running, timeout=DEADLINE_MS)
    window.knobs.turn("delay_ms", "8")
    assert "next run" in window.status.hint.text()


def test_that_digits_typed_into_an_editor_stay_there(qtbot: QtBot, window: MainWindow) -> None:
    stream(qtbot, window, "/large.csv?rows=3&delay_ms=1")
    before = window.knobs.text("rows_per_yield")
    window.toolbar.line.setFocus()
    window.toolbar.line.clear()
    qtbot.keyClicks(window.toolbar.line, "/large.csv?rows=5")  # type: ignore[no-untyped-call]
    assert window.toolbar.target_text == "/large.csv?rows=5"
    assert window.knobs.text("rows_per_yield") == before


@pytest.mark.parametrize(("key", "value"), [("1", "1"), ("2", "2"), ("8", "1000"), ("9", "100000")])
def test_that_presets_are_kept_within_the_knobs_range(qtbot: QtBot, window: MainWindow, key: str, value: str) -> None:
    window.toolbar.set_target_text("/large.csv")
    press(qtbot, window, key)
    assert window.knobs.text("rows_per_yield") == value
