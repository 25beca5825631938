"""Run b beside run a: its own document, case, knobs and lane of the session, on the time range that both share.

Road: page -> here -> `Session.record_pair` -> two recorders -> two folders -> two documents -> two ladders.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from inspector.analysis.comparison import comparison
from inspector.analysis.summary import RunSummary, summary_of_case
from inspector.catalogue import BadKnob
from inspector.session.home import DiskTrouble
from inspector.session.session import Session
from inspector.session.target import BadTarget, Target

from .editors.knobs import Knobs
from .models.case_model import CaseModel
from .models.document import Document
from .models.joint_selection import JointSelection
from .models.joint_time import JointTime
from .run_controller import RunController


@dataclass(frozen=True, slots=True)
class RunA:
    """What the window has of the run that it always shows."""

    document: Document
    case: CaseModel
    knobs: Knobs
    controller: RunController
    #: What the window would stream now; raises `BadTarget` and `BadKnob`.
    target: Callable[[], Target]
    target_text: Callable[[], str]
    set_target_text: Callable[[str], None]


class Comparing(QObject):
    """Runs a and b together. GUI thread."""

    #: Something went wrong; carries a severity and a sentence.
    said = Signal(str, str)
    #: The sentence about both may be another one.
    compared = Signal(str)

    def __init__(self, a: RunA, joint: JointTime, session: Session, parent: QObject) -> None:
        super().__init__(parent)
        self.a = a
        self.document = Document(self)
        self.case = CaseModel(self.document)
        self.knobs = Knobs(self, prefix="knob_b")
        self.controller = RunController(self.document, joint.b, session, "b")
        self.controller.notice_raised.connect(self._notice)
        self._session = session
        self._joint = joint
        self._selection = JointSelection(a.document, self.document, self)
        for case in (a.case, self.case):
            case.judged.connect(self._compare)

    def enter(self) -> None:
        """Begin to follow run b beside run a."""
        self._selection.is_on = True
        self.controller.open()
        self._compare()

    def leave(self) -> None:
        """Stop run b; what it recorded stays on screen for the next time."""
        self._selection.is_on = False
        self.controller.rest()
        self._joint.b.clear()

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
        """Return the knobs that differ between the runs on screen, for each side: ``template_buffer 0``."""
        metas = [each.meta for each in (self.a.document, self.document)]
        given = [meta.request.knobs if meta else {} for meta in metas]
        names = [name for name in {**given[0], **given[1]} if given[0].get(name) != given[1].get(name)]
        texts = [", ".join(f"{name} {knobs.get(name, 'default')}" for name in names) for knobs in given]
        return texts[0], texts[1]

    def summaries(self) -> tuple[RunSummary, RunSummary] | None:
        """Return both runs in numbers, None while one of them has no verdict."""
        verdict_a, verdict_b = self.a.case.verdict, self.case.verdict
        if verdict_a is None or verdict_b is None:
            return None
        return summary_of_case(self.a.case.case, verdict_a), summary_of_case(self.case.case, verdict_b)

    def sentence(self) -> str:
        """Return what is the same in both and what is not."""
        both = self.summaries()
        if both is None:
            return "Choose what B is, then stream both (Ctrl+Shift+R)."
        return comparison(*both)

    def _notice(self, severity: str, text: str) -> None:
        if severity != "info":
            self.said.emit(severity, text)

    def _compare(self) -> None:
        if self._selection.is_on:
            self.compared.emit(self.sentence())


def _values(knobs: Knobs) -> dict[str, str]:
    return {name: knobs.text(name) for name in knobs.editors}


def _set_values(knobs: Knobs, values: dict[str, str]) -> None:
    for name, text in values.items():
        knobs.set_text(name, text)
