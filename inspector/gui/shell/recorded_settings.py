"""Shows the settings of a recorded run in picker and editors, read-only until the user takes them over.

A picture beside settings that are not its own says something false. So while a recorded run is on screen, the picker
and the editors show what it was streamed with, read-only. "Use these settings", or streaming it again, makes them the
user's own; typing into the picker brings the user's own back.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping

from PySide6.QtCore import QObject, Signal

from inspector.catalogue import BadKnob, kind_of, knob_of
from inspector.gui.editors.knob_editors import KnobEditors
from inspector.gui.editors.target_picker import TargetPicker
from inspector.gui.models.document import Document
from inspector.gui.models.run_card import knobs_text, route_text, time_text
from inspector.gui.models.run_controller import RunController
from inspector.gui.views.recorded_line import RecordedLine
from inspector.recording.meta import Meta
from inspector.recording.redaction import REDACTED, redacted_text
from inspector.session.target import BadTarget, Target


class RecordedSettings(QObject):
    """One picker and its editors beside one document. GUI thread."""

    #: Something can't be used as it was recorded; carries a severity and a sentence.
    said = Signal(str, str)
    #: A person made a target and its settings their own; carries what takes that back.
    taken_over = Signal(object)

    def __init__(
        self,
        picker: TargetPicker,
        knobs: KnobEditors,
        document: Document,
        controller: RunController,
        line: RecordedLine,
    ) -> None:
        super().__init__(document)
        self._picker = picker
        self._knobs = knobs
        self._document = document
        self._controller = controller
        self._line = line
        self._own_text = picker.target_text
        self._meta: Meta | None = None
        self._shown_id = ""
        document.was_reset.connect(self._run_changed)
        document.grew.connect(self._run_changed)
        picker.edited_by_hand.connect(self._edited_by_hand)
        picker.target_edited.connect(lambda _text: self._tell_another_target())
        knobs.recorded_changed.connect(self._recorded_changed)
        line.use_requested.connect(self.use_these)

    @property
    def own_target(self) -> str:
        """What the user has in the picker, shown or kept aside."""
        return self._own_text if self._knobs.is_recorded else self._picker.target_text

    def use_these(self) -> bool:
        """Make the settings of the run on screen the user's own; return False, having said why, where they can't be."""
        meta = self._meta
        if meta is None:
            return True
        try:
            target = Target.recorded(meta.title, meta.request.knobs)
        except (BadTarget, BadKnob) as error:
            self.said.emit("error", str(error))
            return False
        before = (self._own_text if self._knobs.is_recorded else self._picker.target_text, self._knobs.own_texts())
        self.taken_over.emit(lambda: self._restore(*before))
        self.take_over(target)
        if REDACTED in meta.title:
            self.said.emit("warning", "The recording keeps no secrets. Put yours in place of [redacted], then stream.")
        return True

    def take_over(self, target: Target) -> None:
        """Make a target and its settings the user's own."""
        self._knobs.adopt()
        self._picker.set_target_text(target.text)
        self._knobs.show_kind(self._picker.chosen_kind)
        self._knobs.set_all(target.knobs)
        self._own_text = self._picker.target_text
        self._forget()

    def _restore(self, text: str, settings: Mapping[str, str]) -> None:
        """Give the picker and the editors what they had before."""
        self._knobs.adopt()
        self._picker.set_target_text(text)
        self._knobs.show_kind(self._picker.chosen_kind)
        self._knobs.restore(settings)
        self._own_text = text

    # Following the document

    def _run_changed(self, changed: set[str] | None = None) -> None:
        recording = self._document.recording
        if recording is None:
            self._give_back()
            self._forget()
            return
        if self._controller.run is not None:
            self._give_back()
            self._shown_id = ""
            self._tell_another_target()
            return
        meta = self._document.snapshot.meta
        if meta is None or (changed is not None and "meta" not in changed):
            return
        if recording.folder.name != self._shown_id:
            self._shown_id = recording.folder.name
            self._show(meta)

    def _show(self, meta: Meta) -> None:
        if not self._knobs.is_recorded:
            self._own_text = self._picker.target_text
        self._give_back()
        if self._is_own(meta):
            self._meta = None
            self._line.hide()
            return
        self._meta = meta
        kind, title = kind_of(meta.title), redacted_text(meta.title)
        self._knobs.show_recorded(kind, meta.request.knobs)
        self._picker.set_target_text(title if kind.keeps_query else title.partition("?")[0])
        self._line.show_run(_words_of(meta))

    def _is_own(self, meta: Meta) -> bool:
        """Return whether the user's own settings are those of the recording anyway."""
        try:
            recorded = Target.recorded(meta.title, meta.request.knobs)
            own = Target.parse(self._picker.target_text, self._knobs.values())
        except (BadTarget, BadKnob):
            return False
        return _essence(recorded) == _essence(own)

    def _edited_by_hand(self) -> None:
        if self._knobs.is_recorded:
            self._knobs.give_back()
            self._knobs.show_kind(self._picker.chosen_kind)

    def _give_back(self) -> None:
        if self._knobs.is_recorded:
            self._knobs.give_back()
            self._picker.set_target_text(self._own_text)
            self._knobs.show_kind(self._picker.chosen_kind)

    def _tell_another_target(self) -> None:
        """Say whose picture it is while the settings beside it are those of another target, not streamed yet."""
        run, meta = self._controller.run, self._document.whole.meta
        if run is None:
            return
        if meta is None or run.target.kind == self._picker.chosen_kind:
            self._meta = None
            self._line.hide()
        elif self._meta is not meta:
            self._meta = meta
            self._line.set_in_editors(False)
            self._line.show_run(_words_of(meta))

    def _forget(self) -> None:
        self._meta = None
        self._shown_id = ""
        self._line.hide()

    def _recorded_changed(self, is_recorded: bool) -> None:
        self._picker.set_recorded(is_recorded)
        self._line.set_in_editors(is_recorded)


def _essence(target: Target) -> tuple[str, Mapping[str, object]]:
    """Return what makes two targets stream the same: the request, and the settings that differ from their defaults."""
    values = {
        name: knob_of(name).parse(text)
        for name, text in target.knobs.items()
        if knob_of(name).parse(text) != target.kind.default(name)
    }
    return target.text, values


def _words_of(meta: Meta) -> str:
    time = time_text(meta.started_at, datetime.datetime.now(datetime.UTC).astimezone())
    return " · ".join(filter(None, (time, route_text(meta), knobs_text(meta).replace(", ", " · "))))
