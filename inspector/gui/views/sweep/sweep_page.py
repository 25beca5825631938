"""The sweep page: form, best trade-off as a sentence, and the charts of six metrics.

Path: controls -> `SweepModel` -> session -> points -> charts; a click on a point asks the window to open its run.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor, QFont, QGuiApplication, QShowEvent
from PySide6.QtWidgets import QFileDialog, QFrame, QStackedWidget, QVBoxLayout, QWidget

from inspector.analysis.formatting import count_of, time_text
from inspector.analysis.sweep.sweep_results import METRICS
from inspector.analysis.sweep.sweep_values import values_text
from inspector.catalogue import knob_of
from inspector.export.sweep_report import encode_sweep_report, sweep_csv, sweep_report, sweep_table
from inspector.gui.models.sweep_model import SweepModel
from inspector.gui.style.safe_text import Label
from inspector.gui.style.screen_reader import announce
from inspector.gui.style.shield import override
from inspector.gui.style.theme import Theme, palette_of
from inspector.recording.file_destination import save_bytes
from inspector.session.session import Session
from inspector.session.sweep_runner import NeverEnds, SweepRunner, knobs_of_target, values_of_knob
from inspector.session.target import BadTarget, Target

from .chart_grid import ChartGrid
from .sweep_controls import SweepControls
from .sweep_empty_state import SweepEmptyState
from .unchanged_line import UnchangedLine

#: A run takes so much more than its stream: a warm request before it, and the server's last marks after it.
_BETWEEN_RUNS_S = 0.1
#: The charts, in the stack whose first page says what a sweep is.
_RESULT_AT = 1
_FILTERS = {"CSV, a line for each run (*.csv)": ".csv", "JSON, the whole sweep (*.json)": ".json"}


class SweepPage(QWidget):
    """Sweeps what the window would stream now. GUI thread.

    Connect `about_to_run` to what stops the window's own run, call `refresh` when the window's target changes, and
    `cancel` when it streams something else or closes.
    """

    #: Show a recording; carries its folder.
    open_requested = Signal(object)
    #: A sweep begins now and needs the session's lane a.
    about_to_run = Signal()
    #: It has ended: all ran, or it was cancelled.
    ended = Signal()
    #: Something went wrong or was done; carries a severity and a sentence.
    said = Signal(str, str)

    def __init__(
        self,
        target_text: Callable[[], tuple[str, Mapping[str, str]]],
        lasted_s: Callable[[], float | None],
        session: Session,
        theme: Theme,
    ) -> None:
        """``target_text`` returns what the window would stream, and the settings of its editors.

        ``lasted_s`` returns how many seconds a run of that took, None where that is not known.
        """
        super().__init__()
        self.setObjectName("sweep_page")
        self.setAccessibleName("Sweep of a setting")
        self._target_text = target_text
        self._lasted_s = lasted_s
        self._checked: tuple[SweepRunner, Mapping[str, str]] | None = None
        self._is_presenting = False
        self.model = SweepModel(session, self)
        self.controls = SweepControls(theme)
        self.caption = Label()
        self.caption.setObjectName("sweep_caption")
        self.caption.setAccessibleName("What the sweep shows")
        self.caption.setWordWrap(True)
        self.caption.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        bold = QFont()
        bold.setBold(True)
        self.caption.setFont(bold)
        self.charts = ChartGrid(self.model, theme)
        self.unchanged = UnchangedLine()
        self.empty = SweepEmptyState()
        self._lay_out()
        self._connect()
        self.set_theme(theme)
        self.refresh()

    def _lay_out(self) -> None:
        shown = QFrame()
        shown.setObjectName("sweep_result")
        inside = QVBoxLayout(shown)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(0)
        self.caption.setContentsMargins(12, 8, 12, 4)
        inside.addWidget(self.caption)
        inside.addWidget(self.unchanged)
        inside.addWidget(self.charts, 1)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.empty)
        self._stack.addWidget(shown)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.controls)
        column.addWidget(self._stack, 1)

    def _connect(self) -> None:
        controls, model = self.controls, self.model
        controls.knob_changed.connect(self._fill_values)
        controls.edited.connect(self._check)
        controls.run_requested.connect(self.run)
        controls.cancel_requested.connect(self.cancel)
        controls.copy_requested.connect(self.copy_table)
        controls.save_requested.connect(self._ask_and_save)
        self.charts.open_requested.connect(self.open_requested)
        self.unchanged.wanted_changed.connect(self._show_charts)
        model.changed.connect(self._show_points)
        model.progressed.connect(self._show_progress)
        model.ended.connect(self._ended)
        model.said.connect(self.said)

    # Asking

    def refresh(self) -> None:
        """Take in that the window would stream something else: other knobs act on it."""
        if self.model.is_running:
            return
        text, knobs = self._target_text()
        try:
            target = Target.parse(text, knobs)
        except (BadTarget, ValueError) as error:
            self._checked = None
            self.controls.show_message(str(error))
            return
        self.controls.offer_knobs(knobs_of_target(target), target.kind.buffer.name)
        self._check()

    def run(self) -> None:
        """Run the sweep of the form; where that is impossible, the message says why."""
        self._check()
        if self._checked is None or self.model.is_running:
            return
        self.about_to_run.emit()
        self.model.start(*self._checked)

    def choose(self, knob: str) -> bool:
        """Put a setting into the form, with values to begin with; return False where it does not act here."""
        self.refresh()
        at = self.controls.knob.findData(knob)
        if at < 0 or self.model.is_running:
            return False
        self.controls.knob.setCurrentIndex(at)
        self.controls.values.setFocus(Qt.FocusReason.OtherFocusReason)
        return True

    def cancel(self) -> None:
        """End what runs; what was recorded stays. Harmless when nothing runs."""
        self.model.cancel()

    def _fill_values(self) -> None:
        """Begin with the presets of the knob that was picked."""
        if not self.controls.request.knob:
            return
        knob = knob_of(self.controls.request.knob)
        text, knobs = self._target_text()
        try:
            values = values_of_knob("presets", knob, text, knobs)
        except ValueError:
            values = [str(knob.default)]
        self.controls.show_knob(knob, values_text(values))
        self.empty.show_knob(knob)
        self._check()

    def _check(self) -> None:
        """Check whether the sweep of the form can run, and say so in place."""
        if self.model.is_running:
            return
        request = self.controls.request
        text, knobs = self._target_text()
        self._checked = None
        try:
            values = values_of_knob(request.values, knob_of(request.knob), text, knobs)
            sweep = self.model.sweep_for(
                text, knobs, request.knob, values, repeat=request.repeat, max_seconds=request.max_seconds
            )
        except NeverEnds:
            self.controls.show_message("rows=0 streams for ever: set a time after which each run stops.")
        except (BadTarget, ValueError) as error:
            self.controls.show_message(str(error))
        else:
            self._checked = (sweep, knobs)
            self.controls.show_message("")
            self.controls.show_state(self._plan_text(sweep, request.max_seconds))

    def _plan_text(self, sweep: SweepRunner, max_seconds: float | None) -> str:
        """Return how many runs there will be, and about how long they take: ``27 runs, about 55 s``."""
        runs, each_s = sweep.progress.total, self._lasted_s()
        if max_seconds is not None:
            each_s = min(each_s or max_seconds, max_seconds)
        if each_s is None:
            return count_of(runs, "run")
        return f"{count_of(runs, 'run')}, about {time_text(1_000 * max(1.0, runs * (each_s + _BETWEEN_RUNS_S)))}"

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.refresh()

    # Showing

    def set_theme(self, theme: Theme) -> None:
        """Change the colours."""
        self.controls.set_theme(theme)
        self.charts.set_theme(theme)
        palette = palette_of(theme)
        palette.setColor(palette.ColorRole.Window, QColor(theme.background))
        self._stack.setPalette(palette)
        self._stack.setAutoFillBackground(True)
        self.empty.set_theme(theme)
        self.unchanged.set_theme(theme)

    def set_presenting(self, presenting: bool) -> None:
        """Leave the form out while presenting, unless nothing was swept yet."""
        self._is_presenting = presenting
        self._show_controls()

    def _show_controls(self) -> None:
        has_charts = self._stack.currentIndex() == _RESULT_AT
        self.controls.setVisible(not (self._is_presenting and has_charts))
        self.unchanged.button.setVisible(not self._is_presenting)

    def _show_points(self) -> None:
        self._stack.setCurrentIndex(_RESULT_AT)
        self._show_controls()
        trade_off = self.model.trade_off.sentence
        so_far = "So far: " if trade_off and self.model.is_running else ""
        waiting = "The first medians come after each value has run once." if self.model.is_running else "Nothing ran."
        self.caption.setText(f"{so_far}{trade_off}" if trade_off else waiting)
        self._show_charts()

    def _show_charts(self) -> None:
        """Show the charts of what changes, and of all while the runs go on: what will change isn't known yet."""
        model = self.model
        left_out = () if model.is_running or not model.points else model.unchanged
        self.unchanged.tell(left_out)
        without = {metric.id for metric, _ in left_out} if not self.unchanged.shows_all else set()
        self.charts.show_metrics({metric.id for metric in METRICS} - without)

    def _show_progress(self) -> None:
        running, progress = self.model.is_running, self.model.progress
        self.controls.show_running(running, can_export=self.model.result is not None)
        if progress is not None and running:
            self.controls.show_progress(progress, self.model.running_value)
        elif progress is not None and progress.done < progress.total:
            self.controls.show_state(f"Ended after {progress.text}")

    def _ended(self) -> None:
        announce(self, self.caption.text())
        self._check()
        self._show_progress()
        self.ended.emit()

    # Exporting

    def copy_table(self) -> None:
        """Put the medians and the sentence on the clipboard."""
        result = self.model.result
        if result is not None:
            lines = [*sweep_table(result), "", self.model.trade_off.sentence]
            QGuiApplication.clipboard().setText("\n".join(lines) + "\n")
            self.said.emit("info", "The table is on the clipboard.")

    def save_to(self, path: Path) -> bool:
        """Save as JSON where the name ends so, else as CSV; what goes wrong is said."""
        result = self.model.result
        if result is None:
            return False
        as_json = path.suffix.lower() == ".json"
        data = encode_sweep_report(sweep_report(result)) if as_json else sweep_csv(result).encode()
        try:
            save_bytes(path, data)
        except OSError as error:
            self.said.emit("error", f"{path} can't be written: {error.strerror or error}. Choose another folder.")
            return False
        return True

    def _ask_and_save(self) -> None:
        name, chosen = QFileDialog.getSaveFileName(self, "Save the sweep", "sweep.csv", ";;".join(_FILTERS))
        if name:
            path = Path(name)
            self.save_to(path if path.suffix else path.with_suffix(_FILTERS.get(chosen, ".csv")))
