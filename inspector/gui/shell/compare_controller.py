"""Runs A and B side by side: documents, analyses, settings and controllers of both, on one time range.

Path: page -> here -> `Session.record_pair` -> two recorders -> two folders -> two documents -> two ladders.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from inspector.analysis.comparison.comparison import Side, comparison
from inspector.analysis.comparison.setting_differences import TARGET, Setting, differing_settings, settings_key
from inspector.analysis.runs.run_summary import RunSummary, summary_of_analysis
from inspector.catalogue import BadKnob, kind_of
from inspector.gui.editors.knob_editors import KnobEditors
from inspector.gui.models.analysis_model import AnalysisModel
from inspector.gui.models.document import Document
from inspector.gui.models.linked_selection import LinkedSelection
from inspector.gui.models.linked_time_range import LinkedTimeRange
from inspector.gui.models.run_controller import RunController
from inspector.session.data_folder import DiskTrouble
from inspector.session.session import Session
from inspector.session.target import BadTarget, Target

#: More earlier runs of the same settings than these say nothing more about chance.
_MOST_EARLIER = 19


@dataclass(frozen=True, slots=True)
class RunA:
    """What the window has of the run that it always shows."""

    document: Document
    analysis: AnalysisModel
    knobs: KnobEditors
    controller: RunController
    #: What the window would stream now; raises `BadTarget` and `BadKnob`.
    target: Callable[[], Target]
    target_text: Callable[[], str]
    set_target_text: Callable[[str], None]


class CompareController(QObject):
    """Runs a and b together. GUI thread."""

    #: Something went wrong; carries a severity and a sentence.
    said = Signal(str, str)
    #: The sentence about both may be another one.
    compared = Signal(str)

    def __init__(self, a: RunA, joint: LinkedTimeRange, session: Session, parent: QObject) -> None:
        super().__init__(parent)
        self.a = a
        self.document = Document(self)
        self.analysis = AnalysisModel(self.document)
        self.knobs = KnobEditors(self, prefix="knob_b")
        self.controller = RunController(self.document, joint.b, session, "b")
        self.controller.notice_raised.connect(self._notice)
        self._session = session
        self._linked_time = joint
        self._selection = LinkedSelection(a.document, self.document, self)
        #: Runs that were made together here, by their settings: in order, by their ids. What they differ by is chance.
        self._made: dict[object, dict[str, RunSummary]] = {}
        self._made_ids: set[str] = set()
        for analysis in (a.analysis, self.analysis):
            analysis.judged.connect(self._compare)

    def enter(self) -> None:
        """Begin to follow run b beside run a."""
        self._selection.is_on = True
        self.controller.open()
        self._compare()

    def leave(self) -> None:
        """Stop run b; what it recorded stays on screen for the next time."""
        self._selection.is_on = False
        self.controller.rest()
        self._linked_time.b.clear()

    def run_both(self, ask_b: Callable[[], Target]) -> None:
        """Stream both at the same time; a target that is none is told, and nothing starts."""
        try:
            targets = self.a.target(), ask_b()
            for controller in (self.a.controller, self.controller):
                controller.stop()
            run_a, run_b = self._session.record_pair(*targets)
        except (BadTarget, BadKnob, DiskTrouble, ValueError) as trouble:
            self.said.emit("error", str(trouble))
            return
        self._made_ids |= {run_a.id, run_b.id}
        self.a.controller.follow(run_a)
        self.controller.follow(run_b)

    def show_recording(self, side: str, folder: Path) -> None:
        """Show a finished run as ``a`` or ``b``."""
        (self.a.controller if side == "a" else self.controller).show_recording(folder)

    def swap(self, text_b: str, set_text_b: Callable[[str], None]) -> None:
        """Let a and b change places: what they would stream, their knobs, and the runs on screen."""
        folders = [each.recording.folder if each.recording else None for each in (self.a.document, self.document)]
        text_a, values_a = self.a.target_text(), _values(self.a.knobs)
        values_b = _values(self.knobs)
        self.a.set_target_text(text_b)
        set_text_b(text_a)
        _set_values(self.a.knobs, values_b)
        _set_values(self.knobs, values_a)
        for side, folder in zip(("b", "a"), folders, strict=True):
            if folder is not None:
                self.show_recording(side, folder)

    def copy_knobs(self) -> None:
        """Give b the knobs of a."""
        _set_values(self.knobs, _values(self.a.knobs))

    def differing_knobs(self) -> tuple[str, str]:
        """Return the settings that differ between the runs on screen, a text for each side: ``rows 5 (default)``."""
        settings = [each for each in self._differing() or () if each.name != TARGET]
        texts = [
            [f"{each.name} {text}" for each in settings if (text := getattr(each, side))] for side in ("a", "b")
        ]  # fmt: skip
        return ", ".join(texts[0]), ", ".join(texts[1])

    def sides(self) -> tuple[Side, Side] | None:
        """Return both runs in numbers, with earlier ones of the same settings; None while one has no verdict."""
        one, other = self._side(self.a.document, self.a.analysis), self._side(self.document, self.analysis)
        return (one, other) if one is not None and other is not None else None

    def sentence(self) -> str:
        """Return what is the same in both and what is not."""
        sides, differing = self.sides(), self._differing()
        if sides is None or differing is None:
            return "Change one setting of B, then press Stream both (Ctrl+Shift+R)."
        return comparison(*sides, len(differing))

    def _differing(self) -> tuple[Setting, ...] | None:
        a, b = self.a.document.snapshot.meta, self.document.snapshot.meta
        return differing_settings(a, b) if a is not None and b is not None else None

    def _side(self, document: Document, analysis: AnalysisModel) -> Side | None:
        meta, verdict, recording = document.snapshot.meta, analysis.verdict, document.recording
        if meta is None or verdict is None or recording is None:
            return None
        run, run_id = summary_of_analysis(analysis.whole_run, verdict), recording.folder.name
        was_turned, is_made_here = bool(document.snapshot.changes), run_id in self._made_ids
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
        for name, text in (verdict.cure or {}).items() if verdict is not None else ():
            self.knobs.set_text(name, text)

    def _notice(self, severity: str, text: str) -> None:
        if severity != "info":
            self.said.emit(severity, text)

    def _compare(self) -> None:
        if self._selection.is_on:
            self.compared.emit(self.sentence())


def _values(knobs: KnobEditors) -> dict[str, str]:
    return {name: knobs.text(name) for name in knobs.editors}


def _set_values(knobs: KnobEditors, values: dict[str, str]) -> None:
    for name, text in values.items():
        knobs.set_text(name, text)
