"""A run that was opened stands beside its own settings; what is streamed next is what picker and editors show."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from inspector.gui.models.preferences import Preferences
from inspector.gui.shell.main_window import MainWindow
from tests.capture.raw_server import CHUNKED, answer, raw_server
from tests.gui.running import DEADLINE_MS, has_ended, stream

RECORDED = "/timeline?rows=4&delay_ms=1&jitter=0&client_buffer=512"
OWN = "/large.csv?rows=3&delay_ms=1&jitter=0"


def open_a_recorded_run(qtbot: QtBot, window: MainWindow, target: str = RECORDED) -> Path:
    """Stream a target, then one's own, and open the first run again; return its folder."""
    stream(qtbot, window, target)
    assert window.document.recording is not None
    folder = window.document.recording.folder
    window.knobs.set_all({})
    stream(qtbot, window, OWN)
    window.show_recording(folder)
    qtbot.waitUntil(window.recorded_line.isVisible, timeout=DEADLINE_MS)
    return folder


def stream_again(qtbot: QtBot, window: MainWindow) -> dict[str, str]:
    """Press the button, and return the target and the knobs that were streamed."""
    window.toolbar.run_button.click()
    assert window.controller.run is not None, window.banner.text
    qtbot.waitUntil(lambda: window.controller.run is not None and has_ended(window), timeout=DEADLINE_MS)
    run = window.controller.run
    return {"route": run.target.text, **run.target.knobs}


def test_that_an_opened_run_shows_its_own_settings_and_nothing_in_them_can_be_turned(
    qtbot: QtBot, window: MainWindow
) -> None:
    open_a_recorded_run(qtbot, window)
    assert window.toolbar.target_text == "/timeline"
    assert (window.knobs.text("client_buffer"), window.knobs.text("rows")) == ("512", "4")
    assert window.recorded_line.text.startswith("As recorded: ")
    assert "client_buffer 512" in window.recorded_line.text
    assert not any(editor.isEnabled() for editor in window.knobs.editors.values())
    QTest.keyClick(window, Qt.Key.Key_4)
    assert window.knobs.text("template_buffer") == "0"
    assert "Use these" in window.status.hint.text()


def test_that_the_settings_are_ones_own_after_use_these(qtbot: QtBot, window: MainWindow) -> None:
    open_a_recorded_run(qtbot, window)
    window.recorded_line.use_button.click()
    assert not window.recorded_line.isVisible()
    assert window.knobs.editors["client_buffer"].isEnabled()
    window.knobs.set_text("rows", "5")
    streamed = stream_again(qtbot, window)
    assert (streamed["route"], streamed["client_buffer"], streamed["rows"]) == ("/timeline", "512", "5")


def test_that_streaming_again_streams_what_is_shown(qtbot: QtBot, window: MainWindow) -> None:
    open_a_recorded_run(qtbot, window)
    streamed = stream_again(qtbot, window)
    assert (streamed["route"], streamed["client_buffer"], streamed["rows"]) == ("/timeline", "512", "4")
    assert not window.recorded_line.isVisible()
    assert window.knobs.editors["client_buffer"].isEnabled()


def test_that_typing_into_the_picker_brings_ones_own_settings_back(qtbot: QtBot, window: MainWindow) -> None:
    open_a_recorded_run(qtbot, window)
    window.toolbar.line.selectAll()
    QTest.keyClicks(window.toolbar.line, "/large.csv")
    assert (window.knobs.text("client_buffer"), window.knobs.text("rows")) == ("0", "3")
    assert window.knobs.editors["rows"].isEnabled()
    assert window.recorded_line.text.startswith("Shown run: "), "the picture is still that of the recorded run"
    streamed = stream_again(qtbot, window)
    assert (streamed["route"], streamed["rows"]) == ("/large.csv", "3")
    assert "client_buffer" not in streamed


def test_that_the_cure_of_a_recorded_run_goes_by_its_settings(qtbot: QtBot, window: MainWindow) -> None:
    open_a_recorded_run(qtbot, window)
    window.verdict.cure_requested.emit({"client_buffer": "0"})
    qtbot.waitUntil(lambda: window.controller.run is not None and has_ended(window), timeout=DEADLINE_MS)
    assert window.controller.run is not None
    target = window.controller.run.target
    assert (target.text, target.knobs["rows"], target.client["client_buffer"]) == ("/timeline", "4", 0)


def test_that_a_recording_of_a_url_shows_the_url_and_the_clients_knobs(qtbot: QtBot, window: MainWindow) -> None:
    with raw_server(answer(CHUNKED + b"3\r\nabc\r\n0\r\n\r\n")) as url:
        open_a_recorded_run(qtbot, window, f"{url}/events?page=2&client_buffer=64")
        assert window.toolbar.target_text == f"{url}/events?page=2"
        assert window.knobs.text("client_buffer") == "64"
        assert not window.knobs.acts("rows")
        streamed = stream_again(qtbot, window)
    assert streamed == {"route": f"{url}/events?page=2", "client_buffer": "64"}


def test_that_a_run_with_ones_own_settings_is_not_said_to_be_a_recorded_one(qtbot: QtBot, window: MainWindow) -> None:
    stream(qtbot, window, OWN)
    assert window.document.recording is not None
    window.show_recording(window.document.recording.folder)
    qtbot.waitUntil(lambda: window.controller.run is None and has_ended(window), timeout=DEADLINE_MS)
    assert not window.recorded_line.isVisible()
    assert window.knobs.editors["rows"].isEnabled()


def test_that_the_settings_of_a_recorded_run_are_not_remembered_as_ones_own(
    qtbot: QtBot, window: MainWindow, preferences: Preferences
) -> None:
    open_a_recorded_run(qtbot, window)
    window.close()
    assert preferences.knobs()["rows"] == "3"
    assert preferences.target == "/large.csv"


def test_that_letting_go_of_the_run_brings_ones_own_settings_back(qtbot: QtBot, window: MainWindow) -> None:
    open_a_recorded_run(qtbot, window)
    window.controller.show_nothing()
    assert window.toolbar.target_text == "/large.csv"
    assert window.knobs.text("rows") == "3"
    assert not window.recorded_line.isVisible()


@pytest.mark.parametrize("side", ["a", "b"])
def test_that_each_side_of_a_comparison_shows_the_settings_of_its_run(
    qtbot: QtBot, window: MainWindow, side: str
) -> None:
    folder = open_a_recorded_run(qtbot, window)
    stream(qtbot, window, "/large.csv?rows=6&delay_ms=1")
    window.pages.compare_run(side, folder)
    page = window.pages.compare
    assert page is not None
    knobs = window.knobs if side == "a" else page.comparing.knobs
    qtbot.waitUntil(lambda: knobs.is_recorded, timeout=DEADLINE_MS)
    assert knobs.text("client_buffer") == "512"
    picker = window.toolbar.picker if side == "a" else page.picker
    assert picker.target_text == "/timeline"
    page.copy_knobs()
    assert page.comparing.knobs.text("rows") == window.knobs.text("rows")
    assert not page.comparing.knobs.is_recorded
