"""The main window: builds the panes and connects their signals to the controllers.

Path: panes -> signals -> here -> `RunController` and `Document` -> signals -> panes.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QCloseEvent, QKeyEvent, QShowEvent
from PySide6.QtWidgets import QMainWindow

from inspector.gui.models.preferences import Preferences
from inspector.gui.style.run_states import RunState
from inspector.gui.style.screen_reader import announce
from inspector.gui.style.shield import override
from inspector.gui.views.toolbar import Toolbar
from inspector.gui.views.view_switch import PICTURE_BY_NAME
from inspector.session.session import Session

from .appearance import Appearance, Pane
from .settings_of_last_time import settings_of_last_time
from .window_layout import Panes, WindowLayout
from .window_title import PROGRAM, WindowTitle

if TYPE_CHECKING:
    from inspector.gui.editors.target_picker import TargetPicker
    from inspector.gui.models.analysis_model import AnalysisModel
    from inspector.gui.models.document import Document
    from inspector.session.recorder_slot import Lane

    from .run_view import RunView

_SIZE_PX = (1280, 800)
_LEAST_SIZE_PX = (640, 480)


class MainWindow(QMainWindow):
    """The window of run A, and of run B beside it once they are compared. GUI thread."""

    def __init__(
        self,
        preferences: Preferences,
        session: Session,
        show_early: Callable[[QMainWindow], object] | None = None,
        *,
        target: str | None = None,
        streams: bool = False,
    ) -> None:
        """Build it. ``show_early`` may show it and wait for its first paint when its frame and its toolbar are there.

        What is below the toolbar takes most of the time: the modules of it, those of figures and numbers among them,
        are imported after that. Until then no input may be handled. ``target`` is what the picker says meanwhile, None
        for what was streamed last. ``streams`` asks for it as soon as its settings are known, before the rest is built.
        """
        super().__init__()
        self.setWindowTitle(PROGRAM)
        self.preferences = preferences
        self.session = session
        self._when_shown: Callable[[], object] | None = None
        self._is_whole = False
        self.appearance: Appearance = Appearance(preferences, self)
        self.toolbar = Toolbar(self.appearance.theme)
        first_of_all = self.toolbar.target_text
        self.toolbar.set_target_text(preferences.target if target is None else target)
        self.toolbar.show_runs(preferences.shows_runs)
        if preferences.view in PICTURE_BY_NAME:
            self.toolbar.view_switch.show_chosen(preferences.view)
        self.window_layout = WindowLayout(self.toolbar)
        self.setCentralWidget(self.window_layout)
        self.setMinimumSize(*_LEAST_SIZE_PX)
        self.resize(*_SIZE_PX)
        geometry = preferences.state("geometry")
        if not geometry.isEmpty():
            self.restoreGeometry(geometry)
        if show_early is not None:
            show_early(self)
        self.toolbar.set_target_text(first_of_all)  # settings are restored before the target, whose own defaults win
        self._make_models()
        self.a: RunView = self.add_run_view("a", self.toolbar.picker)
        texts, self._note = settings_of_last_time(preferences)
        self.a.knobs.restore(texts)
        self.toolbar.set_target_text(preferences.target if target is None else target)
        if streams:
            self.a.ask_early()
        self._make_panes()
        self._lay_out()
        self._make_policies()
        self._connect()
        self._restore()
        self.poller.open()
        self._is_whole = True

    # Building

    def _make_models(self) -> None:
        from inspector.gui.models.linked_time_range import LinkedTimeRange
        from inspector.gui.models.overlay_runs import OverlayRuns
        from inspector.gui.models.replay import Replay
        from inspector.gui.models.session_poller import SessionPoller
        from inspector.gui.models.story_player import StoryPlayer
        from inspector.gui.models.time_range import TimeRange
        from inspector.gui.models.undo_history import UndoHistory
        from inspector.gui.style.visibility import Visibility
        from inspector.gui.views.banner import Banner

        from .story_stage import StoryStage

        self.time_range: TimeRange = TimeRange(self)
        self.linked_time = LinkedTimeRange(self.time_range)
        self.poller = SessionPoller(self.session, self)
        self.overlays: OverlayRuns = OverlayRuns(self)
        # What a story does is taken back by its end.
        self.undo_history: UndoHistory = UndoHistory(self, lambda: self.stories.story is None)
        self.visibility = Visibility()
        self.replay: Replay = Replay(self)
        self.stories: StoryPlayer = StoryPlayer(StoryStage(self), self)
        self.banner: Banner = Banner(self.appearance.theme)

    def _make_panes(self) -> None:
        from inspector.gui.views.detail.detail_pane import DetailPane
        from inspector.gui.views.detail.log_view import LogView
        from inspector.gui.views.detail.statistics_view import StatisticsView
        from inspector.gui.views.marks_table_view import MarksTablePane
        from inspector.gui.views.memory_strip import MemoryStrip
        from inspector.gui.views.overview import Overview
        from inspector.gui.views.progress_line import ProgressLine
        from inspector.gui.views.staircase import StaircaseView
        from inspector.gui.views.status_bar import StatusBar
        from inspector.gui.views.transport_bar import TransportBar
        from inspector.gui.views.verdict_line import VerdictLine

        from .file_actions import FileActions
        from .recent_addresses import RecentAddresses
        from .runs_controller import RunsController
        from .start_controller import StartController

        theme = self.appearance.theme
        self.progress = ProgressLine(theme)
        self.runs: RunsController = RunsController(self)
        self.files: FileActions = FileActions(self, self.runs.library, self.preferences, self.progress)
        self.staircase = StaircaseView(self.document, self.time_range, theme, self.overlays)
        self.memory = MemoryStrip(self.document, self.time_range, theme)
        self.overview = Overview(self.document, self.time_range, theme)
        self.transport = TransportBar(self.replay, self.overview, theme)
        self.table = MarksTablePane(self.document)
        self.detail = DetailPane(self.document, theme)
        self.statistics = StatisticsView(self.analysis, theme)
        at = self.detail.tabs.addTab(self.statistics, "Statistics")
        self.detail.tabs.setTabToolTip(at, "Figures of every layer and every gap")
        self.log = LogView(lambda: self.a.controller.log, self.detail.tabs, theme)
        self.status = StatusBar(self.document, theme)
        self.verdict = VerdictLine(self.document, self.analysis, theme)
        self.start: StartController = StartController(self)
        self.addresses: RecentAddresses = RecentAddresses(self.preferences)
        self.addresses.offer_in(self.toolbar.picker)

    def _lay_out(self) -> None:
        self.window_layout.fill(
            Panes(
                messages=(self.progress, self.banner, self.a.recorded_line, self.verdict),
                runs=self.runs.place,
                transport=self.transport,
                pictures=(self.a.ladder, self.staircase),
                strip=self.memory,
                table=self.table,
                detail=self.detail,
                status=self.status,
            )
        )
        self.halves, self.lower_half = self.window_layout.halves, self.window_layout.lower_half
        self.pictures = self.window_layout.pictures

    def _make_policies(self) -> None:
        from .context_menus import ContextMenus
        from .menu import install
        from .pause_badge import PauseBadge
        from .picture_pages import PicturePages
        from .presentation_mode import PresentationMode
        from .saved_pictures import SavedPictures
        from .splitter_policy import SplitterPolicy
        from .story_captions import StoryCaptions
        from .story_keys import connect_stories
        from .strip_alignment import StripAlignment
        from .window_state import WindowState

        self.splitter_policy = SplitterPolicy(
            self.halves, (self.transport, self.memory), self.lower_half, self.a.ladder, self.visibility
        )
        self.pages: PicturePages = PicturePages(self)
        self.context_menus: ContextMenus = ContextMenus(self)
        self.context_menus.watch(self.a)
        self.strip_alignment: StripAlignment = StripAlignment(
            self.memory, self.transport, self.a.ladder, self.visibility, self.preferences
        )
        self.captions: StoryCaptions = StoryCaptions(self)
        self.presentation: PresentationMode = PresentationMode(
            self, (self.toolbar, self.transport, self.lower_half, self.memory, self.runs.place, self.status)
        )
        PauseBadge(self.toolbar, self.document, self.table)
        self.window_state = WindowState(
            self.preferences,
            self.a.knobs,
            {"lower": self.lower_half, "sides": self.window_layout.sides},
            self.a.ladder,
            self.splitter_policy,
        )
        self.saved_pictures: SavedPictures = SavedPictures(self)
        WindowTitle(self, self.document, self.a.controller)
        self.toolbar.set_menu(install(self))
        connect_stories(self)

    def _connect(self) -> None:
        self.toolbar.run_requested.connect(self.run)
        self.toolbar.stop_requested.connect(self.pages.stop)
        self.toolbar.pause_toggled.connect(self.document.set_paused)
        self.toolbar.view_chosen.connect(self.show_view)
        self.toolbar.present_toggled.connect(self.presentation.set_on)
        self.presentation.changed.connect(self.toolbar.show_presenting)
        self.appearance.type_size_changed.connect(self._type_size_changed)
        self.a.knobs.run_requested.connect(self.run)
        self.table.hinted.connect(self._hint)
        self.verdict.cure_requested.connect(self.pages.try_cure)
        self.a.controller.state_changed.connect(self._state_changed)
        self.poller.notice_raised.connect(self._notice)
        self.toolbar.runs_toggled.connect(self.runs.set_shown)
        self.runs.connect_all()
        for scrubbed in (self.staircase.scrubbed, self.overview.scrubbed):
            scrubbed.connect(self.replay.show)
        self.replay.changed.connect(self._show_replay)
        self.overlays.changed.connect(lambda: self.linked_time.cover(self.overlays.longest_ns))
        self.undo_history.said.connect(self._hint)
        self.files.said.connect(self.banner.say)
        self.files.opened.connect(self.show_recording)
        for changed in (self.toolbar.target_edited, self.a.knobs.changed):
            changed.connect(self.pages.refresh_sweep)

    def _restore(self) -> None:
        self.window_state.restore()
        self.show_view(self.preferences.view)
        self.runs.set_shown(self.preferences.shows_runs)
        self.strip_alignment.set_wanted(self.preferences.shows_memory)
        self.appearance.dress(self._panes())

    def _panes(self) -> list[Pane]:
        return [
            self.toolbar, self.banner, self.a.recorded_line, self.verdict, self.a.ladder, self.staircase, self.overview,
            self.transport,
            self.detail, self.statistics, self.log, self.status, self.pages, self.memory, self.runs, self.progress,
            self.start, self.captions,
        ]  # fmt: skip

    def _type_size_changed(self, points: float) -> None:
        self.table.set_type()
        self.detail.set_type_size(points)
        self.log.set_type_size(points)
        self.a.ladder.lay_out()

    # Running

    def run(self) -> None:
        """Stream what the picker and the knobs say."""
        target = self.a.target()
        if target is None:
            return
        self.banner.hide()
        self.pages.cancel_sweep()
        self._hint(self._note)
        self._note = ""
        self.preferences.target = target.text
        self.addresses.remember(target)
        before = self.a.controller.run
        self.a.controller.start(target)
        if self.a.controller.run is not before and self.toolbar.line.hasFocus() and self.pages.shown != "sweep":
            self.focus_picture()

    def focus_picture(self) -> None:
        """Let the keys of the picture act from here on, those of its buffer too; Ctrl+L goes back to the picker."""
        picture = self.staircase if self.pages.shown == "staircase" else self.a.ladder
        picture.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_recording(self, folder: Path) -> None:
        """Show a recording that this window has not started, and the notes in it."""
        self.stories.end(by_hand=True)
        if self.pages.shown == "sweep":
            self.show_view("ladder")
        self.banner.hide()
        self.a.controller.show_recording(folder)

    def run_or_stop(self) -> None:
        """Stream, or stop what streams."""
        if self.a.controller.state.is_running:
            self.a.controller.stop()
        else:
            self.run()

    def run_when_shown(self, target: str | None = None) -> None:
        """Stream as soon as the window is on screen, so that it is painted first."""
        if target is not None:
            self.toolbar.set_target_text(target)
        self.act_when_shown(self.run)

    def act_when_shown(self, act: Callable[[], object]) -> None:
        """Do something as soon as the window is on screen, at once where it is."""
        if self.isVisible():
            act()
        else:
            self._when_shown = act

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        act, self._when_shown = self._when_shown, None
        if act is not None:
            QTimer.singleShot(0, self, act)

    # Runs

    def add_run_view(self, lane: Lane, picker: TargetPicker) -> RunView:
        """Make a run of the window, whose words go to banner, status bar and screen reader."""
        from .run_view import RunView

        view = RunView(lane, picker, self.linked_time, self.poller, theme=self.appearance.theme, parent=self)
        view.said.connect(self.banner.say)
        view.failed.connect(self._run_failed)
        view.hinted.connect(self._hint)
        view.acted.connect(self.undo_history.push)
        view.ladder.canvas.scrubbed.connect(self.replay.show)
        view.document.was_reset.connect(self.replay.end)
        view.controller.state_changed.connect(lambda state: self._announce(view, state))
        view.analysis.judged.connect(self._take_judgement)
        return view

    def _take_judgement(self) -> None:
        self.transport.refresh()
        self.stories.look()

    @property
    def document(self) -> Document:
        """The document of run A, which the window always shows."""
        return self.a.document

    @property
    def analysis(self) -> AnalysisModel:
        """The analysis of run A."""
        return self.a.analysis

    def _run_failed(self, text: str) -> None:
        if self.verdict.isHidden():  # else it says so, and says why
            self.banner.say("error", text)

    def _hint(self, text: str) -> None:
        self.status.hint.setText(text)

    def _announce(self, view: RunView, state: RunState) -> None:
        if state is not RunState.CONNECTING:
            whose = "" if view is self.a else f"{view.name}: "
            announce(self, f"{whose}{state.value.word}. {view.ladder.summary() if not state.is_running else ''}")

    # Showing

    def _state_changed(self, state: RunState) -> None:
        self.toolbar.show_state(state)
        self.status.show_state(state)
        self.log.show_state(state)
        self.transport.refresh()

    def _notice(self, severity: str, text: str) -> None:
        if severity != "info":
            self.banner.say(severity, text)

    def show_view(self, name: str) -> None:
        """Show a picture: ladder, staircase, comparison or sweep; or the start page."""
        name = self.pages.show(name)
        beside, picture = (self.verdict, *self.window_layout.beside_pictures), PICTURE_BY_NAME.get(name)
        self.visibility.set("alone", beside, hidden=picture is None or picture.is_alone)
        self.visibility.set("alone", [self.transport], hidden=picture is None or name == "sweep")
        self.replay.take_over([view.document for view in self.pages.views_on_screen()])
        self.toolbar.view_switch.show_chosen(name)
        if picture is not None:
            self.preferences.view = name
        self.strip_alignment.set_picture(name)

    def follow_end(self) -> None:
        """Follow the end of the run in all views."""
        self.replay.end()
        self.document.select(None)
        self.document.set_following(True)
        self.time_range.fit()

    # Replaying

    def play_or_freeze(self) -> None:
        """Freeze or resume the picture of a live run; replay one that is over, or rest."""
        is_live = any(view.controller.state.is_running for view in self.pages.views_on_screen())
        if self.document.paused or (is_live and self.replay.moment_ns is None):
            self.document.set_paused(not self.document.paused)
        else:
            self.replay.toggle()

    def _show_replay(self) -> None:
        from inspector.gui.views.transport_bar import replay_text

        moment_ns = self.replay.moment_ns
        if moment_ns is not None and self.replay.is_playing:
            self.time_range.keep_in_sight(moment_ns)
        self.status.show_replay(replay_text(self.replay), is_playing=self.replay.is_playing)

    # Keys and focus

    def go_to_picker(self) -> None:
        """Put the focus into the stream picker."""
        self.toolbar.picker.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.toolbar.line.selectAll()

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space and not event.modifiers():
            self.play_or_freeze()
            return
        if event.key() == Qt.Key.Key_Escape and self.start.is_shown:
            self.start.leave()
            return
        super().keyPressEvent(event)

    # Ending

    @override
    def closeEvent(self, event: QCloseEvent) -> None:
        """Remember the look, stop what runs and end the child processes."""
        if not self._is_whole:  # building it has failed
            self.session.close()
            super().closeEvent(event)
            return
        self.presentation.set_on(False)
        self.stories.end(by_hand=True)
        self.replay.rest()
        self.window_state.keep(self)
        self.files.close()
        self.start.close()
        self.runs.close()
        self.overlays.close()
        self.pages.close()
        for view in self.pages.run_views():
            view.controller.close()
        self.poller.close()
        super().closeEvent(event)
