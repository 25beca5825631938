"""Polls the session for the window: looks after its processes and hears their notices, often only while needed."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from inspector.session.data_folder import DiskTrouble
from inspector.session.notice import Notice
from inspector.session.session import Session

#: While a run is under way: what it waits for is sent as soon as it can be.
_RUNNING_MS = 16
#: While something else is: a server that starts, old recordings that are removed.
_IDLE_MS = 100
#: While nothing is, only a process that dies is still to be seen.
_RESTING_MS = 1_000


class SessionPoller(QObject):
    """The one timer of the window that polls the session; a sweep polls it more often while it runs. GUI thread."""

    #: Something a person should know; carries a `notice.Severity` and a sentence.
    notice_raised = Signal(str, str)

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("session_poller")
        self.session = session
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._poll)

    @property
    def is_resting(self) -> bool:
        """Whether nothing is under way at all, so that the processes are looked after once a second."""
        return self._timer.interval() >= _RESTING_MS

    def open(self) -> None:
        """Start the child processes, without waiting for them."""
        self.session.listen(self._hear)
        try:
            self.session.start()
        except DiskTrouble as trouble:
            self.notice_raised.emit("error", str(trouble))
            return
        self._timer.start(_IDLE_MS)

    def close(self) -> None:
        """End what runs and the child processes."""
        self._timer.stop()
        self.session.unlisten(self._hear)
        self.session.close()

    def wake(self) -> None:
        """Poll soon and often: something was asked of the session."""
        self._timer.start(_RUNNING_MS)

    def _poll(self) -> None:
        self.session.poll()
        wanted_ms = _RUNNING_MS if self.session.has_runs_under_way else _IDLE_MS
        if self.session.is_at_rest:
            wanted_ms = _RESTING_MS
        if wanted_ms != self._timer.interval():
            self._timer.setInterval(wanted_ms)

    def _hear(self, notice: Notice) -> None:
        self.notice_raised.emit(notice.severity, notice.text)
