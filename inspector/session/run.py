"""Runs, from the moment they are requested until the recorder has written their ending.

A run waits until the server is ready, is sent to the recorder, and gets an ending in every case: from the recorder, or
from here when the recorder died, hung or never got it. An ending that the disk does not take is kept in memory, where
the recording finds it, and written as soon as the disk takes it.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Protocol

from inspector.capture.recorder_commands import RecordCommand, StopCommand, encode_command
from inspector.recording.meta import META_NAME, EndingKind, Meta, RequestMeta

from .child_process import ChildProcess
from .crash_recovery import has_ended, missing_ending, save_ending
from .data_folder import DiskTrouble
from .target import Target

if TYPE_CHECKING:
    from inspector.recording.folder import Recording


#: A recorder that was asked to stop is ended by force after this time.
OBEY_WITHIN_S = 0.9
#: One that let a limit of time pass by so much later: it counts from the sending, which may come after a look-up.
OBEY_LIMIT_WITHIN_S = 2.0
_SAVE_AGAIN_S = 1.0
_NOT_ANSWERED = "The recorder did not answer and was ended; what had arrived is kept."


@dataclass(eq=False)
class Run:
    """One recording that was asked for, in ``folder`` of the spool."""

    id: str
    folder: Path
    target: Target
    lane: Literal["a", "b"] = "a"
    #: All that is known of it where it has ended and the disk did not take that.
    unsaved: Meta | None = field(default=None, init=False)
    _recording: Recording | None = field(default=None, init=False)

    @property
    def recording(self) -> Recording:
        """What the folder holds, always the same object: `Recording.refresh` follows, `Recording.close` ends it."""
        if self._recording is None:
            from inspector.recording.folder import Recording  # loads numpy, while the children start

            self._recording = Recording(self.folder)
            if self.unsaved is not None:
                self._recording.end_with(self.unsaved)
        return self._recording

    @property
    def has_ended(self) -> bool:
        """Return whether nothing more will be recorded (reads the disk)."""
        return self.unsaved is not None or has_ended(self.folder)

    def end_with(self, meta: Meta) -> None:
        """Count as ended whatever the disk says. A first ending stays."""
        if self.unsaved is None:
            self.unsaved = meta
            if self._recording is not None:
                self._recording.end_with(meta)


@dataclass(frozen=True, slots=True)
class Limits:
    """After how much the recorder ends a run by itself; None for never."""

    seconds: float | None = None
    size_bytes: int | None = None


@dataclass(slots=True, eq=False)
class _Order:
    run: Run
    limits: Limits
    headers: list[tuple[str, str]]
    #: How it ends, by force, where the recorder has not ended it by this time (monotonic seconds).
    end_by_s: float | None = None
    end_kind: EndingKind = "stopped"
    end_text: str = ""

    def end_within(self, seconds: float, kind: EndingKind, text: str) -> None:
        by_s = time.monotonic() + seconds
        if self.end_by_s is None or by_s < self.end_by_s:
            self.end_by_s, self.end_kind, self.end_text = by_s, kind, text

    def line(self, base_url: str | None, server_pids: list[int]) -> bytes:
        target = self.run.target
        command = RecordCommand(
            id=self.run.id,
            url=target.url(base_url),
            headers=self.headers,
            authorization=target.authorization,
            title=target.title,
            knobs=target.knobs,
            client=target.client,
            max_seconds=self.limits.seconds,
            max_bytes=self.limits.size_bytes,
            server_pids=server_pids,
        )
        return encode_command(command)

    def end(self, kind: EndingKind, text: str) -> None:
        """Give the run its ending if it has none.

        Raises `DiskTrouble` where the disk does not take it; it is then kept in memory.
        """
        if self.run.has_ended:
            return
        target = self.run.target
        request = RequestMeta(url=target.url(""), headers=self.headers, knobs=target.knobs)
        meta = missing_ending(self.run.folder, kind, text, request=request, title=target.title)
        if meta is not None:
            try:
                save_ending(self.run.folder, meta)
            except DiskTrouble:
                self.run.end_with(meta)
                raise


class Served(Protocol):
    """What knows where a target is served, and by which processes."""

    def address_of(self, target: Target) -> str | None: ...  # noqa: D102

    def pids_of(self, target: Target) -> list[int]: ...  # noqa: D102


def new_run_id() -> str:
    """Return an id that sorts by time (UTC, seconds) and is unique."""
    return f"{time.strftime('%Y%m%d-%H%M%S', time.gmtime())}-{os.urandom(4).hex()}"


class Runs:
    """The runs that still need something."""

    def __init__(self) -> None:
        self._waiting: list[_Order] = []
        self._sent: list[_Order] = []
        #: Ended runs whose ending the disk did not take.
        self._unsaved: list[Run] = []
        self._save_at_s = 0.0
        self._troubles: list[str] = []

    @property
    def any_recording(self) -> bool:
        """Return whether the recorder still writes one (reads the disk)."""
        return not all(order.run.has_ended for order in self._sent)

    @property
    def any_under_way(self) -> bool:
        """Return whether a run waits, is recorded as far as is known, or has an ending that is still to be written."""
        return bool(self._waiting or self._sent or self._unsaved or self._troubles)

    @property
    def recorded(self) -> list[Run]:
        """Those that the recorder has and that have not ended, as far as is known."""
        return [order.run for order in self._sent]

    def take_unsaved(self, meta: Meta) -> None:
        """Take what the recorder says of a recording that has ended and that the disk did not take."""
        for order in self._sent:
            if order.run.id == meta.id:
                order.run.end_with(meta)
                try:
                    save_ending(order.run.folder, meta)
                except DiskTrouble as trouble:
                    self._keep(order, trouble)

    def save_unsaved(self, *, now: bool = False) -> bool:
        """Retry to write endings that the disk did not take, once a second or ``now``; return whether none is left."""
        if not self._unsaved or not (now or time.monotonic() >= self._save_at_s):
            return not self._unsaved
        self._save_at_s = time.monotonic() + _SAVE_AGAIN_S
        with suppress(DiskTrouble):  # reported when it began
            for run in [*self._unsaved]:
                if run.unsaved is not None and not has_ended(run.folder):
                    save_ending(run.folder, run.unsaved)
                self._unsaved.remove(run)
        return not self._unsaved

    def new_troubles(self) -> list[str]:
        """Return why endings could not be written, each once."""
        troubles, self._troubles = self._troubles, []
        return troubles

    def add(self, run: Run, limits: Limits, headers: list[tuple[str, str]]) -> None:
        """Let a run wait to be sent."""
        self._waiting.append(_Order(run, limits, headers))

    @property
    def targets_in_use(self) -> list[Target]:
        """The targets of those that wait or are recorded."""
        return [order.run.target for order in (*self._waiting, *self._sent)]

    def is_waiting(self, run: Run) -> bool:
        """Return whether a run has not been sent yet."""
        return any(order.run is run for order in self._waiting)

    def send(
        self, recorder: ChildProcess | None, served: Served, is_held: Callable[[Run], bool] = lambda _: False
    ) -> None:
        """Send to the recorder what can be sent: URLs always, routes when what serves them has an address.

        A run that is held waits on.
        """
        waiting = [order for order in self._waiting if not is_held(order.run)]
        if not waiting or recorder is None:
            return
        addresses = {order: served.address_of(order.run.target) for order in waiting}
        ready = [order for order in waiting if not order.run.target.kind.is_served_here or addresses[order]]
        if ready:
            self._waiting = [order for order in self._waiting if order not in ready]
            self._sent += ready
        for order in ready:
            recorder.send(order.line(addresses[order], served.pids_of(order.run.target)))

    def refuse(self, refusal_of: Callable[[Target], str | None]) -> None:
        """Give those that wait for what will never be ready their ending."""
        for order in [*self._waiting]:
            reason = refusal_of(order.run.target)
            if reason is not None:
                self._waiting.remove(order)
                self._end(order, "not_started", reason)

    def stop(self, run: Run, recorder: ChildProcess | None) -> None:
        """Stop a run: here if it still waits, else by the recorder."""
        self.end_waiting("stopped", "Stopped before the request was sent.", lambda one: one is run)
        for order in self._sent:
            if order.run is run and not run.has_ended:
                order.end_within(OBEY_WITHIN_S, "stopped", f"Stopped by the user. {_NOT_ANSWERED}")
                if recorder:
                    recorder.send(encode_command(StopCommand(id=run.id)))

    def overdue(self, *, recorder_is_ready: bool) -> bool:
        """Return whether the recorder has not ended a run that it should have ended by now."""
        now_s = time.monotonic()
        for order in self._sent if recorder_is_ready else ():
            if order.end_by_s is None and order.limits.seconds is not None:
                text = f"The recording was ended by its limit of {order.limits.seconds:g} seconds."
                order.end_within(order.limits.seconds + OBEY_LIMIT_WITHIN_S, "over_limit", f"{text} {_NOT_ANSWERED}")
        late = [order for order in self._sent if order.end_by_s is not None and order.end_by_s <= now_s]
        return any(not order.run.has_ended for order in late)

    def end_overdue(self) -> None:
        """Give those that the recorder was to end their ending, once it is dead; what it had not begun waits again."""
        now_s = time.monotonic()
        for order in [*self._sent]:
            if order.end_by_s is not None and order.end_by_s <= now_s:
                self._end(order, order.end_kind, order.end_text)
            elif not order.run.has_ended and not (order.run.folder / META_NAME).exists():
                order.end_by_s = None
                self._sent.remove(order)
                self._waiting.append(order)

    def end_waiting(self, kind: EndingKind, text: str, concerned: Callable[[Run], bool] = lambda _: True) -> None:
        """Give those that were never sent their ending."""
        for order in [order for order in self._waiting if concerned(order.run)]:
            self._waiting.remove(order)
            self._end(order, kind, text)

    def forget_ended(self) -> list[Run]:
        """Forget those that were sent and have their ending by now; return them (reads the disk)."""
        ended = [order for order in self._sent if order.run.has_ended]
        self._sent = [order for order in self._sent if order not in ended]
        return [order.run for order in ended]

    def end_sent(self, kind: EndingKind, text: str) -> None:
        """Give those that a recorder left behind, when it is dead, their ending."""
        for order in self._sent:
            self._end(order, kind, text)

    def _end(self, order: _Order, kind: EndingKind, text: str) -> None:
        try:
            order.end(kind, text)
        except DiskTrouble as trouble:
            self._keep(order, trouble)

    def _keep(self, order: _Order, trouble: DiskTrouble) -> None:
        self._troubles.append(str(trouble))
        self._unsaved.append(order.run)
        self._save_at_s = time.monotonic() + _SAVE_AGAIN_S
