"""Presentation: large type, the ladder alone under its verdict, nothing that a room doesn't need."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from .hiding import Hiding
from .look import Look

#: Type while presenting, compared with what was chosen.
TYPE_SCALE = 1.5


class Presenting(QObject):
    """Switches presentation on and off; what it hides comes back as it was. GUI thread."""

    changed = Signal(bool)

    def __init__(self, window: QWidget, look: Look, hiding: Hiding, hidden: Sequence[QWidget]) -> None:
        """``hidden`` are the widgets that go away while presenting."""
        super().__init__(window)
        self._window = window
        self._look = look
        self._hiding = hiding
        self._hidden = hidden
        self._was_full_screen = False
        self.is_on = False

    def toggle(self) -> None:
        """Begin or end presenting."""
        self.set_on(not self.is_on)

    def set_on(self, wanted: bool) -> None:
        """Present, or come back to the window as it was."""
        if wanted == self.is_on:
            return
        self.is_on = wanted
        self._hiding.set("presenting", self._hidden, hidden=wanted)
        self._look.set_scale(TYPE_SCALE if wanted else 1.0)
        if wanted:
            self._was_full_screen = self._window.isFullScreen()
            self._window.showFullScreen()
        elif not self._was_full_screen:
            self._window.showNormal()
        self.changed.emit(wanted)
