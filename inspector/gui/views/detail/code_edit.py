"""A read-only code editor whose gutter shows line numbers and how many items each line produced."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QResizeEvent,
    QShowEvent,
    QTextFormat,
)  # fmt: skip
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QTextEdit, QToolTip, QWidget

from inspector.analysis.formatting import count_text
from inspector.gui.style.monospace import MonospaceFont
from inspector.gui.style.safe_text import plain_tip
from inspector.gui.style.shield import override
from inspector.gui.style.theme import Theme, palette_of
from inspector.recording.source_lines import SourceFile

from .code_colours import CodeColours

_PAD_PX = 6
_BAR_COLUMNS = 4
SELECTED_MARK = "▶"
LATEST_MARK = "▷"


@dataclass(frozen=True, slots=True)
class LineCounts:
    """How many items one line produced."""

    parts: int = 0
    yields: int = 0

    @property
    def shown(self) -> int:
        """The number in the gutter: the parts, or the yields of a line that makes none."""
        return self.parts or self.yields

    @override
    def __str__(self) -> str:
        return f"made {count_text(self.parts, 'part')} and {count_text(self.yields, 'yield')}"


class CodeEdit(QPlainTextEdit):
    """Read-only code. Emits `line_chosen` with a line number from 1 and the direction, 1 or -1."""

    line_chosen = Signal(int, int)

    def __init__(self, theme: Theme, points: float) -> None:
        super().__init__()
        self.theme = theme
        self.counts: dict[int, LineCounts] = {}
        self.selected_lines: frozenset[int] = frozenset()
        self.latest_line: int | None = None
        self._most = 1
        #: The line to go to, until it is painted: only then the room that it is in the middle of is known.
        self._sought: int | None = None
        self._colours = CodeColours(self.document(), theme)
        self._gutter = _Gutter(self)
        self.setReadOnly(True)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setToolTip("Click a line, or press Enter on it, for the next item that it made; Shift for the one before.")
        self.updateRequest.connect(self._scroll_gutter)
        self.set_type_size(points)

    # What to show

    def show_file(self, file: SourceFile) -> None:
        """Show another file."""
        self._colours.set_file(file.text, file.language)
        self.setPlainText(file.text)
        self.setAccessibleName(f"Source code of {file.name}")

    def set_counts(self, counts: dict[int, LineCounts]) -> None:
        """Show how many items the lines of the file produced."""
        if counts != self.counts:
            self.counts = counts
            self._most = max((each.shown for each in counts.values()), default=1)
            self._fit_gutter()
            self._gutter.update()

    def mark_lines(self, selected: frozenset[int], latest: int | None) -> None:
        """Mark the lines of the selected items, and lightly that of the last item."""
        if (selected, latest) == (self.selected_lines, self.latest_line):
            return
        self.selected_lines, self.latest_line = selected, latest
        self._mark()

    def go_to(self, line: int) -> None:
        """Set the caret to a line, and scroll it to the middle unless it is wholly visible."""
        self._sought = line
        block = self.document().findBlockByNumber(line - 1)
        if not block.isValid():
            return
        area = self.blockBoundingGeometry(block).translated(self.contentOffset())
        visible = area.top() >= 0 and area.bottom() <= self.viewport().height()
        cursor = self.textCursor()
        cursor.setPosition(block.position())
        self.setTextCursor(cursor)
        self.horizontalScrollBar().setValue(0)
        if not visible:
            self.centerCursor()

    def set_theme(self, theme: Theme) -> None:
        """Change the colours."""
        self.theme = theme
        palette = palette_of(theme)
        palette.setColor(QPalette.ColorRole.Highlight, QColor(theme.band))
        palette.setColor(QPalette.ColorRole.HighlightedText, QColor(theme.text))
        self.setPalette(palette)
        self._colours.set_theme(theme)
        self._mark()

    def set_type_size(self, points: float) -> None:
        """Change the size of the type."""
        self.mono = MonospaceFont.of(points)
        self.setFont(self.mono.font)
        self._fit_gutter()

    def _mark(self) -> None:
        marks: list[QTextEdit.ExtraSelection] = []
        latest = () if self.latest_line is None else (self.latest_line,)
        for lines, colour in ((latest, self.theme.server_lane), (self.selected_lines, self.theme.band)):
            for line in lines:
                mark = QTextEdit.ExtraSelection()
                mark.format.setBackground(QColor(colour))
                mark.format.setProperty(QTextFormat.Property.FullWidthSelection, True)
                cursor = self.textCursor()
                cursor.setPosition(self.document().findBlockByNumber(line - 1).position())
                mark.cursor = cursor
                marks.append(mark)
        self.setExtraSelections(marks)
        self._gutter.update()

    # Gutter

    def gutter_columns(self) -> tuple[int, int]:
        """Return how many columns line numbers and counts take."""
        counts = len(f"·{self._most:,}") if self.counts else 0
        return max(2, len(str(self.blockCount()))), counts

    def gutter_width(self) -> int:
        """Return the width of the gutter in pixels."""
        numbers, counts = self.gutter_columns()
        columns = 2 + numbers + (counts + 2 + _BAR_COLUMNS if counts else 0)
        return round(columns * self.mono.column_px) + 2 * _PAD_PX

    def _fit_gutter(self) -> None:
        width = self.gutter_width()
        if width != self.viewportMargins().left():
            self.setViewportMargins(width, 0, 0, 0)
        self._place_gutter()

    def _place_gutter(self) -> None:
        area = self.contentsRect()
        self._gutter.setGeometry(QRect(area.left(), area.top(), self.gutter_width(), area.height()))

    def _scroll_gutter(self, area: QRect, by_px: int) -> None:
        if by_px:
            self._gutter.scroll(0, by_px)
        else:
            self._gutter.update(0, area.y(), self._gutter.width(), area.height())

    def paint_gutter(self, painter: QPainter, exposed: QRect) -> None:
        """Paint the lines of the gutter that are exposed."""
        painter.fillRect(exposed, QColor(self.theme.panel))
        painter.setFont(self.mono.font)
        block = self.firstVisibleBlock()
        top = self.blockBoundingGeometry(block).translated(self.contentOffset()).top()
        while block.isValid() and top <= exposed.bottom():
            height = self.blockBoundingRect(block).height()
            if block.isVisible() and top + height >= exposed.top():
                self._paint_line(painter, QRectF(0, top, self._gutter.width(), height), block.blockNumber() + 1)
            block, top = block.next(), top + height

    def _paint_line(self, painter: QPainter, area: QRectF, line: int) -> None:
        numbers, counts = self.gutter_columns()
        column = self.mono.column_px
        middle = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight)
        mark = SELECTED_MARK if line in self.selected_lines else LATEST_MARK if line == self.latest_line else ""
        if mark:
            painter.setPen(QColor(self.theme.selection if mark == SELECTED_MARK else self.theme.server))
            painter.drawText(QRectF(_PAD_PX / 2, area.top(), 1.5 * column, area.height()), middle, mark)
        made = self.counts.get(line)
        painter.setPen(QColor(self.theme.text if made else self.theme.dim))
        right = _PAD_PX + (2 + numbers) * column
        painter.drawText(QRectF(0, area.top(), right, area.height()), middle, str(line))
        if made is None:
            return
        right += (counts + 1) * column
        painter.drawText(QRectF(0, area.top(), right, area.height()), middle, f"·{made.shown:,}")
        length = max(2.0, _BAR_COLUMNS * column * made.shown / self._most)
        thick = max(3.0, area.height() / 5)
        bar = QRectF(right + column / 2, area.center().y() - thick / 2, length, thick)
        painter.fillRect(bar, QColor(self.theme.server))

    def tip_of(self, y: int) -> str:
        """Return what the gutter's tooltip says at a height."""
        line = self.line_at(y)
        made = self.counts.get(line)
        return f"Line {line} {made}." if made else f"Line {line} made no item."

    def line_at(self, y: int) -> int:
        """Return the number of the line at a height of the viewport, from 1."""
        return self.cursorForPosition(QRect(0, y, 1, 1).topLeft()).blockNumber() + 1

    # Input

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_gutter()
        if self._sought is not None:
            self.go_to(self._sought)

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._sought is not None:
            self.go_to(self._sought)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        self._sought = None

    @override
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        if event.button() == Qt.MouseButton.LeftButton and not self.textCursor().hasSelection():
            self.choose(self.line_at(int(event.position().y())), event.modifiers())

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.choose(self.textCursor().blockNumber() + 1, event.modifiers())
        else:
            super().keyPressEvent(event)

    def choose(self, line: int, modifiers: Qt.KeyboardModifier) -> None:
        """Ask for the next item that a line made, or with Shift for the one before."""
        self.line_chosen.emit(line, -1 if modifiers & Qt.KeyboardModifier.ShiftModifier else 1)


class _Gutter(QWidget):
    """The strip at the left of a `CodeEdit`."""

    def __init__(self, edit: CodeEdit) -> None:
        super().__init__(edit)
        self._edit = edit
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    @override
    def sizeHint(self) -> QSize:
        return QSize(self._edit.gutter_width(), 0)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            self._edit.paint_gutter(painter, event.rect())

    @override
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._edit.choose(self._edit.line_at(int(event.position().y())), event.modifiers())

    @override
    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            QToolTip.showText(event.globalPos(), plain_tip(self._edit.tip_of(event.pos().y())), self)
            return True
        return bool(super().event(event))
