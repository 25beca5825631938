"""What can be chosen on the start page, painted with a frame: Enter, Space and clicks act, the focus is seen."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QEnterEvent, QKeyEvent, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import QAbstractButton, QWidget

from inspector.gui.style.safe_text import plain_tip
from inspector.gui.style.shield import override
from inspector.gui.style.theme import Theme

_CORNER_PX = 6
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class PageButton(QAbstractButton):
    """A framed button; subclasses paint what is in it. GUI thread."""

    #: The mouse moved over it.
    hovered = Signal()

    def __init__(self, text: str, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.setText(text)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.theme = theme

    def set_theme(self, theme: Theme) -> None:
        """Change the colours."""
        self.theme = theme
        self.update()

    @property
    def em(self) -> int:
        """The height of a line, logical pixels."""
        return self.fontMetrics().height()

    def paint_inside(self, painter: QPainter) -> None:
        """Paint what is in the frame."""
        raise NotImplementedError

    @override
    def paintEvent(self, _event: object) -> None:
        theme, width = self.theme, 2.0 if self.hasFocus() else 1.0
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            is_lit = self.hasFocus() or self.underMouse()
            painter.setPen(QPen(QColor(theme.selection if is_lit else theme.border), width))
            painter.setBrush(QColor(theme.band if self.isDown() else theme.panel))
            edge = width / 2
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(edge, edge, -edge, -edge), _CORNER_PX, _CORNER_PX)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
            self.paint_inside(painter)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in _ENTER:
            self.click()
        else:
            super().keyPressEvent(event)

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self.hovered.emit()
        super().mouseMoveEvent(event)

    @override
    def enterEvent(self, event: QEnterEvent) -> None:
        self.update()
        super().enterEvent(event)

    @override
    def leaveEvent(self, event: QEvent) -> None:
        self.update()
        super().leaveEvent(event)


class PageLink(PageButton):
    """One line, with its keys at the right. GUI thread."""

    def __init__(self, name: str, text: str, keys: str, theme: Theme, parent: QWidget) -> None:
        super().__init__(text, theme, parent)
        self.setObjectName(name)
        self.setAccessibleDescription(keys)
        self._keys = keys
        self.set_text(text)

    def set_text(self, text: str) -> None:
        """Say something else."""
        self.setText(text)
        self.setAccessibleName(text)
        self.setToolTip(plain_tip(f"{text} ({self._keys})" if self._keys else text))
        self.update()

    @override
    def sizeHint(self) -> QSize:
        return QSize(14 * self.em, round(1.9 * self.em))

    @override
    def paint_inside(self, painter: QPainter) -> None:
        room = self.rect().adjusted(round(0.6 * self.em), 0, -round(0.6 * self.em), 0)
        painter.setPen(QColor(self.theme.dim))
        keys = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(room, int(keys), self._keys)
        taken = painter.fontMetrics().horizontalAdvance(f"{self._keys}  ") if self._keys else 0
        painter.setPen(QColor(self.theme.text))
        write_line(painter, room.adjusted(0, 0, -taken, 0), self.text(), Qt.TextElideMode.ElideMiddle)


def write_line(
    painter: QPainter, area: QRect, text: str, elide: Qt.TextElideMode = Qt.TextElideMode.ElideRight
) -> None:
    """Write one line, shortened where it has to be."""
    shown = painter.fontMetrics().elidedText(text, elide, area.width())
    painter.drawText(area, int(Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine), shown)
