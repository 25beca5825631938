"""The list of the picker, painted: sections, routes with a sentence each, recent addresses that can be taken out."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QKeyEvent, QMouseEvent, QPainter, QPalette, QPen
from PySide6.QtWidgets import QAbstractItemView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from inspector.gui.style.shield import override

from .target_picker import RECENT_ROLE, SECTION_ROLE

Index = QModelIndex | QPersistentModelIndex
_SENTENCE_ROLE = Qt.ItemDataRole.AccessibleDescriptionRole
_MARGIN_EM, _BETWEEN_EM = 0.6, 1.4
_LINE = int(Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine)


class TargetDelegate(QStyledItemDelegate):
    """Paints a row: what is streamed at the left, what it shows beside it. GUI thread."""

    @override
    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        metrics, em = option.fontMetrics, option.fontMetrics.height()
        sentence = metrics.horizontalAdvance(str(index.data(_SENTENCE_ROLE) or ""))
        width = _text_px(option, index) + sentence + round((2 * _MARGIN_EM + _BETWEEN_EM) * em)
        return QSize(width, round(1.7 * em))

    @override
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        area: QRect = option.rect
        palette: QPalette = option.palette
        state: QStyle.StateFlag = option.state
        painter.save()
        margin = round(_MARGIN_EM * option.fontMetrics.height())
        room = area.adjusted(margin, 0, -margin, 0)
        section = index.data(SECTION_ROLE)
        if section:
            self._paint_section(painter, area, room, str(section), palette)
        else:
            is_lit = bool(state & QStyle.StateFlag.State_Selected)
            if is_lit:
                painter.fillRect(area, palette.color(QPalette.ColorRole.Highlight))
            roles = QPalette.ColorRole
            strong = palette.color(roles.HighlightedText if is_lit else roles.Text)
            weak = strong if is_lit else palette.color(roles.PlaceholderText)
            self._paint_row(painter, room, (strong, weak), option, index)
        painter.restore()

    def _paint_section(self, painter: QPainter, area: QRect, room: QRect, text: str, palette: QPalette) -> None:
        font = QFont(painter.font())
        font.setBold(True)
        painter.setFont(font)
        painter.setPen(QPen(palette.color(QPalette.ColorRole.Mid), 1))
        painter.drawLine(area.topLeft(), area.topRight())
        painter.setPen(palette.color(QPalette.ColorRole.PlaceholderText))
        painter.drawText(room, _LINE, text)

    def _paint_row(
        self, painter: QPainter, room: QRect, colours: tuple[QColor, QColor], option: QStyleOptionViewItem, index: Index
    ) -> None:
        em, metrics = option.fontMetrics.height(), option.fontMetrics
        if index.data(RECENT_ROLE):
            cross = removal_area(option.rect)
            painter.setPen(QPen(colours[1], 1.5))
            inner = cross.adjusted(cross.width() // 3, cross.height() // 3, -cross.width() // 3, -cross.height() // 3)
            painter.drawLine(inner.topLeft(), inner.bottomRight())
            painter.drawLine(inner.topRight(), inner.bottomLeft())
            room = room.adjusted(0, 0, -cross.width(), 0)
        painter.setPen(colours[0])
        text = metrics.elidedText(str(index.data()), Qt.TextElideMode.ElideMiddle, room.width())
        painter.drawText(room, _LINE, text)
        painter.setPen(colours[1])
        beside = room.adjusted(_text_px(option, index) + round(_BETWEEN_EM * em), 0, 0, 0)
        sentence = str(index.data(_SENTENCE_ROLE) or "")
        painter.drawText(beside, _LINE, metrics.elidedText(sentence, Qt.TextElideMode.ElideRight, beside.width()))


def removal_area(row: QRect) -> QRect:
    """Return where a click takes a recent address out of the list."""
    edge = row.height()
    return QRect(row.right() + 1 - edge, row.top(), edge, edge)


def _text_px(option: QStyleOptionViewItem, index: Index) -> int:
    """Return the width of what is streamed: the same for all routes, so that their sentences stand in a column."""
    advance = option.fontMetrics.horizontalAdvance
    if index.data(RECENT_ROLE):
        return int(advance(str(index.data())))
    model = index.model()
    texts = (model.index(row, 0) for row in range(model.rowCount()))
    return max((int(advance(str(each.data()))) for each in texts if not each.data(RECENT_ROLE)), default=0)


class AddressRemover(QObject):
    """Hears of Delete, and of clicks on the cross, in the list of a picker. GUI thread."""

    #: Carries the address.
    removed = Signal(str)

    def __init__(self, view: QAbstractItemView) -> None:
        super().__init__(view)
        self._view = view
        view.installEventFilter(self)
        view.viewport().installEventFilter(self)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and event.key() == Qt.Key.Key_Delete:
            return self._remove(self._view.currentIndex())
        is_mouse = event.type() in (QEvent.Type.MouseButtonRelease, QEvent.Type.MouseButtonPress)
        if is_mouse and isinstance(event, QMouseEvent) and watched is self._view.viewport():
            return self._clicked(event.position().toPoint(), released=event.type() == QEvent.Type.MouseButtonRelease)
        return super().eventFilter(watched, event)

    def _clicked(self, at: QPoint, *, released: bool) -> bool:
        index = self._view.indexAt(at)
        if not index.data(RECENT_ROLE) or not removal_area(self._view.visualRect(index)).contains(at):
            return False
        return self._remove(index) if released else True

    def _remove(self, index: QModelIndex) -> bool:
        if not index.data(RECENT_ROLE):
            return False
        self.removed.emit(str(index.data()))
        return True
