"""The live figures of a gap: as many lines as there is room for, shortened with an ellipsis."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QFont, QPainter, QPalette
from PySide6.QtWidgets import QWidget

from inspector.gui.style.shield import override

_SEPARATOR = " · "
#: A figure that is too wide for a line by itself goes on in the next one here.
_WITHIN = ", "


class FiguresLabel(QWidget):
    """Breaks its text between figures. Plain text. GUI thread."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text = ""
        self._shorter = ""

    def text(self) -> str:
        """Return the whole text."""
        return self._text

    def set_text(self, text: str, shorter: str) -> None:
        """Show other figures; ``shorter`` are those that must do where there is no room for all."""
        if (text, shorter) != (self._text, self._shorter):
            self._text, self._shorter = text, shorter
            self.setAccessibleName(text)
            self.update()

    def set_bold(self, bold: bool) -> None:
        """Write in bold."""
        font = QFont()
        font.setBold(bold)
        self.setFont(font)

    def lines(self) -> list[str]:
        """Return the lines as shown: all figures, or the shorter ones, the last line cut with an ellipsis at worst."""
        most = max(1, self.height() // self.fontMetrics().height())
        for text in (self._text, self._shorter):
            lines = self._broken(text)
            if len(lines) <= most and all(self.fontMetrics().horizontalAdvance(line) <= self.width() for line in lines):
                return lines
        lines = self._broken(self._shorter or self._text)
        return [*lines[: most - 1], self._cut(_SEPARATOR.join(lines[most - 1 :]))]

    def _cut(self, line: str) -> str:
        """Return as many whole figures as fit, and a sign that there are more."""
        metrics, figures = self.fontMetrics(), line.split(_SEPARATOR)
        for count in range(len(figures), 0, -1):
            kept = _SEPARATOR.join(figures[:count]) + (" …" if count < len(figures) else "")
            if self._fits(kept):
                return kept
        first = figures[0].partition(_WITHIN)[0] + " …"
        if self._fits(first):
            return first
        return metrics.elidedText(line, Qt.TextElideMode.ElideRight, self.width())

    def _broken(self, text: str) -> list[str]:
        """Return a text in lines that fit the width, as far as its figures do."""
        lines: list[str] = []
        for figure in text.split(_SEPARATOR):
            if lines and self._fits(f"{lines[-1]}{_SEPARATOR}{figure}"):
                lines[-1] += _SEPARATOR + figure
            elif self._fits(figure) or _WITHIN not in figure:
                lines.append(figure)
            else:
                first, _, rest = figure.partition(_WITHIN)
                lines += [first + _WITHIN.rstrip(), rest]
        return lines

    def _fits(self, text: str) -> bool:
        return self.fontMetrics().horizontalAdvance(text) <= self.width()

    @override
    def sizeHint(self) -> QSize:
        return QSize(self.fontMetrics().horizontalAdvance(self._text), self.fontMetrics().height())

    @override
    def paintEvent(self, _event: object) -> None:
        with QPainter(self) as painter:
            painter.setPen(self.palette().color(QPalette.ColorRole.WindowText))
            line_px = self.fontMetrics().height()
            for row, line in enumerate(self.lines()):
                area = QRect(0, row * line_px, self.width(), line_px)
                painter.drawText(area, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, line)
