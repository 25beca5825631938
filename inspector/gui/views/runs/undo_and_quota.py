"""Below the list of runs: Undo after deleting, and the disk limit."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QDoubleSpinBox,
    QFrame,
    QHBoxLayout,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from inspector.analysis.formatting import bytes_text, count_of
from inspector.gui.style.elided_label import ElidedLabel
from inspector.gui.style.safe_text import Label
from inspector.gui.style.shield import override

_GB = 10**9
_LEAST_GB, _MOST_GB = 0.01, 1_000_000.0
_LEAST_FIELD_PX = 90
_NEARLY_FULL = 0.9
_UNDO_MS = 10_000


class UndoBar(QFrame):
    """Shown for ten seconds after something was deleted."""

    undo_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("undo_bar")
        self._text = Label()
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
        self._text.setText(f"Deleted {count_of(count, 'run')}")
        self.show()
        self._timer.start()


class QuotaLine(QFrame):
    """``37 runs, 214 MB of 4.0 GB``, and a line to choose another limit. GUI thread."""

    #: Carries bytes.
    limit_chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("room_line")
        self._text = ElidedLabel()
        self._text.set_dim(True)
        self._limit_bytes = 0
        self._going: Callable[[int], int] = lambda _limit_bytes: 0
        self.button = QToolButton()
        self.button.setObjectName("limit_button")
        self.button.setText("Disk limit…")
        self.button.setCheckable(True)
        self.button.setAutoRaise(True)
        self.button.setAccessibleName("Change the disk limit for runs")
        self.button.setToolTip("Disk space for runs. The oldest are deleted first; pinned and open runs are kept.")
        self.button.toggled.connect(self._show_editor)
        self.field = QDoubleSpinBox()
        self.field.setObjectName("limit_field")
        self.field.setAccessibleName("Disk limit for runs, GB")
        self.field.setToolTip("Enter keeps it, Escape leaves it as it was")
        self.field.setDecimals(2)
        self.field.setRange(_LEAST_GB, _MOST_GB)
        self.field.setStepType(QDoubleSpinBox.StepType.AdaptiveDecimalStepType)
        self.field.setSuffix(" GB")
        self.field.setMinimumWidth(_LEAST_FIELD_PX)
        self.field.valueChanged.connect(lambda _value: self._tell_going())
        self.field.lineEdit().returnPressed.connect(self._choose)
        self.set_button = QPushButton("Set")
        self.set_button.setObjectName("limit_set_button")
        self.set_button.setAccessibleName("Set the limit")
        self.set_button.setToolTip("Use this limit from now on")
        self.set_button.clicked.connect(self._choose)
        self._hint = Label()
        self._hint.setWordWrap(True)
        self._lay_out()

    def _lay_out(self) -> None:
        line = QHBoxLayout()
        line.addWidget(self._text, 1)
        line.addWidget(self.button)
        choice = QHBoxLayout()
        choice.addWidget(self.field, 1)
        choice.addWidget(self.set_button)
        self._editor = QWidget()
        column = QVBoxLayout(self._editor)
        column.setContentsMargins(0, 2, 0, 4)
        column.addLayout(choice)
        column.addWidget(self._hint)
        self._editor.hide()
        whole = QVBoxLayout(self)
        whole.setContentsMargins(10, 2, 8, 2)
        whole.setSpacing(2)
        whole.addLayout(line)
        whole.addWidget(self._editor)

    def tell(self, count: int, shown: int, used_bytes: int, limit_bytes: int, going: Callable[[int], int]) -> None:
        """Show how many runs there are, what they take and what they may; ``going`` tells how many a limit drives out.

        Sizes are in bytes, as is the argument of ``going``.
        """
        self._limit_bytes, self._going = limit_bytes, going
        runs = count_of(count, "run")
        of_all = f"{shown:,} of {runs}" if shown != count else runs
        text = f"{of_all}, {bytes_text(used_bytes)} of {bytes_text(limit_bytes)}"
        leaving = going(limit_bytes)
        if leaving:
            text += f"; {leaving:,} will be deleted at the next start"
        elif used_bytes > _NEARLY_FULL * limit_bytes:
            text += "; nearly full"
        self._text.setText(text)

    @property
    def text(self) -> str:
        """What it says."""
        return self._text.text()

    @property
    def hint(self) -> str:
        """What it says about the limit that is being chosen."""
        return self._hint.text()

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.button.isChecked():
            self.button.setChecked(False)
            self.button.setFocus()
            return
        super().keyPressEvent(event)

    def _show_editor(self, shown: bool) -> None:
        self._editor.setVisible(shown)
        if shown:
            self.field.setValue(self._limit_bytes / _GB)
            self._tell_going()
            self.field.setFocus()
            self.field.selectAll()

    def _tell_going(self) -> None:
        leaving = self._going(self._chosen_bytes)
        self._hint.setText(
            f"{count_of(leaving, 'run')} will be deleted at the next start, the oldest first. "
            "Pin the runs you want to keep."
            if leaving else "Below the limit: nothing will be deleted."
        )  # fmt: skip

    @property
    def _chosen_bytes(self) -> int:
        return round(self.field.value() * _GB)

    def _choose(self) -> None:
        self.field.interpretText()
        self.button.setChecked(False)
        self.limit_chosen.emit(self._chosen_bytes)
