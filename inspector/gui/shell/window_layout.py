"""Lays out the panes of the window: toolbar, messages, runs at the left, picture above table and details."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSplitter, QStackedWidget, QVBoxLayout, QWidget

_LEFT_PX = (280, 1000)
_LOWER_PX = (720, 560)


@dataclass(frozen=True, slots=True)
class Panes:
    """What there is to lay out.

    ``pictures`` are shown one at a time, ``strip`` stands under those of one run, ``transport`` under it.
    """

    messages: tuple[QWidget, ...]
    runs: QWidget
    transport: QWidget
    pictures: Sequence[QWidget]
    strip: QWidget
    table: QWidget
    detail: QWidget
    status: QWidget


class WindowLayout(QWidget):
    """The body of the window, with splitters that the user can drag; at first below the toolbar empty. GUI thread."""

    def __init__(self, toolbar: QWidget) -> None:
        super().__init__()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._column.addWidget(toolbar)
        self._column.addStretch(1)

    def fill(self, panes: Panes) -> None:
        """Put the panes below the toolbar."""
        self._panes = panes
        self.pictures = QStackedWidget()
        self.pictures.setObjectName("pictures")
        for picture in panes.pictures:
            self.pictures.addWidget(picture)
        self.lower_half = _splitter(Qt.Orientation.Horizontal, panes.table, panes.detail, stretch=(3, 2))
        self.lower_half.setObjectName("table_and_details")
        self.lower_half.setSizes(list(_LOWER_PX))
        upper = _column((self.pictures, 1), (panes.strip, 0), (panes.transport, 0))
        self.halves = _splitter(Qt.Orientation.Vertical, upper, self.lower_half, stretch=(3, 2))
        self.halves.setObjectName("picture_and_details")
        self.sides = _splitter(Qt.Orientation.Horizontal, panes.runs, self.halves, stretch=(0, 1))
        self.sides.setSizes(list(_LEFT_PX))
        self._column.takeAt(1)  # what kept the toolbar at the top
        for widget in (*panes.messages, self.sides, panes.status):
            self._column.addWidget(widget, 1 if widget is self.sides else 0)

    def add_strip(self, strip: QWidget) -> None:
        """Take in a strip above the status bar."""
        self._column.insertWidget(self._column.indexOf(self._panes.status), strip)

    @property
    def beside_pictures(self) -> tuple[QWidget, ...]:
        """What belongs to the one run on screen, beside its picture."""
        return (self._panes.strip, self.lower_half)

    @property
    def shown_picture(self) -> QWidget:
        """The picture on screen."""
        return self.pictures.currentWidget() or self.pictures

    def show_picture(self, picture: QWidget) -> None:
        """Bring a picture to the front; one that is not among them yet, or no longer, is taken in."""
        if self.pictures.indexOf(picture) < 0:
            self.pictures.addWidget(picture)
        self.pictures.setCurrentWidget(picture)


def _column(*widgets: tuple[QWidget, int]) -> QWidget:
    body = QWidget()
    stack = QVBoxLayout(body)
    stack.setContentsMargins(0, 0, 0, 0)
    stack.setSpacing(0)
    for widget, stretch in widgets:
        stack.addWidget(widget, stretch)
    return body


def _splitter(way: Qt.Orientation, first: QWidget, second: QWidget, *, stretch: tuple[int, int]) -> QSplitter:
    splitter = QSplitter(way)
    splitter.setChildrenCollapsible(False)
    for at, widget in enumerate((first, second)):
        splitter.addWidget(widget)
        splitter.setStretchFactor(at, stretch[at])
    return splitter
