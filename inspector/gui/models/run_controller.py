"""Starts, follows and stops the run on screen: connects a document with the session that runs the processes.

Path: window -> `RunController` -> session -> recorder; and back: folder -> `Document.follow_up`, once a frame.
"""

from __future__ import annotations

import time
from contextlib import suppress
from pathlib import Path

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from inspector.gui.style.run_states import RunState, state_of
from inspector.recording.folder import Recording
from inspector.recording.meta import BadRecording
from inspector.session.data_folder import DiskTrouble
from inspector.session.recorder_slot import Lane
from inspector.session.run import Run
from inspector.session.settling import has_settled
from inspector.session.target import Target

from .document import Document
from .linked_time_range import LinkedTimeRange
from .server_log import ServerLog
from .session_poller import SessionPoller

_FRAME_MS = 16
#: Between Stop and the ending nothing is painted, so that the end is seen at once; but not for longer than this.
_STOPPING_MS = 2
_LONGEST_STOPPING_NS = 500_000_000
#: After a recording could not be read.
_RETRY_MS = 100
_LONGEST_FRAME_MS = 80


class RunController(QObject):
    """One run at a time. GUI thread; looks at display rate until nothing more is expected of it, then no more."""

    state_changed = Signal(object)
    #: Something went wrong; carries a `notice.Severity` and a sentence.
    said = Signal(str, str)

    def __init__(self, document: Document, linked_time: LinkedTimeRange, poller: SessionPoller, lane: Lane) -> None:
        """``linked_time`` follows how far the run of this lane has got."""
        super().__init__(document)
        self.setObjectName("run_controller" if lane == "a" else f"run_controller_{lane}")
        self.document = document
        self.session = poller.session
        self._poller = poller
        self._linked_time = linked_time
        self._lane: Lane = lane
        self.run: Run | None = None
        self._asked: Run | None = None
        self.log = ServerLog()
        self.state = RunState.IDLE
        self._started_ns = 0
        self._busy_ns = 0
        self._stopping_since_ns = 0
        self._timer = QTimer(self)
        self._timer.setObjectName("frame_timer")
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)
        document.paused_changed.connect(lambda paused: None if paused else self.resume())
        document.moment_changed.connect(lambda: self.resume() if document.moment_ns is None else None)

    @property
    def is_settled(self) -> bool:
        """Whether the run has ended and nothing more is expected of it."""
        return not self.state.is_running and not self._timer.isActive()

    def rest(self) -> None:
        """Stop what runs and look no more; what is shown stays as it is."""
        self.stop()
        self._timer.stop()

    def resume(self) -> None:
        """Look again at what is shown, until nothing more is expected of it."""
        if self.document.recording is not None and not self._timer.isActive():
            self._timer.start(_FRAME_MS)

    def close(self) -> None:
        """Stop what runs and let go of what is shown."""
        self.rest()
        self.document.show(None)

    def ask(self, target: Target) -> None:
        """Send a request whose run `start` shows when the window is whole."""
        with suppress(DiskTrouble, ValueError):
            self._asked = self.session.record(target, lane=self._lane)

    def start(self, target: Target) -> None:
        """Stop what runs and stream a target."""
        asked, self._asked = self._asked, None
        if asked is not None and asked.target == target:
            self.follow(asked)
            return
        self.stop()
        try:
            run = self.session.record(target, lane=self._lane)
        except (DiskTrouble, ValueError) as trouble:
            self.said.emit("error", str(trouble))
            return
        self.follow(run)

    def follow(self, run: Run) -> None:
        """Show a run that was asked for, from its beginning to its end."""
        self.run = run
        self._started_ns = time.monotonic_ns()
        self._stopping_since_ns = 0
        self._linked_time.restart(self._lane)
        self.log = ServerLog(lambda: self.session.log_of(run.target))
        self._set_state(RunState.CONNECTING)
        self._poller.wake()
        self._show(run.recording)

    def stop(self) -> None:
        """Ask for the end of the request; the state changes when the recorder has written it."""
        if self.run is not None and self.state.is_running:
            self.session.stop(self.run)
            self._poller.wake()
            self._stopping_since_ns = time.monotonic_ns()
            self._timer.start(_STOPPING_MS)

    def change_knob(self, knob: str, text: str) -> bool:
        """Turn a knob of the run while it runs; False where it has to wait for the next run."""
        if self.run is None or not self.state.is_running or self.session.change_knobs(self.run, {knob: text}):
            return False
        self._poller.wake()
        if self._timer.remainingTime() > _FRAME_MS:
            self._timer.start(_FRAME_MS)  # what it changes is to be seen at once, also where frames are seldom
        return True

    def show_recording(self, folder: Path) -> None:
        """Show a recording that is not run from here."""
        self.stop()
        self.run = None
        self.log = ServerLog()
        self._started_ns = time.monotonic_ns()
        self._linked_time.restart(self._lane)
        self._stopping_since_ns = 0
        self._hold(folder)
        self._show(Recording(folder))

    def show_nothing(self) -> None:
        """Close what is shown, as before the first run."""
        self.close()
        self.run = None
        self._set_state(RunState.IDLE)

    def _show(self, recording: Recording) -> None:
        """Show a recording and follow it; its state is known at once, as a short run may have ended meanwhile."""
        self.document.show(recording)
        self._set_state(state_of(recording.meta))
        self._timer.start(_FRAME_MS)

    def _hold(self, folder: Path) -> None:
        try:
            self.session.hold(folder.name)
        except DiskTrouble as trouble:
            self.said.emit("warning", str(trouble))

    # Following

    def _tick(self) -> None:
        self._pace()
        if self.document.recording is None or self._waits_for_the_end():
            return
        try:
            self.document.follow_up()
        except (BadRecording, OSError) as error:
            self.said.emit("error", f"The recording can't be read further: {error}")
            self._timer.start(_RETRY_MS)
            return
        recorded = self.document.recording.meta
        self._set_state(state_of(recorded))
        now_ns = time.monotonic_ns()
        if not self.document.paused and self.document.moment_ns is None:
            self._advance(now_ns)
        if not self.state.is_running and has_settled(self.document.recording):
            self._timer.stop()

    def _waits_for_the_end(self) -> bool:
        """Return whether a stopped run is about to end, looking at nothing else meanwhile."""
        if not self._stopping_since_ns:
            return False
        waited_ns = time.monotonic_ns() - self._stopping_since_ns
        with suppress(BadRecording, OSError):  # told by the frame that follows
            if not self.document.has_ended() and waited_ns < _LONGEST_STOPPING_NS:
                return True
        self._stopping_since_ns = 0
        self._timer.start(_FRAME_MS)
        if self.document.recording is not None:
            self._set_state(state_of(self.document.recording.meta))
        self.document.catch_up()
        return False

    def _pace(self) -> None:
        """Leave the machine to server and recorder: a frame that works long is followed by as long a rest."""
        before_ns, self._busy_ns = self._busy_ns, time.thread_time_ns()
        if self._stopping_since_ns or self._timer.interval() >= _RETRY_MS:
            return
        wanted_ms = min(max(_FRAME_MS, 2 * (self._busy_ns - before_ns) // 1_000_000), _LONGEST_FRAME_MS)
        if abs(wanted_ms - self._timer.interval()) > _FRAME_MS // 2:
            self._timer.setInterval(wanted_ms)

    def _advance(self, now_ns: int) -> None:
        """Let the time axis go on, also while nothing arrives."""
        whole = self.document.whole
        origin_ns = whole.origin_ns or self._started_ns
        until_ns = whole.last_ns if whole.has_ended else now_ns
        self._linked_time.follow(self._lane, max(0, until_ns - origin_ns), live=not whole.has_ended)

    def _set_state(self, state: RunState) -> None:
        if state is not self.state:
            self.state = state
            self.state_changed.emit(state)
