"""The session itself: keeps servers and the recorder process alive and asks the recorder for runs.

Road: window or command line -> `Session` -> (lines on standard input) -> recorder -> recording folder -> followed by
`Run.recording`. Call `Session.poll` often; everything that happens to the children is seen and told there.
"""

from __future__ import annotations

import atexit
import os
import shutil
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from .child import end_children
from .home import RECORDINGS_NAME, DiskTrouble, home_folder, make_recording_folder, make_session_folder
from .housekeeping import tidy
from .keeper import Change, Keeper
from .notice import Notice, NoticeKind
from .run import Limits, Run, Runs, new_run_id
from .servers import Servers, setups_of
from .target import Target

_TIDY_BUDGET_NS = 2_000_000
_RECORDER_NOTICES: dict[Change, tuple[NoticeKind, str]] = {
    "died": ("recorder_died", "The recorder {death}; what had arrived is kept."),
    "failed": ("recorder_failed", "The recorder could not be kept running: it {death}."),
}


class Session:
    """The child processes and the runs asked of them. Thread: the one that made it. A context manager."""

    def __init__(self, home: Path | None = None, *, with_server: bool = True, start_server: bool = True) -> None:
        """Prepare a session in a home folder; nothing is touched before `start`.

        Without ``start_server`` the built-in server, too, is started when a run needs it.
        """
        self.home = home or home_folder()
        self.spool = self.home / RECORDINGS_NAME
        #: False once a child's clock was seen to differ: then the server records no marks, as they can't be aligned.
        self.clocks_agree = True
        self._servers = Servers(self._server_arguments, lambda: self._runs.targets_in_use) if with_server else None
        self._starts_server = start_server
        self._recorder = Keeper("recorder", "inspector.capture", lambda _: ["--spool", str(self.spool)])
        self._runs = Runs()
        self._folder: Path | None = None
        self._owner_pid = 0
        self._tidying: Iterator[None] = iter(())

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def base_url(self) -> str | None:
        """``http://127.0.0.1:PORT`` while the built-in server as it comes is ready, else None."""
        return self._servers.base_url if self._servers else None

    @property
    def child_pids(self) -> dict[str, int]:
        """Process ids of the children that run now: ``server``, ``recorder``, others such as ``waitress.1``."""
        servers = self._servers.child_pids if self._servers else {}
        return servers | ({"recorder": self._recorder.child.pid} if self._recorder.child else {})

    def address_of(self, target: Target) -> str | None:
        """Return ``http://127.0.0.1:PORT`` of what serves a route, a proxy perhaps, while all of it is ready."""
        return self._servers.address_of(target) if self._servers else None

    def start(self) -> None:
        """Make the folders and spawn the children; returns without waiting for them. Raises `DiskTrouble`."""
        if self._folder is not None:
            return
        self._folder = make_session_folder(self.home)
        self._owner_pid = os.getpid()
        self._tidying = tidy(self.home)
        atexit.register(self.close)
        try:
            if self._servers:
                self._servers.start(self._folder)
                if self._starts_server:
                    self._servers.ask()
            self._recorder.start(self._folder)
        except BaseException:
            self.close()
            raise

    def poll(self) -> list[Notice]:
        """Look after the children, send what waits, tidy for 2 ms at most; return what happened. Does not block."""
        if self._folder is None:
            return []
        notices: list[Notice] = []
        for look_after in (self._poll_servers, self._poll_recorder):
            try:
                notices += look_after()
            except DiskTrouble as trouble:
                notices.append(Notice("disk_trouble", str(trouble)))
        self._runs.send(self._recorder.child, self.address_of)
        self._tidy_a_little()
        return notices

    def record(
        self,
        target: Target,
        *,
        max_seconds: float | None = None,
        max_bytes: int | None = None,
        headers: Sequence[tuple[str, str]] = (),
    ) -> Run:
        """Ask for a recording; returns at once. The recorder gets it when what serves it is ready, a URL at once.

        The server and the proxy that the target's knobs name are started where they do not run yet; one that was given
        up is tried again. Raises `DiskTrouble`, and ``ValueError`` before `start` and for a route in a session without
        a server.
        """
        if self._folder is None:
            raise ValueError("the session has not been started")
        if target.route is not None and self._servers is None:
            raise ValueError(f"{target.route} needs a session with a server")
        run_id = new_run_id()
        folder = make_recording_folder(self.spool, run_id, self._folder)
        run = Run(run_id, folder, target)
        self._runs.add(run, Limits(max_seconds, max_bytes), _joined(target.headers, headers))
        if self._servers and target.route is not None:
            self._servers.ask(setups_of(target))
        self._recorder.revive()
        self._runs.send(self._recorder.child, self.address_of)
        return run

    def stop(self, run: Run) -> None:
        """Ask the recorder to stop a run; one that still waits for the server ends here. Harmless when it has ended."""
        self._runs.stop(run, self._recorder.child)
        if self._servers:
            self._servers.mark_occupied(run.target)

    def close(self) -> None:
        """End the children, see that every run has an ending, remove the session's folder. Idempotent.

        Takes some 100 ms, and 3 s at most where children do not listen. Where the disk takes no ending, the session's
        folder stays, so that the next start tries again.
        """
        if self._folder is None or os.getpid() != self._owner_pid:
            return
        atexit.unregister(self.close)
        recorder = self._recorder.release()
        recorders, servers = [recorder] if recorder else [], self._servers.release() if self._servers else []
        # While it records the recorder goes first: the end of the server must not look like that of the response.
        if self._runs.any_recording:
            end_children(recorders)
        end_children([*recorders, *servers])
        folder, self._folder = self._folder, None
        try:
            self._runs.end_waiting("stopped", "Stopped before the request was sent, as the app was closed.")
            self._runs.end_sent("cut_short", "The recorder had to be ended; what had arrived is kept.")
        except DiskTrouble:
            return
        shutil.rmtree(folder, ignore_errors=True)

    def _server_arguments(self) -> list[str]:
        return ["--spool", str(self.spool)] if self.clocks_agree else []

    def _poll_servers(self) -> list[Notice]:
        if self._servers is None:
            return []
        notices: list[Notice] = []
        for notice, keeper in self._servers.poll():
            notices += [notice, *self._check_clock(keeper)]
        self._runs.refuse(self._servers.refusal_of)
        return notices

    def _poll_recorder(self) -> list[Notice]:
        change = self._recorder.poll()
        if change is None:
            return []
        if change not in _RECORDER_NOTICES:
            return self._check_clock(self._recorder)
        kind, text = _RECORDER_NOTICES[change]
        notice = Notice(kind, text.format(death=self._recorder.death))
        self._runs.end_sent("cut_short", notice.text)
        if change == "failed":
            self._runs.end_waiting("refused", notice.text)
        return [notice]

    def _check_clock(self, keeper: Keeper) -> list[Notice]:
        """Refuse to align marks of clocks that differ: from then on the server's layers are not recorded."""
        child = keeper.child
        if not self.clocks_agree or child is None or child.ready is None or child.clock_agrees():
            return []
        self.clocks_agree = False
        if self._servers:
            self._servers.replace_servers()
        text = f"The clock of the {keeper.label} differs from this process's; the server's layers are not recorded."
        return [Notice("clocks_disagree", text)]

    def _tidy_a_little(self) -> None:
        deadline_ns = time.monotonic_ns() + _TIDY_BUDGET_NS
        for _ in self._tidying:
            if time.monotonic_ns() > deadline_ns:
                return


def _joined(needed: Sequence[tuple[str, str]], given: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """Join headers; those that a person gave win."""
    names = {name.lower() for name, _ in given}
    return [*(pair for pair in needed if pair[0].lower() not in names), *given]
