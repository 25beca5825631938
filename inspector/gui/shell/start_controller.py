"""Connects the start page with the window: what is chosen there streams, or is opened.

Path: start page -> story player, run controller or list of runs; whatever is shown then takes the page's place.
"""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

if TYPE_CHECKING:
    from inspector.gui.models.summaries import Summaries
    from inspector.gui.style.theme import Theme
    from inspector.gui.views.start.start_page import StartPage
    from inspector.session.run_library import LibraryEntry
    from inspector.stories.story import Story

    from .main_window import MainWindow

NAME = "start"
_MOST_RUNS = 4
_MOST_ADDRESSES = 3


class StartController(QObject):
    """Makes the page when it is first wanted. GUI thread."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._page: StartPage | None = None
        self._summaries: Summaries | None = None
        self._entries: list[LibraryEntry] = []

    @property
    def page(self) -> StartPage:
        """The page, made when it is first wanted."""
        if self._page is None:
            from inspector.gui.views.start.start_page import StartPage
            from inspector.stories.story_library import built_in_stories, own_stories

            own = own_stories(self._window.session.home)
            page = self._page = StartPage((*built_in_stories(), *own.stories), self._window.appearance.theme)
            if own.mistakes:
                self._window.banner.say("warning", " ".join(own.mistakes))
            page.story_chosen.connect(self._begin)
            page.run_chosen.connect(self._window.runs.open)
            page.address_chosen.connect(self._stream)
            page.open_requested.connect(self._window.files.ask_and_open)
            page.picker_requested.connect(self._window.go_to_picker)
            page.left.connect(self.leave)
            self._window.document.was_reset.connect(self._run_shown)
        return self._page

    @property
    def is_shown(self) -> bool:
        """Whether the page is on screen."""
        return self._window.pages.shown == NAME

    def show(self, *, counts_down: bool = False) -> None:
        """Bring the page to the front; ``counts_down`` lets its first story begin by itself."""
        window = self._window
        window.replay.rest()
        page = self.page
        window.show_view(NAME)
        has_run = window.document.recording is not None
        page.set_leave_text("Back to the run" if has_run else f"Just stream {window.toolbar.target_text}")
        page.show_addresses(window.preferences.recent_addresses[:_MOST_ADDRESSES])
        page.focus_first()
        QTimer.singleShot(0, self, self._look_for_runs)
        if counts_down:
            window.preferences.was_welcomed = True
            page.begin_countdown()

    def leave(self) -> None:
        """Go back to the run on screen, or stream what the picker says where there is none."""
        if not self.is_shown:
            return
        if self._window.document.recording is None:
            self._window.run()
        else:
            self._give_way()

    def set_theme(self, theme: Theme) -> None:
        """Change the colours."""
        if self._page is not None:
            self._page.set_theme(theme)

    def close(self) -> None:
        """End what goes on."""
        if self._summaries is not None:
            self._summaries.close()
        if self._page is not None:
            self._page.end_countdown()

    # What is chosen

    def _begin(self, story: Story) -> None:
        self._window.stories.begin(story)

    def _stream(self, address: str) -> None:
        """Stream an address; one that has lost its secrets waits in the picker until they are typed again."""
        self._window.toolbar.set_target_text(address)
        if not self._window.toolbar.picker.asks_for_secret():
            self._window.run()

    def _run_shown(self) -> None:
        """Give way to a run that is shown now."""
        if self._window.document.recording is not None:
            self._give_way()

    def _give_way(self) -> None:
        self.page.end_countdown()
        if self.is_shown:
            self._window.show_view(self._window.preferences.view)
            self._window.focus_picture()

    # Recent runs

    def _look_for_runs(self) -> None:
        from inspector.gui.models.summaries import Summaries

        if self._summaries is None:
            self._summaries = Summaries(self)
            self._summaries.made.connect(lambda _id: self._show_runs())
        self._entries = [entry for entry in self._window.runs.library.scan() if entry.meta is not None][:_MOST_RUNS]
        self._show_runs()

    def _show_runs(self) -> None:
        from inspector.gui.models.run_card import card_of

        now, summaries = datetime.datetime.now().astimezone(), self._summaries
        if summaries is not None:
            self.page.show_runs([card_of(entry, summaries.of(entry), now) for entry in self._entries])
