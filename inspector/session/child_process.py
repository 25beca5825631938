"""A child process of the session: spawned, seen ready, sent lines, ended by closing its standard input.

A child answers by files: its ready file, and its log (standard error). What has to be said when no file can be written
it says in lines on its standard output. It ends when its standard input reaches its end, so it never outlives the
parent, not even a killed one.
"""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from inspector.recording.atomic_replace import private

from .data_folder import disk_trouble_of

_RUN_MODULE = Path(__file__).resolve().parents[1] / "run_module.py"
_HANG_UP_S = 1.0
_TERMINATE_S = 0.5
_LOG_TAIL_BYTES = 4096
_LINE_BYTES = 65_536
#: On Windows the pipe of a process can be read without waiting from Python 3.12 on.
_PIPES_CAN_BE_POLLED = sys.platform != "win32" or sys.version_info >= (3, 12)


class ReadyFile(NamedTuple):
    """A ready file: ``t_ns`` is the child's monotonic clock when it wrote it; ``port`` is 0 for the recorder."""

    pid: int
    t_ns: int
    port: int = 0
    #: Where a server's running streams can be turned, 0 where they can't.
    control_port: int = 0


class ChildProcess:
    """One process ``python -m MODULE ...``. Nothing here blocks but `end_children`."""

    def __init__(
        self,
        module: str,
        arguments: Sequence[str],
        folder: Path,
        label: str,
        secrets: Mapping[str, str],
        *,
        has_output_lines: bool = False,
        keeps_open: Sequence[int] = (),
    ) -> None:
        """Spawn it, with ``secrets`` in its environment alone.

        ``folder`` takes ``LABEL.json`` (its ready file) and ``LABEL.log``. ``has_output_lines`` makes `lines` of
        what it says on its standard output. ``keeps_open`` are files that stay open as long as it lives (not on
        Windows). Raises `DiskTrouble`.
        """
        has_output_lines = has_output_lines and _PIPES_CAN_BE_POLLED
        self._said = b""
        self._ready_path = folder / f"{label}.json"
        self._log_path = folder / f"{label}.log"
        self._outbox = b""
        self.ready: ReadyFile | None = None
        self.spawned_t_ns = time.monotonic_ns()
        # -P keeps the folder of the program off the path: what lies there is not for anybody to import.
        command = [sys.executable, "-P", str(_RUN_MODULE), module, *arguments, "--ready", str(self._ready_path)]
        with disk_trouble_of(folder), open(self._log_path, "ab", opener=private) as log:
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE if has_output_lines else subprocess.DEVNULL,
                stderr=log,
                bufsize=0,
                pass_fds=() if sys.platform == "win32" else keeps_open,
                # What it writes is its user's alone.
                umask=-1 if sys.platform == "win32" else 0o077,
                env={**os.environ, **secrets},
                # Ctrl+C in the terminal is for the parent, which ends its children in order.
                start_new_session=sys.platform != "win32",
                creationflags=_creation_flags(),
            )
        assert self._process.stdin is not None
        self._stdin = self._process.stdin
        self._stdout = self._process.stdout
        if sys.platform != "win32":
            os.set_blocking(self._stdin.fileno(), False)
        if self._stdout:
            os.set_blocking(self._stdout.fileno(), False)

    @property
    def pid(self) -> int:
        """Process id."""
        return self._process.pid

    @property
    def has_died(self) -> bool:
        """Return whether the process has ended (and reap it)."""
        return self._process.poll() is not None

    @property
    def age_s(self) -> float:
        """Seconds since it was spawned."""
        return (time.monotonic_ns() - self.spawned_t_ns) / 1e9

    def became_ready(self) -> bool:
        """Look for the ready file; True once, when it is found."""
        if self.ready is not None:
            return False
        try:
            self.ready = ReadyFile(**json.loads(self._ready_path.read_bytes()))
        except FileNotFoundError:
            return False
        return True

    def clock_agrees(self) -> bool:
        """Return whether the child's clock, as in its ready file, is the parent's."""
        return self.ready is not None and self.spawned_t_ns <= self.ready.t_ns <= time.monotonic_ns()

    @property
    def has_outgoing(self) -> bool:
        """Return whether lines wait until the pipe takes them."""
        return bool(self._outbox)

    def send(self, line: bytes) -> None:
        """Send one line as soon as the pipe takes it; a dead child's lines are dropped."""
        self._outbox += line
        self.flush()

    def flush(self) -> None:
        """Hand what waits to the pipe, without waiting."""
        try:
            while self._outbox:
                taken = self._stdin.write(self._outbox)
                if not taken:
                    return
                self._outbox = self._outbox[taken:]
        except (BrokenPipeError, ValueError):  # it died, or was asked to end
            self._outbox = b""

    def lines(self) -> list[bytes]:
        """Return the whole lines that it has said since the last call, without waiting."""
        if self._stdout is None or self._stdout.closed:
            return []
        while data := self._stdout.read(_LINE_BYTES):  # None where there is nothing yet
            self._said += data
        *lines, self._said = self._said.split(b"\n")
        return lines

    def close(self) -> None:
        """Let go of what a dead child may have said."""
        if self._stdout:
            self._stdout.close()

    def hang_up(self) -> None:
        """Close its standard input, which asks it to end."""
        try:
            self._stdin.close()
        except OSError:
            return  # it is dead already

    def ended_within(self, deadline_s: float) -> bool:
        """Wait until it has ended or the monotonic deadline (seconds) has passed."""
        left_s = max(0.0, deadline_s - time.monotonic())
        if sys.platform == "linux" and self._process.returncode is None:
            # `subprocess` looks now and then, at last every 50 ms; Linux reports it at once.
            with suppress(OSError):  # a system without it, or no file handle left
                process_fd = os.pidfd_open(self._process.pid)
                try:
                    ended = select.poll()
                    ended.register(process_fd, select.POLLIN)
                    if not ended.poll(left_s * 1000):
                        return False
                finally:
                    os.close(process_fd)
        try:
            self._process.wait(max(0.0, deadline_s - time.monotonic()))
        except subprocess.TimeoutExpired:
            return False
        return True

    def terminate(self) -> None:
        """Ask the system to end it."""
        self._process.terminate()

    def kill(self) -> None:
        """Make the system end it and all that it started, and reap it."""
        self._process.kill()
        self._process.wait()
        self.kill_orphans()

    def kill_orphans(self) -> None:
        """Make the system end what the dead process started: it leads a process group of its own, where there are."""
        if sys.platform == "win32":
            return
        try:
            os.killpg(self._process.pid, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            return  # there is none; macOS says it the second way

    @property
    def gave_up(self) -> bool:
        """Return whether it ended by itself, with an exit status that is not 0."""
        return (self._process.returncode or 0) > 0

    def death(self) -> str:
        """Return how it ended, to follow "it": ``was killed by SIGKILL``, ``ended with exit status 3``."""
        status = self._process.returncode
        if status is None:
            return "still runs"
        if status < 0:
            return f"was killed by {_signal_name(-status)}"
        return f"ended with exit status {status}"

    @property
    def log_path(self) -> Path:
        """The file that takes its standard error."""
        return self._log_path

    def last_words(self) -> str:
        """Return the last line of its log, for a person who wants to know why; empty where there is none."""
        try:
            with self._log_path.open("rb") as log:
                log.seek(max(0, self._log_path.stat().st_size - _LOG_TAIL_BYTES))
                lines = log.read().decode("utf-8", "replace").strip().split("\n")
        except OSError:
            return ""
        return lines[-1].strip()


def end_children(children: Sequence[ChildProcess]) -> None:
    """End children: close their standard input, wait shortly, then terminate, then kill. All are reaped on return."""
    for child in children:
        child.hang_up()
    deadline_s = time.monotonic() + _HANG_UP_S
    left = [child for child in children if not child.ended_within(deadline_s)]
    for child in left:
        child.terminate()
    deadline_s = time.monotonic() + _TERMINATE_S
    for child in left:
        if not child.ended_within(deadline_s):
            child.kill()


def _creation_flags() -> int:
    if sys.platform == "win32":
        return subprocess.CREATE_NEW_PROCESS_GROUP | subprocess.CREATE_NO_WINDOW
    return 0


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
