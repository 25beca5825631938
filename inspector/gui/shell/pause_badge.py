"""Counts what arrives while the picture is frozen, for the Freeze button."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer

from inspector.analysis.formatting import items_text
from inspector.gui.models.document import Document
from inspector.gui.views.marks_table_view import MarksTablePane
from inspector.gui.views.toolbar import Toolbar

_COUNT_EVERY_MS = 100


class PauseBadge(QObject):
    """Counts while it is paused. GUI thread."""

    def __init__(self, toolbar: Toolbar, document: Document, table: MarksTablePane) -> None:
        super().__init__(toolbar)
        self._toolbar = toolbar
        self._document = document
        self._table = table
        self._timer = QTimer(self)
        self._timer.setInterval(_COUNT_EVERY_MS)
        self._timer.timeout.connect(self._show)
        document.paused_changed.connect(lambda _paused: self._show())

    def _show(self) -> None:
        paused = self._document.paused
        layer = self._table.model.layer
        self._toolbar.show_paused(paused, self._document.hidden_items(layer) if paused else 0, items_text(layer))
        if paused:
            self._timer.start()
        else:
            self._timer.stop()
