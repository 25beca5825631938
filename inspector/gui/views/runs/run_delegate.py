"""Paints one row of the list of runs: check box, title, time, verdict, sparkline and settings; a sweep has a fold."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import (
    QAbstractItemModel,
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QPointF,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QFont, QFontMetrics, QMouseEvent, QPainter, QPen, QPixmap, QPolygonF
from PySide6.QtWidgets import QLineEdit, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from inspector.gui.models.run_card import RunCard
from inspector.gui.models.runs_model import ROW_ROLE, Row
from inspector.gui.style.icons import pixmap
from inspector.gui.style.shield import override
from inspector.gui.style.theme import Theme
from inspector.gui.views.verdict_line import VERDICT_ICONS, verdict_colour

_MARGIN_PX = 8
_GAP_PX = 6
_BAR_PX = 4
_SPARK_SHARE = 0.22
_SPARK_PX = (40, 110)
#: Letters that a card needs for the time beside its title, a figure for being worth its place, a card for a sparkline.
_WIDE_LETTERS = 30
_FIGURE_LETTERS = 12
_SPARK_LETTERS = 18
_ICONS: Mapping[str, str] = {str(kind): name for kind, name in VERDICT_ICONS.items()} | {
    "live": "live", "failed": "cross", "": "idle", "sweep": "sweep",
}  # fmt: skip
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine
Index = QModelIndex | QPersistentModelIndex


class RunDelegate(QStyledItemDelegate):
    """Paints cards of three lines, and takes clicks on their check marks and folds. GUI thread."""

    #: A sweep is to be folded or unfolded; carries its index.
    fold_clicked = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._pixmaps: dict[tuple[str, str, int, float], QPixmap] = {}
        self._bold_of: tuple[QFont, QFont] | None = None

    def set_theme(self, theme: Theme) -> None:
        """Change the colours."""
        self._theme = theme
        self._pixmaps.clear()

    # Size and editing

    @override
    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(200, 3 * _line(option) + 2 * _MARGIN_PX - 2)

    @override
    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        editor = QLineEdit(parent)
        editor.setObjectName("runs_name")
        editor.setAccessibleName("Name of the run")
        editor.setToolTip("Enter keeps the name, Escape the one before; without a name it is called by its route")
        editor.setPlaceholderText(str(index.data(Qt.ItemDataRole.DisplayRole)))
        return editor

    @override
    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, index: Index) -> None:
        row = index.data(ROW_ROLE)
        first = _first_line(option, row if isinstance(row, Row) else None)
        editor.setGeometry(first.adjusted(-4, -4, 4, 5))

    @override
    def editorEvent(self, event: QEvent, model: QAbstractItemModel, option: QStyleOptionViewItem, index: Index) -> bool:
        if not isinstance(event, QMouseEvent) or event.type() != QEvent.Type.MouseButtonRelease:
            return False
        row = index.data(ROW_ROLE)
        if isinstance(row, Row) and _check_target(option, row).contains(event.position().toPoint()):
            if row.is_head:
                self.fold_clicked.emit(index)
                return True
            return model.setData(index, Qt.CheckState.Checked, Qt.ItemDataRole.CheckStateRole)
        return False

    # Painting

    @override
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row = index.data(ROW_ROLE)
        if not isinstance(row, Row):
            return
        painter.save()
        self._paint_ground(painter, option, is_current=row.is_current)
        if row.is_head:
            self._paint_fold(painter, _check_area(option, row), is_unfolded=row.is_unfolded)
        else:
            self._paint_check(painter, _check_area(option, row), is_checked=row.is_checked)
        first, line = _first_line(option, row), _line(option)
        letters = first.width() / painter.fontMetrics().averageCharWidth()
        is_wide = letters >= _WIDE_LETTERS
        self._paint_title(painter, first, row.card, row.card.time if is_wide else "")
        spark = min(max(int(first.width() * _SPARK_SHARE), _SPARK_PX[0]), _SPARK_PX[1])
        words = first.translated(0, line)
        if row.card.sparkline and letters >= _SPARK_LETTERS:
            area = QRectF(first.right() + 1 - spark, first.top() + line + 3, spark, 2 * line - 4)
            self._paint_sparkline(painter, area, row.card.sparkline)
            words = words.adjusted(0, 0, -spark - _GAP_PX, 0)
        self._paint_verdict(painter, words, row.card)
        painter.setPen(QColor(self._theme.dim))
        _write(painter, words.translated(0, line), row.card.request if is_wide else row.card.below)
        painter.restore()

    def _paint_ground(self, painter: QPainter, option: QStyleOptionViewItem, *, is_current: bool) -> None:
        theme, whole, state = self._theme, _rect(option), _state(option)
        is_selected = bool(state & QStyle.StateFlag.State_Selected)
        hovered = bool(state & QStyle.StateFlag.State_MouseOver)
        painter.fillRect(whole, QColor(theme.band if is_selected else theme.raised if hovered else theme.panel))
        painter.setPen(QPen(QColor(theme.border), 1))
        painter.drawLine(whole.bottomLeft(), whole.bottomRight())
        if state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(QPen(QColor(theme.selection), 1))
            painter.drawRect(whole.adjusted(0, 0, -1, -2))
        if is_current:
            painter.fillRect(QRect(whole.left(), whole.top(), _BAR_PX, whole.height() - 1), QColor(theme.selection))

    def _paint_title(self, painter: QPainter, area: QRect, card: RunCard, time: str) -> None:
        edge = area.height()
        if time:
            painter.setPen(QColor(self._theme.dim))
            painter.drawText(area, int(_RIGHT), time)
            area = area.adjusted(0, 0, -painter.fontMetrics().horizontalAdvance(time) - _GAP_PX, 0)
        for name, wanted in (("pin", card.is_pinned), ("note", card.note)):
            if wanted:
                self._paint_icon(painter, name, self._theme.dim, QRect(area.right() + 1 - edge, area.top(), edge, edge))
                area = area.adjusted(0, 0, -edge, 0)
        plain = painter.font()
        painter.setFont(self._bold(plain))
        painter.setPen(QColor(self._theme.text))
        # The end of a path tells more than its middle.
        is_path = card.title == card.route
        _write(painter, area, card.title, Qt.TextElideMode.ElideMiddle if is_path else Qt.TextElideMode.ElideRight)
        painter.setFont(plain)

    def _paint_verdict(self, painter: QPainter, area: QRect, card: RunCard) -> None:
        theme, edge = self._theme, area.height()
        colour = tone_of_sign(card.sign, theme)
        self._paint_icon(painter, _ICONS.get(card.sign, "idle"), colour, QRect(area.left(), area.top(), edge, edge))
        painter.setPen(QColor(colour))
        taken = _write(painter, area.adjusted(edge + 3, 0, 0, 0), card.verdict)
        figure = area.adjusted(edge + 3 + taken + _GAP_PX + 2, 0, 0, 0)
        if card.figure and figure.width() >= _FIGURE_LETTERS * painter.fontMetrics().averageCharWidth():
            painter.setPen(QColor(theme.dim))
            _write(painter, figure, card.figure)

    def _paint_sparkline(self, painter: QPainter, area: QRectF, values: tuple[int, ...]) -> None:
        most = max(values, default=0)
        if not most:
            return
        colour, line = QColor(self._theme.client), QColor(self._theme.border)
        painter.fillRect(QRectF(area.left(), area.bottom() - 1, area.width(), 1), line)
        edges = [round(area.left() + area.width() * at / len(values)) for at in range(len(values) + 1)]
        for at, value in enumerate(values):
            if value:
                height = max(2.0, (area.height() - 1) * value / most)
                width = max(1, edges[at + 1] - edges[at] - (1 if area.width() >= 3 * len(values) else 0))
                painter.fillRect(QRectF(edges[at], area.bottom() - height, width, height), colour)

    def _paint_check(self, painter: QPainter, area: QRect, *, is_checked: bool) -> None:
        box = area.adjusted(2, 2, -3, -3)
        if is_checked:
            painter.fillRect(box, QColor(self._theme.selection))
            self._paint_icon(painter, "check", self._theme.selection_text, box)
        painter.setPen(QPen(QColor(self._theme.selection if is_checked else self._theme.dim), 1))
        painter.drawRect(box)

    def _paint_fold(self, painter: QPainter, area: QRect, *, is_unfolded: bool) -> None:
        """Paint a triangle: to the right for folded, down for unfolded."""
        middle, reach = QRectF(area).center(), area.height() * 0.28
        points = [QPointF(-reach / 2, -reach), QPointF(-reach / 2, reach), QPointF(reach / 2 + 1, 0)]
        if is_unfolded:
            points = [QPointF(point.y(), point.x()) for point in points]
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self._theme.text))
        painter.drawPolygon(QPolygonF([middle + point for point in points]))
        painter.restore()

    def _paint_icon(self, painter: QPainter, name: str, colour: str, area: QRect) -> None:
        ratio, size_px = painter.device().devicePixelRatio(), max(8, area.height() - 3)
        key = (name, colour, size_px, ratio)
        if key not in self._pixmaps:
            self._pixmaps[key] = pixmap(name, QColor(colour), size_px=size_px, scale=ratio)
        painter.drawPixmap(
            area.left() + (area.width() - size_px) // 2, area.top() + (area.height() - size_px) // 2, self._pixmaps[key]
        )

    def _bold(self, plain: QFont) -> QFont:
        if self._bold_of is None or self._bold_of[0] != plain:
            bold = QFont(plain)
            bold.setBold(True)
            self._bold_of = QFont(plain), bold
        return self._bold_of[1]


def tone_of_sign(sign: str, theme: Theme) -> str:
    """Return the colour of a verdict, the same as above the picture, or of what stands in place of one."""
    others = {"live": theme.client, "sweep": theme.text, "": theme.dim, "failed": theme.error}
    return others.get(sign) or verdict_colour(sign, theme)


def _write(painter: QPainter, area: QRect, text: str, elide: Qt.TextElideMode = Qt.TextElideMode.ElideRight) -> int:
    """Write one line, shortened where it has to be; return its width."""
    metrics: QFontMetrics = painter.fontMetrics()
    shown = metrics.elidedText(text, elide, area.width())
    painter.drawText(area, int(_LEFT), shown)
    return metrics.horizontalAdvance(shown)


def _rect(option: QStyleOptionViewItem) -> QRect:
    found: QRect = option.rect
    return found


def _state(option: QStyleOptionViewItem) -> QStyle.StateFlag:
    found: QStyle.StateFlag = option.state
    return found


def _line(option: QStyleOptionViewItem) -> int:
    metrics = option.fontMetrics
    return int(metrics.height()) + 2


def _area(option: QStyleOptionViewItem, row: Row | None) -> QRect:
    """Return where a row is painted: a run of an unfolded sweep stands further in."""
    inside = _line(option) if row is not None and row.is_inside else 0
    return _rect(option).adjusted(_MARGIN_PX + 2 + inside, _MARGIN_PX - 2, -_MARGIN_PX, 0)


def _first_line(option: QStyleOptionViewItem, row: Row | None) -> QRect:
    area, line = _area(option, row), _line(option)
    left = area.left() + line + _GAP_PX
    return QRect(left, area.top(), area.right() + 1 - left, line)


def _check_target(option: QStyleOptionViewItem, row: Row) -> QRect:
    """Return where a click hits the check mark: more than the mark, as it is small."""
    whole = _rect(option)
    return QRect(whole.left(), whole.top(), _first_line(option, row).left() - whole.left() - 2, whole.height())


def _check_area(option: QStyleOptionViewItem, row: Row) -> QRect:
    area, line = _area(option, row), _line(option)
    return QRect(area.left(), area.top(), line, line)
