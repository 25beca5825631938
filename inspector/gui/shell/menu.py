"""The menu of the window, made from the table of actions: sections with mnemonics, recent files, theme, switches."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtGui import QAction, QActionGroup, QDesktopServices, QKeySequence
from PySide6.QtWidgets import QMenu

from inspector.gui.style.safe_text import plain_tip, without_mnemonic
from inspector.gui.style.theme import THEME_CHOICES

from .actions import ACTIONS, Action

if TYPE_CHECKING:
    from .main_window import MainWindow

MENUS: Mapping[str, str] = {
    "stream": "&Stream", "file": "&File", "view": "&View", "compare": "&Compare", "help": "&Help",
}  # fmt: skip


def install(window: MainWindow) -> QMenu:
    """Make all actions, give the window their keys, and return the menu with its sections."""
    menu = QMenu(window)
    menu.setObjectName("main_menu")
    sections = {name: _section(menu, name, title) for name, title in MENUS.items()}
    groups: dict[str, str] = {}
    for entry in ACTIONS:
        action = _action_of(entry, window)
        window.addAction(action)
        if not entry.menu:
            continue
        section, _, group = entry.menu.partition("/")
        if groups.setdefault(section, group) != group:
            groups[section] = group
            sections[section].addSeparator()
        sections[section].addAction(action)
        if entry.name == "open_file":
            _add_recent(sections[section], window)
    _add_switches(sections["view"], window)
    _add_website(sections["help"])
    return menu


def _section(menu: QMenu, name: str, title: str) -> QMenu:
    section = menu.addMenu(title)
    section.setObjectName(f"menu_{name}")
    section.setToolTipsVisible(True)
    return section


def _action_of(entry: Action, window: MainWindow) -> QAction:
    action = QAction(entry.text, window)
    action.setObjectName(f"action_{entry.name}")
    action.setShortcuts([QKeySequence(key) for key in entry.keys])
    action.setToolTip(plain_tip(entry.tip))
    action.setStatusTip(entry.tip)
    action.triggered.connect(lambda _checked=False: entry.act(window))
    return action


def _add_recent(section: QMenu, window: MainWindow) -> None:
    recent = section.addMenu("Open &recent")
    recent.setObjectName("recent_files")
    recent.setToolTipsVisible(True)

    def fill() -> None:
        recent.clear()
        for path in window.files.recent():
            recent.addAction(without_mnemonic(path.name), partial(window.files.open, path)).setToolTip(
                plain_tip(str(path))
            )
        if recent.isEmpty():
            recent.addAction("None yet").setEnabled(False)

    recent.aboutToShow.connect(fill)


def _add_switches(section: QMenu, window: MainWindow) -> None:
    themes = section.addMenu("T&heme")
    group = QActionGroup(themes)
    by_choice = {}
    for choice, text in THEME_CHOICES:
        action = by_choice[choice] = themes.addAction(text)
        action.setCheckable(True)
        action.setObjectName(f"theme_{choice}")
        action.triggered.connect(lambda _checked=False, chosen=choice: window.appearance.choose_theme(chosen))
        group.addAction(action)
    themes.aboutToShow.connect(lambda: by_choice[window.preferences.theme].setChecked(True))
    memory = section.addAction("Server mem&ory under the picture")
    memory.setObjectName("shows_memory")
    memory.setCheckable(True)
    memory.setChecked(window.preferences.shows_memory)
    memory.toggled.connect(window.strip_alignment.set_wanted)
    section.aboutToShow.connect(lambda: memory.setChecked(window.preferences.shows_memory))


def _add_website(section: QMenu) -> None:
    website = section.addAction("&Streaming Contents, in Flask\u2019s documentation")
    website.setObjectName("flask_page")
    website.setToolTip("Opens the page in your browser")
    website.triggered.connect(lambda: QDesktopServices.openUrl("https://flask.palletsprojects.com/patterns/streaming/"))
