"""One page for all that is remembered: colours, text size, what stands under the picture, what happens at the start.

What is chosen acts at once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QCheckBox, QComboBox, QDialog, QDialogButtonBox, QDoubleSpinBox, QFormLayout, QVBoxLayout

from inspector.gui.style.safe_text import plain_tip
from inspector.gui.style.theme import THEME_CHOICES

from .about import show_over

if TYPE_CHECKING:
    from .main_window import MainWindow

_SMALLEST_PT, _LARGEST_PT = 7.0, 24.0


class PreferencesDialog(QDialog):
    """The page over a window. GUI thread."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self.setObjectName("preferences")
        self.setWindowTitle("Preferences")
        self._window = window
        self.theme = QComboBox()
        for choice, text in THEME_CHOICES:
            self.theme.addItem(text, choice)
        self.type_size = QDoubleSpinBox()
        self.type_size.setRange(_SMALLEST_PT - 1, _LARGEST_PT)
        self.type_size.setDecimals(1)
        self.type_size.setSuffix(" pt")
        self.type_size.setSpecialValueText("System default")
        self.runs_at_start = QCheckBox("Stream when the window opens")
        self.memory = QCheckBox("Server memory under the picture")
        self.runs = QCheckBox("The list of runs at the left")
        named = (
            (self.theme, "pref_theme", "Theme", "Colours of the window"),
            (self.type_size, "pref_type_size", "Text size", "Size of all text (Ctrl+plus, Ctrl+minus, Ctrl+0)"),
            (self.runs_at_start, "pref_runs_at_start", "Stream when the window opens",
             "Streams what was streamed last; --no-run leaves it out once"),
            (self.memory, "pref_memory", "Server memory under the picture", "Where there is room for it"),
            (self.runs, "pref_runs", "The list of runs at the left", "Its disk limit stands below the list (Ctrl+B)"),
        )  # fmt: skip
        for widget, name, title, tip in named:
            widget.setObjectName(name)
            widget.setAccessibleName(title)
            widget.setToolTip(plain_tip(tip))
        form = QFormLayout()
        form.addRow("&Theme", self.theme)
        form.addRow("Text &size", self.type_size)
        form.addRow("At the start", self.runs_at_start)
        form.addRow("Show", self.memory)
        form.addRow("", self.runs)
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        self._defaults = self.buttons.addButton("Defaults", QDialogButtonBox.ButtonRole.ResetRole)
        self._defaults.setObjectName("pref_defaults")
        self._defaults.setToolTip("Set everything on this page back")
        column = QVBoxLayout(self)
        column.addLayout(form)
        column.addStretch(1)
        column.addWidget(self.buttons)
        self._show_kept()
        self._connect()

    def _show_kept(self) -> None:
        kept = self._window.preferences
        self.theme.setCurrentIndex(self.theme.findData(kept.theme))
        self.type_size.setValue(kept.type_size_pt or self.type_size.minimum())
        self.runs_at_start.setChecked(kept.runs_at_start)
        self.memory.setChecked(kept.shows_memory)
        self.runs.setChecked(kept.shows_runs)

    def _connect(self) -> None:
        window = self._window
        self.theme.currentIndexChanged.connect(lambda _at: window.appearance.choose_theme(self.theme.currentData()))
        self.type_size.valueChanged.connect(
            lambda size: window.appearance.choose_type_size(size if size >= _SMALLEST_PT else 0.0)
        )
        self.runs_at_start.toggled.connect(lambda wanted: setattr(window.preferences, "runs_at_start", wanted))
        self.memory.toggled.connect(window.strip_alignment.set_wanted)
        self.runs.toggled.connect(window.runs.set_shown)
        self._defaults.clicked.connect(self._set_back)

    def _set_back(self) -> None:
        self.theme.setCurrentIndex(0)
        self.type_size.setValue(self.type_size.minimum())
        self.runs_at_start.setChecked(True)
        self.memory.setChecked(True)
        self.runs.setChecked(False)


def show_preferences(window: MainWindow) -> None:
    """Open the page."""
    page = PreferencesDialog(window)
    show_over(page, page.buttons)
