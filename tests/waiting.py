"""Waiting for facts: every test waits for something it can see, up to a deadline, and never for time to pass."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

#: How long a fact may take on a busy machine before its absence is a failure.
DEADLINE_S = 10.0
_LOOK_AGAIN_S = 0.005


def wait_until(fact: Callable[[], T], what: str = "", *, deadline_s: float = DEADLINE_S) -> T:
    """Return the first true value of ``fact()``. Raises ``AssertionError`` that names ``what`` after the deadline.

    For processes, files and sockets. In tests of the window use pytest-qt's ``qtbot.waitUntil``: it runs Qt's events.
    """
    pause = threading.Event()
    until_s = time.monotonic() + deadline_s
    while True:
        value = fact()
        if value:
            return value
        if time.monotonic() >= until_s:
            raise AssertionError(f"waited {deadline_s:g} s in vain for {what or fact}; last seen: {value!r}")
        pause.wait(_LOOK_AGAIN_S)
