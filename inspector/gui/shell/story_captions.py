"""Shows the strip of a story while one is on; it is made when the first one begins."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

if TYPE_CHECKING:
    from inspector.gui.style.presented_type import PresentedType
    from inspector.gui.style.theme import Theme
    from inspector.gui.views.story_strip import StoryStrip

    from .main_window import MainWindow


class StoryCaptions(QObject):
    """Keeps the strip above the status bar. GUI thread."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._strip: StoryStrip | None = None
        self._look: PresentedType | None = None
        window.stories.changed.connect(self._show)

    def set_presenting(self, look: PresentedType | None) -> None:
        """Write in the type of a presentation, or as usual."""
        self._look = look
        if self._strip is not None:
            self._strip.set_presenting(look)

    def set_theme(self, theme: Theme) -> None:
        """Change the colours."""
        if self._strip is not None:
            self._strip.set_theme(theme)

    def _show(self) -> None:
        is_on = self._window.stories.story is not None
        if self._strip is None and is_on:
            from inspector.gui.views.story_strip import StoryStrip

            self._strip = StoryStrip(self._window.stories, self._window.appearance.theme)
            self._strip.set_presenting(self._look)
            self._window.window_layout.add_strip(self._strip)
        if self._strip is not None:
            self._strip.setVisible(is_on)
