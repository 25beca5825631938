"""Theme and text size of the whole window: applied to every pane and remembered."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QFont, QGuiApplication
from PySide6.QtWidgets import QApplication

from inspector.gui.models.preferences import Preferences
from inspector.gui.style.theme import Theme, ThemeChoice, apply_theme, theme_of


class Pane(Protocol):
    """What has colours of its own."""

    def set_theme(self, theme: Theme) -> None: ...  # noqa: D102


class Appearance(QObject):
    """The one place that knows theme and size of type. GUI thread."""

    #: The size of type of the application changed; carries points.
    type_size_changed = Signal(float)

    def __init__(self, preferences: Preferences, parent: QObject) -> None:
        super().__init__(parent)
        self._preferences = preferences
        self._panes: Sequence[Pane] = ()
        self._scale = 1.0
        self._system_type_pt = QApplication.font().pointSizeF()
        self.theme = theme_of(preferences.theme)
        # Before any pane is there: each would be polished once more for every change.
        self._colour_application()
        QApplication.setFont(self._font())
        QGuiApplication.styleHints().colorSchemeChanged.connect(lambda _scheme: self._system_changed())

    def dress(self, panes: Sequence[Pane]) -> None:
        """Apply to these panes what changes from now on. They were made with the theme and the type that are shown."""
        self._panes = panes
        self.type_size_changed.emit(self._font().pointSizeF())

    def choose_theme(self, choice: ThemeChoice) -> None:
        """Change the colours of everything, and remember it."""
        self._preferences.theme = choice
        self.theme = theme_of(choice)
        self._colour_application()
        self._repaint()

    def change_type_size(self, step: int) -> None:
        """Make type larger (1), smaller (-1) or the system's own (0), and remember it."""
        size = self._preferences.type_size_pt or self._system_type_pt
        self.choose_type_size(0.0 if step == 0 else size + step)

    def choose_type_size(self, size_pt: float) -> None:
        """Give type a size in points, 0 for the system's own, and remember it."""
        self._preferences.type_size_pt = size_pt
        self.apply_type_size()

    @property
    def type_factor(self) -> float:
        """How many times as large as the system's the chosen type is."""
        return (self._preferences.type_size_pt or self._system_type_pt) / self._system_type_pt

    def set_scale(self, scale: float) -> None:
        """Scale all text by a factor, without remembering it."""
        self._scale = scale
        self.apply_type_size()

    def apply_type_size(self) -> None:
        """Give the application the remembered size of type."""
        font = self._font()
        QApplication.setFont(font)
        # Polishing again is what lets widgets with a style sheet take a new font.
        self._repaint()
        self.type_size_changed.emit(font.pointSizeF())

    def _font(self) -> QFont:
        font = QApplication.font()
        font.setPointSizeF((self._preferences.type_size_pt or self._system_type_pt) * self._scale)
        return font

    def _colour_application(self) -> None:
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        apply_theme(app, self.theme)

    def _repaint(self) -> None:
        for pane in self._panes:
            pane.set_theme(self.theme)

    def _system_changed(self) -> None:
        if self._preferences.theme == "system":
            self.choose_theme("system")
