"""The hex view: offset, bytes and ASCII, with the rows, shades and clicks of the text view."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QPainter

from inspector.gui.models.document import Document
from inspector.gui.style.shield import override
from inspector.gui.style.theme import Theme

from .byte_rows import HexRows, Row
from .byte_view import MARGIN_PX, ByteView, PaintedRow
from .item_borders import ItemSpan

#: Bytes in a row: the most that fit.
_ROW_BYTES = (16, 8, 4, 2)
_LEAST_DIGITS = 4
_PRINTABLE = range(0x20, 0x7F)


class HexView(ByteView):
    """The body as hexadecimal bytes: 16 in a row, fewer where the pane is too narrow for them."""

    rows: HexRows

    def __init__(self, document: Document, theme: Theme, points: float) -> None:
        super().__init__(document, theme, points)
        self.setObjectName("hex_view")
        self.setAccessibleName("Body as hexadecimal bytes")
        self.setToolTip("The decoded body byte by byte. Click or drag to select items.")

    @override
    def make_rows(self) -> HexRows:
        return HexRows()

    @override
    def fit_width(self) -> None:
        room = self.viewport().width() - 2 * MARGIN_PX
        fitting = (count for count in _ROW_BYTES if self._columns(count) * self.mono.column_px <= room)
        self.rows.row_bytes = next(fitting, _ROW_BYTES[-1])

    # Geometry, in columns

    @property
    def _digits(self) -> int:
        return max(_LEAST_DIGITS, len(f"{max(0, self.rows.end - 1):x}"))

    def _columns(self, count: int) -> int:
        return self._digits + 2 + 3 * count + count // 8 + 1 + count

    def _hex_column(self, at: int) -> int:
        """Return the column of a byte of the row; a wider gap follows the eighth."""
        return self._digits + 2 + 3 * at + at // 8

    def _ascii_column(self, at: int) -> int:
        count = self.rows.row_bytes
        return self._digits + 2 + 3 * count + (count - 1) // 8 + 1 + at

    def _x(self, column: float) -> float:
        return MARGIN_PX + column * self.mono.column_px

    # Painting

    @override
    def paint_row(self, painter: QPainter, painted: PaintedRow) -> None:
        for run in painted.runs:
            first, last = run.start - painted.row.start, run.stop - painted.row.start - 1
            self._paint_shade(painter, painted, run, first, last)
        baseline = painted.y + self.mono.ascent_px
        painter.setPen(QColor(self.theme.dim))
        painter.drawText(QPointF(self._x(0), baseline), f"{painted.row.start:0{self._digits}x}")
        painter.setPen(QColor(self.theme.text))
        for at in range(0, len(painted.data), 8):
            painter.drawText(QPointF(self._x(self._hex_column(at)), baseline), painted.data[at : at + 8].hex(" "))
        self._paint_ascii(painter, painted, baseline)
        for run in painted.runs:
            if run.begins and run.start:
                self._add_item_border(painted, run)
        self._paint_caret(painter, painted)

    def _paint_shade(self, painter: QPainter, painted: PaintedRow, run: ItemSpan, first: int, last: int) -> None:
        shade = self.context.shade_of(run.item)
        if shade is None:
            return
        half = 0.5
        for left, right in (
            (self._hex_column(first) - half, self._hex_column(last) + 2 + half),
            (self._ascii_column(first), self._ascii_column(last) + 1),
        ):
            area = QRectF(self._x(left), painted.y, self._x(right) - self._x(left), self.mono.row_px)
            painter.fillRect(area, shade)

    def _paint_ascii(self, painter: QPainter, painted: PaintedRow, baseline: float) -> None:
        """Draw what is printable, then the dots for the rest in dim."""
        plain = "".join(chr(byte) if byte in _PRINTABLE else " " for byte in painted.data)
        dots = "".join(" " if byte in _PRINTABLE else "." for byte in painted.data)
        at = QPointF(self._x(self._ascii_column(0)), baseline)
        painter.drawText(at, plain)
        painter.setPen(QColor(self.theme.dim))
        painter.drawText(at, dots)

    def _add_item_border(self, painted: PaintedRow, run: ItemSpan) -> None:
        at = run.start - painted.row.start
        for column in (self._hex_column(at) - 0.5, self._ascii_column(at)):
            self.context.add_border(run.item, self._x(column), painted.y)

    def _paint_caret(self, painter: QPainter, painted: PaintedRow) -> None:
        caret = self.selector.caret
        if caret is None or not self.hasFocus() or not painted.row.start <= caret < painted.row.stop:
            return
        at = caret - painted.row.start
        painter.setPen(QColor(self.theme.text))
        for column, width in ((self._hex_column(at), 2), (self._ascii_column(at), 1)):
            left = self._x(column)
            painter.drawRect(QRectF(left, painted.y, width * self.mono.column_px, self.mono.row_px - 1))

    # Bytes

    @override
    def byte_in_row(self, row: Row, data: bytes, x: float) -> int:
        column = (x - MARGIN_PX) / self.mono.column_px
        last = row.stop - row.start - 1
        if column >= self._ascii_column(0) - 0.5:
            return row.start + max(0, min(last, int(column - self._ascii_column(0))))
        nearest = min(range(last + 1), key=lambda at: abs(self._hex_column(at) + 1 - column))
        return row.start + nearest

    @override
    def copy_text(self, start: int, stop: int) -> str:
        return self.document.read_content(start, stop).hex(" ")

    @override
    def byte_tip(self, byte: int) -> str:
        value = self.pages.read(byte, byte + 1)
        return super().byte_tip(byte) + (f"\n0x{value[0]:02x} = {value[0]} at offset 0x{byte:x}" if value else "")
