"""A recorder process with its runs. Two slots record concurrently and independently of each other.

Slot a records the window's run, slot b the second run of a comparison.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from .child_process import ChildProcess
from .data_folder import DiskTrouble
from .notice import Notice, NoticeKind
from .session_locks import SessionLock
from .supervisor import Change, Supervisor

if TYPE_CHECKING:
    from .run import Runs

Lane = Literal["a", "b"]
LANES: tuple[Lane, ...] = ("a", "b")
_NOTICES: dict[Change, tuple[NoticeKind, str]] = {
    "died": ("recorder_died", "The recorder {death}; what had arrived is kept."),
    "failed": ("recorder_failed", "The recorder could not be kept running: it {death}."),
}
_OVERDUE = Notice("recorder_died", "The recorder did not answer and was restarted.")


class RecorderSlot:
    """Keeps the recorder of a lane running and gives every run of it an ending. Thread: that of the session."""

    def __init__(self, name: Lane, spool: Path, folder: Callable[[], Path], claim: Callable[[], SessionLock]) -> None:
        """``folder`` is that of the session, for ready files and logs; ``claim`` means that the session lives.

        A recorder holds it as well: until it has written its ending, nobody else gives its recording one.
        """
        label = "recorder" if name == "a" else f"recorder.{name}"
        self.name = name
        self._runs: Runs | None = None
        self.supervisor = Supervisor(
            label, "inspector.capture", lambda _: ["--spool", str(spool)],
            has_output_lines=True, keeps_open=lambda: [claim().fd],
        )  # fmt: skip
        self._folder = folder

    @property
    def runs(self) -> Runs:
        """The runs that are its own."""
        if self._runs is None:
            from .run import Runs  # loads msgspec, while the recorder starts

            self._runs = Runs()
        return self._runs

    @property
    def child(self) -> ChildProcess | None:
        """The recorder process, None while there is none."""
        return self.supervisor.child

    @property
    def is_ready(self) -> bool:
        """Return whether the recorder takes commands."""
        return self.child is not None and self.child.ready is not None

    @property
    def is_at_rest(self) -> bool:
        """Return whether no run needs anything, and the recorder is as it shall be."""
        return self.supervisor.is_at_rest and not self.runs.any_under_way

    def start(self) -> None:
        """See that the recorder runs, or will; one that was given up is tried again. Raises `DiskTrouble`."""
        if self.supervisor.has_failed:
            self.supervisor.revive()
        elif self.supervisor.child is None:
            self.supervisor.start(self._folder())

    def poll(self, check_clock: Callable[[Supervisor], list[Notice]]) -> list[Notice]:
        """Look after the recorder; return what happened."""
        try:
            notices = self._look_after(check_clock)
        except DiskTrouble as trouble:
            # It is dead and can't be started again.
            self.runs.end_sent("cut_short", f"The recorder stopped; what had arrived is kept. {trouble}")
            self.runs.end_waiting("not_started", str(trouble))
            notices = [Notice("disk_trouble", str(trouble))]
        self.hear(self.supervisor.heard())
        self.runs.save_unsaved()
        return [*notices, *(Notice("disk_trouble", text) for text in self.runs.new_troubles())]

    def hear(self, lines: list[bytes]) -> None:
        """Take what a recorder has said on its standard output."""
        for line in lines:
            from inspector.capture.recorder_commands import decode_unsaved

            meta = decode_unsaved(line)
            if meta is not None:
                self.runs.take_unsaved(meta)

    def _look_after(self, check_clock: Callable[[Supervisor], list[Notice]]) -> list[Notice]:
        if self.child and self.runs.overdue(recorder_is_ready=self.is_ready):
            self.hear(self.supervisor.end_by_force())
            self.runs.end_overdue()
            self.supervisor.start(self._folder())
            return [_OVERDUE]
        change = self.supervisor.poll()
        # Before the dead one's runs get another ending: its own may be among what it said last.
        self.hear(self.supervisor.heard())
        if change is None:
            return []
        if change not in _NOTICES:
            return check_clock(self.supervisor)
        kind, text = _NOTICES[change]
        notice = Notice(kind, text.format(death=self.supervisor.death))
        self.runs.end_sent("cut_short", notice.text)
        if change == "failed":
            self.runs.end_waiting("not_started", notice.text)
        return [notice]
