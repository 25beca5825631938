"""Supervises a child process: sees it ready, sees it die, restarts it, and gives up when it dies too often."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Literal

from .child_process import ChildProcess
from .data_folder import probe

#: A child that died this often ...
DEATHS_ALLOWED = 3
#: ... within this time is not started again by itself.
DEATHS_WITHIN_S = 10.0
#: A child that is not ready after this time counts as dead.
READY_WITHIN_S = 30.0

#: What the log of a child that could not start may end with, said so that a person knows what to do.
_REASONS = {
    "can't start new thread": "it can't start more threads: close some programs, or raise the limit",
    "Too many open files": "it may open too few files at once: raise the limit, such as with ulimit -n 1024",
    "MemoryError": "there is not enough memory for it",
}

Change = Literal["ready", "restarted", "died", "failed"]


class Supervisor:
    """One child process and its successors. Thread: any one."""

    def __init__(
        self,
        label: str,
        module: str,
        arguments: Callable[[int], list[str]],
        secrets: Mapping[str, str] | None = None,
        *,
        has_output_lines: bool = False,
        keeps_open: Callable[[], Sequence[int]] = tuple,
    ) -> None:
        """``arguments`` returns the command line for the port that the child had before, 0 for none.

        ``secrets`` are variables of its environment that no other process may see. ``has_output_lines`` is for a
        child that says something on its standard output; ``keeps_open`` returns files that stay open while it lives.
        """
        self.label = label
        self.child: ChildProcess | None = None
        #: How the last one died, to follow its name: ``was killed by SIGKILL``.
        self.death = ""
        self.has_failed = False
        self._module = module
        self._arguments = arguments
        self._secrets = secrets or {}
        self._folder: Path | None = None
        self._has_output_lines = has_output_lines
        self._keeps_open = keeps_open
        self._heard: list[bytes] = []
        self._port = 0
        self._was_ready = False
        self._generation = 0
        self._deaths_s: deque[float] = deque(maxlen=DEATHS_ALLOWED)

    @property
    def port(self) -> int:
        """The port of the child that is ready, else 0."""
        return self.child.ready.port if self.child and self.child.ready else 0

    @property
    def is_at_rest(self) -> bool:
        """Return whether the child is ready, or there is none and none is to come."""
        return self.child is None or (self.child.ready is not None and not self.child.has_outgoing)

    def start(self, folder: Path) -> None:
        """Spawn the child; its ready files and its log go into ``folder``. Raises `DiskTrouble`."""
        self._folder = folder
        self._spawn()

    def poll(self) -> Change | None:
        """Return what changed since the last call, and restart a dead child. Does not block. Raises `DiskTrouble`."""
        if self.child is None:
            return None
        if self.child.has_died:
            return self._bury(self.child.death(), self.child.last_words())
        if self.child.ready is None and self.child.age_s > READY_WITHIN_S:
            self.child.kill()
            return self._bury(f"did not answer within {READY_WITHIN_S:g} s", self.child.last_words())
        self.child.flush()
        if not self.child.became_ready():
            return None
        was_ready, self._was_ready = self._was_ready, True
        self._port = self.port
        return "restarted" if was_ready else "ready"

    def heard(self) -> list[bytes]:
        """Return the lines that the child, or one that died, has said since the last call."""
        lines, self._heard = self._heard, []
        return lines + (self.child.lines() if self.child else [])

    def revive(self) -> None:
        """Start a child again that was given up."""
        if self.has_failed:
            self._deaths_s.clear()
            self._spawn()

    def release(self) -> ChildProcess | None:
        """Hand the child over to be ended; it is not kept any more."""
        child, self.child = self.child, None
        return child

    def end_by_force(self) -> list[bytes]:
        """End a child that does not answer, at once; return what it had said."""
        child = self.release()
        if child is None:
            return []
        child.kill()
        lines = child.lines()
        child.hang_up()
        child.close()
        return lines

    def replace(self) -> ChildProcess | None:
        """Start a new child (with its arguments as they are now) and hand over the old one to be ended."""
        old = self.release()
        self._port = 0  # the old one still has it
        self._spawn()
        return old

    def _spawn(self) -> None:
        if self._folder is None:
            raise ValueError(f"the {self.label} has not been started")
        self._generation += 1
        label = f"{self.label}-{self._generation}" if self._generation > 1 else self.label
        self.has_failed = True  # unless the next line does not raise
        self.child = ChildProcess(
            self._module, self._arguments(self._port), self._folder, label, self._secrets,
            has_output_lines=self._has_output_lines, keeps_open=self._keeps_open(),
        )  # fmt: skip
        self.has_failed = False

    def _bury(self, death: str, last_words: str) -> Change:
        child = self.release()
        if child:
            self._heard += child.lines()
            child.hang_up()
            child.kill_orphans()
            child.close()
        never_ran = child is not None and child.ready is None
        # Of one that never ran the log ends with why, perhaps that it could not get the port of the one before.
        why = _reason(last_words) or (last_words if never_ran else "")
        self.death = f"{death} ({why})" if why else death
        had_port, is_hopeless = self._port, False
        if child and never_ran:
            self._port = 0
            is_hopeless = child.gave_up and not had_port
        now_s = time.monotonic()
        self._deaths_s.append(now_s)
        too_often = len(self._deaths_s) == DEATHS_ALLOWED and now_s - self._deaths_s[0] < DEATHS_WITHIN_S
        self.has_failed = True  # unless the next lines do not raise
        if child and child.gave_up and self._folder is not None:
            probe(self._folder)
        if is_hopeless or too_often:
            return "failed"
        self._spawn()
        return "died"


def _reason(last_words: str) -> str:
    return next((reason for words, reason in _REASONS.items() if words in last_words), "")
