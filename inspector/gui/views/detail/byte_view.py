"""Base class of the text and hex views: paints the visible rows with item borders and the selection.

A body of gigabytes costs what is visible of it. The window is `row_area`'s, layout is `byte_rows`'s, borders are
`item_borders`'s, clicks and keys are `byte_selector`'s.
"""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import (
    QAction,
    QColor,
    QHelpEvent,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)  # fmt: skip
from PySide6.QtWidgets import QApplication, QToolTip

from inspector.gui.models.document import Document
from inspector.gui.style.safe_text import plain_tip
from inspector.gui.style.shield import override
from inspector.gui.style.theme import Theme
from inspector.recording.layers import layer_of

from .byte_rows import Row
from .byte_selector import ByteSelector
from .content_pages import ContentPages
from .empty_state import paint_empty, why_no_body
from .item_borders import ItemBorders, ItemSpan, shown_layer
from .item_shades import ItemShades
from .lazy_updates import DocumentChanges, LazyUpdates
from .row_area import RowArea
from .selection_caption import caption_of

#: Bytes that one copy takes at most.
COPY_LIMIT_BYTES = 16 << 20
MARGIN_PX = 6.0
#: The strip at the left of rows with selected bytes: a shape, for those who can't tell the shades.
_STRIP_PX = 3.0


@dataclass(slots=True)
class PaintedRow:
    """One row of the window while it is painted: its bytes, its runs of one item each, its top in pixels."""

    row: Row
    data: bytes
    runs: list[ItemSpan]
    y: float


class ByteView(RowArea):
    """Bytes of a document in rows, with the items of one layer shaded and the selected ones marked. GUI thread."""

    def __init__(self, document: Document, theme: Theme, points: float) -> None:
        self.document = document
        self.theme = theme
        self.layer = "chunk"
        self.pages = ContentPages(document.read_content)
        super().__init__(points)
        self.selector = ByteSelector(self)
        self.context = self.begin_paint()
        self.viewport().setCursor(Qt.CursorShape.IBeamCursor)
        self._add_copy_action()
        self._updates = LazyUpdates(document, self, self._take)

    # What subclasses tell

    def paint_row(self, painter: QPainter, painted: PaintedRow) -> None:
        """Paint one row."""
        raise NotImplementedError

    def byte_in_row(self, row: Row, data: bytes, x: float) -> int:
        """Return the byte of a row at a horizontal position, the nearest one outside."""
        raise NotImplementedError

    def copy_text(self, start: int, stop: int) -> str:
        """Return what a copy of content bytes ``[start, stop)`` puts on the clipboard."""
        raise NotImplementedError

    def byte_tip(self, byte: int) -> str:
        """Return what the tooltip says about a byte, as plain text."""
        item = self.borders(byte, byte + 1).item_at(byte)
        layer = layer_of(self.layer)
        held = f"in {layer.item} {item + 1:,}" if item is not None else f"its {layer.item} is not complete yet"
        return f"byte {byte:,} · {held}"

    # Look

    def set_theme(self, theme: Theme) -> None:
        """Change the colours."""
        self.theme = theme
        self.viewport().update()

    # Content

    def borders(self, start: int, stop: int) -> ItemBorders:
        """Return the items of the shown layer that hold content bytes ``[start, stop)``."""
        return ItemBorders(self.document.snapshot.tracks[self.layer], start, stop)

    @override
    def user_scrolled(self, *, to_end: bool) -> None:
        self.document.set_following(to_end)

    @override
    def stays_at_end(self) -> bool:
        return self.document.following

    def _take(self, changes: DocumentChanges) -> None:
        if changes.was_reset:
            self.pages.clear()
            self.rows.clear()
            self.selector.forget()
        self.layer = shown_layer(self.document)
        self.rows.grow(self.document.snapshot.content_bytes)
        self.measure()
        if changes.selection:
            self._show_selection()

    def _show_selection(self) -> None:
        chosen = self.document.selected_bytes
        self.setAccessibleDescription(caption_of(self.document))
        if chosen is not None and not self.selector.is_selecting:
            self.selector.moved_elsewhere(chosen[0])
            self.reveal(chosen[0], max(chosen[0] + 1, chosen[1]))

    # Painting

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self.viewport()) as painter:
            area = QRectF(self.viewport().rect())
            painter.fillRect(area, QColor(self.theme.background))
            rows = self.visible_rows()
            if rows:
                painter.setFont(self.mono.font)
                self.context = self.begin_paint()
                start = rows[0].start
                data = self.pages.read(start, rows[-1].stop)
                borders = self.borders(start, rows[-1].stop)
                for at, row in enumerate(rows):
                    here = data[row.start - start : row.stop - start]
                    runs = list(borders.runs(row.start, row.start + len(here)))
                    self.paint_row(painter, PaintedRow(row, here, runs, at * self.mono.row_px))
                    if any(self.context.is_selected(run.item) for run in runs):
                        strip = QRectF(0, at * self.mono.row_px, _STRIP_PX, self.mono.row_px)
                        painter.fillRect(strip, QColor(self.theme.selection))
                self.context.paint_borders(painter)
            else:
                paint_empty(painter, area, why_no_body(self.document), self.theme)
            if self.hasFocus():
                painter.setPen(QPen(QColor(self.theme.selection), 1))
                painter.drawRect(area.adjusted(0, 0, -1, -1))

    def begin_paint(self) -> ItemShades:
        """Return the colours and the selection for one paint."""
        chosen = self.document.selected_items(self.layer)
        count = len(self.document.snapshot.tracks[self.layer])
        return ItemShades.of(self.theme, layer_of(self.layer).side, chosen, count, self.mono.row_px)

    # Input

    def byte_at(self, position: QPointF) -> int | None:
        """Return the content byte under a point of the viewport, the nearest one beside the rows; None if empty."""
        rows = self.visible_rows()
        if not rows:
            return None
        row = rows[max(0, min(len(rows) - 1, int(position.y() // self.mono.row_px)))]
        return self.byte_in_row(row, self.pages.read(*row), position.x())

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.selector.pressed(event)

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self.selector.dragged(event)

    @override
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self.selector.released()

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self.selector.take_key(event):
            event.ignore()

    @override
    def viewportEvent(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            byte = self.byte_at(QPointF(event.pos()))
            text = why_no_body(self.document) if byte is None else self.byte_tip(byte)
            QToolTip.showText(event.globalPos(), plain_tip(text), self.viewport(), QRect())
            return True
        return bool(super().viewportEvent(event))

    def _add_copy_action(self) -> None:
        copy = QAction("Copy selected items", self)
        copy.setShortcut(QKeySequence.StandardKey.Copy)
        copy.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        copy.triggered.connect(self.copy)
        self.addAction(copy)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)

    def copy(self) -> None:
        """Put the selected items on the clipboard, at most `COPY_LIMIT_BYTES` of them."""
        chosen = self.document.selected_bytes
        if chosen is None:
            return
        start, stop = chosen
        QApplication.clipboard().setText(self.copy_text(start, min(stop, start + COPY_LIMIT_BYTES)))
