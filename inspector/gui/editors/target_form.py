"""Builds the target of the next request from picker and editors, and reads a typed query back into them."""

from __future__ import annotations

from inspector.session.target import Target

from .knob_editors import KnobEditors
from .target_picker import TargetPicker


class TargetForm:
    """Makes targets of a picker and its set of knobs. GUI thread."""

    def __init__(self, picker: TargetPicker, knobs: KnobEditors) -> None:
        self._picker = picker
        self._knobs = knobs
        picker.target_edited.connect(lambda _text: knobs.show_kind(picker.chosen_kind))
        knobs.show_kind(picker.chosen_kind)

    def target(self) -> Target:
        """Return the target of the next request. Raises `BadTarget` and `BadKnob`, whose texts are for people."""
        text = self._picker.target_text
        if self._picker.chosen_kind.keeps_query:
            target = Target.parse(text, self._knobs.values())
        else:
            target = self._with_knobs(text)
        self._knobs.adopt()  # what is streamed again from a recording is one's own from then on
        return target

    def _with_knobs(self, text: str) -> Target:
        """Make the target of a route from the editors; a typed query sets just what it has, all else is as usual."""
        typed = Target.parse(text)
        self._picker.set_target_text(typed.text)
        if "?" in text:
            self._knobs.set_all(typed.knobs)
        else:
            # After an endless stream, a view that collects all takes as many rows as usual.
            self._knobs.set_texts(self._knobs.kind.instead_of_endless(self._knobs.values()))
        return Target.parse(typed.text, self._knobs.values())
