"""A line above a recorded run: its settings, and a button to use them."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton

from inspector.gui.style.elided_label import ElidedLabel
from inspector.gui.style.safe_text import Label, plain_tip
from inspector.gui.style.theme import Theme

_IN_EDITORS = "Shown as recorded"
_BESIDE_EDITORS = "Shown run"
#: As Qt has it where nobody sets one.
_NO_LIMIT_PX = 16_777_215


class RecordedLine(QFrame):
    """Hidden while the run on screen is the user's own. GUI thread."""

    #: Its settings are to be used for the next run.
    use_requested = Signal()

    def __init__(self, theme: Theme, *, name: str = "recorded_line") -> None:
        super().__init__()
        self.setObjectName(name)
        self.setAccessibleName("Settings of the run on screen, as recorded")
        self._title = Label(_IN_EDITORS)
        bold = QFont()
        bold.setBold(True)
        self._title.setFont(bold)
        self._words = ElidedLabel()
        self.use_button = QPushButton("Use these settings")
        self.use_button.setObjectName(f"{name}_use")
        self.use_button.setAccessibleName("Use the settings of this run")
        self.use_button.setToolTip("Make these settings yours, for the next run and to change them")
        self.use_button.clicked.connect(self.use_requested)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 3, 10, 3)
        row.setSpacing(8)
        row.addWidget(self._title)
        row.addWidget(self._words, 1)
        row.addWidget(self.use_button)
        self.set_theme(theme)
        self.hide()

    @property
    def text(self) -> str:
        """What it says now."""
        return f"{self._title.text()}: {self._words.text()}"

    def show_run(self, words: str) -> None:
        """Say which run it is, and what it was streamed with."""
        self._words.setText(words)
        self._words.setToolTip(plain_tip(words))
        self.setAccessibleDescription(words)
        self.show()

    def set_presenting(self, presenting: bool) -> None:
        """Stay away while presenting."""
        self.setMaximumHeight(0 if presenting else _NO_LIMIT_PX)

    def set_in_editors(self, shown: bool) -> None:
        """Say whether picker and editors show the settings of the run, or those of the next one."""
        self._title.setText(_IN_EDITORS if shown else _BESIDE_EDITORS)

    def set_theme(self, theme: Theme) -> None:
        """Change the colours."""
        self.setStyleSheet(
            f"#{self.objectName()} {{ background: {theme.panel}; border-bottom: 1px solid {theme.border};"
            f" border-left: 4px solid {theme.selection}; }}"
        )
