"""Runs a sweep (one setting, many values) for its page, and holds medians, best trade-off and the chosen value.

Path: page -> here -> `SweepRunner`, polled by a timer -> points -> charts and caption.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from inspector.analysis.sweep.sweep_results import METRICS, Measured, Metric, Point, in_order, measured, median_point
from inspector.analysis.sweep.trade_off import TradeOff, draws_line, trade_off_of, unchanged_metrics, value_text
from inspector.export.sweep_report import SweepResult
from inspector.session.session import Session
from inspector.session.sweep_runner import Progress, SweepRunner

#: Runs may take a millisecond: what is lost between two looks is lost of the sweep's time.
_POLL_MS = 5
_TELL_EVERY = 50


class SweepModel(QObject):
    """One sweep at a time; the last one stays until the next begins. GUI thread."""

    #: Another point, or another sweep.
    changed = Signal()
    #: Progress, or whether one runs.
    progressed = Signal()
    #: A sweep has ended, in whichever way.
    ended = Signal()
    #: Another value is current.
    current_changed = Signal()
    #: It ended early; carries a severity and a sentence.
    said = Signal(str, str)

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._sweep: SweepRunner | None = None
        self._knobs: dict[str, str] = {}
        self._points_seen = 0
        self._polls = 0
        self._chosen: str | None = None
        self._hovered: str | None = None
        #: All values of the sweep, also those that have not run, in the order of an axis.
        self.values: list[str] = []
        self.medians: dict[str, dict[str, Measured]] = {}
        self.trade_off = TradeOff("")
        #: Metrics that the values don't change, with what they are; and the ids of those that have a line.
        self.unchanged: Sequence[tuple[Metric, str]] = ()
        self.lined: frozenset[str] = frozenset()
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(_POLL_MS)
        self._timer.timeout.connect(self._tick)

    # What there is

    @property
    def is_running(self) -> bool:
        """Whether a sweep is under way."""
        return self._timer.isActive()

    @property
    def points(self) -> Sequence[Point]:
        """All runs of the sweep so far."""
        return self._sweep.points if self._sweep else ()

    @property
    def knob_name(self) -> str:
        """The name of the knob of the sweep, empty before the first."""
        return self._sweep.knob.name if self._sweep else ""

    @property
    def unit(self) -> str:
        """The unit of that knob's values."""
        return self._sweep.knob.unit if self._sweep else ""

    @property
    def progress(self) -> Progress | None:
        """How far it is, None before the first sweep."""
        return self._sweep.progress if self._sweep else None

    @property
    def running_value(self) -> str:
        """The value that runs now, for people; empty where none does."""
        current = self._sweep.current if self._sweep else None
        return value_text(current[0], self.unit) if current else ""

    @property
    def trouble(self) -> str:
        """Why it ended early, empty where it did not."""
        return self._sweep.trouble if self._sweep else ""

    @property
    def result(self) -> SweepResult | None:
        """The sweep for a report, None where nothing has run."""
        if self._sweep is None or not self._sweep.points:
            return None
        total = self._sweep.progress.total
        return SweepResult(self._sweep.target_text, self.knob_name, self.unit, total, self.points, self._knobs)

    def median_point(self, metric: Metric, value: str) -> Point | None:
        """Return the run to open for a value."""
        return median_point(self.points, metric, value)

    # Running

    def sweep_for(
        self, target_text: str, knobs: Mapping[str, str], knob: str, values: Sequence[str], *, repeat: int = 1,
        max_seconds: float | None = None,
    ) -> SweepRunner:  # fmt: skip
        """Return a sweep that is checked and not begun. Raises `BadKnob` and `BadTarget`."""
        return SweepRunner(self._session, target_text, knobs, knob, values, repeat=repeat, max_seconds=max_seconds)

    def start(self, sweep: SweepRunner, knobs: Mapping[str, str]) -> None:
        """Run a sweep in place of the one before."""
        self.cancel()
        self._sweep = sweep
        self._knobs = dict(knobs)
        self._points_seen = self._polls = 0
        self._chosen = self._hovered = None
        self._take_points()
        self._timer.start()
        self.changed.emit()
        self.progressed.emit()

    def cancel(self) -> None:
        """End what runs; what was recorded stays. Harmless when nothing runs."""
        if self._sweep is not None and self.is_running:
            self._sweep.cancel()
            self._finish()

    def _tick(self) -> None:
        assert self._sweep is not None
        self._sweep.poll()
        if len(self.points) != self._points_seen:
            self._take_points()
            self.changed.emit()
            self.progressed.emit()
        self._polls += 1
        if self._sweep.is_done:
            self._finish()
        elif self._polls % _TELL_EVERY == 0:
            self.progressed.emit()

    def _finish(self) -> None:
        self._timer.stop()
        self._take_points()
        if self.trouble:
            self.said.emit("error", self.trouble)
        self.changed.emit()
        self.progressed.emit()
        self.ended.emit()

    def _take_points(self) -> None:
        """Look at all points again; after each round at trade-off and noise, as these compare each value with each."""
        assert self._sweep is not None
        points = self._sweep.points
        self._points_seen = len(points)
        self.values = in_order(self._sweep.values)
        self.medians = {metric.id: measured(points, metric) for metric in METRICS}
        if not points or not self.is_running or len(points) % len(self.values) == 0:
            self.trade_off = trade_off_of(points, self.unit)
            self.unchanged = unchanged_metrics(points)
            self.lined = frozenset(metric.id for metric in METRICS if draws_line(points, metric))

    # The current value

    @property
    def current(self) -> str | None:
        """The value under the pointer, else the chosen one."""
        return self._chosen if self._hovered is None else self._hovered

    def hover(self, value: str | None) -> None:
        """Look at a value as long as the pointer is on it."""
        if value != self._hovered:
            self._hovered = value
            self.current_changed.emit()

    def choose(self, value: str | None) -> None:
        """Look at a value until another is chosen."""
        if value != self._chosen or self._hovered is not None:
            self._chosen, self._hovered = value, None
            self.current_changed.emit()

    def choose_end(self, *, last: bool) -> None:
        """Choose the first or the last value."""
        if self.values:
            self.choose(self.values[-1 if last else 0])

    def step(self, by: int) -> None:
        """Choose the value ``by`` places on, staying inside; from none, the first or the last."""
        if not self.values:
            return
        current = self.current
        if current is None or current not in self.values:
            self.choose_end(last=by < 0)
            return
        at = self.values.index(current) + by
        self.choose(self.values[min(max(at, 0), len(self.values) - 1)])
