"""Saves window geometry, splitters and setting values, and restores splitters."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtWidgets import QSplitter, QWidget

from inspector.gui.editors.knob_editors import KnobEditors
from inspector.gui.models.preferences import Preferences
from inspector.gui.views.ladder.ladder_view import LadderView

from .splitter_policy import SplitterPolicy


class WindowState:
    """Keeps and restores. What the size of the type or of the window made is not kept. GUI thread."""

    def __init__(
        self,
        preferences: Preferences,
        knobs: KnobEditors,
        splitters: Mapping[str, QSplitter],
        ladder: LadderView,
        heights: SplitterPolicy,
    ) -> None:
        """``splitters`` are those between panes side by side."""
        self._preferences = preferences
        self._knobs = knobs
        self._splitters = splitters
        self._ladder = ladder
        self._heights = heights
        self._moved: set[str] = set()
        for name, splitter in splitters.items():
            splitter.splitterMoved.connect(lambda *_moved, name=name: self._moved.add(name))

    def restore(self) -> None:
        """Make what is in the window look as it did; its own place and the settings are restored before."""
        for name, splitter in self._splitters.items():
            share = self._preferences.dragged(name)
            if share is not None:
                whole = max(1_000, sum(splitter.sizes()))
                splitter.setSizes([round(share * whole), round((1 - share) * whole)])
        self._ladder.dragged_share = self._preferences.dragged("ladder_columns")
        self._heights.dragged = self._preferences.dragged("halves")

    def keep(self, window: QWidget) -> None:
        """Remember how the window looks."""
        self._preferences.set_state("geometry", window.saveGeometry())
        for name in self._moved:
            first, second = self._splitters[name].sizes()
            if first and second:
                self._preferences.set_dragged(name, first / (first + second))
        for name, share in (("ladder_columns", self._ladder.dragged_share), ("halves", self._heights.dragged)):
            if share is not None:
                self._preferences.set_dragged(name, share)
        self._preferences.set_knobs(self._knobs.own_texts())
