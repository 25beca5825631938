"""A run that was opened stands beside its own settings; what is streamed next is what picker and editors show."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from inspector.gui.editors.target_picker import TargetPicker
from inspector.gui.models.preferences import Preferences
from inspector.gui.shell.main_window import MainWindow
from tests.capture.raw_server import CHUNKED, answer, raw_server
from tests.gui.running import DEADLINE_MS, has_ended, stream
from tests.gui.window_driver import (
    banner,
    click,
    compare_page,
    editor,
    entry_of,
    find,
    hint_of,
    recorded_line,
    run_controller,
    run_of,
    runs_pane,
    set_setting,
    setting_of,
    settings,
    target_line,
    target_of,
    type_target,
    verdict,
)

RECORDED = "/timeline?rows=4&delay_ms=1&jitter=0&client_buffer=512"
OWN = "/large.csv?rows=3&delay_ms=1&jitter=0"


def open_a_recorded_run(qtbot: QtBot, window: MainWindow, target: str = RECORDED) -> Path:
    """Stream a target, then one's own, and open the first run again; return its folder."""
    stream(qtbot, window, target)
    assert window.document.recording is not None
    folder = window.document.recording.folder
    settings(window).set_all({})
    stream(qtbot, window, OWN)
    window.show_recording(folder)
    qtbot.waitUntil(recorded_line(window).isVisible, timeout=DEADLINE_MS)
    return folder


def stream_again(qtbot: QtBot, window: MainWindow) -> dict[str, str]:
    """Press the button, and return the target and the knobs that were streamed."""
    click(window, "run_button")
    assert run_of(window) is not None, banner(window).text
    qtbot.waitUntil(lambda: run_of(window) is not None and has_ended(window), timeout=DEADLINE_MS)
    run = run_of(window)
    assert run is not None
    return {"route": run.target.text, **run.target.knobs}


def test_that_an_opened_run_shows_its_own_settings_and_nothing_in_them_can_be_turned(
    qtbot: QtBot, window: MainWindow
) -> None:
    open_a_recorded_run(qtbot, window)
    assert target_of(window) == "/timeline"
    assert (setting_of(window, "client_buffer"), setting_of(window, "rows")) == ("512", "4")
    assert recorded_line(window).text.startswith("Shown as recorded: ")
    assert "client buffer 512 B" in recorded_line(window).text
    assert not any(editor.isEnabled() for editor in settings(window).editors.values())
    QTest.keyClick(window, Qt.Key.Key_4)
    assert setting_of(window, "template_buffer") == "0"
    assert "Use these settings" in hint_of(window)


def test_that_the_settings_are_ones_own_after_use_these(qtbot: QtBot, window: MainWindow) -> None:
    open_a_recorded_run(qtbot, window)
    click(window, "recorded_line_use")
    assert not recorded_line(window).isVisible()
    assert editor(window, "client_buffer").isEnabled()
    set_setting(window, "rows", "5")
    streamed = stream_again(qtbot, window)
    assert (streamed["route"], streamed["client_buffer"], streamed["rows"]) == ("/timeline", "512", "5")


def test_that_streaming_again_streams_what_is_shown(qtbot: QtBot, window: MainWindow) -> None:
    open_a_recorded_run(qtbot, window)
    streamed = stream_again(qtbot, window)
    assert (streamed["route"], streamed["client_buffer"], streamed["rows"]) == ("/timeline", "512", "4")
    assert not recorded_line(window).isVisible()
    assert editor(window, "client_buffer").isEnabled()


def test_that_typing_into_the_picker_brings_ones_own_settings_back(qtbot: QtBot, window: MainWindow) -> None:
    open_a_recorded_run(qtbot, window)
    target_line(window).selectAll()
    QTest.keyClicks(target_line(window), "/large.csv")
    assert (setting_of(window, "client_buffer"), setting_of(window, "rows")) == ("0", "3")
    assert editor(window, "rows").isEnabled()
    assert recorded_line(window).text.startswith("Shown run: "), "the picture is still that of the recorded run"
    streamed = stream_again(qtbot, window)
    assert (streamed["route"], streamed["rows"]) == ("/large.csv", "3")
    assert "client_buffer" not in streamed


def test_that_the_cure_of_a_recorded_run_goes_by_its_settings(qtbot: QtBot, window: MainWindow) -> None:
    open_a_recorded_run(qtbot, window)
    verdict(window).cure_requested.emit({"client_buffer": "0"})
    b = compare_page(window).comparing.b
    qtbot.waitUntil(lambda: b.controller.run is not None and b.document.snapshot.has_ended, timeout=DEADLINE_MS)
    run = b.controller.run
    assert run is not None
    target = run.target
    assert (target.text, target.knobs["rows"], target.client["client_buffer"]) == ("/timeline", "4", 0)


def test_that_a_recording_of_a_url_shows_the_url_and_the_clients_knobs(qtbot: QtBot, window: MainWindow) -> None:
    with raw_server(answer(CHUNKED + b"3\r\nabc\r\n0\r\n\r\n")) as url:
        open_a_recorded_run(qtbot, window, f"{url}/events?page=2&client_buffer=64")
        assert target_of(window) == f"{url}/events?page=2"
        assert setting_of(window, "client_buffer") == "64"
        assert not settings(window).acts("rows")
        streamed = stream_again(qtbot, window)
    assert streamed == {"route": f"{url}/events?page=2", "client_buffer": "64"}


def test_that_a_run_with_ones_own_settings_is_not_said_to_be_a_recorded_one(qtbot: QtBot, window: MainWindow) -> None:
    stream(qtbot, window, OWN)
    assert window.document.recording is not None
    window.show_recording(window.document.recording.folder)
    qtbot.waitUntil(lambda: run_of(window) is None and has_ended(window), timeout=DEADLINE_MS)
    assert not recorded_line(window).isVisible()
    assert editor(window, "rows").isEnabled()


def test_that_the_settings_of_a_recorded_run_are_not_remembered_as_ones_own(
    qtbot: QtBot, window: MainWindow, preferences: Preferences
) -> None:
    open_a_recorded_run(qtbot, window)
    window.close()
    assert preferences.knobs()["rows"] == "3"
    assert preferences.target == "/large.csv"


def test_that_letting_go_of_the_run_brings_ones_own_settings_back(qtbot: QtBot, window: MainWindow) -> None:
    open_a_recorded_run(qtbot, window)
    run_controller(window).show_nothing()
    assert target_of(window) == "/large.csv"
    assert setting_of(window, "rows") == "3"
    assert not recorded_line(window).isVisible()


@pytest.mark.parametrize("side", ["a", "b"])
def test_that_each_side_of_a_comparison_shows_the_settings_of_its_run(
    qtbot: QtBot, window: MainWindow, side: str
) -> None:
    folder = open_a_recorded_run(qtbot, window)
    stream(qtbot, window, "/large.csv?rows=6&delay_ms=1")
    runs_pane(window).compare_requested.emit(entry_of(window, folder), side)
    page = compare_page(window)
    knobs = settings(window) if side == "a" else page.comparing.b.knobs
    qtbot.waitUntil(lambda: knobs.is_recorded, timeout=DEADLINE_MS)
    assert knobs.text("client_buffer") == "512"
    picker = find(window, TargetPicker, "stream_picker") if side == "a" else page.comparing.b.picker
    assert picker.target_text == "/timeline"
    page.copy_knobs()
    assert page.comparing.b.knobs.text("rows") == setting_of(window, "rows")
    assert not page.comparing.b.knobs.is_recorded


def test_that_the_picture_says_whose_it_is_while_another_target_is_chosen(qtbot: QtBot, window: MainWindow) -> None:
    stream(qtbot, window, OWN)
    assert recorded_line(window).isHidden()
    type_target(window, "/my-large-page.html")
    assert recorded_line(window).isVisible()
    assert recorded_line(window).text.startswith("Shown run: ")
    assert "/large.csv" in recorded_line(window).text
    type_target(window, "/large.csv")
    assert recorded_line(window).isHidden()
    type_target(window, "/timeline")
    click(window, "recorded_line_use")
    assert target_line(window).text() == "/large.csv"
    assert recorded_line(window).isHidden()
    stream(qtbot, window, "/timeline?rows=3&delay_ms=0")
    assert recorded_line(window).isHidden()
