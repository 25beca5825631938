"""Try: what the verdict advises streams beside the run on screen, which stays, and either of them can be kept."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from inspector.gui.shell.compare_page import ComparePage
from inspector.gui.shell.main_window import MainWindow
from inspector.gui.shell.run_view import RunView
from tests.gui.running import DEADLINE_MS, begin, stream, wait_for_items
from tests.gui.window_driver import (
    banner,
    canvas,
    click,
    compare_page,
    find,
    folder_of,
    picture_of,
    press,
    recorded_line,
    run_controller,
    setting_of,
    state_of,
    target_of,
    trigger,
    verdict,
)

SLOW = "rows=12&delay_ms=25&jitter=0"
BUFFERED = f"/my-large-page.html?{SLOW}&template_buffer=50"
ENDLESS = "/my-large-page.html?rows=0&delay_ms=4&jitter=0&template_buffer=50"


def wait_for_cure(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.waitUntil(
        lambda: window.analysis.verdict is not None and bool(window.analysis.verdict.cure), timeout=DEADLINE_MS
    )


def wait_for_end(qtbot: QtBot, view: RunView) -> None:
    qtbot.waitUntil(
        lambda: view.document.snapshot.has_ended and view.controller.is_settled and view.analysis.is_current,
        timeout=DEADLINE_MS,
    )


def tried(qtbot: QtBot, window: MainWindow, target: str) -> ComparePage:
    stream(qtbot, window, target)
    wait_for_cure(qtbot, window)
    click(window, "cure_button")
    page = find(window, ComparePage, "compare_page")
    wait_for_end(qtbot, page.comparing.b)
    return page


def test_that_trying_keeps_the_very_run_as_a_and_streams_b_with_one_setting_changed(
    qtbot: QtBot, window: MainWindow
) -> None:
    stream(qtbot, window, BUFFERED)
    wait_for_cure(qtbot, window)
    before = folder_of(window)
    press(canvas(window), "t")
    page = compare_page(window)
    assert picture_of(window) == "compare_page"
    wait_for_end(qtbot, page.comparing.b)
    assert folder_of(window) == before
    assert page.comparing.differing_knobs() == ("template buffer 50 items", "template buffer none")
    judged = page.comparing.b.analysis.verdict
    assert judged is not None
    assert judged.kind == "streams"
    wait_pair = page.comparing.pairs()[0]
    assert (wait_pair.name, wait_pair.tone) == ("wait_ms", "better")
    assert page.figures.text.startswith(f"{wait_pair.a} → {wait_pair.b} parts wait (median)")
    assert "in A" in page.figures.accessibleDescription()


@pytest.mark.parametrize(
    ("target", "knob", "cured"),
    [
        (f"/large.csv?{SLOW}&middleware=gzip", "middleware", "gzip-flush"),
        (f"/large.csv?{SLOW}&middleware=lint,join", "middleware", "lint"),
        (f"/large.csv?{SLOW}&client_buffer=200", "client_buffer", "0"),
        (f"/large.csv?{SLOW}&rows_per_yield=6", "rows_per_yield", "1"),
    ],
)
def test_that_what_is_advised_is_what_is_tried(
    qtbot: QtBot, window: MainWindow, target: str, knob: str, cured: str
) -> None:
    page = tried(qtbot, window, target)
    assert page.comparing.b.knobs.text(knob) == cured
    assert page.comparing.pairs()[0].tone == "better"


def test_that_endless_runs_stream_together_until_both_are_stopped(qtbot: QtBot, window: MainWindow) -> None:
    begin(window, ENDLESS)
    wait_for_cure(qtbot, window)
    first = folder_of(window)
    click(window, "cure_button")
    page = compare_page(window)
    a, b = page.comparing.a, page.comparing.b
    assert folder_of(window) != first, "both begin together"
    for view in (a, b):
        qtbot.waitUntil(lambda view=view: len(view.document.snapshot.tracks["read"]) > 2, timeout=DEADLINE_MS)  # type: ignore[misc]
    assert find(window, type(page.buttons["run_both"]), "run_both_button").text() == "Stop both"
    click(window, "run_button")
    qtbot.waitUntil(lambda: not page.comparing.is_running, timeout=DEADLINE_MS)
    assert page.buttons["run_both"].text() == "Stream both"


def test_that_beside_an_endless_run_that_was_stopped_b_streams_for_as_long(qtbot: QtBot, window: MainWindow) -> None:
    begin(window, ENDLESS)
    wait_for_cure(qtbot, window)
    run_controller(window).stop()
    qtbot.waitUntil(lambda: not state_of(window).is_running, timeout=DEADLINE_MS)
    kept = folder_of(window)
    wait_for_cure(qtbot, window)
    click(window, "cure_button")
    page = compare_page(window)
    wait_for_end(qtbot, page.comparing.b)
    assert folder_of(window) == kept
    whole = page.comparing.b.document.whole
    assert whole.meta is not None
    assert whole.meta.ending is not None
    assert whole.meta.ending.kind == "stopped"


def test_that_keeping_b_makes_its_settings_and_its_run_the_windows_own(qtbot: QtBot, window: MainWindow) -> None:
    page = tried(qtbot, window, BUFFERED)
    folder = page.comparing.b.folder
    click(window, "keep_b_button")
    assert picture_of(window) == "ladder"
    assert folder_of(window) == folder
    assert setting_of(window, "template_buffer") == "0"
    assert target_of(window) == "/my-large-page.html"
    assert recorded_line(window).isHidden(), "its settings are the window's own"


def test_that_keeping_a_b_that_streams_goes_on_with_it(qtbot: QtBot, window: MainWindow) -> None:
    begin(window, ENDLESS)
    wait_for_cure(qtbot, window)
    click(window, "cure_button")
    page = compare_page(window)
    qtbot.waitUntil(lambda: len(page.comparing.b.document.snapshot.tracks["read"]) > 2, timeout=DEADLINE_MS)
    trigger(window, "action_keep_b")
    assert picture_of(window) == "ladder"
    assert setting_of(window, "template_buffer") == "0"
    wait_for_items(qtbot, window, "read", 3)
    assert state_of(window).is_running


def test_that_escape_goes_back_to_a_as_it_was(qtbot: QtBot, window: MainWindow) -> None:
    stream(qtbot, window, BUFFERED)
    wait_for_cure(qtbot, window)
    before = folder_of(window)
    click(window, "cure_button")
    page = compare_page(window)
    wait_for_end(qtbot, page.comparing.b)
    press(page.comparing.b.ladder.canvas, Qt.Key.Key_Escape)
    assert picture_of(window) == "ladder"
    assert folder_of(window) == before
    assert setting_of(window, "template_buffer") == "50"


def test_that_it_works_while_presenting(qtbot: QtBot, window: MainWindow) -> None:
    stream(qtbot, window, BUFFERED)
    wait_for_cure(qtbot, window)
    trigger(window, "action_present")
    press(canvas(window), "t")
    page = compare_page(window)
    wait_for_end(qtbot, page.comparing.b)
    assert page.figures.isVisible()
    assert not page.buttons["keep_b"].isVisible()
    assert not page.comparing.b.picker.isVisible()
    qtbot.waitUntil(page.caption.isHidden, timeout=DEADLINE_MS)  # the figures say it
    press(page.comparing.b.ladder.canvas, Qt.Key.Key_Escape)
    assert picture_of(window) == "ladder"
    trigger(window, "action_present")
    assert not page.comparing.b.picker.isHidden()
    assert not page.caption.isHidden()


def test_that_settings_that_can_not_be_are_said_and_the_ladder_stays(qtbot: QtBot, window: MainWindow) -> None:
    stream(qtbot, window, "/large.csv?rows=3&delay_ms=1")
    verdict(window).cure_requested.emit({"rows_per_yield": "many"})
    assert "rows_per_yield" in banner(window).text
    assert picture_of(window) == "ladder"
