"""The table of marks, with its layer picker and the button that follows the end again."""

from __future__ import annotations

from collections.abc import Collection

from PySide6.QtCore import QEvent, QItemSelection, QItemSelectionModel, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QFontDatabase, QKeyEvent, QKeySequence, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QComboBox,
    QHBoxLayout,
    QHeaderView,
    QPushButton,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from inspector.analysis.formatting import count_of, count_text
from inspector.export.mark_rows import RowFormat, rows_text
from inspector.gui.models.document import Document
from inspector.gui.models.marks_model import COLUMNS, Column, MarksModel
from inspector.gui.models.selection import Selection
from inspector.gui.style.safe_text import Label, plain_tip
from inspector.gui.style.shield import override
from inspector.recording.layers import layer_of, pipeline_position

from .row_paint import paint_rows

_MOST_COPIED_ROWS = 100_000
#: Of the content of one row, and of all that are copied together.
_MOST_ROW_BYTES, _MOST_COPIED_BYTES = 4_096, 16 << 20
_FORMS: dict[RowFormat, str] = {"csv": "CSV", "tsv": "text", "markdown": "Markdown", "json": "JSON"}
#: The columns that give way where the table is narrow, in their order, and the room that content has at least, in
#: characters.
_GIVING_WAY = ("total", "waited", "source", "parts", "gap", "size")
_LEAST_CONTENT = 14


class MarksTable(QTableView):
    """A plain table with fixed rows: hidden vertical header, columns fitted once, never resized to contents."""

    #: End was pressed: show the last item and follow.
    end_requested = Signal()
    #: Ctrl+C was pressed.
    copy_requested = Signal()
    #: There is another width or height to fill.
    resized = Signal()

    def __init__(self, model: MarksModel) -> None:
        super().__init__()
        self._model = model
        self.setModel(model)
        self.setObjectName("marks_table")
        self.setAccessibleName("Items of the layer")
        self.setToolTip("Select items to see them in every layer; End follows new ones, Ctrl+C copies rows")
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ContiguousSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerItem)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setCornerButtonEnabled(False)
        # Kept: a header whose last Python name goes may be taken away from under the table.
        self._headers = self.horizontalHeader(), self.verticalHeader()
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.horizontalHeader().setStretchLastSection(True)
        self.horizontalHeader().setHighlightSections(False)
        # The header asks its selection model of every selected row at each paint; it has nothing to show of them.
        self.horizontalHeader().setSelectionModel(QItemSelectionModel(model, self))
        self.fit_columns()

    def fit_columns(self) -> None:
        """Make columns and rows fit the type, from samples."""
        mono = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
        mono.setPointSizeF(QApplication.font().pointSizeF())
        self.setFont(mono)
        self.horizontalHeader().setFont(QApplication.font())
        metrics = self.fontMetrics()
        self.verticalHeader().setDefaultSectionSize(metrics.height() + 5)
        for section, column in enumerate(COLUMNS):
            self.setColumnWidth(section, self.fitting_width(column))

    def fitting_width(self, column: Column) -> int:
        """Return the width that a column's heading and widest text need."""
        heading = self.horizontalHeader().fontMetrics().horizontalAdvance(column.heading)
        return max(self.fontMetrics().horizontalAdvance(column.sample), heading) + 14

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        paint_rows(self, self._model, event.region())

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy_requested.emit()
            return
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            event.ignore()
            return
        if event.key() == Qt.Key.Key_End and not event.modifiers():
            self.end_requested.emit()
            return
        super().keyPressEvent(event)

    def show_columns(self, names: Collection[str]) -> None:
        """Show some columns, as far as there is room: the content has it before the figures that matter least."""
        wanted = [column.name for column in COLUMNS if column.name in names]
        width = {column.name: self.fitting_width(column) for column in COLUMNS}
        width["content"] = _LEAST_CONTENT * self.fontMetrics().averageCharWidth()
        for name in _GIVING_WAY:
            if sum(width[each] for each in wanted) <= self.viewport().width():
                break
            wanted = [each for each in wanted if each != name]
        for at, column in enumerate(COLUMNS):
            self.setColumnHidden(at, column.name not in wanted)

    def fitting_height(self, room: int) -> int:
        """Return the height of ``room`` that shows whole rows alone."""
        row = self.verticalHeader().defaultSectionSize()
        frame = self.horizontalHeader().height() + 2 * self.frameWidth()
        return frame + max(1, (room - frame) // row) * row

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.resized.emit()


class MarksTablePane(QWidget):
    """Layer picker, table and count; follows the end by Wireshark's rule. GUI thread."""

    #: A sentence about what was done.
    hinted = Signal(str)

    def __init__(self, document: Document) -> None:
        super().__init__()
        self._document = document
        self._recording = document.recording
        self._selecting = False
        self._scrolling = False
        self.model = MarksModel(document)
        # Before the table's selection hears of it: rows that go away are not deselected by a hand.
        self.model.rowsAboutToBeRemoved.connect(lambda *_rows: self._set_selecting(True))
        self.model.rowsRemoved.connect(lambda *_rows: self._set_selecting(False))
        self.table = MarksTable(self.model)
        self.layer_picker = QComboBox()
        self.layer_picker.setObjectName("layer_picker")
        self.layer_picker.setAccessibleName("Layer shown in the table")
        self.layer_picker.setToolTip("Layer whose items the table shows")
        self._count = Label("")
        self.follow_button = QPushButton("Follow")
        self.follow_button.setObjectName("follow_button")
        self.follow_button.setToolTip("Show new items as they arrive (End)")
        self.follow_button.setAccessibleName("Follow new items")
        self._lay_out()
        self._offer_layers()
        self._connect()

    def _lay_out(self) -> None:
        label = Label("La&yer")
        label.setBuddy(self.layer_picker)
        top = QHBoxLayout()
        top.setContentsMargins(8, 3, 8, 3)
        top.setSpacing(8)
        top.addWidget(label)
        top.addWidget(self.layer_picker)
        top.addStretch(1)
        top.addWidget(self._count)
        top.addWidget(self.follow_button)
        self.follow_button.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(top)
        layout.addWidget(self.table, 1)
        layout.addStretch(0)
        self._show_columns()

    def _connect(self) -> None:
        self.layer_picker.currentTextChanged.connect(self.show_layer)
        self.table.selectionModel().selectionChanged.connect(self._selected_here)
        self.table.verticalScrollBar().valueChanged.connect(self._scrolled)
        self.table.verticalScrollBar().actionTriggered.connect(lambda _action: self._by_hand())
        self.table.viewport().installEventFilter(self)
        self.follow_button.clicked.connect(self._to_end)
        self.table.end_requested.connect(self._to_end)
        self._document.grew.connect(self._grew)
        self.table.copy_requested.connect(self.copy_rows)
        self.table.resized.connect(self._fit)
        self._document.was_reset.connect(self._restart)
        self._document.selection_changed.connect(self._selected_elsewhere)
        self._document.following_changed.connect(self._following)

    # Layers

    def show_layer(self, layer: str) -> None:
        """Show another layer, keeping the selection."""
        self.layer_picker.setCurrentText(layer)
        self.model.set_layer(layer)
        self._show_columns()
        self._selected_elsewhere()
        self._grew({layer})

    def _offer_layers(self) -> None:
        """Offer the layers that the recording has, in the order that bytes pass them."""
        names = sorted(self._document.snapshot.tracks, key=pipeline_position)
        if names == [self.layer_picker.itemText(at) for at in range(self.layer_picker.count())]:
            return
        with QSignalBlocker(self.layer_picker):
            self.layer_picker.clear()
            self.layer_picker.addItems(names)
            for at, name in enumerate(names):
                self.layer_picker.setItemData(at, plain_tip(layer_of(name).meaning), Qt.ItemDataRole.ToolTipRole)
            self.layer_picker.setCurrentText(self.model.layer if self.model.layer in names else "chunk")
        self.show_layer(self.layer_picker.currentText())

    def _show_columns(self) -> None:
        """Hide the columns that have nothing to say of this layer or this recording."""
        has_parts = bool(len(self._document.snapshot.tracks["part"]))
        told_by = {"source": self.model.has_sources, "waited": has_parts and self.model.layer != "part",
                   "parts": has_parts and self.model.layer != "part"}  # fmt: skip
        self.table.show_columns([column.name for column in COLUMNS if told_by.get(column.name, True)])

    def _restart(self) -> None:
        """Go back to chunks for another run: what was chosen for one run need not be there in the next."""
        if self._document.recording is not self._recording:
            self._recording = self._document.recording
            self.show_layer("chunk")
        self._grew({self.model.layer, "meta"})

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Show the columns that there is room for, and leave over what would cut a row in half."""
        self._show_columns()
        room = self.height() - self.table.y()
        self.table.setMaximumHeight(self.table.fitting_height(room))
        if self._document.following:
            self._scroll_to_end()

    # Copying

    def copy_rows(self, form: RowFormat = "tsv") -> None:
        """Put the selected rows on the clipboard, all of the layer where none is selected; say how many it were."""
        chosen = self._document.selected_items(self.model.layer)
        first, stop = chosen or (0, self.model.rowCount())
        count = stop - first
        copied = min(count, _MOST_COPIED_ROWS)
        most_bytes = min(_MOST_ROW_BYTES, _MOST_COPIED_BYTES // max(1, copied))
        QApplication.clipboard().setText(rows_text(self.model.values_of(first, first + copied, most_bytes), form))
        rows = count_of(copied, "row") if copied == count else f"the first {copied:,} of {count:,} rows"
        more = "" if copied == count else ". Save the recording to keep them all"
        self.hinted.emit(f"Copied {rows} as {_FORMS[form]}{more}")

    def set_type(self) -> None:
        """Take over the application's type size."""
        self.table.fit_columns()
        self._fit()

    # Following

    def _grew(self, changed: set[str]) -> None:
        self._offer_layers()
        if changed & {"meta", "part"}:
            self._show_columns()
        if "meta" in changed:
            self._prefer_a_layer_with_items()
        if self.model.layer not in changed and "meta" not in changed:
            return
        rows = self.model.rowCount()
        self._count.setText(count_text(rows, self.model.layer))
        if self._document.following:
            self._scroll_to_end()
        self._show_pill()

    def _prefer_a_layer_with_items(self) -> None:
        """Show reads instead of an empty table where a response has no chunks, and chunks again where it has."""
        meta = self._document.snapshot.meta
        if meta is None or meta.response is None:
            return
        chunked = meta.response.framing == "chunked"
        if self.model.layer == "chunk" and not chunked:
            self.show_layer("read")
        elif self.model.layer == "read" and chunked and not len(self._document.snapshot.tracks["read"]):
            self.show_layer("chunk")

    def _show_pill(self) -> None:
        last_seen = self.table.rowAt(self.table.viewport().height() - 2)
        unseen = self.model.rowCount() - last_seen - 1 if last_seen >= 0 else 0
        self.follow_button.setVisible(not self._document.following and self._document.is_live)
        self.follow_button.setText(f"{unseen:,} new, Follow" if unseen else "Follow")

    def _scroll_to_end(self) -> None:
        self._scrolling = True
        self.table.scrollToBottom()
        self._scrolling = False

    def _following(self, following: bool) -> None:
        if following:
            self._scroll_to_end()
        self._show_pill()

    def _to_end(self) -> None:
        self._document.select(None)
        self._document.set_following(True)
        self._scroll_to_end()

    def _scrolled(self, value: int) -> None:
        if not self._scrolling and value == self.table.verticalScrollBar().maximum() and self._document.is_live:
            self._document.set_following(not self._document.selection)
        self._show_pill()

    def _by_hand(self) -> None:
        bar = self.table.verticalScrollBar()
        self._document.set_following(bar.sliderPosition() >= bar.maximum())

    @override
    def eventFilter(self, watched: object, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Wheel and self._document.following:
            self._document.set_following(False)
        return False

    # Selecting

    def _set_selecting(self, selecting: bool) -> None:
        self._selecting = selecting

    def _selected_here(self, _chosen: QItemSelection, _left: QItemSelection) -> None:
        if self._selecting:
            return
        chosen = self.table.selectionModel().selection()
        areas = [chosen.at(at) for at in range(chosen.count())]
        if not areas:
            return
        first = min(area.top() for area in areas)
        stop = max(area.bottom() for area in areas) + 1
        self._selecting = True
        self._document.select(Selection(self.model.layer, first, stop))
        self._selecting = False

    def _selected_elsewhere(self) -> None:
        if self._selecting:
            return
        self._selecting = True
        model = self.table.selectionModel()
        items = self._document.selected_items(self.model.layer)
        if items is None:
            model.clearSelection()
        else:
            first, stop = items
            stop = min(stop, self.model.rowCount())
            top, bottom = self.model.index(first, 0), self.model.index(stop - 1, len(COLUMNS) - 1)
            flags = QItemSelectionModel.SelectionFlag
            model.select(QItemSelection(top, bottom), flags.ClearAndSelect | flags.Rows)
            model.setCurrentIndex(top, flags.NoUpdate)
            self._scrolling = True
            self.table.scrollTo(top)
            self._scrolling = False
        self._selecting = False
