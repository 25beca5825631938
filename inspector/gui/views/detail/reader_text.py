"""The body as its reader has it: plain text that grows, and grey bars for what was made and isn't there yet.

Where what comes later is known, in a replay, the bars have the shape of its words; live they are bars of any words.
"""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent, QPen

from inspector.gui.models.charset import UTF_8, charset_of
from inspector.gui.models.document import Document
from inspector.gui.models.reader_bytes import ReaderBytes
from inspector.gui.style.shield import override
from inspector.gui.style.theme import Theme

from .byte_rows import Row, TextRows
from .byte_view import MARGIN_PX
from .content_pages import ContentPages
from .empty_state import paint_empty, why_no_body
from .monospace_cells import NEWLINE_MARK, TAB_MARK, Cell, byte_columns, cells_of, cells_of_single_bytes
from .row_area import RowArea

_LEAST_COLUMNS = 16
#: What stands for bytes that nobody knows yet: lines of text-like lengths.
_ANY_TEXT = b"\n".join(b"x" * length for length in (46, 34, 52, 40)) + b"\n"
#: Height of a bar, and the length of the longest gap in it, in rows and columns.
_BAR_HEIGHT = 0.5
_BAR_STRENGTH = 0.7
_NEW_STRENGTH, _JUST_COME_STRENGTH = 0.13, 0.28
#: The strip at the left of rows that only this reader has: a shape, for those who can't tell the colours.
_STRIP_PX = 3.0
#: Marks that a reader doesn't see.
_BLANKS = (NEWLINE_MARK, TAB_MARK, "\\r")
_KEYS = Qt.Key


class ReaderText(RowArea):
    """Rows of text, of which only the visible ones exist; follows its end unless scrolled away. GUI thread."""

    rows: TextRows

    #: The user scrolled.
    scrolled = Signal()
    #: Rows were laid out anew: more of them, others, or in another width.
    measured = Signal()

    def __init__(self, document: Document, theme: Theme, points: float, *, name: str = "reader_text") -> None:
        self.document = document
        self.theme = theme
        self.bytes = ReaderBytes()
        #: Whether another reader stands beside it: then what that one doesn't have is marked, and not what is new.
        self.is_beside = False
        self._there: int | None = None
        self.pages = ContentPages(document.read_known)
        self._follows = True
        super().__init__(points)
        self.setObjectName(name)
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
        self.scrolled.emit()

    @override
    def measure(self) -> None:
        super().measure()
        self.measured.emit()

    @property
    def follows(self) -> bool:
        """Whether the end stays in sight."""
        return self._follows

    def show_from(self, byte: int, *, follows: bool) -> None:
        """Put the row of a byte at the top, as far as there are rows below it."""
        self._follows = follows
        self.window_rows.to_byte(byte)
        self._moved()

    def stand_beside(self, there: int | None) -> None:
        """Take in how many bytes of the same content the other reader has, None where that streams another.

        What is here alone is marked, and bars stand for what is there alone.
        """
        if there != self._there:
            self._there = there
            self._lay_out_rows()

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
        if before.known != has.known and self.rows.end > before.known:
            self.rows.clear()
        self._lay_out_rows()

    def _lay_out_rows(self) -> None:
        end = self.bytes.whole_characters + self._bar_bytes()
        if end < self.rows.end:
            self.rows.clear()
        self.rows.grow(end)
        self.measure()

    def _bar_bytes(self) -> int:
        """Return how many bytes bars stand for: no more than fill the lower half of the view."""
        has = self.bytes
        made_end = has.here + has.missing
        start = has.whole_characters
        if not has.missing:
            return 0
        if self._there is not None and self._there > start:
            return min(made_end, self._there) - start
        most_rows = max(1, self.page_rows // 2, self.page_rows - self._rows_here())
        stop = min(made_end, start + most_rows * self.rows.columns)
        data = self._read(start, stop)
        at = 0
        for _ in range(most_rows):
            newline = data.find(b"\n", at)
            if newline < 0:
                return len(data)
            at = newline + 1
        return at

    def _rows_here(self) -> int:
        """Return how many lines the text has that is here, at most as many as fill the view."""
        stop = self.bytes.whole_characters
        if stop > self.page_rows * self.rows.columns:
            return self.page_rows
        lines = self.pages.read(0, stop).split(b"\n")
        return sum(1 + len(line) // self.rows.columns for line in lines) if stop else 0

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
        charset = charset_of(self.document.snapshot)
        cells = cells_of(data) if charset == UTF_8 else cells_of_single_bytes(data, charset)
        columns = byte_columns(cells, len(data))
        text_bytes = max(0, min(len(data), self.bytes.whole_characters - row.start))
        if not self.is_beside:
            self._paint_new(painter, row.start, columns, y)
        mark = text_bytes if self._there is None else max(0, min(text_bytes, self._there - row.start))
        self._paint_text(painter, cells, (0, mark), y, QColor(self.theme.text))
        if mark < text_bytes:
            self._paint_text(painter, cells, (mark, text_bytes), y, QColor(self.theme.message))
            painter.fillRect(QRectF(0, y, _STRIP_PX, self.mono.row_px), QColor(self.theme.message))
        self._paint_bars(painter, cells, text_bytes, y)

    def _paint_text(
        self, painter: QPainter, cells: list[Cell], span: tuple[int, int], y: float, colour: QColor
    ) -> None:
        """Draw bytes ``[first, stop)`` of a row."""
        first, stop = span
        baseline = y + self.mono.ascent_px
        for cell in cells:
            if cell.text in _BLANKS or cell.stop <= first or cell.start >= stop:
                continue
            painter.setPen(colour if cell.kind == "text" else QColor(self.theme.dim))
            skipped = max(0, first - cell.start) if cell.is_run else 0
            text = cell.text[skipped : stop - cell.start] if cell.is_run else cell.text
            painter.drawText(QPointF(self._x(cell.column + skipped), baseline), text)

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
        if first >= cell.stop or cell.text in _BLANKS:
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
