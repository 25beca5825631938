"""How one run of the list is painted: check mark, title, time, verdict, sparkline, knobs."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QAbstractItemModel, QEvent, QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QMouseEvent, QPainter, QPen, QPixmap
from PySide6.QtWidgets import QLineEdit, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget
from typing_extensions import override

from ...icons import pixmap
from ...models.runs_model import ROW_ROLE, Row
from ...theme import Theme
from ..verdict_line import VERDICT_ICONS

_MARGIN_PX = 8
_SPARK_SHARE = 0.34
_ICONS: Mapping[str, str] = {str(kind): name for kind, name in VERDICT_ICONS.items()}
Index = QModelIndex | QPersistentModelIndex


class CardPainter(QStyledItemDelegate):
    """Paints cards of three lines, and takes clicks on their check marks. GUI thread."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._pixmaps: dict[tuple[str, str, float], QPixmap] = {}

    def set_theme(self, theme: Theme) -> None:
        """Change the colours."""
        self._theme = theme

    @override
    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(200, 3 * _line(option) + 2 * _MARGIN_PX - 2)

    @override
    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        editor = QLineEdit(parent)
        editor.setAccessibleName("Name of the run")
        editor.setPlaceholderText(str(index.data(Qt.ItemDataRole.DisplayRole)))
        return editor

    @override
    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, index: Index) -> None:
        area = _area(option)
        editor.setGeometry(area.left() + _line(option) + 6, area.top() - 3, area.width(), _line(option) + 6)

    @override
    def editorEvent(self, event: QEvent, model: QAbstractItemModel, option: QStyleOptionViewItem, index: Index) -> bool:
        pressed = isinstance(event, QMouseEvent) and event.type() == QEvent.Type.MouseButtonRelease
        if pressed and isinstance(event, QMouseEvent) and _check_area(option).contains(event.position().toPoint()):
            return model.setData(index, Qt.CheckState.Checked, Qt.ItemDataRole.CheckStateRole)
        return False

    @override
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row = index.data(ROW_ROLE)
        if not isinstance(row, Row):
            return
        painter.save()
        theme, whole = self._theme, _rect(option)
        state = _state(option)
        is_selected = bool(state & QStyle.StateFlag.State_Selected)
        painter.fillRect(whole, QColor(theme.band if is_selected else theme.panel))
        if row.is_current:
            painter.fillRect(QRect(whole.left(), whole.top(), 4, whole.height()), QColor(theme.selection))
        painter.setPen(QPen(QColor(theme.border), 1))
        painter.drawLine(whole.bottomLeft(), whole.bottomRight())
        if is_selected and state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(QPen(QColor(theme.selection), 1))
            painter.drawRect(whole.adjusted(0, 0, -1, -2))
        self._paint_lines(painter, option, row)
        painter.restore()

    def _paint_lines(self, painter: QPainter, option: QStyleOptionViewItem, row: Row) -> None:
        area, line = _area(option), _line(option)
        self._paint_check(painter, _check_area(option), row.is_checked)
        text_left = area.left() + line + 6
        first = QRect(text_left, area.top(), area.right() - text_left, line)
        time_width = painter.fontMetrics().horizontalAdvance(row.time_text)
        painter.setPen(QColor(self._theme.dim))
        painter.drawText(first, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, row.time_text)
        marks = [name for name, wanted in (("pin", row.entry.label.pinned), ("note", row.entry.label.note)) if wanted]
        right = first.right() - time_width - 6
        for name in marks:
            right -= line
            self._paint_icon(painter, name, self._theme.dim, QRect(right, first.top(), line, line))
        bold = QFont(painter.font())
        bold.setBold(True)
        painter.setFont(bold)
        painter.setPen(QColor(self._theme.text))
        title = row.entry.label.name or row.route_text
        shown = painter.fontMetrics().elidedText(title, Qt.TextElideMode.ElideRight, right - text_left - 6)
        painter.drawText(first, Qt.AlignmentFlag.AlignVCenter, shown)
        bold.setBold(False)
        painter.setFont(bold)
        spark_width = int(first.width() * _SPARK_SHARE)
        self._paint_verdict(painter, first.translated(0, line), row, first.width() - spark_width - 8)
        spark = QRectF(first.right() - spark_width, first.top() + line + 1, spark_width, line - 2)
        self._paint_sparkline(painter, spark, row)
        third = first.translated(0, 2 * line)
        painter.setPen(QColor(self._theme.dim))
        words = f"{row.route_text}  {row.knobs_text}" if row.entry.label.name else row.knobs_text or "as it comes"
        shown = painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, third.width())
        painter.drawText(third, Qt.AlignmentFlag.AlignVCenter, shown)

    def _paint_verdict(self, painter: QPainter, area: QRect, row: Row, width: int) -> None:
        theme, kind = self._theme, row.summary.kind if row.summary else ""
        colours: Mapping[str, str] = {
            "streams": theme.message, "cut_short": theme.error, "not_a_stream": theme.error, "": theme.dim,
            "unknown": theme.dim,
        }  # fmt: skip
        colour = theme.client if row.entry.is_live else colours.get(kind, theme.warning)
        name = "live" if row.entry.is_live else _ICONS.get(kind, "idle")
        edge = area.height()
        self._paint_icon(painter, name, colour, QRect(area.left(), area.top(), edge, edge))
        painter.setPen(QColor(colour))
        text = painter.fontMetrics().elidedText(row.verdict_text, Qt.TextElideMode.ElideRight, width - edge - 4)
        painter.drawText(area.adjusted(edge + 4, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, text)

    def _paint_sparkline(self, painter: QPainter, area: QRectF, row: Row) -> None:
        values = row.summary.sparkline if row.summary else []
        most = max(values, default=0)
        if not most:
            return
        step = area.width() / len(values)
        colour = QColor(self._theme.client)
        for at, value in enumerate(values):
            height = max(1.0, area.height() * value / most) if value else 0.0
            painter.fillRect(
                QRectF(area.left() + at * step, area.bottom() - height, max(1.0, step - 1), height), colour
            )

    def _paint_check(self, painter: QPainter, area: QRect, is_checked: bool) -> None:
        painter.setPen(QPen(QColor(self._theme.selection if is_checked else self._theme.dim), 1))
        box = area.adjusted(2, 2, -3, -3)
        if is_checked:
            painter.fillRect(box, QColor(self._theme.selection))
            self._paint_icon(painter, "check", self._theme.selection_text, box)
        painter.drawRect(box)

    def _paint_icon(self, painter: QPainter, name: str, colour: str, area: QRect) -> None:
        device = painter.device()
        ratio = device.devicePixelRatio()
        key = (f"{name}{area.height()}", colour, ratio)
        if key not in self._pixmaps:
            self._pixmaps[key] = pixmap(name, QColor(colour), size_px=area.height() - 2, scale=ratio)
        painter.drawPixmap(area.left() + 1, area.top() + 1, self._pixmaps[key])


def _rect(option: QStyleOptionViewItem) -> QRect:
    found: QRect = option.rect
    return found


def _state(option: QStyleOptionViewItem) -> QStyle.StateFlag:
    found: QStyle.StateFlag = option.state
    return found


def _line(option: QStyleOptionViewItem) -> int:
    metrics = option.fontMetrics
    return int(metrics.height()) + 2


def _area(option: QStyleOptionViewItem) -> QRect:
    return _rect(option).adjusted(_MARGIN_PX + 2, _MARGIN_PX - 2, -_MARGIN_PX, 0)


def _check_area(option: QStyleOptionViewItem) -> QRect:
    area, line = _area(option), _line(option)
    return QRect(area.left(), area.top(), line, line)
