"""The source view: code of the view or template, with the number of items that each line produced."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QComboBox, QStackedLayout, QVBoxLayout, QWidget

from inspector.gui.models.document import Document
from inspector.gui.models.selection import Selection
from inspector.gui.style.safe_text import plain_tip
from inspector.gui.style.shield import override
from inspector.gui.style.theme import Theme

from .code_edit import CodeEdit, LineCounts
from .empty_state import paint_empty, why_no_source
from .lazy_updates import DocumentChanges, LazyUpdates
from .source_counts import SOURCE_LAYERS, SourceCounts, item_before, next_item_of

#: Of how many selected items the lines are marked, at most.
_MARKED_ITEMS = 4096


class SourceView(QWidget):
    """The code that produced the items. GUI thread.

    The file shown is that of the selection; before there is one, the file that made most items. A choice in the box
    above holds until the selection changes.
    """

    def __init__(self, document: Document, theme: Theme, points: float) -> None:
        super().__init__()
        self.document = document
        self.theme = theme
        self.setObjectName("source_view")
        self.setAccessibleName("Source code")
        self.counts = SourceCounts()
        self.file: int | None = None
        self._lines: dict[tuple[int, int], list[int]] = {}
        self._files = QComboBox()
        self._files.setAccessibleName("Source file")
        self._files.setToolTip("The files whose lines made items")
        self._files.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self._files.activated.connect(self._file_chosen)
        self.code = CodeEdit(theme, points)
        self.code.line_chosen.connect(self.select_item_of)
        self._empty = _Empty(self)
        self._lay_out()
        self._updates = LazyUpdates(document, self, self._take)

    def _lay_out(self) -> None:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._files, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self.code, 1)
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self._empty)
        self._stack.addWidget(page)

    # Look

    def set_theme(self, theme: Theme) -> None:
        """Change the colours."""
        self.theme = theme
        self.code.set_theme(theme)
        self._empty.update()

    def set_type_size(self, points: float) -> None:
        """Change the size of the type."""
        self.code.set_type_size(points)

    # Growth

    def _take(self, changes: DocumentChanges) -> None:
        if changes.was_reset or changes.has_shrunk:
            self.counts.clear()
        if changes.was_reset:
            self.file = None
        counted = self.counts.grow(self.document.snapshot.tracks)
        if changes.was_reset or "sources" in changes.grown:
            self._read_sources()
        if changes.selection:
            self._go_to_selection()
        if self.file is None:
            self._show_file(self._busiest_file())
        if counted or changes.was_reset or changes.has_shrunk or "sources" in changes.grown:
            self._show_counts()
        self._mark_lines()
        self._show_reason_or_code()

    def _show_reason_or_code(self) -> None:
        had_focus = self.code.hasFocus() or self._empty.hasFocus()
        shown = self._empty if self.file is None else self.code
        self._empty.explain(why_no_source(self.document))
        self._stack.setCurrentIndex(0 if self.file is None else 1)
        self.setFocusProxy(shown)
        if had_focus:
            shown.setFocus()

    def _read_sources(self) -> None:
        sources = self.document.snapshot.sources
        self._lines = {}
        for line in sources.lines.values():
            self._lines.setdefault((line.file, line.number), []).append(line.line)
        if self._files.count() != len(sources.files):
            self._files.clear()
            for file in sources.files.values():
                self._files.addItem(file.name, file.file)
        self._files.setVisible(len(sources.files) > 1)
        self._files.setCurrentIndex(self._files.findData(self.file))

    def _busiest_file(self) -> int | None:
        """Return the file that made most items so far; None before any did."""
        files = self.document.snapshot.sources.files
        made = dict.fromkeys(files, 0)
        for (file, _number), ids in self._lines.items():
            if file in made:
                made[file] += sum(self.counts.of(layer, ids) for layer in SOURCE_LAYERS)
        return max(made, key=made.__getitem__, default=None)

    def _show_file(self, file: int | None) -> None:
        self.file = file
        shown = self.document.snapshot.sources.files.get(-1 if file is None else file)
        if shown is None:
            self.file = None
            return
        self.code.show_file(shown)
        self.code.set_counts({})
        self._files.setCurrentIndex(self._files.findData(file))
        self._show_counts()

    def _file_chosen(self, index: int) -> None:
        self._show_file(self._files.itemData(index))
        self._mark_lines()

    def _show_counts(self) -> None:
        counts: dict[int, LineCounts] = {}
        for (file, number), ids in self._lines.items():
            if file == self.file:
                made = LineCounts(self.counts.of("part", ids), self.counts.of("yield", ids))
                if made.shown:
                    counts[number] = made
        if counts and not self.code.counts and not self._selected_places():
            self.code.go_to(min(counts))
        self.code.set_counts(counts)

    # Selection

    def _places(self, layer: str, first: int, stop: int) -> list[tuple[int, int]]:
        """Return the file and line of items of a layer, in the order of the items, each place once."""
        column = self.document.snapshot.tracks[layer].column("source")[first : min(stop, first + _MARKED_ITEMS)]
        ids, firsts = np.unique(column, return_index=True)
        found: list[tuple[int, int]] = []
        for source in ids[np.argsort(firsts)].tolist():
            place = self.document.snapshot.sources.place(source)
            if place is not None:
                found.append((place[0].file, place[1].number))
        return found

    def _selected_places(self) -> list[tuple[int, int]]:
        """Return the places of the selected items: of the yields where yields are selected, else of their parts."""
        chosen = self.document.selection
        if chosen is None:
            return []
        layer = chosen.layer if chosen.layer in SOURCE_LAYERS else "part"
        items = self.document.selected_items(layer)
        return self._places(layer, *items) if items else []

    def _go_to_selection(self) -> None:
        places = self._selected_places()
        if not places:
            return
        file, number = places[0]
        if file != self.file:
            self._show_file(file)
        self.code.go_to(number)

    def _mark_lines(self) -> None:
        selected = frozenset(number for file, number in self._selected_places() if file == self.file)
        latest = self._latest_line() if self.document.following else None
        if latest not in (None, self.code.latest_line) and self.document.moment_ns is not None and not selected:
            self.code.go_to(latest)  # in a replay one reads along; a live run is too fast for it
        self.code.mark_lines(selected, latest)
        made = [
            f"line {number} {self.code.counts[number]}" for number in sorted(selected) if number in self.code.counts
        ]
        self.setAccessibleDescription("; ".join(made))

    def _latest_line(self) -> int | None:
        length = len(self.document.snapshot.tracks["part"])
        places = self._places("part", length - 1, length) if length and self.document.is_live else []
        return places[0][1] if places and places[0][0] == self.file else None

    def select_item_of(self, line: int, direction: int) -> None:
        """Select the next item after the selection (before it, for -1) that a line of the file made, going round."""
        ids = self._lines.get((-1 if self.file is None else self.file, line), [])
        chosen = self.document.selection
        layers = ("yield", "part") if chosen is not None and chosen.layer == "yield" else ("part", "yield")
        for layer in layers:
            if not self.counts.of(layer, ids):
                continue
            track = self.document.snapshot.tracks[layer]
            items = self.document.selected_items(layer) or (0, 0)
            item = next_item_of(track, ids, items[1] - 1) if direction > 0 else item_before(track, ids, items[0])
            if item is not None:
                self.document.select(Selection(layer, item, item + 1))
            return


class _Empty(QWidget):
    """What is shown where there is no source: the reason."""

    def __init__(self, view: SourceView) -> None:
        super().__init__()
        self._view = view
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def explain(self, why: str) -> None:
        """Show a reason, also to those who can't see it."""
        self.setAccessibleName(why)
        self.setToolTip(plain_tip(why))
        self.update()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), self.palette().base())
            paint_empty(painter, self.rect().toRectF(), self.accessibleName(), self._view.theme)
            if self.hasFocus():
                painter.setPen(QPen(QColor(self._view.theme.selection), 1))
                painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
