"""The context menus of the real window: what they offer where, and what it does."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QAction, QContextMenuEvent, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QFrame, QLabel, QMenu, QWidget
from pytestqt.qtbot import QtBot

from inspector.gui.models.selection import Selection
from inspector.gui.shell.main_window import MainWindow
from inspector.gui.views.ladder.lane_layout import Lane
from inspector.gui.views.overview import Overview
from tests.gui.running import DEADLINE_MS, stream
from tests.gui.window_driver import canvas, find, headers, marks_table, press, set_setting, setting_of

_PAGE = "/my-large-page.html?rows=4&delay_ms=10"


@pytest.fixture
def shown(window: MainWindow, qtbot: QtBot) -> Iterator[MainWindow]:
    """The window with a finished run whose template buffer joins five items; its menus are closed in the end."""
    stream(qtbot, window, _PAGE)
    qtbot.waitUntil(lambda: window.analysis.is_current, timeout=DEADLINE_MS)
    yield window
    for menu in window.findChildren(QMenu, "context_menu"):
        menu.close()


def _right_click(widget: QWidget, place: QPoint, *, by_key: bool = False) -> None:
    reason = QContextMenuEvent.Reason.Keyboard if by_key else QContextMenuEvent.Reason.Mouse
    QApplication.sendEvent(widget, QContextMenuEvent(reason, place, widget.mapToGlobal(place)))


def _entry(window: MainWindow, name: str) -> QAction:
    menu = next(menu for menu in window.findChildren(QMenu, "context_menu") if menu.isVisible())
    return next(action for action in menu.actions() if action.objectName() == f"context_{name}")


def _place(window: MainWindow, row: str, t_ns: int | None = None) -> QPoint:
    picture = canvas(window)
    bands = {band.row.name if isinstance(band.row, Lane) else band.row.id: band for band in picture.bands}
    x = picture.width() / 2 if t_ns is None else picture.scale().x_of(t_ns)
    return QPoint(round(x), bands[row].top + bands[row].height // 2)


def test_that_zoom_in_here_keeps_the_time_under_the_pointer(shown: MainWindow) -> None:
    place, before_ns = _place(shown, "chunk"), shown.time_range.span_ns
    at_ns = canvas(shown).scale().t_ns(place.x())
    _right_click(canvas(shown), place)
    _entry(shown, "zoom_here").trigger()
    assert shown.time_range.span_ns == pytest.approx(before_ns / 4, rel=0.01)
    assert canvas(shown).scale().x_of(at_ns) == pytest.approx(place.x(), abs=1)


def test_that_rows_under_the_pointer_are_copied_from_their_own_layer(shown: MainWindow) -> None:
    t_ns = int(shown.document.snapshot.tracks["yield"].t_ns[-1])
    place = _place(shown, "yield", t_ns)
    pointed = canvas(shown).pointed_at(QPointF(place)).items
    assert pointed is not None
    _right_click(canvas(shown), place)
    _entry(shown, "copy_rows").trigger()
    assert shown.document.selection == pointed
    copied = QGuiApplication.clipboard().text().strip().splitlines()
    assert len([line for line in copied if line.split()[0].replace(",", "").isdigit()]) == pointed.stop - pointed.first
    assert find(shown, QComboBox, "layer_picker").currentText() == "yield"


def test_that_the_menu_key_asks_about_the_selection(shown: MainWindow) -> None:
    shown.document.select(Selection("piece", 0, 1))
    _right_click(canvas(shown), QPoint(3, 3), by_key=True)
    _entry(shown, "copy_text").trigger()
    assert QGuiApplication.clipboard().text().startswith("piece")


def test_that_a_key_opens_the_menu_of_the_ladder(shown: MainWindow) -> None:
    shown.activateWindow()
    press(canvas(shown), Qt.Key.Key_Home)
    QTest.keyClick(canvas(shown), Qt.Key.Key_F10, Qt.KeyboardModifier.ShiftModifier)
    assert _entry(shown, "copy_rows").isEnabled()


def test_that_a_setting_is_reset_and_swept_from_its_gap(shown: MainWindow) -> None:
    set_setting(shown, "template_buffer", "50")
    _right_click(headers(shown), QPoint(4, _place(shown, "template").y()))
    _entry(shown, "reset").trigger()
    assert setting_of(shown, "template_buffer") == "5"
    _right_click(canvas(shown), _place(shown, "template"))
    assert not _entry(shown, "reset").isEnabled()
    _entry(shown, "sweep").trigger()
    assert find(shown, QComboBox, "sweep_knob").currentData() == "template_buffer"


def test_that_a_gap_is_compared_with_a_run_without_what_sits_in_it(shown: MainWindow, qtbot: QtBot) -> None:
    _right_click(canvas(shown), _place(shown, "template"))
    without = _entry(shown, "without")
    assert without.text() == "Compare without Jinja2's buffer of 5 items"
    without.trigger()
    assert shown.pages.shown == "compare"
    b = shown.pages.run_views()[1]
    qtbot.waitUntil(lambda: b.document.snapshot.has_ended, timeout=DEADLINE_MS)
    meta = b.document.snapshot.meta
    assert meta is not None
    assert meta.request.knobs["template_buffer"] == "0"


def test_that_a_lane_offers_no_settings_and_explains_itself(shown: MainWindow) -> None:
    _right_click(canvas(shown), _place(shown, "read"))
    names = {action.objectName() for action in find(shown, QMenu, "context_menu").actions()}
    assert not names & {"context_sweep", "context_reset", "context_without"}
    _entry(shown, "explain").trigger()
    assert find(shown, QFrame, "legend").isVisible()
    assert find(shown, QLabel, "legend_about").text() == "read: one socket read."


def test_that_the_overview_and_the_table_have_menus(shown: MainWindow) -> None:
    overview = find(shown, Overview, "overview")
    shown.time_range.show(0, 5_000_000)
    overview.customContextMenuRequested.emit(QPoint(40, 5))
    _entry(shown, "fit").trigger()
    assert shown.time_range.automatic
    find(shown, QMenu, "context_menu").close()
    shown.document.select(Selection("chunk", 1, 2))
    marks_table(shown).customContextMenuRequested.emit(QPoint(10, 10))
    _entry(shown, "zoom_items").trigger()
    assert not shown.time_range.automatic
