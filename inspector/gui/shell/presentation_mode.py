"""Presentation mode: full screen, nothing but picture, verdict and story, in type that a room can read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QApplication, QWidget

from inspector.gui.style.presented_type import PresentedType

from .presenter_tools import PresenterTools

if TYPE_CHECKING:
    from .main_window import MainWindow

#: Type while presenting, compared with what was chosen, on a screen of `_USUAL_HEIGHT_PX`; more on a larger one.
TYPE_SCALE = 1.5
_USUAL_HEIGHT_PX = 720
_LARGEST_SCALE = 3.0


class PresentationMode(QObject):
    """Switches presentation on and off; what it hides comes back as it was. GUI thread."""

    changed = Signal(bool)

    def __init__(self, window: MainWindow, hidden: Sequence[QWidget]) -> None:
        """``hidden`` are the widgets that go away while presenting."""
        super().__init__(window)
        self._window = window
        self._hidden = hidden
        self._state_before = Qt.WindowState.WindowNoState
        self._focus_before: QWidget | None = None
        self._tools = PresenterTools(window)
        self._tools.ended.connect(self._step_out)
        self._tools.pointed_at_buffer.connect(self._point_at_buffer)
        self._is_near = self._is_wanted = False
        #: The fonts while presenting, None otherwise.
        self.look: PresentedType | None = None
        window.stories.changed.connect(self._step_changed)

    @property
    def is_on(self) -> bool:
        """Whether this is a presentation."""
        return self.look is not None

    def toggle(self) -> None:
        """Begin or end presenting."""
        self.set_on(not self.is_on)

    def set_on(self, wanted: bool) -> None:
        """Present, or come back to the window as it was: full screen, maximised or neither, and where the focus was."""
        if wanted == self.is_on:
            return
        window = self._window
        screen_px = window.screen().size().height()
        self.look = PresentedType(screen_px, window.appearance.type_factor) if wanted else None
        self._is_near = self._is_wanted = False
        if wanted:
            self._focus_before = QApplication.focusWidget()
        window.visibility.set("presenting", self._hidden, hidden=wanted)
        window.appearance.set_scale(type_scale(screen_px) if wanted else 1.0)
        if wanted:
            self._state_before = window.windowState()
            window.showFullScreen()
        else:
            window.setWindowState(self._state_before)
        self.dress()
        self._tools.set_on(wanted)
        if wanted and not window.start.is_shown:
            window.focus_picture()
        elif self._focus_before is not None:
            self._focus_before.setFocus(Qt.FocusReason.OtherFocusReason)
            self._focus_before = None
        self.changed.emit(wanted)

    def _step_out(self) -> None:
        """Leave what was tried, and where nothing was, the presentation."""
        if not self._window.pages.leave_trial():
            self.set_on(False)

    def dress(self) -> None:
        """Give what is on screen the look of a presentation, or its usual one."""
        window, look = self._window, self.look
        window.verdict.set_alone(window.stories.story is None)
        window.verdict.set_presenting(look)
        window.captions.set_presenting(look)
        window.staircase.set_presenting(look is not None)
        for view in window.pages.run_views():
            view.ladder.set_presenting(look)
            view.recorded_line.set_presenting(look is not None)
        window.pages.set_presenting(look is not None)
        self._show_buttons()
        self._show_memory()
        window.splitter_policy.share_now()

    # The buttons of the buffer

    def toggle_buttons(self) -> None:
        """Show the buttons of the buffer, or put them away; nothing where this is no presentation."""
        self._is_wanted = self.is_on and not self._is_wanted
        self._show_buttons()

    def _point_at_buffer(self, is_near: bool) -> None:
        if is_near != self._is_near:
            self._is_near = is_near
            self._show_buttons()

    def _step_changed(self) -> None:
        if self.is_on:
            self._window.verdict.set_alone(self._window.stories.story is None)
            self._show_buttons()
            self._show_memory()

    def _show_memory(self) -> None:
        """Show the memory of the server in a presentation where the story speaks of it, and nowhere else."""
        step = self._window.stories.step
        is_told = step is not None and step.pane == "memory"
        self._window.visibility.set("presenting", [self._window.memory], hidden=self.is_on and not is_told)

    def _show_buttons(self) -> None:
        step = self._window.stories.step
        by_story = step is not None and step.shows_buttons
        shown = self.is_on and (by_story or self._is_wanted or self._is_near)
        for view in self._window.pages.run_views():
            view.ladder.show_buttons(shown)


def type_scale(screen_px: int) -> float:
    """Return how many times as large type is while presenting on a screen of this height, logical pixels."""
    return min(_LARGEST_SCALE, TYPE_SCALE * max(1.0, screen_px / _USUAL_HEIGHT_PX))
