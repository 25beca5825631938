"""The table of actions: name, text, keys, tooltip and menu of each, and what it does to the window."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from typing import TYPE_CHECKING

from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QFileDialog, QMenu

from inspector.gui.style.safe_text import plain_tip, without_mnemonic
from inspector.gui.style.theme import ThemeChoice

from .keys_help import show_keys
from .pane_focus import focus_next_pane

if TYPE_CHECKING:
    from .main_window import MainWindow


@dataclass(frozen=True, slots=True)
class Action:
    """One action. ``act`` gets the window; ``menu`` is the group of the menu where it stands, "" for keys alone."""

    name: str
    text: str
    keys: tuple[str, ...]
    tip: str
    act: Callable[[MainWindow], object]
    menu: str = ""


def _save_picture(window: MainWindow) -> None:
    """Ask for a file and save a screenshot of the window."""
    name, _ = QFileDialog.getSaveFileName(window, "Save picture", "streaming-inspector.png", "PNG pictures (*.png)")
    if name and not window.grab().save(name):
        window.banner.say("error", f"The picture could not be written to {name}. Choose another folder.")


ACTIONS: tuple[Action, ...] = (
    Action("run", "Stream or stop", ("Ctrl+R", "F5"), "Send the request, or end it", lambda w: w.run_or_stop(), "run"),
    Action("pause", "Freeze or resume", ("Ctrl+P",), "Freeze the picture; recording goes on (Space)",
           lambda w: w.document.set_paused(not w.document.paused), "run"),
    Action("target", "Go to the stream picker", ("Ctrl+L",), "Type a route or a URL", lambda w: w.go_to_picker(),
           "run"),
    Action("run_both", "Stream A and B", ("Ctrl+Shift+R",), "Both requests at the same time",
           lambda w: w.pages.run_both(), "run"),
    Action("ladder", "Show the ladder", ("Ctrl+1",), "Lanes for layers, gaps for buffers",
           lambda w: w.show_view("ladder"), "view"),
    Action("staircase", "Show the staircase", ("Ctrl+2",), "Bytes over time", lambda w: w.show_view("staircase"),
           "view"),
    Action("compare", "Compare A and B", ("Ctrl+3",), "Two runs on one time axis", lambda w: w.show_view("compare"),
           "view"),
    Action("sweep", "Sweep a setting", ("Ctrl+4",), "One setting, many values: which one is best",
           lambda w: w.show_view("sweep"), "view"),
    Action("runs", "Runs", ("Ctrl+B",), "The list of all runs", lambda w: w.runs.toggle(), "view"),
    Action("fit", "Show the whole run", ("Ctrl+Home",), "Fit all of it into the window",
           lambda w: w.time_range.fit(), "view"),
    Action("end", "Follow the end", ("Ctrl+End",), "Show new items as they arrive", lambda w: w.follow_end(), "view"),
    Action("present", "Present", ("F11", "Ctrl+Shift+P"), "Presentation mode: large text, picture only",
           lambda w: w.presentation.toggle(), "view"),
    Action("open_file", "Open…", ("Ctrl+O",), "Open a saved recording", lambda w: w.files.ask_and_open(), "file"),
    Action("save_file", "Save recording…", ("Ctrl+S",), "Save the run on screen as a file",
           lambda w: w.runs.save_shown(), "file"),
    Action("save_picture", "Save picture…", ("Ctrl+Shift+S",), "Save what the window shows as a PNG file",
           _save_picture, "file"),
    Action("larger", "Larger text", ("Ctrl++", "Ctrl+="), "Make all text larger",
           lambda w: w.appearance.change_type_size(1), "look"),
    Action("smaller", "Smaller text", ("Ctrl+-",), "Make all text smaller", lambda w: w.appearance.change_type_size(-1),
           "look"),
    Action("normal", "Default text size", ("Ctrl+0",), "The size that the system uses",
           lambda w: w.appearance.change_type_size(0), "look"),
    Action("keys", "Keyboard shortcuts…", ("F1",), "All keys of the window",
           lambda w: show_keys(w, ACTIONS), "help"),
    Action("quit", "Quit", ("Ctrl+Q",), "Stop the stream and close the window", lambda w: w.close(), "help"),
    Action("next_pane", "Next pane", ("F6",), "Move the focus to the next pane", lambda w: focus_next_pane(w, 1)),
    Action("previous_pane", "Previous pane", ("Shift+F6",), "Move the focus to the previous pane",
           lambda w: focus_next_pane(w, -1)),
    Action("nudge_up", "Buffer a quarter larger", ("+", "="), "In effect at once on a running stream",
           lambda w: w.pages.focused_run().live_knobs.nudge(1)),
    Action("nudge_down", "Buffer a quarter smaller", ("-",), "In effect at once on a running stream",
           lambda w: w.pages.focused_run().live_knobs.nudge(-1)),
    *(Action(f"preset_{key}", f"Buffer preset {key}", (str(key),), "In effect at once on a running stream",
             lambda w, key=key: w.pages.focused_run().live_knobs.preset(key))  # type: ignore[misc]
      for key in range(1, 10)),
)  # fmt: skip

THEMES: tuple[tuple[ThemeChoice, str], ...] = (("system", "As the system"), ("light", "Light"), ("dark", "Dark"))


def install(window: MainWindow) -> QMenu:
    """Make all actions, give the window their keys, and return the menu, a separator after each group."""
    menu = QMenu(window)
    menu.setToolTipsVisible(True)
    for group, entries in groupby(ACTIONS, lambda entry: entry.menu):
        for entry in entries:
            action = _action_of(entry, window)
            window.addAction(action)
            if group:
                menu.addAction(action)
        if group:
            if group == "file":
                _add_recent(menu, window)
            if group == "look":
                _add_settings(menu, window)
            menu.addSeparator()
    return menu


def _action_of(entry: Action, window: MainWindow) -> QAction:
    action = QAction(entry.text, window)
    action.setObjectName(f"action_{entry.name}")
    action.setShortcuts([QKeySequence(key) for key in entry.keys])
    action.setToolTip(plain_tip(entry.tip))
    action.setStatusTip(entry.tip)
    action.triggered.connect(lambda _checked=False: entry.act(window))
    return action


def _add_recent(menu: QMenu, window: MainWindow) -> None:
    recent = menu.addMenu("Open recent")
    recent.setObjectName("recent_files")

    def fill() -> None:
        recent.clear()
        for path in window.files.recent():
            recent.addAction(without_mnemonic(path.name), partial(window.files.open, path)).setToolTip(
                plain_tip(str(path))
            )
        if recent.isEmpty():
            recent.addAction("None yet").setEnabled(False)

    recent.aboutToShow.connect(fill)


def _add_settings(menu: QMenu, window: MainWindow) -> None:
    themes = menu.addMenu("Theme")
    group = QActionGroup(themes)
    for choice, text in THEMES:
        action = themes.addAction(text)
        action.setCheckable(True)
        action.setChecked(window.preferences.theme == choice)
        action.setObjectName(f"theme_{choice}")
        action.triggered.connect(lambda _checked=False, chosen=choice: window.appearance.choose_theme(chosen))
        group.addAction(action)
    memory = menu.addAction("Server memory under the picture")
    memory.setObjectName("shows_memory")
    memory.setCheckable(True)
    memory.setChecked(window.preferences.shows_memory)
    memory.toggled.connect(window.strip_alignment.set_wanted)
    at_start = menu.addAction("Stream when the window opens")
    at_start.setObjectName("runs_at_start")
    at_start.setCheckable(True)
    at_start.setChecked(window.preferences.runs_at_start)
    at_start.toggled.connect(lambda wanted: setattr(window.preferences, "runs_at_start", wanted))
