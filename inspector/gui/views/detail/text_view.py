"""The text view: the decoded body as lines, with the borders of items drawn in it.

Shown as plain text only. A border inside a UTF-8 character, or inside a server-sent event (WHATWG HTML section 9.2), is
marked: whoever decodes or parses item by item breaks there.
"""

from __future__ import annotations

import unicodedata

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPolygonF

from inspector.gui.models.document import Document
from inspector.gui.style.shield import override
from inspector.gui.style.theme import Theme
from inspector.recording.layers import layer_of

from .byte_rows import Row, TextRows
from .byte_view import MARGIN_PX, ByteView, PaintedRow
from .monospace_cells import Cell, byte_columns, cells_of

_LEAST_COLUMNS = 16
_LEAST_DIGITS = 3
_LONGEST_EVENT_END = 4
_EVENT_ENDS = (b"\n\n", b"\r\n\r\n", b"\r\r")


class TextView(ByteView):
    """The body as text. The gutter numbers the first item that begins in each row."""

    rows: TextRows

    def __init__(self, document: Document, theme: Theme, points: float) -> None:
        self._gutter_px = self._left_px = 0.0
        self._is_event_stream = False
        super().__init__(document, theme, points)
        self.setObjectName("text_view")
        self.setAccessibleName("Body as text")
        self.setToolTip("The decoded body with the borders of its items. Click or drag to select items.")

    @override
    def make_rows(self) -> TextRows:
        return TextRows(self.pages.read)

    @override
    def fit_width(self) -> None:
        self._is_event_stream = _is_event_stream(self.document)
        digits = max(_LEAST_DIGITS, len(f"{len(self.document.snapshot.tracks[self.layer]):,}"))
        self._gutter_px = float(round(digits * self.mono.column_px + 2 * MARGIN_PX))
        self._left_px = self._gutter_px + MARGIN_PX
        room = self.viewport().width() - self._left_px - MARGIN_PX
        # One column is left for the mark of a newline, which hangs out of a full row.
        self.rows.set_columns(max(_LEAST_COLUMNS, int(room / self.mono.column_px) - 1))

    # Painting

    @override
    def paint_row(self, painter: QPainter, painted: PaintedRow) -> None:
        cells = cells_of(painted.data)
        columns = byte_columns(cells, len(painted.data))
        places = [self._left_px + column * self.mono.column_px for column in columns]
        self._paint_shades(painter, painted, places)
        self._paint_gutter(painter, painted)
        self._paint_cells(painter, painted, cells)
        self._paint_borders(painter, painted, cells, places)
        self._paint_caret(painter, painted, cells)

    def _paint_shades(self, painter: QPainter, painted: PaintedRow, places: list[float]) -> None:
        for run in painted.runs:
            shade = self.context.shade_of(run.item)
            if shade is None:
                continue
            left = places[run.start - painted.row.start]
            goes_on = run.stop == painted.row.stop and not run.ends
            right = self.viewport().width() if goes_on else places[run.stop - painted.row.start]
            painter.fillRect(QRectF(left, painted.y, right - left, self.mono.row_px), shade)

    def _paint_gutter(self, painter: QPainter, painted: PaintedRow) -> None:
        area = QRectF(0, painted.y, self._gutter_px, self.mono.row_px)
        painter.fillRect(area, QColor(self.theme.panel))
        first = next((run.item for run in painted.runs if run.begins and run.item < self.context.count), None)
        if first is None:
            return
        chosen = self.context.is_selected(first)
        painter.setPen(QColor(self.theme.text if chosen else self.theme.dim))
        right = area.adjusted(0, 0, -MARGIN_PX, 0)
        painter.drawText(right, int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter), f"{first + 1:,}")

    def _paint_cells(self, painter: QPainter, painted: PaintedRow, cells: list[Cell]) -> None:
        baseline = painted.y + self.mono.ascent_px
        plain, dim = QColor(self.theme.text), QColor(self.theme.dim)
        for cell in cells:
            painter.setPen(plain if cell.kind == "text" else dim)
            painter.drawText(QPointF(self._left_px + cell.column * self.mono.column_px, baseline), cell.text)

    def _paint_borders(self, painter: QPainter, painted: PaintedRow, cells: list[Cell], places: list[float]) -> None:
        inside = {at for cell in cells if not cell.is_run for at in range(cell.start + 1, cell.stop)}
        for run in painted.runs:
            if not (run.begins and run.start):
                continue
            at = run.start - painted.row.start
            cut = at in inside or (self._is_event_stream and self._is_inside_event(run.start))
            self.context.add_border(run.item, places[at], painted.y, cut=cut)
            if cut:
                self._paint_cut(painter, places[at], painted.y)

    def _paint_cut(self, painter: QPainter, x: float, y: float) -> None:
        """Point at a border that cuts what belongs together."""
        size = max(3.0, self.mono.column_px * 0.45)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self.theme.warning))
        painter.drawPolygon(QPolygonF([QPointF(x - size, y), QPointF(x + size, y), QPointF(x, y + size)]))
        painter.setBrush(Qt.BrushStyle.NoBrush)

    def _paint_caret(self, painter: QPainter, painted: PaintedRow, cells: list[Cell]) -> None:
        caret = self.selector.caret
        if caret is None or not self.hasFocus() or not painted.row.start <= caret < painted.row.stop:
            return
        at = caret - painted.row.start
        cell = next(cell for cell in cells if cell.start <= at < cell.stop)
        column, width = (cell.column + at - cell.start, 1) if cell.is_run else (cell.column, cell.width)
        left = self._left_px + column * self.mono.column_px
        painter.setPen(QColor(self.theme.text))
        painter.drawRect(QRectF(left, painted.y, width * self.mono.column_px, self.mono.row_px - 1))

    # Bytes

    @override
    def byte_in_row(self, row: Row, data: bytes, x: float) -> int:
        column = (x - self._left_px) / self.mono.column_px
        for cell in cells_of(data):
            if column < cell.column + cell.width:
                within = int(column) - cell.column if cell.is_run else 0
                return row.start + cell.start + max(0, within)
        return row.stop - 1

    @override
    def copy_text(self, start: int, stop: int) -> str:
        return self.document.read_content(start, stop).decode("utf-8", "backslashreplace")

    @override
    def byte_tip(self, byte: int) -> str:
        row = self.rows.row(byte)
        data = self.pages.read(*row)
        cell = next((cell for cell in cells_of(data) if cell.start <= byte - row.start < cell.stop), None)
        lines = [super().byte_tip(byte)]
        if cell is not None and not cell.is_run:
            lines += self._character_tip(row.start + cell.start, data[cell.start : cell.stop])
        runs = list(self.borders(byte, byte + 1).runs(byte, byte + 1))
        if runs[0].begins and byte and self._is_event_stream and self._is_inside_event(byte):
            lines.append("This border lies inside an event: no blank line comes before it.")
        return "\n".join(lines)

    def _character_tip(self, start: int, raw: bytes) -> list[str]:
        """Say what a character is, and which of its bytes lie in which item where a border cuts it."""
        text = raw.decode("utf-8", "backslashreplace")
        name = unicodedata.name(text[0], "") if len(text) == 1 else ""
        spelt = raw.hex(" ").upper()
        lines = [f"{f'U+{ord(text):04X} {name}'.strip()} ({spelt})" if len(text) == 1 else f"bytes {spelt}"]
        runs = list(self.borders(start, start + len(raw)).runs(start, start + len(raw)))
        if len(runs) > 1:
            item = layer_of(self.layer).item
            lines.append("A border cuts this character:")
            lines += [
                f"{raw[r.start - start : r.stop - start].hex(' ').upper()} in {item} {r.item + 1:,}" for r in runs
            ]
        return lines

    def _is_inside_event(self, border: int) -> bool:
        """Return whether a border of an event stream is not at the end of an event."""
        return not self.pages.read(border - _LONGEST_EVENT_END, border).endswith(_EVENT_ENDS)


def _is_event_stream(document: Document) -> bool:
    response = document.snapshot.meta.response if document.snapshot.meta else None
    types = [value for name, value in (response.headers if response else []) if name.lower() == "content-type"]
    return any(value.lower().startswith("text/event-stream") for value in types)
