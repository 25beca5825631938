"""Builds the target of the next request from picker and editors, and reads a typed query back into them."""

from __future__ import annotations

from urllib.parse import parse_qsl

from inspector.catalogue import CHOOSERS
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
            target = self._with_knobs(Target.parse(text, self._chosen_beside(text)))
        self._knobs.adopt()  # what is streamed again from a recording is one's own from then on
        return target

    def _chosen_beside(self, text: str) -> dict[str, str]:
        """Return engine and proxy of the editors where a typed query has none: what acts depends on them."""
        typed = dict(parse_qsl(text.partition("?")[2].partition("#")[0], keep_blank_values=True))
        chosen = self._knobs.values()
        return {name: chosen[name] for name in CHOOSERS if name in chosen and name not in typed}

    def _with_knobs(self, typed: Target) -> Target:
        """Take the knobs of a typed query over into the editors, then make the target from the editors."""
        self._picker.set_target_text(typed.text)
        for name, text in typed.knobs.items():
            self._knobs.set_text(name, text)
        return Target.parse(typed.text, self._knobs.values())
