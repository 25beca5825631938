"""The list view of runs: its empty text, and a scroll position that stays when runs come and go above."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, Qt
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractItemView, QListView

from inspector.gui.style.shield import override
from inspector.gui.style.theme import Theme

from ...models.runs_model import Index, RunsModel
from ..detail.empty_state import paint_empty
from .run_delegate import RunDelegate


class RunsList(QListView):
    """Cards of one height. GUI thread."""

    def __init__(self, model: RunsModel, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("runs_list")
        self.setAccessibleName("Runs")
        self.setToolTip("Return opens a run, the menu key shows what else can be done")
        self._theme = theme
        self._empty_text = ""
        self._runs = model
        self._cards = RunDelegate(theme, self)
        self._cards.fold_clicked.connect(self.toggle)
        self.setItemDelegate(self._cards)
        self.setModel(model)
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)

    def set_theme(self, theme: Theme) -> None:
        """Change the colours."""
        self._theme = theme
        self._cards.set_theme(theme)
        self.doItemsLayout()

    def say_when_empty(self, text: str) -> None:
        """Choose the sentence that stands in an empty list."""
        if text != self._empty_text:
            self._empty_text = text
            self.setAccessibleDescription(text)
            self.viewport().update()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.model().rowCount() == 0:
            with QPainter(self.viewport()) as painter:
                paint_empty(painter, QRectF(self.viewport().rect()), self._empty_text, self._theme)

    def toggle(self, index: Index) -> None:
        """Unfold a sweep that is folded, and the other way round."""
        self._runs.unfold(index, unfolded=not self._runs.is_unfolded(index))

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Right unfolds a sweep; Left folds it, from any of its runs too."""
        index = self.currentIndex()
        ways = (Qt.Key.Key_Left, Qt.Key.Key_Right)
        if event.key() in ways and not event.modifiers() and index.isValid():
            head = self._runs.head_of(index)
            if head.isValid():
                if event.key() == Qt.Key.Key_Left:
                    self.setCurrentIndex(head)
                self._runs.unfold(head, unfolded=event.key() == Qt.Key.Key_Right)
                return
        super().keyPressEvent(event)

    @override
    def keyboardSearch(self, search: str) -> None:
        """Letters are commands here; searching is the filter's."""

    @override
    def rowsInserted(self, parent: QModelIndex | QPersistentModelIndex, start: int, end: int) -> None:
        place, height = self.verticalScrollBar().value(), self._card_height
        super().rowsInserted(parent, start, end)
        if place and start * height <= place:
            self._go_to(place + (end - start + 1) * height)

    @override
    def rowsAboutToBeRemoved(self, parent: QModelIndex | QPersistentModelIndex, start: int, end: int) -> None:
        place, height = self.verticalScrollBar().value(), self._card_height
        above = max(0, min(end + 1, place // height if height else 0) - start)
        super().rowsAboutToBeRemoved(parent, start, end)
        if above:
            self.verticalScrollBar().setValue(place - above * height)

    @property
    def _card_height(self) -> int:
        return self.sizeHintForRow(0) if self.model().rowCount() else 0

    def _go_to(self, place: int) -> None:
        self.executeDelayedItemsLayout()
        self.verticalScrollBar().setValue(place)
