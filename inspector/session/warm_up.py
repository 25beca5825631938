"""Warming up: a short request to each server before it is measured, so that loading code does not count as waiting.

The first response of a process comes some 10 ms later than all that follow, as Flask, template and middlewares are
loaded with it. Its recording is of no use and is removed.
"""

from __future__ import annotations

import shutil
from contextlib import suppress

from inspector.recording.annotations import Annotations, write_label
from inspector.recording.meta import BadRecording

from .run import Run
from .session import Session
from .settling import has_settled
from .target import Target
from .warm_servers import shortest

_LONGEST_S = 5.0
_LABEL = Annotations(name="warm-up of a sweep")


class WarmUp:
    """Requests that are not measured, one at a time. Thread: that of the session."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._warm: set[object] = set()
        self._run: Run | None = None

    @property
    def is_running(self) -> bool:
        """Whether one is under way; `poll` ends it."""
        return self._run is not None

    def start_where_cold(self, target: Target, word: str) -> bool:
        """Start one where a target's processes have not answered yet, or not with this word of a knob.

        Returns whether it did. A URL is nobody's of ours: it is asked for nothing that a person did not ask for. Raises
        `DiskTrouble` and ``OSError``.
        """
        key = (target.server, target.proxy, word)
        is_warm = key in self._warm and self._session.address_of(target) is not None
        if is_warm or not target.kind.is_served_here:
            return False
        self._warm.add(key)
        self._run = self._session.record(shortest(target), max_seconds=_LONGEST_S)
        write_label(self._run.folder, _LABEL)
        return True

    def poll(self) -> None:
        """Remove its recording once nobody writes to it any more."""
        run = self._run
        if run is None or not run.has_ended:
            return
        with suppress(BadRecording, OSError):
            run.recording.refresh()
            if not has_settled(run.recording) and run.folder.is_dir():
                return
        run.recording.close()
        shutil.rmtree(run.folder, ignore_errors=True)
        self._run = None

    def stop(self) -> None:
        """End it where one is under way."""
        if self._run is not None:
            self._session.stop(self._run)
