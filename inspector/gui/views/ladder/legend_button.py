"""The button at the ladder's corner that opens its legend, which is made when it is first wanted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QSize
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QToolButton, QWidget

from inspector.gui.style.icons import edge_beside, icon
from inspector.gui.style.theme import Theme

if TYPE_CHECKING:
    from .legend import Legend


class LegendButton(QToolButton):
    """Opens and closes the legend of one ladder. GUI thread."""

    def __init__(self, name: str, parent: QWidget, theme: Theme) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName("Legend: what the ladder shows")
        self.setToolTip("What lanes, marks and lines mean (?)")
        self.setAutoRaise(True)
        self._theme = theme
        self._legend: Legend | None = None
        self.clicked.connect(lambda _checked: self.open_or_close())

    def open_or_close(self) -> None:
        """Open the legend, or close it."""
        if self._legend is not None and self._legend.isVisible():
            self._legend.dismiss()
        else:
            self.explain("")

    def explain(self, about: str) -> None:
        """Open the legend with a text of its own above the signs, "" for none."""
        from .legend import Legend

        window = self.window()
        if self._legend is None:
            self._legend = Legend(window, self._theme)
        self._legend.open_at(self.mapTo(window, QPoint(0, 0)).x(), about)

    def place(self, height: int) -> None:
        """Stand at the corner of the parent, as high as the ruler."""
        edge = edge_beside(self)
        self.setIcon(icon("help", QColor(self._theme.dim), size_px=edge))
        self.setIconSize(QSize(edge, edge))
        self.setGeometry(4, 1, max(edge, height - 2), max(edge, height - 2))
        self.raise_()

    def set_theme(self, theme: Theme) -> None:
        """Change the colours."""
        self._theme = theme
        self.place(self.height() + 2)
        if self._legend is not None:
            self._legend.set_theme(theme)
