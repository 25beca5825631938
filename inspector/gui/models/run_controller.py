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
from inspector.session.notice import Notice
from inspector.session.recorder_slot import Lane
from inspector.session.run import Run
from inspector.session.session import Session
from inspector.session.settling import has_settled
from inspector.session.target import Target

from .document import Document
from .linked_time_range import Clock
from .server_log import ServerLog

_FRAME_MS = 16
#: Between Stop and the ending nothing is painted, so that the end is seen at once; but not for longer than this.
_STOPPING_MS = 2
_LONGEST_STOPPING_NS = 500_000_000
_IDLE_MS = 100
#: Where nothing is under way, only a process that dies is still to be seen.
_RESTING_MS = 1_000
_LONGEST_FRAME_MS = 80


class RunController(QObject):
    """One run at a time. GUI thread; ticks at display rate while something runs, seldom otherwise."""

    state_changed = Signal(object)
    #: Something a person should know: ``severity`` is ``info``, ``warning`` or ``error``.
    notice_raised = Signal(str, str)

    def __init__(self, document: Document, clock: Clock, session: Session, lane: Lane = "a") -> None:
        """``clock`` is told how far the run has got."""
        super().__init__(document)
        self.setObjectName("run_controller" if lane == "a" else f"run_controller_{lane}")
        self.document = document
        self.session = session
        self._clock = clock
        self._lane: Lane = lane
        self.run: Run | None = None
        self.log = ServerLog()
        self.state = RunState.IDLE
        self._started_ns = 0
        self._busy_ns = 0
        self._stopping_since_ns = 0
        self._timer = QTimer(self)
        self._timer.setObjectName("frame_timer")
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)

    @property
    def is_settled(self) -> bool:
        """Whether the run has ended and nothing more is expected of it."""
        return not self.state.is_running and self._timer.interval() >= _IDLE_MS

    def listen(self) -> None:
        """Tell what the session tells, too. For one controller of a window: each of them would tell the same."""
        self.session.listen(self._tell_notice)

    def open(self) -> None:
        """Start the child processes, without waiting for them."""
        try:
            self.session.start()
        except DiskTrouble as trouble:
            self.notice_raised.emit("error", str(trouble))
            return
        self._timer.start(_IDLE_MS)

    @property
    def is_resting(self) -> bool:
        """Whether nothing is under way at all: the run is not looked at, and the processes once a second."""
        return self._timer.interval() >= _RESTING_MS

    def close(self) -> None:
        """Stop what runs and end the child processes."""
        self._timer.stop()
        self.session.unlisten(self._tell_notice)
        self.session.close()
        self.document.show(None)

    def rest(self) -> None:
        """Stop what runs and look no more; the session and what is shown stay as they are."""
        self.stop()
        self._timer.stop()

    def start(self, target: Target) -> None:
        """Stop what runs and stream a target."""
        self.stop()
        try:
            run = self.session.record(target, lane=self._lane)
        except (DiskTrouble, ValueError) as trouble:
            self.notice_raised.emit("error", str(trouble))
            return
        self.follow(run)

    def follow(self, run: Run) -> None:
        """Show a run that was asked for, from its beginning to its end."""
        self.run = run
        self._started_ns = time.monotonic_ns()
        self._stopping_since_ns = 0
        self._clock.restart()
        self.log = ServerLog(lambda: self.session.log_of(run.target))
        self._set_state(RunState.CONNECTING)
        self._show(run.recording)

    def stop(self) -> None:
        """Ask for the end of the request; the state changes when the recorder has written it."""
        if self.run is not None and self.state.is_running:
            self.session.stop(self.run)
            self._stopping_since_ns = time.monotonic_ns()
            self._timer.start(_STOPPING_MS)

    def turn(self, knob: str, text: str) -> bool:
        """Turn a knob of the run while it runs; False where it has to wait for the next run."""
        if self.run is None or not self.state.is_running or self.session.turn(self.run, {knob: text}):
            return False
        if self._timer.remainingTime() > _FRAME_MS:
            self._timer.start(_FRAME_MS)  # what it changes is to be seen at once, also where frames are seldom
        return True

    def show_recording(self, folder: Path) -> None:
        """Show a recording that is not run from here."""
        self.stop()
        self.run = None
        self.log = ServerLog()
        self._started_ns = time.monotonic_ns()
        self._clock.restart()
        self._stopping_since_ns = 0
        self._hold(folder)
        self._show(Recording(folder))

    def show_nothing(self) -> None:
        """Stop what runs and let go of what is shown."""
        self.stop()
        self.run = None
        self.document.show(None)
        self._set_state(RunState.IDLE)

    def _show(self, recording: Recording) -> None:
        """Show a recording and follow it; its state is known at once, as a short run may have ended meanwhile."""
        self.document.show(recording)
        self._set_state(state_of(recording.meta))
        self._timer.start(_FRAME_MS)

    def _tell_notice(self, notice: Notice) -> None:
        self.notice_raised.emit(notice.severity, notice.text)

    def _hold(self, folder: Path) -> None:
        try:
            self.session.hold(folder.name)
        except DiskTrouble as trouble:
            self.notice_raised.emit("warning", str(trouble))

    # Following

    def _tick(self) -> None:
        self._pace()
        self.session.poll()
        self._rest_where_possible()
        if self.is_resting or self.document.recording is None or self._waits_for_the_end():
            return
        try:
            self.document.follow_up()
        except (BadRecording, OSError) as error:
            self.notice_raised.emit("error", f"The recording can't be read further: {error}")
            self._timer.start(_IDLE_MS)
            return
        recorded = self.document.recording.meta
        self._set_state(state_of(recorded))
        now_ns = time.monotonic_ns()
        if not self.document.paused:
            self._advance(now_ns)
        if not self.state.is_running and not self.is_settled and has_settled(self.document.recording):
            self._timer.start(_IDLE_MS)

    def _rest_where_possible(self) -> None:
        """Leave the machine alone while nothing is under way, and be back as soon as something is."""
        if self.is_settled and self.session.is_at_rest != self.is_resting:
            self._timer.start(_IDLE_MS if self.is_resting else _RESTING_MS)

    def _waits_for_the_end(self) -> bool:
        """Tell whether a stopped run is about to end, looking at nothing else meanwhile."""
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
        if self._stopping_since_ns or self._timer.interval() >= _IDLE_MS:
            return
        wanted_ms = min(max(_FRAME_MS, 2 * (self._busy_ns - before_ns) // 1_000_000), _LONGEST_FRAME_MS)
        if abs(wanted_ms - self._timer.interval()) > _FRAME_MS // 2:
            self._timer.setInterval(wanted_ms)

    def _advance(self, now_ns: int) -> None:
        """Let the time axis go on, also while nothing arrives."""
        origin_ns = self.document.snapshot.origin_ns or self._started_ns
        until_ns = now_ns if self.document.is_live else self.document.snapshot.last_ns
        self._clock.follow(max(0, until_ns - origin_ns), live=self.document.is_live)

    def _set_state(self, state: RunState) -> None:
        if state is not self.state:
            self.state = state
            self.state_changed.emit(state)
