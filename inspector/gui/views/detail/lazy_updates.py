"""Collects a document's changes for a view: handed over per frame while visible, at once when shown again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QWidget

from inspector.gui.models.document import Document
from inspector.gui.style.shield import override


@dataclass(slots=True)
class DocumentChanges:
    """What changed since the view last looked. ``grown`` holds layer names, ``meta`` and ``sources``.

    ``has_shrunk`` means an earlier moment of the same recording: what was counted up is counted anew.
    """

    was_reset: bool = False
    has_shrunk: bool = False
    grown: set[str] = field(default_factory=set)
    selection: bool = False
    following: bool = False

    def __bool__(self) -> bool:
        return self.was_reset or self.has_shrunk or bool(self.grown) or self.selection or self.following


class LazyUpdates(QObject):
    """Collects the signals of a document for one view and hands them over while the view is visible.

    A hidden view costs nothing: its changes are only remembered, and handed over together when it is shown.
    """

    def __init__(self, document: Document, view: QWidget, take: Callable[[DocumentChanges], None]) -> None:
        super().__init__(view)
        self._view = view
        self._take = take
        self._changes = DocumentChanges(was_reset=True, selection=True)
        document.was_reset.connect(self._reset)
        document.shrank.connect(self._shrank)
        document.grew.connect(self._grew)
        document.selection_changed.connect(self._selection_changed)
        document.following_changed.connect(self._following_changed)
        view.installEventFilter(self)

    def hand_over(self) -> None:
        """Hand over what is due, if the view is visible."""
        if self._changes and self._view.isVisible():
            changes, self._changes = self._changes, DocumentChanges()
            self._take(changes)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Show:
            self.hand_over()
        return False

    def _reset(self) -> None:
        self._changes = DocumentChanges(was_reset=True, selection=True)
        self.hand_over()

    def _shrank(self) -> None:
        self._changes.has_shrunk = True  # handed over with the growth that follows

    def _grew(self, grown: set[str]) -> None:
        self._changes.grown |= grown
        self.hand_over()

    def _selection_changed(self) -> None:
        self._changes.selection = True
        self.hand_over()

    def _following_changed(self, _following: bool) -> None:
        self._changes.following = True
        self.hand_over()
