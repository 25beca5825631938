"""Connects the list of runs with the window: opens, repeats, compares, saves and deletes runs.

Path: recordings folder -> `RunLibrary` -> `RunsPane` -> (open, run again, compare) -> controller and pages.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QVBoxLayout, QWidget

from inspector.analysis.formatting import count_of
from inspector.catalogue import BadKnob, kind_of
from inspector.export.curl import curl_command
from inspector.gui.style.run_states import RunState
from inspector.session.run_library import LibraryEntry, RunLibrary
from inspector.session.target import BadTarget, Target

from .pane_focus import insert_into_tab_order

if TYPE_CHECKING:
    from inspector.gui.style.theme import Theme
    from inspector.gui.views.runs.runs_pane import RunsPane

    from .main_window import MainWindow

_LOOK_AGAIN_MS = 1_000


class RunsController(QObject):
    """Connects the list with the window. Looks for new runs while it is on screen. GUI thread."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self.library = RunLibrary(window.session.home)
        #: The place of the list, empty until the list is first wanted.
        self.place = QWidget()
        self.place.setObjectName("runs_place")
        self._column = QVBoxLayout(self.place)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._pane: RunsPane | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(_LOOK_AGAIN_MS)
        self._timer.timeout.connect(self._look_again)

    @property
    def pane(self) -> RunsPane:
        """The list, made when it is first wanted."""
        if self._pane is None:
            from inspector.gui.views.runs.runs_pane import RunsPane

            self._pane = RunsPane(self.library, self._window.appearance.theme)
            self._column.addWidget(self._pane)
            self._pane.show()  # not only when the layout comes to it
            insert_into_tab_order(self.place, self._pane)
            self.place.setFocusProxy(self._pane.list)
            self._connect_pane(self._pane)
        return self._pane

    def connect_all(self) -> None:
        """Connect, once all parts of the window are there."""
        self._window.a.document.was_reset.connect(self._mark_current)
        self._window.a.controller.state_changed.connect(self._state_changed)

    def _connect_pane(self, pane: RunsPane) -> None:
        window = self._window
        pane.open_requested.connect(self.open)
        pane.again_requested.connect(self.run_again)
        pane.compare_requested.connect(lambda entry, side: window.pages.compare_run(side, entry.folder))
        pane.curl_requested.connect(self.copy_as_curl)
        pane.save_requested.connect(lambda entry: window.files.ask_and_save(entry.folder, entry.title))
        pane.overlay_changed.connect(self._overlay)
        pane.deleting.connect(self._close_those)
        pane.deleted.connect(
            lambda deleted: window.undo_history.push(
                f"{count_of(len(deleted.ids), 'run')} deleted", lambda: pane.bring_back(deleted)
            )
        )
        pane.said.connect(window.banner.say)
        pane.list.setAccessibleDescription("Return opens a run; the menu key shows what else can be done")

    def set_theme(self, theme: Theme) -> None:
        """Change the colours."""
        if self._pane is not None:
            self._pane.set_theme(theme)

    def set_shown(self, shown: bool) -> None:
        """Show the list, or put it away."""
        self._window.visibility.set("unwanted", [self.place], hidden=not shown)
        self._window.toolbar.show_runs(shown)
        self._window.preferences.shows_runs = shown
        if shown:
            self.pane.refresh()
            self._mark_current()
            self._timer.start()
        else:
            self._timer.stop()

    def _look_again(self) -> None:
        self.pane.refresh()

    def toggle(self) -> None:
        """Show the list where it is hidden, and the other way round."""
        self.set_shown(self._window.visibility.is_hidden_for("unwanted", self.place))

    def close(self) -> None:
        """End what goes on in the background."""
        self._timer.stop()
        if self._pane is not None:
            self._pane.close_work()

    # Acting

    def open(self, entry: LibraryEntry) -> None:
        """Show a run of the list."""
        if entry.folder != self._window.a.folder:
            self._window.show_recording(entry.folder)

    def run_again(self, entry: LibraryEntry) -> None:
        """Stream what a run streamed, with its knobs and no others."""
        meta = entry.meta
        if meta is None:
            return
        try:
            target = Target.recorded(meta.title, meta.request.knobs)
        except (BadTarget, BadKnob) as error:
            self._window.banner.say("error", str(error))
            return
        self._window.a.recorded.take_over(target)
        self._window.run()

    def copy_as_curl(self, entry: LibraryEntry) -> None:
        """Put a curl command that asks the same into the clipboard."""
        if entry.meta is None:
            return
        base_url = self._window.session.base_url if kind_of(entry.meta.title).is_served_here else None
        QGuiApplication.clipboard().setText(curl_command(entry.meta, urlsplit(base_url).netloc if base_url else ""))
        self._window.status.hint.setText("Copied as a curl command")

    def _overlay(self, entries: list[LibraryEntry]) -> None:
        self._window.overlays.set_runs([(entry.title, entry.folder) for entry in entries])
        if entries and self._window.pages.shown != "staircase":
            runs = count_of(len(self._window.overlays.shown), "run")
            self._window.status.hint.setText(f"{runs} drawn over this one in the staircase (Ctrl+2)")

    def _close_those(self, recording_ids: list[str]) -> None:
        """Let go of recordings that are about to be deleted."""
        self._window.pages.let_go(recording_ids)
        kept = [run for run in self._window.overlays.runs if run[1].name not in recording_ids]
        self._window.overlays.set_runs(kept)

    def save_shown(self) -> None:
        """Save the run on screen as a file."""
        folder, meta = self._window.a.folder, self._window.a.document.snapshot.meta
        if folder is not None:
            self._window.files.ask_and_save(folder, meta.title if meta else folder.name)

    def _mark_current(self) -> None:
        folder = self._window.a.folder
        if self._pane is not None:
            self._pane.show_current(folder.name if folder is not None else "")

    def _state_changed(self, _state: RunState) -> None:
        if self._timer.isActive():
            self.pane.refresh()
