"""The buttons of the buffer while presenting, large, below the name of the buffer."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from inspector.gui.editors.buffer_buttons import BufferButtons
from inspector.gui.editors.knob_editors import KnobEditors
from inspector.gui.style.presented_type import PresentedType
from inspector.gui.style.safe_text import Label
from inspector.gui.style.shield import override
from inspector.gui.style.theme import Theme


class PresentedButtons(QFrame):
    """Name of the buffer, and its buttons below. GUI thread."""

    def __init__(self, knobs: KnobEditors, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("presented_buttons")
        self._knobs = knobs
        self._title = Label()
        self._buttons = BufferButtons(knobs, theme, self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self._title)
        column.addWidget(self._buttons)
        knobs.shown_changed.connect(self._name_it)
        self._name_it()
        self.set_theme(theme)

    def _name_it(self) -> None:
        knob = self._knobs.buffer
        self._title.setText(knob.gap_titles[0] or knob.short_label)

    def set_theme(self, theme: Theme) -> None:
        """Change the colours."""
        self._buttons.set_theme(theme)

    def set_look(self, look: PresentedType) -> None:
        """Write in the type of a presentation."""
        if self._buttons.font() != look.small:
            self._title.setFont(look.small)
            self._buttons.setFont(look.small)

    @override
    def sizeHint(self) -> QSize:
        layout = self.layout()
        assert layout is not None
        return layout.sizeHint()
