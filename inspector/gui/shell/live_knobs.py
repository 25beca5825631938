"""Sends changed settings to the running stream, or says that they apply to the next run.

Path: key or editor -> `KnobEditors.changed` -> here -> `Session.change_knobs` -> server or recorder -> a flag on the
time axis.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from inspector.catalogue import Knob, TargetKind, knob_of
from inspector.gui.editors.buffer_presets import nudged, preset_of
from inspector.gui.editors.knob_editors import KnobEditors
from inspector.gui.models.run_controller import RunController

_RECORDED = "Shown as recorded: press “Use these settings” to change them"
_NEXT_RUN = "{setting}: applies to the next run (Enter)"


class LiveKnobs(QObject):
    """Turns knobs of the run on screen while it runs. GUI thread."""

    #: A short line for the status bar: what a change does, and when.
    said = Signal(str)

    def __init__(self, knobs: KnobEditors, controller: RunController, chosen_kind: Callable[[], TargetKind]) -> None:
        """``chosen_kind`` is that of the target in the picker."""
        super().__init__(knobs)
        self._knobs = knobs
        self._controller = controller
        self._chosen_kind = chosen_kind
        self._is_in_effect_said = False
        knobs.changed.connect(self._changed)
        controller.state_changed.connect(lambda state: None if state.is_running else self._end())

    def preset(self, key: int) -> None:
        """Set the buffer of what is chosen to the preset of a number key, 1 to 9."""
        knob = self._chosen_kind().buffer
        self._set(knob, preset_of(knob, key))

    def nudge(self, direction: int) -> None:
        """Make that buffer a quarter larger (1) or smaller (-1)."""
        knob = self._chosen_kind().buffer
        self._set(knob, nudged(knob, float(self._knobs.text(knob.name)), direction))

    def _set(self, knob: Knob, value: float) -> None:
        if self._knobs.is_recorded:
            self.said.emit(_RECORDED)
            return
        text = f"{value:.0f}"
        if self._knobs.text(knob.name) == text:
            self.said.emit(f"{knob.nickname} is {knob.words(value)} already")
            return
        self._knobs.change(knob.name, text)

    def _end(self) -> None:
        """Take back that something is in effect now, when the run has ended."""
        if self._is_in_effect_said:
            self._is_in_effect_said = False
            self.said.emit("")

    def _changed(self, name: str) -> None:
        knob = knob_of(name)
        self._is_in_effect_said = False
        if not self._controller.state.is_running:
            self.said.emit("Applies to the next run (Enter)")
        elif not knob.live or not self._is_of_the_run():
            self.said.emit(_NEXT_RUN.format(setting=knob.nickname))
        elif self._controller.change_knob(name, self._knobs.text(name)):
            self._is_in_effect_said = True
            self.said.emit(f"{knob.nickname} {self._knobs.shown(name)}: in effect now")
        else:
            self.said.emit(_NEXT_RUN.format(setting=knob.nickname))

    def _is_of_the_run(self) -> bool:
        """Whether the picker still names what runs: knobs of another route are for its next run."""
        run = self._controller.run
        return run is not None and run.target.kind == self._chosen_kind()
