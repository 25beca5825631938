"""The body as its reader has it: plain text that grows, and grey bars for what was made and isn't there yet.

Where what comes later is known, in a replay, the bars have the shape of its words; live they are bars of any words.
"""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent, QPen

from inspector.gui.models.document import Document
from inspector.gui.models.reader_bytes import ReaderBytes
from inspector.gui.style.shield import override
from inspector.gui.style.theme import Theme

from .byte_rows import Row, TextRows
from .byte_view import MARGIN_PX
from .content_pages import ContentPages
from .empty_state import paint_empty, why_no_body
from .monospace_cells import NEWLINE_MARK, TAB_MARK, Cell, byte_columns, cells_of
from .row_area import RowArea

_LEAST_COLUMNS = 16
#: What stands for bytes that nobody knows yet: lines of text-like lengths.
_ANY_TEXT = b"\n".join(b"x" * length for length in (46, 34, 52, 40)) + b"\n"
#: Height of a bar, and the length of the longest gap in it, in rows and columns.
_BAR_HEIGHT = 0.5
_BAR_STRENGTH = 0.7
_NEW_STRENGTH, _JUST_COME_STRENGTH = 0.13, 0.28
_KEYS = Qt.Key


class ReaderText(RowArea):
    """Rows of text, of which only the visible ones exist; follows its end unless scrolled away. GUI thread."""

    rows: TextRows

    def __init__(self, document: Document, theme: Theme, points: float) -> None:
        self.document = document
        self.theme = theme
        self.bytes = ReaderBytes()
        self.pages = ContentPages(document.read_known)
        self._follows = True
        super().__init__(points)
        self.setObjectName("reader_text")
        self.setAccessibleName("Text that the reader has")
        self.setToolTip(
            "The decoded body as far as the reader has it; bars stand for what was made and isn't there yet"
        )

    @override
    def make_rows(self) -> TextRows:
        return TextRows(self._read)

    @override
    def fit_width(self) -> None:
        room = self.viewport().width() - 2 * MARGIN_PX
        self.rows.set_columns(max(_LEAST_COLUMNS, int(room / self.mono.column_px)))

    @override
    def stays_at_end(self) -> bool:
        return self._follows

    @override
    def user_scrolled(self, *, to_end: bool) -> None:
        self._follows = to_end

    def set_theme(self, theme: Theme) -> None:
        """Change the colours."""
        self.theme = theme
        self.viewport().update()

    def forget(self) -> None:
        """Forget everything: another recording is shown."""
        self.pages.clear()
        self.rows.clear()
        self._follows = True

    def show_bytes(self, has: ReaderBytes) -> None:
        """Show what the reader has."""
        before, self.bytes = self.bytes, has
        shown_end = has.whole_characters + self._bar_bytes()
        if shown_end < self.rows.end or (before.known != has.known and self.rows.end > before.known):
            self.rows.clear()
        self.rows.grow(shown_end)
        self.measure()

    def _bar_bytes(self) -> int:
        """Return how many bytes bars stand for: no more than fill the lower half of the view."""
        has = self.bytes
        made_end = has.here + has.missing
        start = has.whole_characters
        if not has.missing:
            return 0
        most_rows = max(1, self.page_rows // 2)
        stop = min(made_end, start + most_rows * self.rows.columns)
        data = self._read(start, stop)
        at = 0
        for _ in range(most_rows):
            newline = data.find(b"\n", at)
            if newline < 0:
                return len(data)
            at = newline + 1
        return at

    def _read(self, start: int, stop: int) -> bytes:
        """Return bytes as far as they are known, and any text for the others."""
        known = self.bytes.known
        data = self.pages.read(start, min(stop, known)) if start < known else b""
        missing = stop - max(start, known)
        if missing <= 0:
            return data
        begin = max(start, known) % len(_ANY_TEXT)
        return data + (_ANY_TEXT * (missing // len(_ANY_TEXT) + 2))[begin : begin + missing]

    # Painting

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self.viewport()) as painter:
            area = QRectF(self.viewport().rect())
            painter.fillRect(area, QColor(self.theme.background))
            rows = self.visible_rows()
            painter.setFont(self.mono.font)
            for at, row in enumerate(rows):
                self._paint_row(painter, row, at * self.mono.row_px)
            if not rows:
                painter.setFont(self.font())
                paint_empty(painter, area, why_no_body(self.document), self.theme)
            if self.hasFocus():
                painter.setPen(QPen(QColor(self.theme.selection), 1))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawRect(area.adjusted(0, 0, -1, -1))

    def _paint_row(self, painter: QPainter, row: Row, y: float) -> None:
        data = self._read(row.start, row.stop)
        cells = cells_of(data)
        columns = byte_columns(cells, len(data))
        text_bytes = max(0, min(len(data), self.bytes.whole_characters - row.start))
        self._paint_new(painter, row.start, columns, y)
        baseline = y + self.mono.ascent_px
        plain, dim = QColor(self.theme.text), QColor(self.theme.dim)
        for cell in cells:
            if cell.start >= text_bytes:
                break
            if cell.text not in (NEWLINE_MARK, TAB_MARK, "\\r"):
                painter.setPen(plain if cell.kind == "text" else dim)
                text = cell.text[: text_bytes - cell.start] if cell.is_run else cell.text
                painter.drawText(QPointF(self._x(cell.column), baseline), text)
        self._paint_bars(painter, cells, text_bytes, y)

    def _paint_new(self, painter: QPainter, start: int, columns: list[float], y: float) -> None:
        """Lay a soft ground under what came in the last moments."""
        has = self.bytes
        spans = (
            (has.new_from, has.just_come_from, _NEW_STRENGTH),
            (has.just_come_from, has.whole_characters, _JUST_COME_STRENGTH),
        )
        for new_from, new_to, strength in spans:
            first, last = max(0, new_from - start), min(new_to - start, len(columns) - 1)
            if first < last:
                colour = QColor(self.theme.message)
                colour.setAlphaF(strength)
                left, right = self._x(columns[first]), self._x(columns[last])
                painter.fillRect(QRectF(left, y, right - left, self.mono.row_px), colour)

    def _paint_bars(self, painter: QPainter, cells: list[Cell], from_byte: int, y: float) -> None:
        """Draw a bar for each word that isn't there yet."""
        colour = QColor(self.theme.dim)
        colour.setAlphaF(_BAR_STRENGTH)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        height = self.mono.row_px * _BAR_HEIGHT
        top = y + (self.mono.row_px - height) / 2
        for left, right in _words(cells, from_byte):
            painter.drawRoundedRect(QRectF(self._x(left), top, (right - left) * self.mono.column_px, height), 2, 2)

    def _x(self, column: float) -> float:
        return MARGIN_PX + column * self.mono.column_px

    # Keys

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        page = max(1, self.page_rows - 1)
        steps = {_KEYS.Key_Up: -1, _KEYS.Key_Down: 1, _KEYS.Key_PageUp: -page, _KEYS.Key_PageDown: page}
        if event.key() in steps and not event.modifiers():
            self.scroll_rows(steps[_KEYS(event.key())])
        elif event.key() in (_KEYS.Key_Home, _KEYS.Key_End) and not event.modifiers():
            self.verticalScrollBar().setValue(
                0 if event.key() == _KEYS.Key_Home else self.verticalScrollBar().maximum()
            )
        else:
            event.ignore()


def _words(cells: list[Cell], from_byte: int) -> list[tuple[int, int]]:
    """Return the columns ``[left, right)`` of the words of a row from a byte on; one blank does not part words."""
    found: list[tuple[int, int]] = []
    for cell in cells:
        first = max(cell.start, from_byte)
        if first >= cell.stop or cell.text in (NEWLINE_MARK, TAB_MARK, "\\r"):
            continue
        skipped = first - cell.start if cell.is_run else 0
        text = cell.text[skipped:] if cell.is_run else "x" * cell.width
        for at, character in enumerate(text):
            column = cell.column + skipped + at
            if character == " ":
                continue
            if found and column - found[-1][1] <= 1:
                found[-1] = (found[-1][0], column + 1)
            else:
                found.append((column, column + 1))
    return found
