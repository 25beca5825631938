"""The menu: its sections and mnemonics, the pages that it opens, and the title of the window."""

from __future__ import annotations

import re
from itertools import groupby

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtGui import QFont, QGuiApplication
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QDialog,
    QDoubleSpinBox,
    QMenu,
    QPlainTextEdit,
    QPushButton,
)
from pytestqt.qtbot import QtBot

from inspector import __version__
from inspector.gui.models.preferences import Preferences
from inspector.gui.shell.main_window import MainWindow
from inspector.gui.views.banner import Banner
from tests.gui.running import begin, stream, wait_for_items
from tests.gui.window_driver import click, find, trigger

_SECTIONS = ("stream", "file", "view", "compare", "help")


@pytest.mark.parametrize("name", ["main_menu", *(f"menu_{section}" for section in _SECTIONS)])
def test_that_no_two_entries_of_a_menu_have_the_same_mnemonic(window: MainWindow, name: str) -> None:
    texts = [action.text() for action in find(window, QMenu, name).actions() if action.text()]
    letters = [found[1].lower() if (found := re.search("&(.)", text)) else "" for text in texts]
    assert "" not in letters, texts
    assert [letter for letter, same in groupby(sorted(letters)) if len(list(same)) > 1] == []


def test_that_about_has_the_versions_that_a_bug_report_needs(qtbot: QtBot, window: MainWindow) -> None:
    trigger(window, "action_about")
    dialog = find(window, QDialog, "about")
    shown = find(window, QPlainTextEdit, "about_versions").toPlainText()
    assert f"Streaming Inspector {__version__}" in shown
    assert re.search(r"^Flask \d", shown, re.M)
    assert re.search(r"^Qt 6", shown, re.M)
    find(window, QPushButton, "about_copy").click()
    assert QGuiApplication.clipboard().text() == shown + "\n"
    with qtbot.waitSignal(dialog.finished):
        dialog.reject()


def test_that_preferences_act_at_once_are_kept_and_can_be_set_back(
    qtbot: QtBot, window: MainWindow, preferences: Preferences
) -> None:
    usual = QApplication.font().pointSizeF()
    trigger(window, "action_preferences")
    dialog = find(window, QDialog, "preferences")
    theme = find(window, QComboBox, "pref_theme")
    theme.setCurrentIndex(theme.findText("Dark"))
    assert QApplication.palette().window().color().lightness() < 100
    find(window, QDoubleSpinBox, "pref_type_size").setValue(15.0)
    assert QApplication.font().pointSizeF() == 15.0
    find(window, QCheckBox, "pref_memory").setChecked(False)
    find(window, QCheckBox, "pref_runs_at_start").setChecked(False)
    assert (preferences.theme, preferences.type_size_pt, preferences.shows_memory, preferences.runs_at_start) == (
        "dark", 15.0, False, False,
    )  # fmt: skip
    find(window, QPushButton, "pref_defaults").click()
    assert (preferences.theme, preferences.type_size_pt, preferences.shows_memory, preferences.runs_at_start) == (
        "system", 0.0, True, True,
    )  # fmt: skip
    assert QFont(QApplication.font()).pointSizeF() == usual
    with qtbot.waitSignal(dialog.finished):
        dialog.reject()


def test_that_the_title_says_what_is_streamed_and_how_it_stands(qtbot: QtBot, window: MainWindow) -> None:
    assert window.windowTitle() == "Streaming Inspector"
    begin(window, "/timeline?rows=0&delay_ms=5")
    wait_for_items(qtbot, window, "chunk", 3)
    assert window.windowTitle() == "/timeline · Live — Streaming Inspector"
    click(window, "run_button")
    qtbot.waitUntil(lambda: "Stopped by you" in window.windowTitle())
    stream(qtbot, window, "/large.csv?rows=3&delay_ms=0")
    assert window.windowTitle() == "/large.csv · Complete — Streaming Inspector"


def test_that_only_good_news_go_away_by_themselves(qtbot: QtBot, window: MainWindow) -> None:
    banner = find(window, Banner, "banner")
    timer = find(window, QTimer, "banner_timer")
    timer.setInterval(10)
    banner.say("error", "It could not be saved.")
    assert not timer.isActive()
    banner.say("info", "It was saved.")
    qtbot.waitUntil(banner.isHidden)
    banner.say("info", "It was saved.")
    banner.say("warning", "Something else is odd.")
    assert not timer.isActive()
    assert banner.isVisible()
