"""Connects the stories with keys and picker: the keys act while a story is on, and what a person types ends it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QAction

if TYPE_CHECKING:
    from .main_window import MainWindow

_ACTIONS = ("action_story_next", "action_story_back", "action_story_end")


def connect_stories(window: MainWindow) -> None:
    """Connect the player. Its keys are those of the table in the rest of the window while no story is on."""
    stories = window.stories
    actions = [action for action in window.actions() if action.objectName() in _ACTIONS]

    def show_whether_it_is_on() -> None:
        _enable(actions, enabled=stories.story is not None)

    show_whether_it_is_on()
    stories.changed.connect(show_whether_it_is_on)
    # What a person types or chooses is what they want now.
    window.toolbar.picker.edited_by_hand.connect(lambda: stories.end(by_hand=True))


def _enable(actions: list[QAction], *, enabled: bool) -> None:
    for action in actions:
        action.setEnabled(enabled)


def leave_story(window: MainWindow) -> None:
    """Leave the outermost thing that is on: the presentation, the start page, the story."""
    if window.presentation.is_on:
        window.presentation.set_on(False)
    elif window.start.is_shown:
        window.start.leave()
    else:
        window.stories.end()
