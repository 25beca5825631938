"""Runs a sweep: streams one knob at many values, one after another, each recorded like any other run.

The sweep page or the command line calls `SweepRunner.poll`; each run is recorded by the session and summed up as a
`Point`. No threads; what was recorded stays, however a sweep ends.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from statistics import fmean

from inspector.analysis.runs.run_summary import RunSummary, SummaryBuilder, write_summary
from inspector.analysis.sweep.sweep_results import Point, interleaved
from inspector.analysis.sweep.sweep_values import parse_values
from inspector.analysis.sweep.trade_off import value_text
from inspector.catalogue import ITEM_PRESETS, BadKnob, Knob, knob_of
from inspector.recording.annotations import Annotations, write_annotations
from inspector.recording.folder import Recording
from inspector.recording.meta import BadRecording

from .data_folder import DiskTrouble
from .notice import Notice
from .run import Run
from .session import Session
from .settling import has_settled
from .target import BadTarget, Target

MOST_REPETITIONS = 100
_FIRST_ERROR_STATUS = 400


class NeverEnds(BadKnob):
    """A value makes a stream without an end, and there is no limit to its time."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a sweep is. ``seconds_left`` is estimated from its runs so far, None before the first has ended."""

    done: int
    total: int
    seconds_left: float | None

    @property
    def text(self) -> str:
        """The same for people, no finer than they can use: ``12 of 27 runs, 2 min 10 s left``."""
        runs = f"{self.done:,} of {self.total:,} runs"
        if self.seconds_left is None or self.done == self.total:
            return runs
        whole = max(1, round(self.seconds_left))
        return f"{runs}, {whole if whole < 60 else f'{whole // 60} min {whole % 60}'} s left"


class SweepRunner:
    """Streams the values of one knob in turn. Thread: that of the session.

    Call `poll` often until `is_done`. A run that is stopped from outside cancels the sweep: the session is needed
    for something else.
    """

    def __init__(
        self, session: Session, target_text: str, knobs: Mapping[str, str], knob: str, values: Sequence[str],
        *, repeat: int = 1, max_seconds: float | None = None,
    ) -> None:  # fmt: skip
        """Check all that will run; nothing is asked of the session before the first `poll`.

        ``knobs`` are those that stay as they are. ``max_seconds`` ends each run. Raises `BadKnob` and `BadTarget`, with
        sentences for people: for a value out of range, a knob that does not act here, a run that would never end.
        """
        self.knob = _knob_that_acts(knob, Target.parse(target_text, knobs))
        if not values or not 1 <= repeat <= MOST_REPETITIONS:
            raise BadKnob(f"A sweep needs a value, and 1 to {MOST_REPETITIONS} repetitions.")
        self.values = list(dict.fromkeys(_canonical(self.knob, value) for value in values))
        self.target_text = target_text
        self.repeat = repeat
        self.max_seconds = max_seconds
        #: What was recorded so far, in the order of the runs.
        self.points: list[Point] = []
        #: Why it ended before its last run, empty where it did not.
        self.trouble = ""
        self._session = session
        self._targets = {value: Target.parse(target_text, {**knobs, knob: value}) for value in self.values}
        if max_seconds is None and any(target.kind.is_endless(target.knobs) for target in self._targets.values()):
            raise NeverEnds("rows=0 never ends: give each run a limit in seconds.")
        self._orders = list(interleaved(self.values, repeat))
        self._run: Run | None = None
        #: What its runs have in common in the list of runs; empty before the first.
        self._id = ""
        self._summary_builder: SummaryBuilder | None = None
        self._started_s = 0.0
        self._has_ended = False
        self._took_s: dict[str, list[float]] = defaultdict(list)
        self._is_cancelled = False
        self._is_listening = False
        self._disk_trouble = ""

    @property
    def is_done(self) -> bool:
        """Whether nothing more will run: all ran, it was cancelled, or something went wrong."""
        return self._is_cancelled or len(self.points) == len(self._orders)

    @property
    def is_complete(self) -> bool:
        """Whether every run ran and completed."""
        return len(self.points) == len(self._orders) and all(point.is_good for point in self.points)

    @property
    def progress(self) -> Progress:
        """How far it is, and how long it will take."""
        left = self._orders[len(self.points) :]
        if not self._took_s or self._is_cancelled:
            return Progress(len(self.points), len(self._orders), None)
        overall_s = fmean(took_s for all_s in self._took_s.values() for took_s in all_s)
        expected = [fmean(self._took_s[value]) if self._took_s.get(value) else overall_s for value, _ in left]
        running_s = min(time.monotonic() - self._started_s, expected[0]) if self._run and expected else 0.0
        return Progress(len(self.points), len(self._orders), sum(expected) - running_s)

    @property
    def current(self) -> tuple[str, int] | None:
        """The value and the repetition that runs or comes next, None when it is done."""
        return None if self.is_done else self._orders[len(self.points)]

    def poll(self) -> None:
        """Look after the session and the run, start the next one. Does not block."""
        if self.is_done:
            return
        if not self._is_listening:
            self._is_listening = True
            self._session.listen(self._hear)
        self._session.poll()
        self._go_on()
        if self.is_done:
            self._session.unlisten(self._hear)

    def _hear(self, notice: Notice) -> None:
        if notice.kind == "disk_trouble":
            self._disk_trouble = self._disk_trouble or notice.text

    def _go_on(self) -> None:
        if self._disk_trouble:
            self._give_up(self._disk_trouble)
        elif self._run is None:
            self._start()
        elif self._run.has_ended:
            self._look_at_end(self._run)

    def cancel(self) -> None:
        """End it; the run under way is stopped and what was recorded stays. Harmless when it is done."""
        self._session.unlisten(self._hear)
        if not self.is_done:
            self._is_cancelled = True
            if self._run is not None:
                self._session.stop(self._run)
            if self._run is not None and self._has_ended:
                self._run.recording.close()

    def _give_up(self, trouble: str) -> None:
        self.cancel()
        self.trouble = trouble

    def _start(self) -> None:
        """Start the next run, from a warm server."""
        value, repetition = self._orders[len(self.points)]
        target = self._targets[value]
        try:
            self._run = self._session.record(target, max_seconds=self.max_seconds, warm=True)
            self._started_s, self._has_ended = time.monotonic(), False
            of = f" · {repetition} of {self.repeat}" if self.repeat > 1 else ""
            name = f"{value_text(value, self.knob.unit)}{of}"
            self._id = self._id or f"{self.knob.name} {self._run.id}"
            write_annotations(self._run.folder, Annotations(name=name, sweep=self._id))
        except (DiskTrouble, OSError, ValueError) as error:
            self._give_up(str(error))

    def _look_at_end(self, run: Run) -> None:
        """Take the run's figures once the server's last marks are there too, or were waited for long enough.

        A long run's are taken in a little at each call.
        """
        self._has_ended = True
        recording = run.recording
        try:
            if self._summary_builder is None:
                recording.refresh()
                if not has_settled(recording) and run.folder.is_dir():
                    return
                self._summary_builder = SummaryBuilder(recording.snapshot())
            summary = self._summary_builder.step()
            if summary is None:
                return
            failure = _failure_of(recording, planned_end=self._ends_by_limit(run))
        except (BadRecording, OSError) as error:
            summary, failure = None, f"The recording can't be read: {error}"
        self._summary_builder = None
        recording.close()
        self._take(run, summary, failure)

    def _take(self, run: Run, summary: RunSummary | None, failure: str) -> None:
        if summary is not None and summary.ending == "stopped":
            self._is_cancelled = True
            return
        if summary is not None:
            with suppress(OSError):  # it is only a cache
                write_summary(run.folder, summary)
        value, repetition = self._orders[len(self.points)]
        self._took_s[value].append(time.monotonic() - self._started_s)
        self.points.append(Point(value, repetition, run.id, run.folder, summary, failure))
        self._run = None
        if not self.is_done:
            self._start()

    def _ends_by_limit(self, run: Run) -> bool:
        return self.max_seconds is not None and run.target.kind.is_endless(run.target.knobs)


def knobs_of_target(target: Target) -> tuple[str, ...]:
    """Return the names of the knobs that can be swept on a target: those that act there."""
    return target.kind.acting(target.knobs)


def values_of_knob(text: str, knob: Knob, target_text: str, knobs: Mapping[str, str]) -> list[str]:
    """Return the values of a text such as ``0,2,5``, ``0..100 step 10`` or ``presets``. Raises ``ValueError``.

    Presets are those that can be had on this machine and end; a value that is named is never left out.
    """
    presets = list(_presets_that_run(knob, target_text, knobs))
    return parse_values(text, presets=presets, numeric=knob.kind in ("int", "float"))


def presets_of(knob: Knob) -> tuple[str, ...]:
    """Return the values that a knob is usually swept over; of a buffer for items they go from none to all."""
    if knob.is_buffer and knob.process == "app":
        # From none to all, as the number keys of the window have them.
        wanted = [max(value, int(knob.minimum)) for value in (*ITEM_PRESETS, int(knob.maximum))]
        return tuple(str(value) for value in dict.fromkeys(wanted))
    return tuple(str(value) for value in knob.presets)


def _presets_that_run(knob: Knob, target_text: str, knobs: Mapping[str, str]) -> Iterator[str]:
    for value in presets_of(knob):
        with suppress(BadTarget, BadKnob):
            target = Target.parse(target_text, {**knobs, knob.name: value})
            if not target.kind.is_endless(target.knobs):
                yield value


def _knob_that_acts(name: str, target: Target) -> Knob:
    knob = knob_of(name)
    if idle := target.kind.idle_text(name, target.knobs):
        raise BadKnob(idle)
    return knob


def _canonical(knob: Knob, text: str) -> str:
    """Return the shortest text of a value, so that ``05`` and ``5`` are one. Raises `BadKnob`."""
    value = knob.parse(text)
    return f"{value:.10g}" if isinstance(value, float) else str(value)


def _failure_of(recording: Recording, *, planned_end: bool) -> str:
    """Return why a run's figures can't be compared, empty where they can."""
    meta = recording.meta
    if meta is None or meta.ending is None:
        return "Nothing was recorded."
    if meta.ending.kind != "complete" and not (planned_end and meta.ending.kind == "over_limit"):
        return meta.ending.text
    status = meta.response.status if meta.response else 0
    return f"The server answered {status}." if status >= _FIRST_ERROR_STATUS else ""
