"""The headers view: request, response headers, trailers and ending in two read-only columns."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QPainter,
    QPaintEvent,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextLength,
    QTextOption,
    QTextTableFormat,
)  # fmt: skip
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QPushButton, QTextEdit, QVBoxLayout, QWidget

from inspector.gui.models.document import Document
from inspector.gui.style.monospace import mono_font
from inspector.gui.style.shield import override
from inspector.gui.style.theme import Theme
from inspector.recording.redaction import redacted_meta

from .empty_state import paint_empty
from .head_facts import Section, plain_text, sections_of
from .lazy_updates import DocumentChanges, LazyUpdates

_NAME_PERCENT = 30
_MARGIN_PX = 8.0
#: So many headers of a head are drawn: 256 KB of them can be 87,000, which would take a window minutes.
_MOST_ROWS = 300
_REVEAL, _MASK = "Reveal secrets", "Mask secrets"


class HeadersView(QWidget):
    """What the two sides said to each other around the body. Secrets are masked until revealed."""

    def __init__(self, document: Document, theme: Theme, points: float) -> None:
        super().__init__()
        self.document = document
        self.theme = theme
        self._points = points
        self._sections: list[Section] = []
        self.setObjectName("headers_view")
        self.setAccessibleName("Headers")
        self.text = _HeadersText(self)
        self.setFocusProxy(self.text)
        self.reveal = QPushButton(_REVEAL)
        self.reveal.setCheckable(True)
        self.reveal.setToolTip("Show Authorization, cookies, tokens and keys as they were sent")
        self.reveal.setAccessibleName("Reveal secrets")
        self.reveal.toggled.connect(self._show)
        self.copy_button = QPushButton("Copy all")
        self.copy_button.setToolTip("Copy all of it as text, with secrets masked as shown")
        self.copy_button.setAccessibleName("Copy all headers")
        self.copy_button.clicked.connect(self.copy)
        bar = QHBoxLayout()
        bar.setContentsMargins(6, 4, 6, 4)
        bar.addWidget(self.reveal)
        bar.addStretch(1)
        bar.addWidget(self.copy_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.text, 1)
        column.addLayout(bar)
        self._updates = LazyUpdates(document, self, self._take)

    # Look

    def set_theme(self, theme: Theme) -> None:
        """Change the colours."""
        self.theme = theme
        self._write()

    def set_type_size(self, points: float) -> None:
        """Change the size of the type."""
        self._points = points
        self._write()

    # Content

    def _take(self, changes: DocumentChanges) -> None:
        if changes.was_reset:
            self.reveal.setChecked(False)
        if changes.was_reset or "meta" in changes.grown:
            self._show()

    def _show(self) -> None:
        meta = self.document.snapshot.meta
        masked = redacted_meta(meta) if meta is not None else None
        self.reveal.setVisible(meta != masked)
        self.reveal.setText(_MASK if self.reveal.isChecked() else _REVEAL)
        shown = meta if self.reveal.isChecked() else masked
        sections = sections_of(shown) if shown is not None else []
        self.copy_button.setEnabled(bool(sections))
        if sections != self._sections:
            self._sections = sections
            self._write()

    def why_empty(self) -> str:
        """Return why there is nothing to show, an empty text where there is something."""
        if self._sections:
            return ""
        if self.document.recording is None:
            return "Nothing streamed yet. The request and the response head appear here."
        return "Connecting: the request is not sent yet."

    def copy(self) -> None:
        """Put all of it on the clipboard, masked as shown."""
        QApplication.clipboard().setText(plain_text(self._sections))

    def _write(self) -> None:
        place = self.text.verticalScrollBar().value()
        self.text.setUpdatesEnabled(False)
        self.text.clear()
        cursor = self.text.textCursor()
        # Else the whole is laid out anew for each cell.
        cursor.beginEditBlock()
        writer = _Writer(cursor, self.theme, self._points)
        for section in self._sections:
            writer.write(section)
        cursor.endEditBlock()
        self.text.moveCursor(QTextCursor.MoveOperation.Start)
        self.text.verticalScrollBar().setValue(place)
        self.text.setUpdatesEnabled(True)


class _HeadersText(QTextEdit):
    """The text itself: read-only, selectable with pointer and keyboard."""

    def __init__(self, view: HeadersView) -> None:
        super().__init__()
        self._view = view
        self.setReadOnly(True)
        self.setAcceptRichText(False)
        self.setUndoRedoEnabled(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.document().setDocumentMargin(_MARGIN_PX)
        self.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.setAccessibleName("Request and response headers")
        self.setToolTip("Request, response head, trailers and ending")

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        why = self._view.why_empty()
        if why:
            with QPainter(self.viewport()) as painter:
                paint_empty(painter, self.viewport().rect().toRectF(), why, self._view.theme)
        else:
            super().paintEvent(event)


class _Writer:
    """Writes sections into a document: only as characters, so that nothing that was received is taken for markup."""

    def __init__(self, cursor: QTextCursor, theme: Theme, points: float) -> None:
        self._cursor = cursor
        self._title = QTextCharFormat()
        self._title.setFontWeight(QFont.Weight.Bold)
        self._title.setFontPointSize(points)
        self._title.setForeground(QColor(theme.text))
        self._value = QTextCharFormat()
        self._value.setFont(mono_font(points))
        self._value.setForeground(QColor(theme.text))
        self._name = QTextCharFormat(self._value)
        self._name.setForeground(QColor(theme.dim))
        self._table = QTextTableFormat()
        self._table.setBorder(0)
        self._table.setCellPadding(1)
        self._table.setCellSpacing(0)
        self._table.setWidth(QTextLength(QTextLength.Type.PercentageLength, 100))
        self._table.setColumnWidthConstraints(
            [
                QTextLength(QTextLength.Type.PercentageLength, _NAME_PERCENT),
                QTextLength(QTextLength.Type.PercentageLength, 100 - _NAME_PERCENT),
            ]
        )

    def write(self, section: Section) -> None:
        """Append one section: title, first line, rows."""
        self._paragraph(section.title, self._title, above_px=6)
        if section.line:
            self._paragraph(section.line, self._value, above_px=0)
        if not section.rows:
            return
        rows = section.rows[:_MOST_ROWS]
        table = self._cursor.insertTable(len(rows), 2, self._table)
        for at, (name, value) in enumerate(rows):
            table.cellAt(at, 0).firstCursorPosition().insertText(name, self._name)
            table.cellAt(at, 1).firstCursorPosition().insertText(value, self._value)
        self._cursor.movePosition(QTextCursor.MoveOperation.End)
        if left_out := len(section.rows) - len(rows):
            self._paragraph(f'and {left_out:,} more, which "Copy all" copies too', self._value, above_px=0)

    def _paragraph(self, text: str, look: QTextCharFormat, *, above_px: float) -> None:
        block = QTextBlockFormat()
        block.setTopMargin(above_px)
        if self._cursor.atStart():
            self._cursor.setBlockFormat(block)
        else:
            self._cursor.insertBlock(block)
        self._cursor.insertText(text, look)
