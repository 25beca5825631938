"""Switches between ladder, staircase, comparison, sweep and start page; the last three are built when first shown."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget

from inspector.catalogue import knob_of
from inspector.gui.editors.target_picker import TargetPicker
from inspector.gui.style.theme import Theme
from inspector.gui.views.view_switch import PICTURE_BY_NAME

if TYPE_CHECKING:
    from inspector.gui.views.sweep.sweep_page import SweepPage
    from inspector.session.recorder_slot import Lane

    from .compare_page import ComparePage
    from .main_window import MainWindow
    from .run_view import RunView


class PicturePages:
    """Shows pictures; the comparison borrows the ladder while it is on screen. GUI thread."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window
        self.shown = "ladder"
        #: The picture of one run that was shown last.
        self._of_one_run = "ladder"
        #: Whether the comparison on screen began by trying a cure.
        self._is_trial = False
        self.compare: ComparePage | None = None
        self.sweep: SweepPage | None = None

    def show(self, name: str) -> str:
        """Show a picture, the ladder if the name is unknown; return the name shown."""
        picture = self._picture(name)
        if picture is None:
            name, picture = "ladder", self._window.a.ladder
        if name != self.shown and self.shown == "compare" and self.compare is not None:
            self._give_back()
        window_layout = self._window.window_layout
        window_layout.show_picture(picture)
        if name == "compare" and self.shown != "compare" and self.compare is not None:
            self.compare.enter(self._window.a.ladder)
        self.shown = name
        views = self.views_on_screen()
        self._window.overview.show_beside(views[1].document if len(views) > 1 else None)
        if name in PICTURE_BY_NAME and not PICTURE_BY_NAME[name].is_alone:
            self._of_one_run = name
        if name != "compare":
            self._is_trial = False
        return name

    def run_both(self) -> None:
        """Stream A and B at the same time, on their page."""
        if self.shown != "compare":
            self._window.show_view("compare")
        if self.compare is not None:
            self._window.banner.hide()
            self.compare.run_both()

    def try_cure(self, settings: Mapping[str, str]) -> None:
        """Keep the run on screen as A, and stream B beside it: A with these settings."""
        window = self._window
        self.cancel_sweep()
        window.banner.hide()
        window.replay.end()
        window.show_view("compare")
        if self.compare is not None and self.compare.try_beside(settings):
            self.compare.comparing.b.ladder.setFocus(Qt.FocusReason.OtherFocusReason)
            self._is_trial = True
        else:
            self.back_to_a()

    def try_advice(self) -> None:
        """Try what the verdict of the run on screen advises; nothing where it advises no setting."""
        verdict = self._window.analysis.verdict
        if verdict is not None and verdict.cure and not PICTURE_BY_NAME[self.shown].is_alone:
            self.try_cure(verdict.cure)

    def keep_b(self) -> None:
        """Go on with run B alone: what it streamed is the window's own from now on."""
        if self.compare is None or self.shown != "compare":
            return
        target = self.compare.comparing.keep_b()
        if target is not None:
            self._window.preferences.target = target.text
            self.back_to_a()

    def back_to_a(self) -> None:
        """Go on with run A alone, in the picture that it was last shown in."""
        self._window.show_view(self._of_one_run)
        self.focused_run().ladder.setFocus(Qt.FocusReason.OtherFocusReason)

    def leave_trial(self) -> bool:
        """Go back to A from what was tried beside it; return False where nothing is."""
        if not self._is_trial:
            return False
        self.back_to_a()
        return True

    def stop(self) -> None:
        """End what streams on screen: beside A, B too."""
        self._window.a.controller.stop()
        if self.compare is not None and self.shown == "compare":
            self.compare.comparing.stop()

    def show_readers(self, *, toggle: bool = False) -> None:
        """Show what the reader has: of both runs beside each other, else in the details. ``toggle``: or hide them."""
        if self.compare is not None and self.shown == "compare":
            self.compare.show_readers(not (toggle and self.compare.readers.isVisible()))
        else:
            self._window.detail.show_reader()

    def compare_run(self, lane: Lane, folder: Path) -> None:
        """Show a finished run as A or B."""
        self._window.show_view("compare")
        if self.compare is not None:
            self.compare.comparing.show_recording(lane, folder)

    def let_go(self, recording_ids: list[str]) -> None:
        """Let go of recordings that are about to be deleted."""
        for view in self.run_views():
            if view.folder is not None and view.folder.name in recording_ids:
                view.controller.show_nothing()

    def run_views(self) -> list[RunView]:
        """Return the runs of the window: A, and B once there is one."""
        return [self._window.a] + ([self.compare.comparing.b] if self.compare is not None else [])

    def views_on_screen(self) -> list[RunView]:
        """Return the runs that are replayed together: A, and B while they are compared."""
        return self.run_views() if self.shown == "compare" else [self._window.a]

    def focused_run(self) -> RunView:
        """Return the run whose ladder has the focus, A where neither has it."""
        focus = QApplication.focusWidget()
        views = self.run_views()
        return next((view for view in views if focus is not None and view.ladder.isAncestorOf(focus)), views[0])

    def refresh_sweep(self, *_changed: object) -> None:
        """Take in that something else would be streamed."""
        if self.sweep is not None and self.shown == "sweep":
            self.sweep.refresh()

    def sweep_setting(self, name: str) -> None:
        """Put a setting into the form of the sweep page, ready to run."""
        self._window.show_view("sweep")
        if self.sweep is not None and not self.sweep.choose(name):
            self._window.banner.say("info", f"{knob_of(name).short_label} has nothing to act on here.")

    def cancel_sweep(self) -> None:
        """End a sweep: its runs would disturb what is streamed now."""
        if self.sweep is not None:
            self.sweep.cancel()

    def close(self) -> None:
        """Let go of what the pages hold before the session is closed."""
        self.cancel_sweep()
        if self.compare is not None:
            self._give_back()

    def set_presenting(self, presenting: bool) -> None:
        """Hide buttons and forms while presenting; shortcuts still work."""
        for page in (self.compare, self.sweep):
            if page is not None:
                page.set_presenting(presenting)

    def set_theme(self, theme: Theme) -> None:
        """Change the colours."""
        for page in (self.compare, self.sweep):
            if page is not None:
                page.set_theme(theme)

    def _picture(self, name: str) -> QWidget | None:
        makers: dict[str, Callable[[], QWidget]] = {
            "ladder": lambda: self._window.a.ladder,
            "staircase": lambda: self._window.staircase,
            "compare": self._compare_page,
            "sweep": self._sweep_page,
            "start": lambda: self._window.start.page,
        }
        return makers[name]() if name in makers else None

    def _give_back(self) -> None:
        ladder = self.compare.leave() if self.compare is not None else None
        if ladder is not None:
            self._window.window_layout.show_picture(ladder)

    def _sweep_page(self) -> SweepPage:
        if self.sweep is None:
            from inspector.gui.views.sweep.sweep_page import SweepPage

            window = self._window
            self.sweep = SweepPage(self._streamed, self._lasted_s, window.session, window.appearance.theme)
            self.sweep.about_to_run.connect(window.a.controller.stop)
            self.sweep.open_requested.connect(window.show_recording)
            self.sweep.said.connect(window.banner.say)
        return self.sweep

    def _streamed(self) -> tuple[str, dict[str, str]]:
        """Return what the window would stream now, and its knobs: those of a typed query win."""
        text, knobs = self._window.toolbar.target_text, self._window.a.knobs.values()
        route, question, query = text.partition("?")
        if not question or self._window.toolbar.chosen_kind.keeps_query:
            return text, knobs
        return route, knobs | dict(parse_qsl(query, keep_blank_values=True))

    def _lasted_s(self) -> float | None:
        """Return how long the run on screen took, where it is one of what would be streamed now; None where not."""
        whole, (text, _) = self._window.document.whole, self._streamed()
        if whole.meta is None or whole.meta.ending is None or whole.meta.ending.kind != "complete":
            return None
        is_of_this = whole.meta.title.partition("?")[0] == text.partition("?")[0]
        return (whole.last_ns - whole.origin_ns) / 1e9 if is_of_this else None

    def _compare_page(self) -> ComparePage:
        if self.compare is None:
            from .compare_controller import CompareController
            from .compare_page import ComparePage

            window = self._window
            picker = TargetPicker("stream_picker_b")
            window.addresses.offer_in(picker)
            picker.setAccessibleName("Stream B: a route of the built-in server or a URL")
            b = window.add_run_view("b", picker)
            window.context_menus.watch(b)
            comparing = CompareController(window.a, b, window.linked_time, window.session)
            comparing.acted.connect(window.undo_history.push)
            self.compare = ComparePage(comparing, window.appearance.theme)
            self.compare.said.connect(window.banner.say)
            self.compare.hinted.connect(window.status.hint.setText)
            self.compare.save_requested.connect(window.saved_pictures.ask_and_save)
            self.compare.kept.connect(self.keep_b)
            self.compare.left.connect(self.back_to_a)
            window.presentation.dress()
        return self.compare
