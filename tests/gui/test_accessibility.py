"""Every widget that takes the focus says what it is, to those who listen and to those who point."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QAbstractScrollArea, QWidget
from pytestqt.qtbot import QtBot

from inspector.gui.shell.main_window import MainWindow
from tests.gui.running import stream
from tests.gui.window_driver import canvas


def _takes_focus(widget: QWidget) -> bool:
    inner = widget.focusProxy() is not None or widget.objectName().startswith("qt_")
    parent = widget.parent()
    is_viewport = isinstance(parent, QAbstractScrollArea) and parent.viewport() is widget
    return bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus) and not inner and not is_viewport


def _has_tip(parent: QWidget | None) -> bool:
    return parent is not None and bool(parent.toolTip())


def test_that_everything_focusable_has_an_accessible_name(qtbot: QtBot, window: MainWindow) -> None:
    stream(qtbot, window, "/timeline?rows=3&delay_ms=1")
    unnamed = []
    for widget in window.findChildren(QWidget):
        if not _takes_focus(widget) or not widget.isVisible():
            continue
        interface = QAccessible.queryAccessibleInterface(widget)
        if not interface.text(QAccessible.Text.Name):
            unnamed.append(f"{type(widget).__name__} {widget.objectName()} in {type(widget.parent()).__name__}")
    assert unnamed == []


def test_that_everything_focusable_has_a_tooltip(window: MainWindow) -> None:
    silent = [
        f"{type(widget).__name__} {widget.objectName()}"
        for widget in window.findChildren(QWidget)
        if _takes_focus(widget) and widget.isVisible() and not widget.toolTip() and not _has_tip(widget.parentWidget())
    ]
    assert silent == []


def test_that_the_ladder_describes_itself_in_words(qtbot: QtBot, window: MainWindow) -> None:
    stream(qtbot, window, "/large.csv?rows=4&delay_ms=1")
    qtbot.waitUntil(lambda: "4 chunks" in canvas(window).accessibleDescription(), timeout=5_000)
