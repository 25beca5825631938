"""Runs, from the moment they are asked for until the recorder has written their ending.

A run waits until the server is ready, is sent to the recorder once, and gets an ending in every case: from the
recorder, or from here when the recorder died or never got it.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Protocol

from inspector.capture.command import RecordCommand, StopCommand, encode_command
from inspector.recording.meta import EndingKind, RequestMeta

from .child import Child
from .endings import has_ended, write_missing_ending
from .target import Target

if TYPE_CHECKING:
    from inspector.recording.folder import Recording


@dataclass(frozen=True, eq=False)
class Run:
    """One recording that was asked for, in ``folder`` of the spool."""

    id: str
    folder: Path
    target: Target
    lane: Literal["a", "b"] = "a"

    @cached_property
    def recording(self) -> Recording:
        """What the folder holds, always the same object: call its `refresh` to follow, its `close` at the end."""
        from inspector.recording.folder import Recording  # loads numpy, while the children start

        return Recording(self.folder)


@dataclass(frozen=True, slots=True)
class Limits:
    """After how much the recorder ends a run by itself; None for never."""

    seconds: float | None = None
    size_bytes: int | None = None


@dataclass(frozen=True, slots=True, eq=False)
class _Order:
    run: Run
    limits: Limits
    headers: list[tuple[str, str]]

    def line(self, base_url: str | None, server_pids: list[int]) -> bytes:
        target = self.run.target
        command = RecordCommand(
            id=self.run.id,
            url=target.url(base_url),
            headers=self.headers,
            title=target.title,
            knobs=target.knobs,
            client_buffer_bytes=target.client.client_buffer,
            receive_buffer_bytes=target.client.receive_buffer,
            read_size_bytes=target.client.read_size,
            read_rate_bytes_per_s=target.client.read_rate,
            max_seconds=self.limits.seconds,
            max_bytes=self.limits.size_bytes,
            server_pids=server_pids,
        )
        return encode_command(command)

    def end(self, kind: EndingKind, text: str) -> None:
        target = self.run.target
        request = RequestMeta(url=target.url(""), headers=self.headers, knobs=target.knobs)
        write_missing_ending(self.run.folder, kind, text, request=request, title=target.title)


class Served(Protocol):
    """What knows where a target is served, and by which processes."""

    def address_of(self, target: Target) -> str | None: ...  # noqa: D102

    def pids_of(self, target: Target) -> list[int]: ...  # noqa: D102


def joined(needed: Sequence[tuple[str, str]], given: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """Join headers; those that a person gave win."""
    names = {name.lower() for name, _ in given}
    return [*(pair for pair in needed if pair[0].lower() not in names), *given]


def new_run_id() -> str:
    """Return an id that sorts by time (UTC, seconds) and is unique."""
    return f"{time.strftime('%Y%m%d-%H%M%S', time.gmtime())}-{os.urandom(4).hex()}"


class Runs:
    """The runs that still need something."""

    def __init__(self) -> None:
        self._waiting: list[_Order] = []
        self._sent: list[_Order] = []

    @property
    def any_recording(self) -> bool:
        """Tell whether the recorder still writes one (reads the disk)."""
        return not all(has_ended(order.run.folder) for order in self._sent)

    def add(self, run: Run, limits: Limits, headers: list[tuple[str, str]]) -> None:
        """Let a run wait to be sent."""
        self._waiting.append(_Order(run, limits, headers))

    @property
    def targets_in_use(self) -> list[Target]:
        """The targets of those that wait or are recorded."""
        return [order.run.target for order in (*self._waiting, *self._sent)]

    def is_waiting(self, run: Run) -> bool:
        """Tell whether a run has not been sent yet."""
        return any(order.run is run for order in self._waiting)

    def send(self, recorder: Child | None, served: Served, is_held: Callable[[Run], bool] = lambda _: False) -> None:
        """Send to the recorder what can be sent: URLs always, routes when what serves them has an address.

        A run that is held waits on.
        """
        waiting = [order for order in self._waiting if not is_held(order.run)]
        if not waiting or recorder is None:
            return
        addresses = {order: served.address_of(order.run.target) for order in waiting}
        ready = [order for order in waiting if order.run.target.route is None or addresses[order]]
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
                order.end("refused", reason)

    def stop(self, run: Run, recorder: Child | None) -> None:
        """Stop a run: here if it still waits, else by the recorder."""
        self.end_waiting("stopped", "Stopped before the request was sent.", lambda one: one is run)
        if recorder and any(order.run is run for order in self._sent):
            recorder.send(encode_command(StopCommand(id=run.id)))

    def end_waiting(self, kind: EndingKind, text: str, concerned: Callable[[Run], bool] = lambda _: True) -> None:
        """Give those that were never sent their ending."""
        for order in [order for order in self._waiting if concerned(order.run)]:
            self._waiting.remove(order)
            order.end(kind, text)

    def forget_ended(self) -> list[Run]:
        """Forget those that were sent and have their ending by now; return them (reads the disk)."""
        ended = [order for order in self._sent if has_ended(order.run.folder)]
        self._sent = [order for order in self._sent if order not in ended]
        return [order.run for order in ended]

    def end_sent(self, kind: EndingKind, text: str) -> None:
        """Give those that a recorder left behind, when it is dead, their ending."""
        for order in self._sent:
            order.end(kind, text)
