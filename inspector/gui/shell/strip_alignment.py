"""Aligns what stands under the ladder with its canvas: memory strip and overview begin where the time axis does."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QTimer

from inspector.gui.models.preferences import Preferences
from inspector.gui.style.shield import override
from inspector.gui.style.visibility import Visibility
from inspector.gui.views.ladder.ladder_view import LadderView
from inspector.gui.views.memory_strip import MemoryStrip
from inspector.gui.views.transport_bar import TransportBar


class StripAlignment(QObject):
    """Keeps both aligned with the ladder, and shows the memory where it is wanted. GUI thread."""

    def __init__(
        self,
        strip: MemoryStrip,
        transport: TransportBar,
        ladder: LadderView,
        visibility: Visibility,
        preferences: Preferences,
    ) -> None:
        super().__init__(strip)
        self._strip = strip
        self._transport = transport
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
        left_px = self._ladder.canvas.x()
        self._strip.set_left(left_px if self._picture == "ladder" else 0)
        self._transport.set_left(left_px if self._picture != "staircase" else 0)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Resize, QEvent.Type.Move, QEvent.Type.Show):
            QTimer.singleShot(0, self, self._align)
        return super().eventFilter(watched, event)
