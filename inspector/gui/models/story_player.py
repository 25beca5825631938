"""Plays a story: which step is on, its words with the figures of the run, and the user's own settings afterwards.

Path: card, key or menu -> `StoryPlayer` -> `Stage` -> the window, as a hand would do it; and back: run -> figures ->
caption.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Protocol

from PySide6.QtCore import QObject, Signal

from inspector.analysis.diagnosis.run_analysis import RunAnalysis
from inspector.stories.placeholders import fill
from inspector.stories.story import Beside, Step, Story

#: Between two figures of a run that goes on: a room has to read them, and the verdict beside them goes on, too.
_REFILL_NS = 300_000_000


class Stage(Protocol):
    """What a story does to the window."""

    def enter(self) -> Callable[[bool], None]:
        """Keep the user's own settings; return what gives them back, but for what a hand has done (True)."""

    def stream(self, target: str, knobs: Mapping[str, str]) -> None:
        """Stream a target with these settings, all others at their defaults."""

    def change(self, target: str, knobs: Mapping[str, str]) -> None:
        """Bring the run on screen to these settings, by streaming again where it can't be turned."""

    def stream_beside(self, target: str, knobs: Mapping[str, str], beside: Beside) -> None:
        """Stream two runs at the same time, beside each other."""

    def replay(self, speed: float) -> None:
        """Show the run on screen again from its beginning."""

    def show(self, step: Step) -> None:
        """Bring the pane of a step to the front, and point at its place."""

    def figures(self) -> tuple[RunAnalysis, RunAnalysis | None]:
        """Return the figures of the runs on screen, None where there is no run B."""


class StoryPlayer(QObject):
    """One story at a time. GUI thread."""

    #: Another step, other words, or no story any more.
    changed = Signal()

    def __init__(self, stage: Stage, parent: QObject) -> None:
        super().__init__(parent)
        self.setObjectName("story_player")
        self._stage = stage
        self._give_back: Callable[[bool], None] | None = None
        self.story: Story | None = None
        self.step_index = 0
        self.caption = ""
        self.question = ""
        #: Whether the words have all their figures.
        self.is_measured = False
        self._filled_ns = 0

    @property
    def step(self) -> Step | None:
        """The step that is on, None without a story."""
        return self.story.steps[self.step_index] if self.story is not None else None

    def begin(self, story: Story) -> None:
        """Play a story from its first step; another one ends."""
        if self._give_back is None:
            self._give_back = self._stage.enter()
        self.story = story
        self._go_to(0)

    def next(self) -> None:
        """Go to the next step; after the last one the story is over."""
        if self.story is None:
            return
        if self.step_index + 1 < len(self.story.steps):
            self._go_to(self.step_index + 1)
        else:
            self.end()

    def back(self) -> None:
        """Go to the step before."""
        if self.story is not None and self.step_index:
            self._go_to(self.step_index - 1)

    def end(self, *, by_hand: bool = False) -> None:
        """End the story; the user's own settings come back, but for a target that a hand has just typed or opened."""
        if self.story is None:
            return
        self.story = None
        give_back, self._give_back = self._give_back, None
        if give_back is not None:
            give_back(by_hand)
        self._fill()
        self.changed.emit()

    def look(self) -> None:
        """Take in that the runs on screen have other figures; while a run goes on, not at every look."""
        if self.story is None:
            return
        is_fresh = self.is_measured and time.monotonic_ns() - self._filled_ns < _REFILL_NS
        if is_fresh and any(run is not None and run.is_running for run in self._stage.figures()):
            return
        if self._fill():
            self.changed.emit()

    def _go_to(self, index: int) -> None:
        self.step_index = index
        step = self.step
        assert step is not None
        if not step.missing:
            self._act(step)
        self._stage.show(step)
        self._fill()
        self.changed.emit()

    def _act(self, step: Step) -> None:
        if step.beside is not None:
            self._stage.stream_beside(step.target, step.knobs, step.beside)
        elif step.act == "stream":
            self._stage.stream(step.target, step.knobs)
        else:
            self._stage.change(step.target, step.knobs)
        if step.act == "replay":
            self._stage.replay(step.speed)

    def _fill(self) -> bool:
        """Fill the words anew; return whether they are others now."""
        self._filled_ns = time.monotonic_ns()
        before, step = (self.caption, self.question, self.is_measured), self.step
        if step is None:
            self.caption, self.question, self.is_measured = "", "", False
        elif step.missing:
            self.caption, self.question, self.is_measured = f"{step.missing}.", "", True
        else:
            a, b = self._stage.figures()
            caption, question = (fill(text, a, b, step.point) for text in (step.caption, step.question))
            self.caption, self.question = caption.text, question.text
            self.is_measured = caption.is_whole and question.is_whole
        return before != (self.caption, self.question, self.is_measured)
