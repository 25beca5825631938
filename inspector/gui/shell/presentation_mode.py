"""Presentation mode: full screen with large text, thick marks and only the picture and the verdict."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QWidget

from inspector.gui.style.visibility import Visibility

from .appearance import Appearance

#: Type while presenting, compared with what was chosen, on a screen of `_USUAL_HEIGHT_PX`; more on a larger one.
TYPE_SCALE = 1.5
_USUAL_HEIGHT_PX = 720
_LARGEST_SCALE = 3.0


class PresentationMode(QObject):
    """Switches presentation on and off; what it hides comes back as it was. GUI thread."""

    changed = Signal(bool)

    def __init__(self, window: QWidget, look: Appearance, visibility: Visibility, hidden: Sequence[QWidget]) -> None:
        """``hidden`` are the widgets that go away while presenting."""
        super().__init__(window)
        self._window = window
        self._look = look
        self._visibility = visibility
        self._hidden = hidden
        self._state_before = Qt.WindowState.WindowNoState
        self.is_on = False

    def toggle(self) -> None:
        """Begin or end presenting."""
        self.set_on(not self.is_on)

    def set_on(self, wanted: bool) -> None:
        """Present, or come back to the window as it was: full screen, maximised or neither."""
        if wanted == self.is_on:
            return
        self.is_on = wanted
        self._visibility.set("presenting", self._hidden, hidden=wanted)
        self._look.set_scale(type_scale(self._window.screen().size().height()) if wanted else 1.0)
        if wanted:
            self._state_before = self._window.windowState()
            self._window.showFullScreen()
        else:
            self._window.setWindowState(self._state_before)
        self.changed.emit(wanted)


def type_scale(screen_px: int) -> float:
    """Return how many times as large type is while presenting on a screen of this height, logical pixels."""
    return min(_LARGEST_SCALE, TYPE_SCALE * max(1.0, screen_px / _USUAL_HEIGHT_PX))
