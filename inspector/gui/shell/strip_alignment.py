"""Aligns the memory strip with the ladder's canvas, so that both show a time at the same x position."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QTimer

from inspector.gui.models.preferences import Preferences
from inspector.gui.style.shield import override
from inspector.gui.style.visibility import Visibility
from inspector.gui.views.ladder.ladder_view import LadderView
from inspector.gui.views.memory_strip import MemoryStrip


class StripAlignment(QObject):
    """Keeps the strip aligned with the ladder, and shows it where it is wanted. GUI thread."""

    def __init__(
        self, strip: MemoryStrip, ladder: LadderView, visibility: Visibility, preferences: Preferences
    ) -> None:
        super().__init__(strip)
        self._strip = strip
        self._ladder = ladder
        self._visibility = visibility
        self._preferences = preferences
        self._picture = "ladder"
        ladder.columns.splitterMoved.connect(lambda *_moved: self._align())
        ladder.canvas.installEventFilter(self)

    def set_wanted(self, wanted: bool) -> None:
        """Show the memory of the server under the picture, or leave it away, and remember it."""
        self._preferences.shows_memory = wanted
        self._visibility.set("unwanted", [self._strip], hidden=not wanted)

    def set_picture(self, name: str) -> None:
        """Take note of the picture above; the staircase has no headers."""
        self._picture = name
        self._align()

    def _align(self) -> None:
        self._strip.set_left(self._ladder.canvas.x() if self._picture == "ladder" else 0)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Resize, QEvent.Type.Move, QEvent.Type.Show):
            QTimer.singleShot(0, self, self._align)
        return super().eventFilter(watched, event)
