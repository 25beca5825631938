"""The detail pane: a caption for the selection above tabs with text, hex, source and headers."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QTabWidget, QVBoxLayout, QWidget

from inspector.gui.models.document import Document
from inspector.gui.style.elided_label import ElidedLabel
from inspector.gui.style.safe_text import plain_tip
from inspector.gui.style.shield import override
from inspector.gui.style.theme import Theme, palette_of

from .headers_view import HeadersView
from .hex_view import HexView
from .lazy_updates import DocumentChanges, LazyUpdates
from .reader_view import ReaderView
from .selection_caption import caption_of
from .source_view import SourceView
from .text_view import TextView

View = ReaderView | TextView | HexView | SourceView | HeadersView

#: Title and tooltip of each tab, in their order.
_TABS: tuple[tuple[type[View], str, str], ...] = (
    (
        ReaderView,
        "What the reader has",
        "The body as its reader has it at this moment, and what was made and isn't there yet",
    ),
    (TextView, "Text", "The decoded body, with the borders of its items"),
    (HexView, "Hex", "The decoded body byte by byte"),
    (SourceView, "Source", "The code that made the items, and how many each line made"),
    (HeadersView, "Headers", "Request, response head, trailers and ending"),
)
_DEFAULT_POINTS = 10.0
#: What a tab is called where there is no room for its title.
_SHORT = {"What the reader has": "Reader"}


class _Tabs(QTabWidget):
    """Tabs that are called shorter where there is no room for their titles, so that none of them is cut off."""

    @override
    def minimumSizeHint(self) -> QSize:
        hint = super().minimumSizeHint()
        return QSize(min(hint.width(), self._bar_width(short=True)), hint.height())

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        self.fit_titles()
        super().resizeEvent(event)

    @override
    def tabInserted(self, index: int) -> None:
        super().tabInserted(index)
        self.fit_titles()

    def fit_titles(self) -> None:
        """Call the tabs what there is room for."""
        is_short = self._bar_width(short=False) > self.width()
        for title, short in _SHORT.items():
            for at in range(self.count()):
                if self.tabText(at) in (title, short):
                    self.setTabText(at, short if is_short else title)

    def _bar_width(self, *, short: bool) -> int:
        """Return the width of all tabs, by their titles or by what they are called in short."""
        metrics = self.tabBar().fontMetrics()
        width = self.tabBar().sizeHint().width()
        for title, less in _SHORT.items():
            for at in range(self.count()):
                if self.tabText(at) in (title, less):
                    wanted = less if short else title
                    width += metrics.horizontalAdvance(wanted) - metrics.horizontalAdvance(self.tabText(at))
        return width


class DetailPane(QWidget):
    """What is selected, in detail. Hidden tabs cost nothing. GUI thread."""

    def __init__(self, document: Document, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("detail_pane")
        self.document = document
        points = self.font().pointSizeF() if self.font().pointSizeF() > 0 else _DEFAULT_POINTS
        self.caption = ElidedLabel()
        self.caption.setObjectName("detail_caption")
        self.tabs = _Tabs()
        self.tabs.setObjectName("detail_tabs")
        self.tabs.setDocumentMode(True)
        self.tabs.setAccessibleName("Details of the selection")
        self.tabs.setToolTip("The selection as text, bytes, code and headers")
        bar = self.tabs.tabBar()
        bar.setAccessibleName("Kind of detail")
        bar.setToolTip("Left and right change the kind of detail")
        bar.setUsesScrollButtons(False)
        bar.setElideMode(Qt.TextElideMode.ElideNone)
        bar.setExpanding(False)
        self.views: list[View] = []
        for make, title, tip in _TABS:
            view = make(document, theme, points)
            self.views.append(view)
            self.tabs.setTabToolTip(self.tabs.addTab(view, title), plain_tip(tip))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        line = QHBoxLayout()
        line.setContentsMargins(8, 6, 8, 6)
        line.addWidget(self.caption)
        column.addLayout(line)
        column.addWidget(self.tabs, 1)
        self._updates = LazyUpdates(document, self, self._take)
        self.set_theme(theme)

    def set_theme(self, theme: Theme) -> None:
        """Change the colours."""
        self.setPalette(palette_of(theme))
        for view in self.views:
            view.set_theme(theme)

    def set_type_size(self, points: float) -> None:
        """Change the size of the type, from 9 to 20 points."""
        font = self.font()
        font.setPointSizeF(points)
        self.setFont(font)
        for view in self.views:
            view.set_type_size(points)
        self.tabs.fit_titles()

    def show_reader(self) -> None:
        """Bring what the reader has to the front."""
        self.tabs.setCurrentWidget(self.views[0])

    def _take(self, _changes: DocumentChanges) -> None:
        self.caption.setText(caption_of(self.document))
