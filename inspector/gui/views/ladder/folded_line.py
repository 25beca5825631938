"""A gap's settings folded into one clickable line, for when there is little room."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QAbstractButton, QWidget

from inspector.gui.style.shield import override
from inspector.gui.style.spin_arrows import arrow_edge, paint_arrow
from inspector.gui.style.theme import Theme

_LEAST_GAP_PX = 10


class FoldedLine(QAbstractButton):
    """Title and value in one line, shortened before they are cut. Space or Return presses it. GUI thread."""

    def __init__(self, title: str, short_title: str, theme: Theme, parent: QWidget, *, is_bold: bool) -> None:
        """``is_bold`` writes the title in bold, as that of the source."""
        super().__init__(parent)
        self.titles = (title, short_title)
        self._values: tuple[str, ...] = ("",)
        self._theme = theme
        self._is_bold = is_bold
        self._colour = theme.text
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def set_values(self, values: tuple[str, ...]) -> None:
        """Show how the gap is set; ``values`` say it in full and shorter and shorter."""
        if values != self._values:
            self._values = values
            self.updateGeometry()
            self.update()

    def set_colours(self, theme: Theme, title: str) -> None:
        """Change the colours; ``title`` is that of the title alone."""
        self._theme, self._colour = theme, title
        self.update()

    def texts(self) -> tuple[str, str]:
        """Return title and value as there is room for them, the value cut with an ellipsis where nothing else fits."""
        room = self.width() - self._arrow_px()
        metrics, value_metrics = self._title_metrics(), self.fontMetrics()
        titles = self.titles if self._values[0] else self.titles[:1]
        for value in self._values:
            for title in titles:
                beside = self._gap_px() + value_metrics.horizontalAdvance(value) if value else 0
                if metrics.horizontalAdvance(title) + beside <= room:
                    return title, value
        left = room - metrics.horizontalAdvance(self.titles[1]) - self._gap_px()
        if left >= 3 * value_metrics.averageCharWidth():
            return self.titles[1], value_metrics.elidedText(self._values[-1], Qt.TextElideMode.ElideRight, left)
        return metrics.elidedText(self.titles[1], Qt.TextElideMode.ElideRight, room), ""

    def _title_metrics(self) -> QFontMetrics:
        font = QFont(self.font())
        font.setBold(self._is_bold)
        return QFontMetrics(font)

    def _gap_px(self) -> int:
        return max(_LEAST_GAP_PX, round(0.7 * self.fontMetrics().height()))

    def _arrow_px(self) -> int:
        return arrow_edge(self) + 6

    @override
    def sizeHint(self) -> QSize:
        wide = self._title_metrics().horizontalAdvance(self.titles[0])
        wide += self._gap_px() + self.fontMetrics().horizontalAdvance(self._values[0]) + self._arrow_px()
        return QSize(wide, self.fontMetrics().height() + 2)

    @override
    def paintEvent(self, _event: object) -> None:
        title, value = self.texts()
        middle = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        with QPainter(self) as painter:
            if self.underMouse() or self.isDown():
                painter.fillRect(self.rect(), QColor(self._theme.raised))
            font = QFont(self.font())
            font.setBold(self._is_bold)
            painter.setFont(font)
            painter.setPen(QColor(self._colour))
            painter.drawText(self.rect(), middle, title)
            left = painter.fontMetrics().horizontalAdvance(title) + self._gap_px()
            painter.setFont(self.font())
            painter.setPen(QColor(self._theme.text if value else self._theme.dim))
            painter.drawText(self.rect().adjusted(left, 0, 0, 0), middle, value)
            edge = self._arrow_px()
            area = QRect(self.width() - edge, 0, edge, self.height())
            paint_arrow(painter, QRectF(area), arrow_edge(self) * 0.8, "down", QColor(self._theme.dim))
            if self.hasFocus():
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.setPen(QPen(QColor(self._theme.selection), 1))
                painter.drawRect(self.rect().adjusted(0, 0, -1, -1))

    @override
    def keyPressEvent(self, event: object) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):  # type: ignore[attr-defined]
            self.click()
            return
        super().keyPressEvent(event)  # type: ignore[arg-type]
