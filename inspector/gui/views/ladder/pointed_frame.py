"""A frame around the row of the ladder that a story points at, over header and picture alike."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from inspector.gui.style.shield import override
from inspector.gui.style.theme import Theme


class PointedFrame(QWidget):
    """Lies over the ladder and lets the mouse through; hidden while nothing is pointed at. GUI thread."""

    def __init__(self, parent: QWidget, theme: Theme) -> None:
        super().__init__(parent)
        self.setObjectName("pointed_frame")
        self._theme = theme
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def set_theme(self, theme: Theme) -> None:
        """Change the colours."""
        self._theme = theme
        self.update()

    def surround(self, area: QRect | None) -> None:
        """Frame an area of the parent, or nothing."""
        self.setVisible(area is not None)
        if area is not None:
            self.setGeometry(area)
            self.raise_()

    @override
    def paintEvent(self, _event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            width = max(2.0, self.fontMetrics().height() / 7)
            pen = QPen(QColor(self._theme.selection), width)
            painter.setPen(pen)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(width, width, -width, -width), 2 * width, 2 * width)
