"""The dialog of keyboard shortcuts: it lists what the actions say, in the window and in the list of runs."""

from __future__ import annotations

from PySide6.QtWidgets import QDialog, QTextBrowser
from pytestqt.qtbot import QtBot

from inspector.gui.shell.actions import ACTIONS
from inspector.gui.shell.keys_help import words_of
from inspector.gui.shell.main_window import MainWindow
from inspector.gui.views.runs.runs_pane import RUN_ACTIONS
from tests.gui.window_driver import find, trigger


def test_that_the_help_lists_every_action_of_the_window_and_of_the_list_of_runs(
    qtbot: QtBot, window: MainWindow
) -> None:
    trigger(window, "action_keys")
    dialog = find(window, QDialog, "keys_help")
    text = dialog.findChildren(QTextBrowser)[0].toPlainText()
    texts = [
        words_of(action.text) for action in ACTIONS if action.keys and not action.name.startswith(("preset_", "nudge_"))
    ]
    texts += [act[1] for act in RUN_ACTIONS if act is not None and act[2]]
    assert [each for each in texts if each not in text] == []
    with qtbot.waitSignal(dialog.finished):
        dialog.reject()
