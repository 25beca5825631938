"""What the sweep page shows before the first sweep: what the chosen setting does, and how to begin."""

from __future__ import annotations

from markupsafe import Markup
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QWidget

from inspector.catalogue import Knob
from inspector.gui.style.safe_text import RichLabel
from inspector.gui.style.theme import Theme, colour_text

_WHAT = (
    "A sweep streams each value in turn and draws what that does to the first byte, the total time, the number of "
    "chunks, framing, the server's CPU time and the bytes held back. A click on a point opens its run."
)
_WIDTH_CHARACTERS = 64
_MARKUP = Markup("<p><b>{}</b><br>{}</p><p>{}</p>")


class SweepEmptyState(QWidget):
    """A few centred lines. GUI thread."""

    def __init__(self) -> None:
        super().__init__()
        self.text = RichLabel()
        self.text.setObjectName("sweep_empty")
        self.text.setWordWrap(True)
        self.text.setAlignment(Qt.AlignmentFlag.AlignCenter)
        row = QHBoxLayout(self)
        row.setContentsMargins(24, 24, 24, 24)
        row.addStretch(1)
        row.addWidget(self.text, 2)
        row.addStretch(1)

    def show_knob(self, knob: Knob) -> None:
        """Show what a setting does."""
        self.text.show_markup(_MARKUP.format(knob.short_label, knob.sentence, _WHAT))

    def set_theme(self, theme: Theme) -> None:
        """Change the colours, and follow the size of type."""
        colour_text(self.text, theme.dim)
        self.text.setMaximumWidth(_WIDTH_CHARACTERS * self.fontMetrics().averageCharWidth())
