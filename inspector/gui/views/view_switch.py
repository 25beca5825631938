"""The buttons that switch between ladder, staircase, comparison and sweep."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QPushButton, QWidget

from inspector.gui.style.icons import edge_beside, icon
from inspector.gui.style.safe_text import plain_tip
from inspector.gui.style.theme import Theme


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture of the window. ``is_alone`` tells that table, details and overview go away beside it."""

    name: str
    word: str
    tip: str
    is_alone: bool = False


PICTURES: tuple[Picture, ...] = (
    Picture("ladder", "Ladder", "Lanes for layers, gaps for buffers (Ctrl+1)"),
    Picture("staircase", "Staircase", "Bytes over time (Ctrl+2)"),
    Picture("compare", "Compare", "Runs A and B on one time axis (Ctrl+3)", is_alone=True),
    Picture("sweep", "Sweep", "One setting, many values: which one is best (Ctrl+4)", is_alone=True),
)
PICTURE_BY_NAME = {picture.name: picture for picture in PICTURES}


class ViewSwitch(QWidget):
    """One button a picture; without words where there is no room for them. GUI thread."""

    chosen = Signal(str)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("view_switch")
        self.setAccessibleName("Picture")
        self._theme = theme
        self._has_words = True
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        group = self._group = QButtonGroup(self)
        group.setExclusive(True)
        self.buttons: dict[str, QPushButton] = {}
        for picture in PICTURES:
            button = QPushButton(picture.word)
            button.setCheckable(True)
            button.setObjectName(f"{picture.name}_button")
            button.setAccessibleName(f"Show {picture.word}")
            button.setToolTip(plain_tip(picture.tip))
            button.clicked.connect(lambda _checked, name=picture.name: self.chosen.emit(name))
            group.addButton(button)
            self.buttons[picture.name] = button
            layout.addWidget(button)
        self.buttons["ladder"].setChecked(True)
        self.set_theme(theme)

    def show_chosen(self, name: str) -> None:
        """Show which picture is on screen; none of them for another name."""
        self._group.setExclusive(name in self.buttons)
        for each, button in self.buttons.items():
            button.setChecked(each == name)
        self._group.setExclusive(True)

    def set_words(self, wanted: bool) -> None:
        """Show words beside the icons, or leave them to the tooltips."""
        if wanted != self._has_words:
            self._has_words = wanted
            for picture in PICTURES:
                self.buttons[picture.name].setText(picture.word if wanted else "")

    def width_with_words(self) -> int:
        """Return how wide the switch is when it shows its words."""
        metrics = self.fontMetrics()
        beside = self.buttons["ladder"].iconSize().width() + 34
        return sum(metrics.horizontalAdvance(picture.word) + beside for picture in PICTURES)

    def width_of_icons(self) -> int:
        """Return how wide the switch is without its words."""
        return len(PICTURES) * (self.buttons["ladder"].iconSize().width() + 26)

    def set_theme(self, theme: Theme) -> None:
        """Change the colours."""
        self._theme = theme
        first, last = PICTURES[0].name, PICTURES[-1].name
        self.setStyleSheet(
            f"#view_switch QPushButton {{ background: {theme.raised}; color: {theme.text}; padding: 4px 10px;"
            f" border: 1px solid {theme.border}; }}"
            f"#view_switch QPushButton:checked {{ background: {theme.band}; border-color: {theme.selection}; }}"
            f"#view_switch QPushButton:focus {{ border: 2px solid {theme.selection}; padding: 3px 9px; }}"
            f"#{first}_button {{ border-top-left-radius: 4px; border-bottom-left-radius: 4px; }}"
            f"#{last}_button {{ border-top-right-radius: 4px; border-bottom-right-radius: 4px; }}"
        )
        self.draw_icons()

    def draw_icons(self) -> None:
        """Draw the icons in the colour and at the size of the text."""
        edge = edge_beside(self)
        for name, button in self.buttons.items():
            button.setIcon(icon(name, QColor(self._theme.text), size_px=edge))
            button.setIconSize(QSize(edge, edge))
