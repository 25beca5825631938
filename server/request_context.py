"""The knobs of the current request, and a way to wait that ends when the server stops.

Views read it while the request is active and hand it to rows and pacing, which run when it may no longer be.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from flask import current_app, g

from inspector.catalogue import KnobValues

#: Waits that many seconds at most; returns True as soon as the server stops.
Wait = Callable[[float], bool]
EXTENSION = "streaming_inspector"
#: A pause looks so often whether the server stops.
_LOOK_AGAIN_S = 0.05


class StreamAborted(ConnectionAbortedError):
    """The stream is cut here and now, without a terminator, so that nobody takes it for complete."""


class ServerStopping(StreamAborted):
    """The server ends."""

    def __init__(self) -> None:
        super().__init__("the server is stopping")


class ClientLeft(StreamAborted):
    """Nobody reads the response any more; WSGI would let the view find that out at its next write only."""

    def __init__(self) -> None:
        super().__init__("the client has left")


@dataclass(frozen=True, slots=True)
class Waiting:
    """How streams of one app wait. Thread: any."""

    stop: threading.Event
    wait: Wait

    def pause(self, seconds: float) -> None:
        """Wait, 0 for not at all. Raises `ServerStopping` when the server stops, also during the wait."""
        if self.stop.is_set() or (seconds > 0 and self.wait(min(seconds, threading.TIMEOUT_MAX))):
            raise ServerStopping

    def pause_while(self, seconds: Callable[[], float], turned: threading.Event) -> None:
        """Wait for ``seconds()``, which is called again whenever something was ``turned``.

        Raises `ServerStopping`, and what ``seconds`` raises.
        """
        if self.wait != self.stop.wait:
            self.pause(seconds())
            return
        began_s = time.monotonic()
        while True:
            if self.stop.is_set():
                raise ServerStopping
            left_s = began_s + seconds() - time.monotonic()
            if left_s <= 0:
                return
            if turned.wait(min(left_s, _LOOK_AGAIN_S)):
                turned.clear()


def current_knobs() -> KnobValues:
    """Return the knobs of the active request. Raises ``RuntimeError`` outside of one."""
    knobs: KnobValues = g.knobs
    return knobs


def current_waiting() -> Waiting:
    """Return how streams of the current app wait. Raises ``RuntimeError`` outside of an app context."""
    waiting: Waiting = current_app.extensions[EXTENSION]
    return waiting
