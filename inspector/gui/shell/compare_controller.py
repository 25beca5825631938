"""Runs A and B side by side: streams both at the same time, and compares them in a sentence.

Path: page -> here -> `Session.record_pair` -> two recorders -> two folders -> two documents -> two ladders.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from inspector.analysis.comparison.comparison import Side, comparison, is_fair
from inspector.analysis.comparison.setting_differences import TARGET, Setting, differing_settings, settings_key
from inspector.analysis.comparison.side_by_side import Pair, pairs_of
from inspector.analysis.runs.run_summary import RunSummary, summary_of_analysis
from inspector.catalogue import BadKnob, kind_of, knob_of
from inspector.gui.models.linked_selection import LinkedSelection
from inspector.gui.models.linked_time_range import LinkedTimeRange
from inspector.gui.style.run_states import RunState
from inspector.recording.redaction import REDACTED
from inspector.session.data_folder import DiskTrouble
from inspector.session.recorder_slot import Lane
from inspector.session.session import Session
from inspector.session.target import BadTarget, Target

from .run_view import RunView

_NO_SECRETS = "The recording keeps no secrets. Put yours in place of [redacted], then stream."
#: More earlier runs of the same settings than these say nothing more about chance.
_MOST_EARLIER = 19


class CompareController(QObject):
    """Runs a and b together. GUI thread."""

    #: Something went wrong; carries a severity and a sentence.
    said = Signal(str, str)
    #: A person did what can be undone; carries the arguments of `UndoHistory.push`.
    acted = Signal(str, object, str)
    #: The sentence about both may be another one.
    compared = Signal(str)

    def __init__(self, a: RunView, b: RunView, linked_time: LinkedTimeRange, session: Session) -> None:
        super().__init__(b)
        self.a, self.b = a, b
        self._session = session
        self._linked_time = linked_time
        self._selection = LinkedSelection(a.document, b.document, self)
        #: Runs that were made together here, by their settings: in order, by their ids. What they differ by is chance.
        self._made: dict[object, dict[str, RunSummary]] = {}
        self._made_ids: set[str] = set()
        #: Ends B when it has streamed for as long as A did before somebody stopped it.
        self._as_long = QTimer(self)
        self._as_long.setSingleShot(True)
        self._as_long.setTimerType(Qt.TimerType.PreciseTimer)
        self._as_long.timeout.connect(b.controller.stop)
        b.controller.state_changed.connect(self._b_changed)
        for view in (a, b):
            view.analysis.judged.connect(self._compare)

    def enter(self) -> None:
        """Begin to follow run B beside run A; a B that has nothing on screen begins as A is."""
        self._selection.is_on = True
        if self.b.folder is None:
            self.b.picker.set_target_text(self.a.picker.target_text)
            self.copy_knobs()
        self.b.controller.resume()
        self._compare()

    def leave(self) -> None:
        """Stop run B; what it recorded stays on screen for the next time."""
        self._selection.is_on = False
        self.b.controller.rest()
        self._linked_time.clear(self.b.lane)

    @property
    def is_running(self) -> bool:
        """Whether either of them streams."""
        return any(view.controller.state.is_running for view in (self.a, self.b))

    def stop(self) -> None:
        """End both."""
        for view in (self.a, self.b):
            view.controller.stop()

    def run_both(self) -> None:
        """Stream both at the same time; if either target is invalid, report it and start neither."""
        target_a = self.a.target()
        target_b = self.b.target() if target_a is not None else None
        if target_a is None or target_b is None:
            return
        self.stop()
        self._as_long.setInterval(0)
        try:
            runs = self._session.record_pair(target_a, target_b)
        except (DiskTrouble, ValueError) as trouble:
            self.said.emit("error", str(trouble))
            return
        self._made_ids |= {run.id for run in runs}
        for view, run in zip((self.a, self.b), runs, strict=True):
            view.controller.follow(run)

    def try_beside(self, settings: Mapping[str, str]) -> bool:
        """Stream B, which is the run on screen with other settings, beside that run.

        A keeps its recording. Where nothing was recorded, where A streams without an end, and where a setting of it
        was turned meanwhile, both stream anew. Returns False, having said why, for what can't be streamed.
        """
        try:
            target_a = self.a.target_on_screen() or self.a.target()
            if target_a is None:
                return False
            target_b = Target.recorded(target_a.title, {**target_a.knobs, **settings})
        except (BadTarget, BadKnob) as error:
            self.said.emit("error", str(error))
            return False
        if REDACTED in target_a.title:
            self.said.emit("warning", _NO_SECRETS)
            return False
        for view, target in ((self.a, target_a), (self.b, target_b)):
            view.recorded.take_over(target)
        snapshot, is_live = self.a.document.whole, self.a.controller.state.is_running
        is_endless = is_live and target_a.kind.is_endless(target_a.knobs)
        if snapshot.meta is None or snapshot.changes or is_endless:
            self.run_both()
        else:
            self._run_b(target_b)
        return True

    def _run_b(self, target: Target) -> None:
        """Stream B alone, from a warm server; as long as A at most where somebody stopped that."""
        whole = self.a.document.whole
        was_stopped = whole.meta is not None and whole.meta.ending is not None and whole.meta.ending.kind == "stopped"
        self.b.controller.stop()
        self._as_long.setInterval((whole.last_ns - whole.origin_ns) // 1_000_000 if was_stopped else 0)
        try:
            run = self._session.record(target, lane=self.b.lane, warm=True)
        except (DiskTrouble, ValueError) as trouble:
            self.said.emit("error", str(trouble))
            return
        self.b.controller.follow(run)

    def _b_changed(self, state: RunState) -> None:
        if state is RunState.LIVE and self._as_long.interval():
            self._as_long.start()
        elif not state.is_running:
            self._as_long.stop()

    def keep_b(self) -> Target | None:
        """Make what B streamed the user's own for A, and return it; None where B has nothing on screen."""
        target, folder = self.b.target_on_screen(), self.b.folder
        if target is None or folder is None:
            return None
        is_running = self.b.controller.state.is_running
        self.a.controller.stop()
        self.a.recorded.take_over(target)
        if is_running:
            self.b.controller.stop()
            self.a.controller.start(target)
        else:
            self.a.controller.show_recording(folder)
        return target

    def show_recording(self, lane: Lane, folder: Path) -> None:
        """Show a finished run as A or B."""
        (self.a if lane == "a" else self.b).controller.show_recording(folder)

    def swap(self) -> None:
        """Let A and B change places: what they would stream, their settings, and the runs on screen."""
        self.acted.emit("A and B swapped", self.swap, "")
        for view in (self.a, self.b):
            view.knobs.adopt()
        of_a, of_b = ((view.picker.target_text, view.settings(), view.folder) for view in (self.a, self.b))
        for view, (text, settings, folder) in ((self.a, of_b), (self.b, of_a)):
            view.picker.set_target_text(text)
            view.set_settings(settings)
            if folder is not None:
                view.controller.show_recording(folder)

    def copy_knobs(self) -> None:
        """Give B the settings of A."""
        before = self.b.settings()
        self.acted.emit("B: all settings", lambda: self.b.set_settings(before), "")
        self.b.set_settings(self.a.settings())

    def differing_knobs(self) -> tuple[str, str]:
        """Return the settings that differ between the runs on screen, a text for each side: ``buffer 5 (default)``."""
        settings = [each for each in self._differing() or () if each.name != TARGET]
        texts = [
            [f"{knob_of(each.name).short_label} {text}" for each in settings if (text := getattr(each, side))]
            for side in ("a", "b")
        ]
        return ", ".join(texts[0]), ", ".join(texts[1])

    def sides(self) -> tuple[Side, Side] | None:
        """Return both runs in numbers, with earlier ones of the same settings; None while one has no verdict."""
        one, other = self._side(self.a), self._side(self.b)
        return (one, other) if one is not None and other is not None else None

    def pairs(self) -> tuple[Pair, ...]:
        """Return the figures of both side by side; of one alone while the other has none."""
        if self.b.folder is None:
            return ()
        return pairs_of(self._side(self.a), self._side(self.b), len(self._differing() or ()))

    def is_fair(self) -> bool:
        """Tell whether one setting makes all the difference between the runs on screen."""
        sides = self.sides()
        return sides is not None and is_fair(*sides, len(self._differing() or ()))

    def sentence(self) -> str:
        """Return what is the same in both and what is not."""
        sides, differing = self.sides(), self._differing()
        if sides is None or differing is None:
            return "Change one setting of B, then press Stream both (Ctrl+Shift+R)."
        return comparison(*sides, len(differing))

    def _differing(self) -> tuple[Setting, ...] | None:
        a, b = (view.document.snapshot.meta for view in (self.a, self.b))
        return differing_settings(a, b) if a is not None and b is not None else None

    def _side(self, view: RunView) -> Side | None:
        snapshot, verdict, folder = view.document.snapshot, view.analysis.verdict, view.folder
        meta = snapshot.meta
        if meta is None or verdict is None or folder is None:
            return None
        run, run_id = summary_of_analysis(view.analysis.whole_run, verdict), folder.name
        was_turned, is_made_here = bool(snapshot.changes), run_id in self._made_ids
        made = self._made.setdefault(settings_key(meta), {}) if is_made_here and not was_turned else {}
        if meta.ending is not None and meta.ending.kind == "complete":
            made[run_id] = run
        earlier = [each for other_id, each in made.items() if other_id != run_id]
        is_cold = not kind_of(meta.title).is_served_here and not earlier
        return Side(run, tuple(earlier[-_MOST_EARLIER:]), is_cold, was_turned)

    def _compare(self) -> None:
        if self._selection.is_on:
            self.compared.emit(self.sentence())
