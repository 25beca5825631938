"""One run in the window with everything that belongs to it: the window is one of these, or two beside each other.

Path: picker and settings -> `TargetForm` -> `RunController` -> session; and back: recording -> `Document` -> ladder.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from inspector.catalogue import BadKnob, knob_of
from inspector.gui.editors.knob_editors import KnobEditors
from inspector.gui.editors.target_form import TargetForm
from inspector.gui.editors.target_picker import TargetPicker
from inspector.gui.models.analysis_model import AnalysisModel
from inspector.gui.models.document import Document
from inspector.gui.models.linked_time_range import LinkedTimeRange
from inspector.gui.models.run_controller import RunController
from inspector.gui.models.session_poller import SessionPoller
from inspector.gui.style.run_states import RunState
from inspector.gui.style.theme import Theme
from inspector.gui.views.ladder.ladder_view import LadderView
from inspector.gui.views.recorded_line import RecordedLine
from inspector.recording.folder import Recording
from inspector.session.recorder_slot import Lane
from inspector.session.target import BadTarget, Target

from .live_knobs import LiveKnobs
from .recorded_settings import RecordedSettings
from .run_messages import failure_text, notes_text

#: More settings than these are counted, not named.
_MOST_NAMED = 2


class RunView(QObject):
    """Run A or run B. Object names of B's parts end in ``_b``. GUI thread."""

    #: Something a person should know; carries a `notice.Severity` and a sentence.
    said = Signal(str, str)
    #: The run ended badly; carries a sentence, for where no verdict says so.
    failed = Signal(str)
    #: A short line for the status bar.
    hinted = Signal(str)
    #: A person did what can be undone; carries the arguments of `UndoHistory.push`.
    acted = Signal(str, object, str)

    def __init__(
        self,
        lane: Lane,
        picker: TargetPicker,
        linked_time: LinkedTimeRange,
        poller: SessionPoller,
        *,
        theme: Theme,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        suffix = "" if lane == "a" else "_b"
        self.lane: Lane = lane
        self.document = Document(self)
        self.analysis = AnalysisModel(self.document)
        self.knobs = KnobEditors(self, prefix=f"knob{suffix}")
        self.controller = RunController(self.document, linked_time, poller, lane)
        self.picker = picker
        self._target_form = TargetForm(picker, self.knobs)
        self.live_knobs = LiveKnobs(self.knobs, self.controller, lambda: picker.chosen_kind)
        self.recorded_line = RecordedLine(theme, name=f"recorded_line{suffix}")
        self.recorded = RecordedSettings(picker, self.knobs, self.document, self.controller, self.recorded_line)
        self.ladder = LadderView(self.document, self.analysis, linked_time.time_range, self.knobs, theme, suffix=suffix)
        self._time_range = linked_time.time_range
        self._noted: Recording | None = None
        self._connect()

    def _connect(self) -> None:
        for said in (self.controller.said, self.recorded.said):
            said.connect(self._say)
        self.live_knobs.said.connect(self.hinted)
        self.knobs.was_reset.connect(self._tell_reset)
        self.knobs.acted.connect(self._acted)
        self.recorded.taken_over.connect(
            lambda undo: self.acted.emit(self._named("the settings of another run"), undo, "")
        )
        self.controller.state_changed.connect(self._state_changed)
        self.document.grew.connect(self._tell_notes)
        self.document.selection_changed.connect(self._reveal_selection)

    @property
    def name(self) -> str:
        """``A`` or ``B``."""
        return self.lane.upper()

    @property
    def folder(self) -> Path | None:
        """The folder of the recording on screen, None where there is none."""
        return self.document.recording.folder if self.document.recording is not None else None

    # What is asked for

    def target(self) -> Target | None:
        """Return what picker and settings ask for; None for what can't be streamed, which is said."""
        try:
            return self._target_form.target()
        except (BadTarget, BadKnob) as error:
            self._say("error", str(error))
            return None

    def target_on_screen(self) -> Target | None:
        """Return what the run on screen streams, with the settings that were turned since; None where there is none.

        Raises `BadTarget` and `BadKnob` for what this version can't stream.
        """
        snapshot, run = self.document.whole, self.controller.run
        turned = {change.knob: change.after for change in snapshot.changes}
        if run is not None:
            asked = run.target
            again = Target.recorded(asked.title, {**asked.knobs, **turned})
            return replace(again, authorization=asked.authorization)
        meta = snapshot.meta
        return Target.recorded(meta.title, {**meta.request.knobs, **turned}) if meta is not None else None

    def ask_early(self) -> None:
        """Send the request before the window is whole; what is wrong is said when it is shown."""
        with suppress(BadTarget, BadKnob):
            self.controller.ask(self._target_form.target())

    def settings(self) -> dict[str, str]:
        """Return the texts of all settings."""
        return {name: self.knobs.text(name) for name in self.knobs.editors}

    def set_settings(self, texts: Mapping[str, str]) -> None:
        """Set settings, without acting on a running stream."""
        self.knobs.set_texts(texts)

    # Telling

    def _acted(self, before: Mapping[str, str]) -> None:
        """Offer to take back what a person changed of the settings."""
        names = [knob_of(name).short_label for name in before]
        text = ", ".join(names) if len(names) <= _MOST_NAMED else f"{len(names)} settings"
        key = f"{self.lane} {names[0]}" if len(names) == 1 else ""
        self.acted.emit(self._named(text), lambda: self.knobs.change_all(before), key)

    def _tell_reset(self, count: int) -> None:
        changed = f"{count} setting{'' if count == 1 else 's'} reset (Ctrl+Z undoes it)"
        self.hinted.emit(changed if count else "All settings are at their defaults")

    def _say(self, severity: str, text: str) -> None:
        self.said.emit(severity, self._named(text))

    def _named(self, text: str) -> str:
        """Return a sentence that says whose it is; A is the run that the window shows anyway."""
        return text if self.lane == "a" else f"{self.name}: {text}"

    def _state_changed(self, state: RunState) -> None:
        recording = self.document.recording
        text = failure_text(recording.snapshot(), state) if recording is not None else ""
        if text:
            self.failed.emit(self._named(text))

    def _tell_notes(self, changed: set[str]) -> None:
        """Say once what the recording notes, when it has ended."""
        meta, recording = self.document.snapshot.meta, self.document.recording
        if "meta" not in changed or meta is None or meta.ending is None or recording is self._noted:
            return
        self._noted = recording
        text = notes_text(meta)
        if text:
            self._say("warning", text)

    def _reveal_selection(self) -> None:
        """Bring what was selected in the table, the text or the code into sight of the picture."""
        selection, snapshot = self.document.selection, self.document.snapshot
        if selection is not None and len(snapshot.tracks[selection.layer]):
            start_ns, stop_ns = selection.time_range(snapshot.tracks[selection.layer])
            self._time_range.reveal_some(start_ns - snapshot.origin_ns, stop_ns - snapshot.origin_ns)
