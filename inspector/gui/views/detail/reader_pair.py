"""What the readers of A and B have, side by side at the same moment: the picture for those who don't read ladders.

Where both stream the same content, the same row stands at the top of both, and what only one of them has is marked.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QWidget

from inspector.gui.models.document import Document
from inspector.gui.style.shield import override
from inspector.gui.style.theme import Theme, palette_of

from .reader_text import ReaderText
from .reader_view import ReaderView

#: So much of the content is compared, to tell whether both stream the same.
_COMPARED_BYTES = 4_096
_LEAST_ROWS = 3.5


class ReaderPair(QWidget):
    """Two reader's views that scroll together. GUI thread."""

    def __init__(self, a: Document, b: Document, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("reader_pair")
        points = self.font().pointSizeF()
        self.views = ReaderView(a, theme, points, side="A"), ReaderView(b, theme, points, side="B")
        self._aligning = False
        halves = QSplitter(Qt.Orientation.Horizontal)
        halves.setChildrenCollapsible(False)
        for view in self.views:
            view.text.is_beside = True
            halves.addWidget(view)
            view.text.scrolled.connect(lambda text=view.text: self._scrolled(text))
            view.text.measured.connect(self._align)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(halves)
        self.set_theme(theme)

    def set_theme(self, theme: Theme) -> None:
        """Change the colours."""
        self.setPalette(palette_of(theme))
        for view in self.views:
            view.set_theme(theme)

    @override
    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            for view in self.views:
                view.set_type_size(self.font().pointSizeF())

    @property
    def least_height(self) -> int:
        """The height that shows the words above and below and a few rows between them, logical pixels."""
        view = self.views[0]
        return view.minimumSizeHint().height() + round(_LEAST_ROWS * view.text.mono.row_px)

    def _scrolled(self, text: ReaderText) -> None:
        """Take the other one along, or let both follow again."""
        one, other = (view.text for view in self.views)
        other = other if text is one else one
        other.show_from(text.window_rows.top, follows=text.follows)
        self._align()

    def _align(self) -> None:
        """Put the same row at the top of both where they follow their ends: the one that is further along leads."""
        if self._aligning:
            return
        self._aligning = True
        one, other = (view.text for view in self.views)
        is_same = _have_same(one, other)
        for text, beside in ((one, other), (other, one)):
            text.stand_beside(beside.bytes.whole_characters if is_same else None)
        if is_same and one.follows and other.follows:
            top = max(one.window_rows.last_top, other.window_rows.last_top)
            for text in (one, other):
                text.show_from(top, follows=True)
        self._aligning = False


def _have_same(one: ReaderText, other: ReaderText) -> bool:
    """Return whether what both have begins alike."""
    stop = min(one.bytes.here, other.bytes.here, _COMPARED_BYTES)
    return one.pages.read(0, stop) == other.pages.read(0, stop)
