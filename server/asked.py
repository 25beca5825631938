"""What the current request asks for: its knobs, and a way to wait that ends when the server stops.

Views read it while the request is active and hand it to rows and pacing, which run when it may no longer be.
"""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from flask import current_app, g

from .catalogue import KnobValues

#: Waits that many seconds at most; returns True as soon as the server stops.
Wait = Callable[[float], bool]
EXTENSION = "streaming_inspector"


class ServerStopping(ConnectionAbortedError):
    """The server ends: the stream is cut, without a terminator, so that nobody takes it for complete."""

    def __init__(self) -> None:
        super().__init__("the server is stopping")


@dataclass(frozen=True, slots=True)
class Waiting:
    """How streams of one app wait. Thread: any."""

    stop: threading.Event
    wait: Wait

    def pause(self, seconds: float) -> None:
        """Wait, 0 for not at all. Raises `ServerStopping` when the server stops, also during the wait."""
        if self.stop.is_set() or (seconds > 0 and self.wait(min(seconds, threading.TIMEOUT_MAX))):
            raise ServerStopping


def asked_knobs() -> KnobValues:
    """Return the knobs of the active request. Raises ``RuntimeError`` outside of one."""
    knobs: KnobValues = g.knobs
    return knobs


def asked_waiting() -> Waiting:
    """Return how streams of the current app wait. Raises ``RuntimeError`` outside of an app context."""
    waiting: Waiting = current_app.extensions[EXTENSION]
    return waiting


def pauses(knobs: KnobValues) -> Iterator[float]:
    """Yield pauses in seconds without end: ``delay_ms``, each up to ``jitter`` shorter or longer, fixed by ``seed``."""
    delay_s = knobs.delay_ms / 1000
    if not delay_s or not knobs.jitter:
        while True:
            yield delay_s
    uniform = random.Random(knobs.seed).uniform
    while True:
        yield delay_s * (1 + knobs.jitter * uniform(-1, 1))
