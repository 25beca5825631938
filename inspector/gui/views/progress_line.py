"""A line above the picture with the progress of opening or saving a file, and a Cancel button."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QProgressBar, QPushButton

from inspector.gui.style.safe_text import Label
from inspector.gui.style.theme import Theme

_STEPS = 1000


class ProgressLine(QFrame):
    """Hidden while nothing goes on. GUI thread."""

    cancel_requested = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("progress_line")
        self.setAccessibleName("Progress")
        self._text = Label()
        self._bar = QProgressBar()
        self._bar.setObjectName("progress_bar")
        self._bar.setAccessibleName("Progress")
        self._bar.setRange(0, _STEPS)
        self._cancel = QPushButton("Cancel")
        self._cancel.setObjectName("cancel_button")
        self._cancel.setAccessibleName("Cancel")
        self._cancel.setToolTip("End it; nothing half done is left behind")
        self._cancel.clicked.connect(self.cancel_requested)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 4, 10, 4)
        row.addWidget(self._text)
        row.addWidget(self._bar, 1)
        row.addWidget(self._cancel)
        self.set_theme(theme)
        self.hide()

    def begin(self, text: str) -> None:
        """Show that something begins."""
        self._text.setText(text)
        self.show_progress(0, 1)
        self.show()

    def show_progress(self, done: int, total: int) -> None:
        """Show how far it is; a total of 0 is not known."""
        self._bar.setRange(0, _STEPS if total else 0)
        self._bar.setValue(round(_STEPS * min(done, total) / total) if total else 0)

    def set_theme(self, theme: Theme) -> None:
        """Change the colours."""
        self.setStyleSheet(f"#progress_line {{ background: {theme.panel}; border-bottom: 1px solid {theme.border}; }}")
