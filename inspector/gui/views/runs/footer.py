"""Below the list of runs: a note on the chosen one, a way back after deleting, and how much room runs may take."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QMenu, QPushButton, QToolButton

from ..elided_label import ElidedLabel
from ..time_scale import format_bytes

_GIB = 1024**3
_LIMITS_GIB = (0.25, 0.5, 1, 2, 4, 8, 16, 64, 256)
_UNDO_MS = 10_000


class UndoBar(QFrame):
    """Shown for ten seconds after something was deleted."""

    undo_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("undo_bar")
        self._text = QLabel()
        self._button = QPushButton("Undo")
        self._button.setObjectName("undo_button")
        self._button.setAccessibleName("Undo deleting")
        self._button.setToolTip("Bring back what was deleted (Ctrl+Z)")
        self._button.clicked.connect(self.undo_requested)
        row = QHBoxLayout(self)
        row.setContentsMargins(10, 3, 8, 3)
        row.addWidget(self._text, 1)
        row.addWidget(self._button)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_UNDO_MS)
        self._timer.timeout.connect(self.hide)
        self.hide()

    def offer(self, count: int) -> None:
        """Say how many were deleted."""
        self._text.setText(f"Deleted {count:,} run{'s' if count != 1 else ''}")
        self.show()
        self._timer.start()


class RoomLine(QFrame):
    """``37 runs, 214 MiB of 4 GiB``, and a menu to choose another limit."""

    limit_chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("room_line")
        self._text = ElidedLabel()
        self._text.set_dim(True)
        self._button = QToolButton()
        self._button.setObjectName("limit_button")
        self._button.setText("Limit")
        self._button.setAccessibleName("Room that runs may take")
        self._button.setToolTip("How much room runs may take; beyond it the oldest go, but never a pinned or open one")
        self._button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._menu = QMenu(self._button)
        self._menu.aboutToShow.connect(self._fill)
        self._button.setMenu(self._menu)
        self._limit: Callable[[], int] = lambda: 0
        row = QHBoxLayout(self)
        row.setContentsMargins(10, 2, 8, 2)
        row.addWidget(self._text, 1)
        row.addWidget(self._button)

    def tell(self, count: int, shown: int, used_bytes: int, limit: Callable[[], int]) -> None:
        """Show how many runs there are and what they take; ``limit`` tells what they may."""
        self._limit = limit
        runs = f"{count:,} run{'s' if count != 1 else ''}"
        of_all = f"{shown:,} of {runs}" if shown != count else runs
        over = "; the oldest go at the next start" if used_bytes > limit() else ""
        self._text.setText(f"{of_all}, {format_bytes(used_bytes)} of {format_bytes(limit())}{over}")

    @property
    def text(self) -> str:
        """What it says."""
        return self._text.text()

    def _fill(self) -> None:
        self._menu.clear()
        group = QActionGroup(self._menu)
        for gib in _LIMITS_GIB:
            limit_bytes = int(gib * _GIB)
            action = self._menu.addAction(format_bytes(limit_bytes))
            action.setCheckable(True)
            action.setChecked(limit_bytes == self._limit())
            action.triggered.connect(lambda _checked=False, chosen=limit_bytes: self.limit_chosen.emit(chosen))
            group.addAction(action)
