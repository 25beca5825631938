"""The form of a sweep: setting, values, repetitions and time limit, and the button that runs or cancels it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import (
    QComboBox,
    QDoubleSpinBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QSizePolicy,
    QSpinBox,
    QWidget,
)

from inspector.catalogue import Knob, knob_of
from inspector.gui.style.elided_label import ElidedLabel
from inspector.gui.style.icons import icon
from inspector.gui.style.safe_text import Label, plain_tip
from inspector.gui.style.theme import Theme, colour_text
from inspector.session.sweep_runner import MOST_REPETITIONS, Progress

_LONGEST_S = 3600.0
_DEFAULT_REPEAT = 3
_STEPS = 1000
_EDGE_PX = 8
_LEAST_PROGRESS_PX = 120


@dataclass(frozen=True, slots=True)
class SweepRequest:
    """The values of the form; ``values`` is a text, ``max_seconds`` None for no limit."""

    knob: str
    values: str
    repeat: int
    max_seconds: float | None


class SweepControls(QFrame):
    """Emits requests as signals and shows state; decides nothing. GUI thread."""

    run_requested = Signal()
    cancel_requested = Signal()
    copy_requested = Signal()
    save_requested = Signal()
    #: Another knob was picked: its values are not those of the one before.
    knob_changed = Signal()
    #: Anything else was changed.
    edited = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("sweep_controls")
        self._theme = theme
        self._is_running = False
        self.knob = _knob_picker()
        self.values = _values_line()
        self.repeat = QSpinBox()
        self.repeat.setRange(1, MOST_REPETITIONS)
        self.repeat.setValue(_DEFAULT_REPEAT)
        self.limit = QDoubleSpinBox()
        self.limit.setRange(0, _LONGEST_S)
        self.limit.setDecimals(1)
        self.limit.setSpecialValueText("never")
        self.limit.setSuffix(" s")
        self.run = QPushButton("Run sweep")
        self.progress = QProgressBar()
        self.state = ElidedLabel()
        self.state.set_dim(True)
        self.message = Label()
        self.copy = QPushButton("Copy")
        self.save = QPushButton("Save…")
        self._name()
        self._lay_out()
        self._connect()
        self.show_running(False, can_export=False)
        self.set_theme(theme)

    def _name(self) -> None:
        names = {
            "sweep_repeat": (self.repeat, "Runs of each value", "How often each value runs; one run shows no noise"),
            "sweep_limit": (self.limit, "Time limit of each run", "Ends each run after this time"),
            "sweep_run": (self.run, "Run sweep", ""),
            "sweep_progress": (self.progress, "Progress of the sweep", "How many runs are done, and the time left"),
            "sweep_message": (self.message, "What is wrong", ""),
            "sweep_copy": (self.copy, "Copy table", "Copy the medians as text"),
            "sweep_save": (self.save, "Save the sweep", "Save all runs as CSV, or the whole sweep as JSON"),
        }  # fmt: skip
        for name, (widget, accessible, tip) in names.items():
            widget.setObjectName(name)
            widget.setAccessibleName(accessible)
            widget.setToolTip(plain_tip(tip))

    def _lay_out(self) -> None:
        first, second = QHBoxLayout(), QHBoxLayout()
        for row, widgets in (
            (first, (_label("Setting", self.knob), self.knob, _label("Values", self.values), self.values, self.run)),
            (second, (_label("Runs each", self.repeat), self.repeat, _label("Stop each run after", self.limit),
                      self.limit, self.progress, self.state, self.copy, self.save)),
        ):  # fmt: skip
            row.setSpacing(8)
            for widget in widgets:
                row.addWidget(widget, 1 if widget in (self.values, self.progress, self.state) else 0)
        self.progress.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.progress.setMinimumWidth(_LEAST_PROGRESS_PX)
        self.message.setWordWrap(True)
        self.message.hide()
        grid = QGridLayout(self)
        grid.setContentsMargins(12, 8, 12, 8)
        grid.setVerticalSpacing(6)
        grid.addLayout(first, 0, 0)
        grid.addWidget(self.message, 1, 0)
        grid.addLayout(second, 2, 0)

    def _connect(self) -> None:
        self.knob.currentIndexChanged.connect(lambda _at: self.knob_changed.emit())
        self.values.textChanged.connect(lambda _text: self.edited.emit())
        self.values.returnPressed.connect(self._entered)
        for box in (self.repeat, self.limit):
            box.valueChanged.connect(lambda _value: self.edited.emit())
        self.run.clicked.connect(self._clicked)
        self.copy.clicked.connect(self.copy_requested)
        self.save.clicked.connect(self.save_requested)

    def _entered(self) -> None:
        if not self._is_running:
            self.run.click()

    def _clicked(self) -> None:
        requested = self.cancel_requested if self._is_running else self.run_requested
        requested.emit()

    # The form

    @property
    def request(self) -> SweepRequest:
        """What the editors say now."""
        return SweepRequest(
            self.knob.currentData() or "", self.values.text(), self.repeat.value(), self.limit.value() or None
        )  # fmt: skip

    def offer_knobs(self, names: Sequence[str], preferred: str) -> None:
        """Offer knobs to pick from; the one that is picked stays where it is among them."""
        if [self.knob.itemData(at) for at in range(self.knob.count())] == list(names):
            return
        picked = self.request.knob if self.request.knob in names else preferred
        self.knob.blockSignals(True)
        before = self.request.knob
        self.knob.clear()
        for at, name in enumerate(names):
            self.knob.addItem(name.replace("_", " "), name)
            self.knob.setItemData(at, plain_tip(knob_of(name).sentence), Qt.ItemDataRole.ToolTipRole)
        self.knob.setCurrentIndex(max(0, self.knob.findData(picked)))
        self.knob.blockSignals(False)
        if self.request.knob != before:
            self.knob_changed.emit()

    def show_knob(self, knob: Knob, values: str) -> None:
        """Show what a knob takes, and values to begin with."""
        ranges = ", or ranges: 0..100 step 10, 1..1000 x10" if knob.kind in ("int", "float") else ""
        self.values.setToolTip(
            plain_tip(
                f"{knob.name} takes {knob.value_text}.\nValues separated by commas{ranges}, or presets.\n"
                "Semicolons separate values that have commas of their own."
            )
        )
        self.knob.setToolTip(plain_tip(f"{knob.name}\n{knob.sentence}"))
        self.values.setText(values)
        self.values.setCursorPosition(0)

    # Showing

    def show_message(self, text: str) -> None:
        """Say what is wrong with the form, nothing where nothing is."""
        self.message.setText(text)
        self.message.setVisible(bool(text))
        self.run.setEnabled(self._is_running or not text)

    def show_running(self, running: bool, *, can_export: bool) -> None:
        """Make the one button say Run or Cancel."""
        self._is_running = running
        self.run.setText("Cancel" if running else "Run sweep")
        self.run.setAccessibleName("Cancel the sweep" if running else "Run sweep")
        self.run.setToolTip(
            plain_tip("End the sweep; its recordings are kept" if running else "Stream each value in turn (Enter)")
        )
        self.run.setEnabled(running or not self.message.text())
        for widget in (self.knob, self.values, self.repeat, self.limit):
            widget.setEnabled(not running)
        for button in (self.copy, self.save):
            button.setEnabled(can_export)
        at_rest = (self.state, self.copy, self.save)
        leaving, coming = (at_rest, (self.progress,)) if running else ((self.progress,), at_rest)
        # In this order, so that they are never all there: a window that is asked for that much room keeps it.
        for widget in (*leaving, *coming):
            widget.setVisible(widget in coming)
        self._draw_icons()

    def show_progress(self, progress: Progress, value: str) -> None:
        """Show how far it is, and the value that runs now."""
        self.progress.setRange(0, _STEPS)
        self.progress.setValue(round(_STEPS * progress.done / max(1, progress.total)))
        text = f"{progress.text}: {value}" if value else progress.text
        fits = self.fontMetrics().horizontalAdvance(text) < self.progress.width() - 2 * _EDGE_PX
        self.progress.setFormat(text if fits else progress.text)
        self.progress.setAccessibleDescription(text)

    def show_state(self, text: str) -> None:
        """Show, while nothing runs, what would or did."""
        self.state.setText(text)

    def set_theme(self, theme: Theme) -> None:
        """Change the colours."""
        self._theme = theme
        self.setStyleSheet(
            f"#sweep_controls {{ background: {theme.panel}; border-bottom: 1px solid {theme.border}; }}"
        )  # fmt: skip
        colour_text(self.message, theme.error)
        self._draw_icons()

    def _draw_icons(self) -> None:
        theme = self._theme
        edge = max(16, round(self.fontMetrics().height() * 0.95))
        run = ("stop", theme.error) if self._is_running else ("play", theme.message)
        for button, (name, colour) in (
            (self.run, run), (self.copy, ("copy", theme.text)), (self.save, ("save", theme.text)),
        ):  # fmt: skip
            button.setIcon(icon(name, QColor(colour), size_px=edge, disabled_colour=QColor(theme.dim)))
            button.setIconSize(QSize(edge, edge))


def _knob_picker() -> QComboBox:
    picker = QComboBox()
    picker.setObjectName("sweep_knob")
    picker.setAccessibleName("Setting to sweep")
    picker.setToolTip("The setting that changes from run to run")
    picker.setMaxVisibleItems(30)
    picker.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
    return picker


def _values_line() -> QLineEdit:
    line = QLineEdit()
    line.setObjectName("sweep_values")
    line.setAccessibleName("Values of the setting")
    line.setPlaceholderText("0, 2, 5, 50  or  0..100 step 10  or  presets")
    line.setClearButtonEnabled(True)
    return line


def _label(text: str, buddy: QWidget) -> Label:
    label = Label(text)
    label.setBuddy(buddy)
    return label
