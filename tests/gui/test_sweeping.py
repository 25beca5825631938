"""A sweep in the real window: nine presets one after the other, a point opens its run, nothing recorded is lost."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from inspector.gui.shell.main_window import MainWindow
from inspector.gui.views.sweep.sweep_page import SweepPage
from inspector.session.run_library import RunLibrary
from tests.gui.running import begin, wait_for_items
from tests.gui.window_driver import picture_of, state_of, sweep_page, trigger, type_target

TARGET = "/timeline?rows=10&delay_ms=1&jitter=0"
NINE = "0,2,5,10,50,100,500,1000,100000"
#: Nine runs, one after the other, on a busy machine.
LONG_MS = 25_000


def page_of(window: MainWindow, values: str) -> SweepPage:
    type_target(window, TARGET)
    page = sweep_page(window)
    page.refresh()
    page.controls.values.setText(values)
    page.controls.repeat.setValue(1)
    return page


def test_that_nine_presets_are_swept_and_a_point_opens_its_run(qtbot: QtBot, window: MainWindow) -> None:
    page = page_of(window, NINE)
    with qtbot.waitSignal(page.ended, timeout=LONG_MS):
        page.run()
    assert page.model.trade_off.sentence
    assert page.caption.text() == page.model.trade_off.sentence
    points = page.model.points
    assert [point.value for point in points] == NINE.split(",")
    ttfb = {point.value: point.summary.ttfb_ms for point in points if point.summary is not None}
    assert len(ttfb) == 9
    trigger(window, "action_present")
    assert not page.controls.isVisible(), "a room looks at the charts"
    assert page.charts.isVisible()
    trigger(window, "action_present")
    assert page.controls.isVisible()
    page.open_requested.emit(points[4].folder)
    assert picture_of(window) == "ladder"
    assert window.document.snapshot.meta is not None
    assert window.document.snapshot.meta.request.knobs["template_buffer"] == "50"


def test_that_a_sweep_stops_the_running_stream_and_a_stream_ends_the_sweep(qtbot: QtBot, window: MainWindow) -> None:
    begin(window, "/timeline?rows=0&delay_ms=2")
    wait_for_items(qtbot, window, "read", 3)
    page = page_of(window, "0,5,50")
    page.run()
    qtbot.waitUntil(lambda: not state_of(window).is_running, timeout=LONG_MS)
    assert page.model.is_running
    window.show_view("ladder")
    begin(window, "/large.csv?rows=3&delay_ms=1")
    assert not page.model.is_running
    wait_for_items(qtbot, window, "chunk", 3)


def test_that_closing_in_the_middle_keeps_what_was_recorded(qtbot: QtBot, window: MainWindow) -> None:
    page = page_of(window, NINE)
    page.run()
    qtbot.waitUntil(lambda: len(page.model.points) >= 2, timeout=LONG_MS)
    done = {point.folder.name for point in page.model.points}
    window.close()
    entries = {entry.id: entry for entry in RunLibrary(window.session.home).scan()}
    assert done <= entries.keys()
    assert all(not entry.is_live for entry in entries.values())
