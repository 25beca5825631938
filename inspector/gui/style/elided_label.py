"""A label that shortens its text with an ellipsis instead of clipping it or widening the layout."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPalette
from PySide6.QtWidgets import QWidget

from .safe_text import plain_tip
from .shield import override


class ElidedLabel(QWidget):
    """One line of plain text; the whole of it is its tooltip when it is shortened."""

    def __init__(self, text: str = "", *, least_text: str = "") -> None:
        """Show a text; ``least_text`` is one that it always has room for."""
        super().__init__()
        self._text = text
        self._shorter = ""
        self._least_text = least_text
        self._dim = False

    def text(self) -> str:
        """Return the whole text."""
        return self._text

    def setText(self, text: str, *, shorter: str = "") -> None:
        """Show another text; where there is no room for it, ``shorter`` is shown before anything is cut."""
        if (text, shorter) != (self._text, self._shorter):
            self._text, self._shorter = text, shorter
            self.setAccessibleName(text)
            self.updateGeometry()
            self.update()

    def set_bold(self, bold: bool) -> None:
        """Write in bold."""
        font = QFont()
        font.setBold(bold)
        self.setFont(font)

    def set_dim(self, dim: bool) -> None:
        """Write in the colour of placeholders."""
        self._dim = dim
        self.update()

    @override
    def sizeHint(self) -> QSize:
        metrics = self.fontMetrics()
        if self._least_text:
            bold = QFont(self.font())
            bold.setBold(True)
            return QSize(QFontMetrics(bold).horizontalAdvance(self._least_text), metrics.height())
        return QSize(metrics.horizontalAdvance(self._text) + 2, metrics.height())

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(0, self.fontMetrics().height())

    @override
    def paintEvent(self, _event: object) -> None:
        with QPainter(self) as painter:
            metrics = self.fontMetrics()
            is_long = bool(self._shorter) and metrics.horizontalAdvance(self._text) > self.width()
            fitting = self._shorter if is_long else self._text
            shown = metrics.elidedText(fitting, Qt.TextElideMode.ElideRight, self.width())
            if not self._least_text:
                self.setToolTip(plain_tip(self._text if shown != self._text else ""))
            role = QPalette.ColorRole.PlaceholderText if self._dim else QPalette.ColorRole.WindowText
            painter.setPen(self.palette().color(role))
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)
