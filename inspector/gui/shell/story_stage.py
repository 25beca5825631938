"""Does in the window what a story says: settings, streams, runs beside each other, panes; and gives all of it back.

Path: `StoryPlayer` -> here -> picker, editors and controllers, as from a hand; and back: figures of the runs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from inspector.analysis.diagnosis.run_analysis import RunAnalysis
from inspector.catalogue import knob_of
from inspector.session.target import Target
from inspector.stories.story import Beside, Pane, Step

if TYPE_CHECKING:
    from .main_window import MainWindow
    from .run_view import RunView

#: The pages of the detail pane, by the word of a story for them.
_PAGES: Mapping[Pane, str] = {"source": "source_view", "log": "log_view"}


class StoryStage:
    """The window as a story sees it. GUI thread."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window
        #: What the story has put into the picker: anything else there was typed.
        self._put_in = ""

    def enter(self) -> Callable[[bool], None]:
        """Keep target, settings and picture of the user; return what gives them back."""
        window = self._window
        streamed_last = window.preferences.target
        target, texts, view = window.a.recorded.own_target, window.a.knobs.own_texts(), window.pages.shown
        shows_memory, speed = window.preferences.shows_memory, window.replay.speed

        def give_back(is_left_alone: bool) -> None:
            a = window.a
            window.preferences.target = streamed_last
            a.ladder.point_at("")
            window.replay.end()
            window.replay.set_speed(speed)
            if window.pages.shown == "compare" != view:
                window.show_view("ladder")
            if window.preferences.shows_memory != shows_memory:
                window.strip_alignment.set_wanted(shows_memory)
            a.knobs.adopt()
            folder = a.folder if a.controller.run is not None else None
            if a.picker.target_text in (target, self._put_in):
                a.picker.set_target_text(target)
            a.knobs.show_kind(a.picker.chosen_kind)
            a.knobs.restore(texts)
            if folder is not None and not is_left_alone:
                a.controller.show_recording(folder)  # with what it was streamed with beside it
            else:
                a.controller.stop()

        return give_back

    def stream(self, target: str, knobs: Mapping[str, str]) -> None:
        """Stream a target with these settings, all others at their defaults."""
        self._show_alone()
        self._set_up(self._window.a, target, knobs)
        chosen = self._window.a.target()
        if chosen is not None:
            self._window.a.controller.start(chosen)

    def change(self, target: str, knobs: Mapping[str, str]) -> None:
        """Bring the run on screen to these settings: turn those that differ, or stream again where that can't be."""
        a = self._window.a
        self._window.replay.end()
        run = a.controller.run
        if self._window.pages.shown == "compare" or run is None or run.target.text != target:
            self.stream(target, knobs)
            return
        kind = run.target.kind
        wanted = {name: knobs.get(name, str(kind.default(name))) for name in kind.knobs}
        differing = {name: text for name, text in wanted.items() if a.knobs.text(name) != text}
        for name, text in differing.items():
            if not knob_of(name).live or not a.controller.change_knob(name, text):
                self.stream(target, knobs)
                return
            a.knobs.set_text(name, text)

    def stream_beside(self, target: str, knobs: Mapping[str, str], beside: Beside) -> None:
        """Stream two runs at the same time, beside each other."""
        window = self._window
        window.replay.end()
        window.show_view("compare")
        a, b = window.pages.run_views()
        self._set_up(a, target, knobs)
        self._set_up(b, beside.target, beside.knobs)
        window.pages.run_both()

    def replay(self, speed: float) -> None:
        """Show the run on screen again from its beginning."""
        replay = self._window.replay
        replay.set_speed(speed)
        replay.seek(0)
        replay.play()

    def show(self, step: Step) -> None:
        """Bring the pane of a step to the front, and point at its place; the keys of the picture act from here on."""
        window = self._window
        window.focus_picture()
        window.a.ladder.point_at(step.point)
        tabs = window.detail.tabs
        page = tabs.findChild(QWidget, _PAGES.get(step.pane, "")) if step.pane in _PAGES else None
        if page is not None and tabs.indexOf(page) >= 0:
            tabs.setCurrentWidget(page)
        if step.pane == "reader":
            window.pages.show_readers()
        if step.pane == "memory" and not window.preferences.shows_memory:
            window.strip_alignment.set_wanted(True)

    def figures(self) -> tuple[RunAnalysis, RunAnalysis | None]:
        """Return the figures of the runs on screen, None where there is no run B beside it."""
        views = self._window.pages.run_views()
        is_beside = self._window.pages.shown == "compare" and len(views) > 1
        return views[0].analysis.shown, views[1].analysis.shown if is_beside else None

    def _show_alone(self) -> None:
        window = self._window
        window.banner.hide()
        window.replay.end()
        window.pages.cancel_sweep()
        if window.pages.shown != "ladder":
            window.show_view("ladder")

    def _set_up(self, view: RunView, target: str, knobs: Mapping[str, str]) -> None:
        view.recorded.take_over(Target.parse(target, knobs))
        if view is self._window.a:
            self._put_in = view.picker.target_text
