"""Runs A and B side by side: streams both at the same time, and compares them in a sentence.

Path: page -> here -> `Session.record_pair` -> two recorders -> two folders -> two documents -> two ladders.
"""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Signal

from inspector.analysis.comparison.comparison import Side, comparison
from inspector.analysis.comparison.setting_differences import TARGET, Setting, differing_settings, settings_key
from inspector.analysis.runs.run_summary import RunSummary, summary_of_analysis
from inspector.catalogue import kind_of
from inspector.gui.models.linked_selection import LinkedSelection
from inspector.gui.models.linked_time_range import LinkedTimeRange
from inspector.session.data_folder import DiskTrouble
from inspector.session.recorder_slot import Lane
from inspector.session.session import Session

from .run_view import RunView

#: More earlier runs of the same settings than these say nothing more about chance.
_MOST_EARLIER = 19


class CompareController(QObject):
    """Runs a and b together. GUI thread."""

    #: Something went wrong; carries a severity and a sentence.
    said = Signal(str, str)
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
        for view in (a, b):
            view.analysis.judged.connect(self._compare)

    def enter(self) -> None:
        """Begin to follow run B beside run A."""
        self._selection.is_on = True
        self.b.controller.resume()
        self._compare()

    def leave(self) -> None:
        """Stop run B; what it recorded stays on screen for the next time."""
        self._selection.is_on = False
        self.b.controller.rest()
        self._linked_time.clear(self.b.lane)

    def run_both(self) -> None:
        """Stream both at the same time; if either target is invalid, report it and start neither."""
        target_a = self.a.target()
        target_b = self.b.target() if target_a is not None else None
        if target_a is None or target_b is None:
            return
        for view in (self.a, self.b):
            view.controller.stop()
        try:
            runs = self._session.record_pair(target_a, target_b)
        except (DiskTrouble, ValueError) as trouble:
            self.said.emit("error", str(trouble))
            return
        self._made_ids |= {run.id for run in runs}
        for view, run in zip((self.a, self.b), runs, strict=True):
            view.controller.follow(run)

    def show_recording(self, lane: Lane, folder: Path) -> None:
        """Show a finished run as A or B."""
        (self.a if lane == "a" else self.b).controller.show_recording(folder)

    def swap(self) -> None:
        """Let A and B change places: what they would stream, their settings, and the runs on screen."""
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
        self.b.set_settings(self.a.settings())

    def differing_knobs(self) -> tuple[str, str]:
        """Return the settings that differ between the runs on screen, a text for each side: ``rows 5 (default)``."""
        settings = [each for each in self._differing() or () if each.name != TARGET]
        texts = [
            [f"{each.name} {text}" for each in settings if (text := getattr(each, side))] for side in ("a", "b")
        ]  # fmt: skip
        return ", ".join(texts[0]), ", ".join(texts[1])

    def sides(self) -> tuple[Side, Side] | None:
        """Return both runs in numbers, with earlier ones of the same settings; None while one has no verdict."""
        one, other = self._side(self.a), self._side(self.b)
        return (one, other) if one is not None and other is not None else None

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

    def begin_with_cure(self) -> None:
        """Let B begin as A is, with what would cure A's verdict: one setting that differs."""
        self.copy_knobs()
        verdict = self.a.analysis.verdict
        if verdict is not None:
            self.b.set_settings(verdict.cure or {})

    def _compare(self) -> None:
        if self._selection.is_on:
            self.compared.emit(self.sentence())
