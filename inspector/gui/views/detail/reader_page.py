"""The page that a reader of HTML sees at the moment shown: its text in order, without pictures, styles and scripts."""

from __future__ import annotations

import time

from PySide6.QtCore import QTimer
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QFrame

from inspector.gui.models.charset import charset_of
from inspector.gui.models.document import Document
from inspector.gui.models.reader_bytes import ReaderBytes
from inspector.gui.style.safe_text import RichBrowser
from inspector.gui.style.theme import Theme, palette_of

from .page_markup import MOST_BYTES, page_markup

#: So many times as long as drawing takes, it rests.
_RESTS = 4
_LEAST_REST_MS = 30


class ReaderPage(RichBrowser):
    """Draws the page anew as it grows, and rests in between as long as drawing it is slow. GUI thread."""

    def __init__(self, document: Document, theme: Theme, *, name: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setAccessibleName("Page that the reader sees")
        self.setToolTip("The page as far as it is there: its text, without pictures, styles and scripts")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self._document = document
        self._shown = ""
        #: Whether more of the page is there than is drawn.
        self.is_cut = False
        self._wanted = ReaderBytes()
        self._resting = QTimer(self)
        self._resting.setSingleShot(True)
        self._resting.timeout.connect(self._draw)
        self.set_theme(theme)

    def set_theme(self, theme: Theme) -> None:
        """Change the colours."""
        self.setPalette(palette_of(theme))

    def set_type_size(self, points: float) -> None:
        """Change the size of the type."""
        font = QFont(self.font())
        font.setPointSizeF(points)
        self.setFont(font)

    def show_bytes(self, has: ReaderBytes) -> None:
        """Show the page of these bytes, now or when it has rested."""
        self._wanted = has
        if not self._resting.isActive():
            self._draw()

    def _draw(self) -> None:
        if not self.isVisible():
            return
        data = self._document.read_known(0, min(self._wanted.whole_characters, MOST_BYTES))
        text = data.decode(charset_of(self._document.snapshot), "replace")
        if text == self._shown:
            return
        began = time.perf_counter()
        bar = self.verticalScrollBar()
        is_at_end, before = bar.value() >= bar.maximum(), bar.value()
        self._shown = text
        markup, is_whole = page_markup(text)
        self.is_cut = not is_whole or self._wanted.whole_characters > MOST_BYTES
        self.show_markup(markup)
        bar.setValue(bar.maximum() if is_at_end else before)
        self._resting.start(max(_LEAST_REST_MS, round(_RESTS * (time.perf_counter() - began) * 1_000)))
