"""Warms servers before runs are compared: the first answer of a process comes late, as it loads code.

A server of ours that has not answered a request of a kind yet gets a short one, of which nothing is recorded or shown.
A URL never gets a request that nobody asked for.
"""

from __future__ import annotations

import contextlib
import socket
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Protocol
from urllib.parse import urlsplit

from inspector.catalogue import knob_of

from .target import Target

#: A server that takes longer is left as it is: a comparison must not wait for it.
LONGEST_S = 2.0
_CONNECT_S = 0.05
_READ_BYTES = 65_536


class Served(Protocol):
    """What knows where a target is served, and by which processes."""

    def address_of(self, target: Target) -> str | None: ...  # noqa: D102

    def pids_of(self, target: Target) -> list[int]: ...  # noqa: D102


@dataclass(slots=True)
class _Request:
    """A short request under way; ``connection`` is None once its response is whole, or was given up."""

    connection: socket.socket | None
    until_s: float = field(default_factory=lambda: time.monotonic() + LONGEST_S)

    def poll(self) -> None:
        """Take in what has come of the response, and let go at its end. Does not block."""
        if self.connection is None:
            return
        is_over = time.monotonic() >= self.until_s
        try:
            while self.connection.recv(_READ_BYTES):
                pass
            is_over = True
        except BlockingIOError:
            pass
        except OSError:
            is_over = True
        if is_over:
            self.close()

    def close(self) -> None:
        if self.connection is not None:
            self.connection.close()
        self.connection = None


class WarmServers:
    """Sees to it that servers are warm before they are compared. Thread: that of the session; nothing here blocks."""

    def __init__(self, served: Served) -> None:
        self._served = served
        self._requests: dict[object, _Request] = {}

    def are_warm(self, targets: Iterable[Target]) -> bool:
        """Return whether all of these would be answered by warm processes; begin to warm those that are not.

        A URL counts as warm. Call it again until it says so, which takes some 20 ms.
        """
        return False not in [self._is_warm(target) for target in targets]  # all of them at the same time

    @property
    def is_at_rest(self) -> bool:
        """Return whether no request is under way."""
        return all(request.connection is None for request in self._requests.values())

    def poll(self) -> None:
        """Take in what has come; let go of what is whole or given up, also where nobody waits for it any more."""
        for request in self._requests.values():
            request.poll()

    def close(self) -> None:
        """Let go of requests under way."""
        for request in self._requests.values():
            request.close()

    def _is_warm(self, target: Target) -> bool:
        if not target.kind.is_served_here:
            return True
        address = self._served.address_of(target)
        if address is None:
            return False
        # Another template or middleware is loaded at its first use, so a word more is another kind of request.
        words = {name: text for name, text in target.knobs.items() if knob_of(name).kind in ("choice", "stack")}
        key = (tuple(self._served.pids_of(target)), address, target.text, tuple(sorted(words.items())))
        if key not in self._requests:
            self._requests[key] = _Request(_sent(target, address))
        self._requests[key].poll()
        return self._requests[key].connection is None


def shortest(target: Target) -> Target:
    """Return a target of the same processes and code whose response is over at once; the target must be a route."""
    return Target.parse(target.text, target.knobs | target.kind.shortest())


def _sent(target: Target, address: str) -> socket.socket | None:
    """Send the short request; return its connection, None where none can be made."""
    parts = urlsplit(shortest(target).url(address))
    lines = [f"GET {parts.path}?{parts.query} HTTP/1.1", f"Host: {parts.netloc}", "Connection: close"]
    lines += [f"{name}: {value}" for name, value in target.headers]
    with contextlib.suppress(OSError):
        connection = socket.create_connection((parts.hostname or "", parts.port or 80), _CONNECT_S)
        try:
            connection.sendall("\r\n".join([*lines, "", ""]).encode("latin-1"))
            connection.setblocking(False)
        except OSError:
            connection.close()
            raise
        return connection
    return None
