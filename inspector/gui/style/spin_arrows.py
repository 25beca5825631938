"""Spin box and combo box arrows that grow with the text size; those of the Fusion style don't."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPalette, QPen
from PySide6.QtWidgets import QAbstractButton, QComboBox, QStyle, QStyleOptionComboBox, QStylePainter, QWidget

from .shield import override

Way = Literal["up", "down"]
_ARROW_EMS = 0.5
_LEAST_TARGET_PX = 24


def arrow_edge(widget: QWidget) -> int:
    """Return the edge of an arrow beside a widget's type, logical pixels."""
    return max(8, round(_ARROW_EMS * widget.fontMetrics().height()))


def paint_arrow(painter: QPainter, area: QRectF, edge: float, way: Way, colour: QColor) -> None:
    """Paint an open arrow head in the middle of an area."""
    middle, half = area.center(), edge / 2
    rise = half / 2 if way == "down" else -half / 2
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(colour, max(1.5, edge / 7), c=Qt.PenCapStyle.RoundCap, j=Qt.PenJoinStyle.RoundJoin))
    tip = QPointF(middle.x(), middle.y() + rise)
    painter.drawPolyline(
        [QPointF(middle.x() - half, middle.y() - rise), tip, QPointF(middle.x() + half, middle.y() - rise)]
    )


class StepButton(QAbstractButton):
    """One of the two arrows of a number box; goes on while it is pressed. GUI thread."""

    def __init__(self, way: Way, parent: QWidget) -> None:
        super().__init__(parent)
        self._way: Way = way
        self.setAutoRepeat(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setCursor(Qt.CursorShape.ArrowCursor)

    @override
    def sizeHint(self) -> QSize:
        return QSize(max(_LEAST_TARGET_PX, 2 * arrow_edge(self)), _LEAST_TARGET_PX)

    @override
    def paintEvent(self, _event: object) -> None:
        with QPainter(self) as painter:
            if self.isDown() or (self.underMouse() and self.isEnabled()):
                painter.fillRect(self.rect(), self.palette().color(QPalette.ColorRole.Midlight))
            role = QPalette.ColorRole.Text if self.isEnabled() else QPalette.ColorRole.Mid
            edge = 0.8 * arrow_edge(self)
            paint_arrow(painter, QRectF(self.rect()), edge, self._way, self.palette().color(role))


class ArrowComboBox(QComboBox):
    """A combo box whose arrow is as large as its type. GUI thread."""

    @override
    def paintEvent(self, _event: object) -> None:
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        area = self.style().subControlRect(
            QStyle.ComplexControl.CC_ComboBox, option, QStyle.SubControl.SC_ComboBoxArrow, self
        )
        # The style draws frame and field; its arrow goes, for it can't grow.
        option.subControls &= ~QStyle.SubControl.SC_ComboBoxArrow
        painter = QStylePainter(self)
        try:
            painter.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
            if not self.isEditable():
                painter.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)
            role = QPalette.ColorRole.Text if self.isEnabled() else QPalette.ColorRole.Mid
            edge = min(arrow_edge(self), area.width() - 5)
            paint_arrow(painter, QRectF(area), edge, "down", self.palette().color(role))
        finally:
            painter.end()
