"""What the window looks like the next time: its place, its splitters, the knobs."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from PySide6.QtWidgets import QSplitter, QWidget

from inspector.catalogue import BadKnob

from .editors.knobs import Knobs
from .preferences import Preferences


class Remembering:
    """Keeps and restores. GUI thread."""

    def __init__(self, preferences: Preferences, knobs: Knobs, splitters: Mapping[str, QSplitter]) -> None:
        self._preferences = preferences
        self._knobs = knobs
        self._splitters = splitters

    def restore(self, window: QWidget) -> None:
        """Make the window look as it did."""
        for name, splitter in self._splitters.items():
            splitter.restoreState(self._preferences.state(name))
        geometry = self._preferences.state("geometry")
        if not geometry.isEmpty():
            window.restoreGeometry(geometry)
        for name, text in self._preferences.knobs().items():
            try:
                self._knobs.set_text(name, text)
            except (BadKnob, KeyError):
                continue  # a knob of another version

    def keep(self, window: QWidget, *, leave_out: Collection[str]) -> None:
        """Remember how the window looks; splitters that are left out stay as they were kept before."""
        self._preferences.set_state("geometry", window.saveGeometry())
        for name, splitter in self._splitters.items():
            if name not in leave_out:
                self._preferences.set_state(name, splitter.saveState())
        self._preferences.set_knobs(self._knobs.own_texts())
