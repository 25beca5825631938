"""Keys and knobs on a running stream, in the real window: what acts at once, what waits, what the picture says."""

from __future__ import annotations

import time

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from inspector.gui.editors.number_editor import NumberEditor
from inspector.gui.shell.main_window import MainWindow
from tests.gui.running import DEADLINE_MS, begin, stream, wait_for_items
from tests.gui.window_driver import (
    canvas,
    hint_of,
    press,
    run_of,
    setting_of,
    state_of,
    stop,
    target_line,
    target_of,
    turn,
    type_target,
)

ENDLESS = "/timeline?rows=0&delay_ms=4&jitter=0&template_buffer=0"


def values_of(window: MainWindow) -> list[tuple[str, str]]:
    return [(change.knob, change.after) for change in window.document.snapshot.changes]


def test_that_a_number_key_turns_the_buffer_of_the_running_stream(qtbot: QtBot, window: MainWindow) -> None:
    begin(window, ENDLESS)
    wait_for_items(qtbot, window, "chunk", 5)
    run = run_of(window)
    press(canvas(window), "5")
    qtbot.waitUntil(lambda: values_of(window) == [("template_buffer", "50")], timeout=DEADLINE_MS)
    assert setting_of(window, "template_buffer") == "50"
    assert hint_of(window) == "buffer 50 items: in effect now"
    press(canvas(window), "+")
    press(canvas(window), "-")
    press(canvas(window), "1")
    wanted = [("template_buffer", text) for text in ("50", "62", "46", "0")]
    qtbot.waitUntil(lambda: values_of(window) == wanted, timeout=DEADLINE_MS)
    assert run_of(window) is run, "all in one request"
    stop(window)
    qtbot.waitUntil(lambda: not state_of(window).is_running, timeout=DEADLINE_MS)


def test_that_a_change_is_on_its_way_with_the_key_and_acts_within_one_item(qtbot: QtBot, window: MainWindow) -> None:
    begin(window, ENDLESS)
    wait_for_items(qtbot, window, "chunk", 5)
    pressed_t_ns = time.monotonic_ns()
    press(canvas(window), "9")
    qtbot.waitUntil(lambda: len(window.document.snapshot.changes) == 1, timeout=DEADLINE_MS)
    changed_t_ns = window.document.snapshot.changes[0].t_ns
    assert pressed_t_ns < changed_t_ns
    yields = window.document.snapshot.tracks["yield"]
    assert int((yields.t_ns > changed_t_ns).sum()) <= 1, "the item under way was the last one"
    stop(window)
    qtbot.waitUntil(lambda: not state_of(window).is_running, timeout=DEADLINE_MS)


def test_that_an_editor_of_a_live_knob_acts_too(qtbot: QtBot, window: MainWindow) -> None:
    begin(window, "/large.csv?rows=0&delay_ms=2")
    wait_for_items(qtbot, window, "chunk", 5)
    for name, value in (("delay_ms", 1), ("rows_per_yield", 10), ("client_buffer", 512)):
        editor = window.findChild(QWidget, f"knob_{name}")
        assert isinstance(editor, NumberEditor)
        editor.set_value(value)
    wanted = {("delay_ms", "1"), ("rows_per_yield", "10"), ("client_buffer", "512")}
    qtbot.waitUntil(lambda: set(values_of(window)) == wanted, timeout=DEADLINE_MS)
    stop(window)
    qtbot.waitUntil(lambda: not state_of(window).is_running, timeout=DEADLINE_MS)


def test_that_what_cant_change_under_way_says_so(qtbot: QtBot, window: MainWindow) -> None:
    begin(window, ENDLESS)
    wait_for_items(qtbot, window, "chunk", 3)
    turn(window, "engine", "waitress")
    assert hint_of(window) == "engine: applies to the next run (Enter)"
    type_target(window, "/large.csv")
    turn(window, "delay_ms", "7")
    assert "next run" in hint_of(window), "it is for another route"
    assert window.document.snapshot.changes == ()
    stop(window)
    qtbot.waitUntil(lambda: not state_of(window).is_running, timeout=DEADLINE_MS)
    turn(window, "delay_ms", "8")
    assert "next run" in hint_of(window)


def test_that_digits_typed_into_an_editor_stay_there(qtbot: QtBot, window: MainWindow) -> None:
    stream(qtbot, window, "/large.csv?rows=3&delay_ms=1")
    before = setting_of(window, "rows_per_yield")
    target_line(window).setFocus()
    target_line(window).clear()
    qtbot.keyClicks(target_line(window), "/large.csv?rows=5")  # type: ignore[no-untyped-call]
    assert target_of(window) == "/large.csv?rows=5"
    assert setting_of(window, "rows_per_yield") == before


@pytest.mark.parametrize(("key", "value"), [("1", "1"), ("2", "2"), ("8", "1000"), ("9", "100000")])
def test_that_presets_are_kept_within_the_knobs_range(qtbot: QtBot, window: MainWindow, key: str, value: str) -> None:
    type_target(window, "/large.csv")
    press(canvas(window), key)
    assert setting_of(window, "rows_per_yield") == value
