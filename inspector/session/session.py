"""The session object: keeps servers and recorders alive, and starts, changes and stops runs.

Window or command line call `Session`, which writes lines to a recorder's standard input; the recorder writes the
recording folder, which `Run.recording` follows. Call `Session.poll` often, from anywhere: everything that happens to
the children is noticed there, and each `Notice` goes to every listener. What only runs need is loaded when the children
have been spawned.
"""

from __future__ import annotations

import atexit
import os
import shutil
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from inspector.catalogue import knob_of
from inspector.recording.json_lines import append_row

from .child_process import end_children
from .control_client import TOKEN_VARIABLE, ControlClient
from .data_folder import (
    HELD_NAME,
    RECORDINGS_NAME,
    DiskTrouble,
    allow_files,
    disk_trouble_of,
    home_folder,
    make_recording_folder,
    make_session_folder,
)
from .notice import Notice
from .port_owner import PortOwners
from .recorder_slot import LANES, Lane, RecorderSlot
from .servers import Servers, setups_of
from .session_locks import SessionLock
from .settling import LAST_MARKS_S
from .supervisor import Supervisor
from .target import CLIENT_KNOBS, Target
from .warm_servers import WarmServers

if TYPE_CHECKING:
    from .run import Run

_TIDY_BUDGET_NS = 2_000_000
#: However often the session is polled: it must not take a share of what is measured, or of the children's start.
_TIDY_EVERY_NS = 16_000_000


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
        self._live = ControlClient(os.urandom(32).hex())
        server_variables = {TOKEN_VARIABLE: self._live.token}
        self._servers = Servers(self._server_arguments, self._targets_in_use, server_variables) if with_server else None
        self._starts_server = start_server
        self._lanes = {
            name: RecorderSlot(name, self.spool, lambda: self._own_folder, lambda: self._own_claim) for name in LANES
        }
        #: Runs that are sent together, from warm servers.
        self._held: list[tuple[Run, ...]] = []
        self._port_owners = PortOwners()
        self._warm_servers = WarmServers(self)
        self._folder: Path | None = None
        self._claim: SessionLock | None = None
        self._owner_pid = 0
        self._tidying: Iterator[None] | None = None
        self._tidy_at_ns = 0
        self._is_tidying = False
        self._reported_troubles: set[str] = set()
        #: Runs that have ended, and until when (monotonic seconds) their server may be found to have died before that.
        self._just_ended: list[tuple[Run, float]] = []
        #: How the server of a run died that has not ended, or had not for long.
        self._server_deaths: dict[Run, str] = {}
        self._listeners: list[Callable[[Notice], object]] = []

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def base_url(self) -> str | None:
        """``http://127.0.0.1:PORT`` while the built-in server with its default settings is ready, else None."""
        return self._servers.base_url if self._servers else None

    @property
    def child_pids(self) -> dict[str, int]:
        """Process ids of the children that run now: ``server``, ``recorder``, others such as ``waitress.1``."""
        servers = self._servers.child_pids if self._servers else {}
        return servers | {lane.supervisor.label: lane.child.pid for lane in self._lanes.values() if lane.child}

    def address_of(self, target: Target) -> str | None:
        """Return ``http://127.0.0.1:PORT`` of what serves a route, a proxy perhaps, while all of it is ready."""
        return self._servers.address_of(target) if self._servers else None

    def pids_of(self, target: Target) -> list[int]:
        """Return the process that serves a target: a server of ours, or what listens on a port of this machine."""
        if not target.kind.is_served_here:
            return self._port_owners.pids_of(target.url())
        child = self._servers.child_of(target) if self._servers else None
        return [child.pid] if child else []

    def log_of(self, target: Target) -> Path | None:
        """Return the log of the server that serves a route now; None for a URL, and before the server is there."""
        child = self._servers.child_of(target) if self._servers else None
        return child.log_path if child else None

    def start(self) -> None:
        """Make the folders and spawn the children; returns without waiting for them. Raises `DiskTrouble`."""
        if self._folder is not None:
            return
        allow_files()
        self._folder, self._claim = make_session_folder(self.home)
        self._owner_pid = os.getpid()
        self._is_tidying = True
        atexit.register(self.close)
        try:
            if self._servers:
                self._servers.start(self._folder)
                if self._starts_server:
                    self._servers.ask()
            self._lanes["a"].start()
        except BaseException:
            self.close()
            raise

    @property
    def is_at_rest(self) -> bool:
        """Return whether nothing is under way, so that a `poll` once a second is enough for now."""
        under_way = (self._is_tidying, self._held, self._just_ended, self._server_deaths, self._live.is_waiting)
        lanes = self._lanes.values()
        return (
            not any(under_way)
            and self._warm_servers.is_at_rest
            and all(lane.is_at_rest for lane in lanes)
            and (not self._servers or self._servers.are_at_rest)
        )

    @property
    def has_runs_under_way(self) -> bool:
        """Tell whether a run waits, streams or has just ended."""
        return any(lane.runs.any_under_way for lane in self._lanes.values())

    def listen(self, listener: Callable[[Notice], object]) -> None:
        """Call a listener with each notice from now on, in the thread that polls, until `unlisten`."""
        self._listeners.append(listener)

    def unlisten(self, listener: Callable[[Notice], object]) -> None:
        """Remove a listener. Harmless for one that does not listen."""
        if listener in self._listeners:
            self._listeners.remove(listener)

    def poll(self) -> None:
        """Look after the children, send what waits, tidy for 2 ms at most; call the listeners. Does not block.

        Several may poll: each notice reaches every listener once.
        """
        if self._folder is None:
            return
        notices: list[Notice] = []
        steps: list[Callable[[], list[Notice]]] = [self._poll_servers]
        steps += [partial(lane.poll, self._check_clock) for lane in self._lanes.values()]
        for look_after in steps:
            try:
                notices += look_after()
            except DiskTrouble as trouble:
                notices.append(Notice("disk_trouble", str(trouble)))
        notices += [Notice("live_failed", text) for text in self._live.poll()]
        self._warm_servers.poll()
        self._leave_ended()
        self._tell_cut_answers()
        self._send()
        self._tidy_a_little()
        for notice in notices:
            if notice.kind == "disk_trouble":
                # One cause stops several children; it is reported once for each run that is requested.
                if notice.text in self._reported_troubles:
                    continue
                self._reported_troubles.add(notice.text)
            for listener in [*self._listeners]:
                listener(notice)

    def record(
        self,
        target: Target,
        *,
        max_seconds: float | None = None,
        max_bytes: int | None = None,
        headers: Sequence[tuple[str, str]] = (),
        lane: Lane = "a",
        warm: bool = False,
    ) -> Run:
        """Ask for a recording; returns at once. The recorder gets it when what serves it is ready, a URL at once.

        ``warm`` sends a server of ours a short request first that nobody sees, so that the run does not pay for loading
        code; a URL gets none.

        The server and the proxy that the target's knobs name are started where they do not run yet; one that was given
        up is tried again. A run ends the one before it in its lane. Raises `DiskTrouble`, and ``ValueError`` before
        `start` and for a route in a session without a server.
        """
        given = {name.lower() for name, _ in headers}
        needed = [(name, value) for name, value in target.headers if name.lower() not in given]
        run = self._ask(target, lane, [*needed, *headers], max_seconds=max_seconds, max_bytes=max_bytes)
        if warm:
            self._held.append((run,))
        self._send()
        return run

    def record_pair(self, target_a: Target, target_b: Target) -> tuple[Run, Run]:
        """Ask for two recordings at the same time, each in its lane: both are sent when both can be and are warm.

        Servers of ours get a short request first that nobody sees, so that neither side pays for loading code; a URL
        gets none. Where one of them can't be served, the other one is still sent. Raises as `record`.
        """
        run_a = self._ask(target_a, "a", list(target_a.headers))
        run_b = self._ask(target_b, "b", list(target_b.headers))
        self._held.append((run_a, run_b))
        self._send()
        return run_a, run_b

    def change_knobs(self, run: Run, knobs: Mapping[str, str]) -> list[str]:
        """Turn knobs of a run while it runs; return those that have to wait for the next one. Never waits over 50 ms.

        Values are texts in range. What a server refuses is reported by a later `poll` (``live_failed``).
        """
        if run.has_ended:
            return list(knobs)
        own = {name: text for name, text in knobs.items() if knob_of(name).live and name in CLIENT_KNOBS}
        servers = {name: text for name, text in knobs.items() if knob_of(name).live and name not in CLIENT_KNOBS}
        recorder = self._lanes[run.lane].child
        if own and recorder:
            from inspector.capture.recorder_commands import UpdateCommand, encode_command

            values = {name: int(text) for name, text in own.items()}
            recorder.send(encode_command(UpdateCommand(id=run.id, client=values)))
        port = self._control_port(run)
        if servers and port:
            self._live.send_knobs(port, run.id, servers)
        else:
            servers = {}
        return [name for name in knobs if name not in own and name not in servers]

    def hold(self, recording_id: str) -> None:
        """Keep a recording that is shown here from being pruned by anybody, for as long as the session lives."""
        if self._folder is not None:
            with disk_trouble_of(self.home):
                append_row(self._folder / HELD_NAME, f"{recording_id}\n".encode("ascii"))

    def stop(self, run: Run) -> None:
        """Ask the recorder to stop a run; one that still waits for the server ends here. Harmless when it has ended.

        A recorder that does not obey within a second is ended by force: the run has its ending by then in every case.
        """
        lane = self._lanes[run.lane]
        lane.runs.stop(run, lane.child)

    def close(self) -> None:
        """End the children, see that every run has an ending, remove the session's folder. Idempotent.

        Takes some 100 ms, and 3 s at most where children do not listen. Where the disk takes no ending, the session's
        folder stays, so that the next start tries again.
        """
        if self._folder is None or os.getpid() != self._owner_pid:
            return
        atexit.unregister(self.close)
        self._live.close()
        self._warm_servers.close()
        children = {lane: child for lane in self._lanes.values() if (child := lane.supervisor.release())}
        recorders = [*children.values()]
        servers = self._servers.release() if self._servers else []
        # While it records the recorder goes first: the end of the server must not look like that of the response.
        if any(lane.runs.any_recording for lane in self._lanes.values()):
            end_children(recorders)
        end_children([*recorders, *servers])
        folder, self._folder = self._folder, None
        for lane, recorder in children.items():
            lane.hear(recorder.lines())
            recorder.close()
        for lane in self._lanes.values():
            lane.runs.end_waiting("stopped", "Stopped before the request was sent, as the app was closed.")
            lane.runs.end_sent("cut_short", "The recorder had to be ended; what had arrived is kept.")
        saved = [lane.runs.save_unsaved(now=True) for lane in self._lanes.values()]
        if all(saved):
            shutil.rmtree(folder, ignore_errors=True)
        self._own_claim.release(remove=all(saved))

    @property
    def _own_folder(self) -> Path:
        if self._folder is None:
            raise ValueError("the session has not been started")
        return self._folder

    @property
    def _own_claim(self) -> SessionLock:
        assert self._claim is not None, "it comes with the folder"
        return self._claim

    def _ask(
        self,
        target: Target,
        lane: Lane,
        headers: list[tuple[str, str]],
        *,
        max_seconds: float | None = None,
        max_bytes: int | None = None,
    ) -> Run:
        """Start what a run needs, and let it wait."""
        if target.kind.is_served_here and self._servers is None:
            raise ValueError(f"{target.text} needs a session with a server")
        folder = self._own_folder
        target = target.in_lane(lane)
        self._reported_troubles.clear()
        if self._servers and target.kind.is_served_here:
            self._servers.ask(setups_of(target))
        self._lanes[lane].start()
        from .run import Limits, Run, new_run_id  # loads msgspec, while the children start

        run_id = new_run_id()
        run = Run(run_id, make_recording_folder(self.spool, run_id, folder), target, lane)
        self._lanes[lane].runs.add(run, Limits(max_seconds, max_bytes), headers)
        return run

    def _send(self) -> None:
        """Send to the recorders what can be sent by now."""
        self._held = [runs for runs in self._held if all(map(self._is_waiting, runs))]
        held = {run for runs in self._held if not self._are_ready(runs) for run in runs}
        for lane in self._lanes.values():
            lane.runs.send(lane.child, self, held.__contains__)

    def _is_waiting(self, run: Run) -> bool:
        return self._lanes[run.lane].runs.is_waiting(run)

    def _are_ready(self, runs: tuple[Run, ...]) -> bool:
        """Return whether all of them can start, from servers that are warm."""
        return all(map(self._can_start, runs)) and self._warm_servers.are_warm(run.target for run in runs)

    def _can_start(self, run: Run) -> bool:
        target = run.target
        is_served = not target.kind.is_served_here or self.address_of(target) is not None
        return self._lanes[run.lane].is_ready and is_served

    def _leave_ended(self) -> None:
        """Let servers end streams that nobody reads any more, so that none runs on beside the next run."""
        for run in [run for lane in self._lanes.values() for run in lane.runs.forget_ended()]:
            if run.target.server is not None:
                self._just_ended.append((run, time.monotonic() + LAST_MARKS_S))
            if port := self._control_port(run):
                self._live.leave(port, run.id)

    def _tell_cut_answers(self) -> None:
        """Mend the ending of runs whose server died before the whole response was taken from the app.

        For a proxy that speaks HTTP/1.0 to it, and a client that reads until the connection closes, that looks like a
        complete response.
        """
        for setup, death in self._servers.new_deaths() if self._servers else ():
            under_way = [run for lane in self._lanes.values() for run in lane.runs.recorded]
            for run in [*under_way, *(run for run, _ in self._just_ended)]:
                if run.target.server == setup:
                    self._server_deaths.setdefault(run, f"{death} while it answered; what had arrived is kept.")
        now_s = time.monotonic()
        self._just_ended = [(run, until_s) for run, until_s in self._just_ended if until_s > now_s]
        for run, text in [*self._server_deaths.items()]:
            if run.has_ended:
                from .crash_recovery import cut_complete

                del self._server_deaths[run]
                cut_complete(run.folder, text)

    def _control_port(self, run: Run) -> int:
        return self._servers.control_port_of(run.target) if self._servers else 0

    def _targets_in_use(self) -> list[Target]:
        return [target for lane in self._lanes.values() for target in lane.runs.targets_in_use]

    def _server_arguments(self) -> list[str]:
        return ["--spool", str(self.spool)] if self.clocks_agree else []

    def _poll_servers(self) -> list[Notice]:
        if self._servers is None:
            return []
        notices: list[Notice] = []
        for notice, supervisor in self._servers.poll():
            notices += [notice, *self._check_clock(supervisor)]
        for lane in self._lanes.values():
            lane.runs.refuse(self._servers.refusal_of)
        return notices

    def _check_clock(self, supervisor: Supervisor) -> list[Notice]:
        """Refuse to align marks of clocks that differ: from then on the server's layers are not recorded."""
        child = supervisor.child
        if not self.clocks_agree or child is None or child.ready is None or child.clock_agrees():
            return []
        self.clocks_agree = False
        if self._servers:
            self._servers.replace_servers()
        text = f"The clock of the {supervisor.label} differs from this process's; the server's layers are not recorded."
        return [Notice("clocks_disagree", text)]

    def _tidy_a_little(self) -> None:
        now_ns = time.monotonic_ns()
        if now_ns < self._tidy_at_ns:
            return
        self._tidy_at_ns = now_ns + _TIDY_EVERY_NS
        if self._tidying is None:
            from .retention import tidy

            self._tidying = tidy(self.home)
        for _ in self._tidying:
            if time.monotonic_ns() > now_ns + _TIDY_BUDGET_NS:
                return
        self._is_tidying = False
