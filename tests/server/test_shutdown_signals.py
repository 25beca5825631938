"""Signals set the event whenever they come, also just before and within a wait for it."""

from __future__ import annotations

import os
import signal
import sys
import threading

import pytest

from server.shutdown_signals import signals_set

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="os.kill ends the program there")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_that_a_signal_at_any_moment_ends_a_wait_without_limit(number: signal.Signals) -> None:
    for _ in range(150):
        ended = threading.Event()
        with signals_set(ended):
            thread = threading.Thread(target=os.kill, args=(os.getpid(), number))
            thread.start()
            assert ended.wait()
            thread.join()


def test_that_signals_of_others_do_not_end_it() -> None:
    ended = threading.Event()
    seen = threading.Event()
    before = signal.signal(signal.SIGUSR1, lambda *_: seen.set())
    try:
        with signals_set(ended):
            signal.raise_signal(signal.SIGUSR1)
            assert seen.wait(5)
        # The thread that forwards has taken all that came.
        assert not ended.is_set()
    finally:
        signal.signal(signal.SIGUSR1, before)


def test_that_handlers_and_wakeup_are_put_back() -> None:
    before = signal.getsignal(signal.SIGINT)
    with signals_set(threading.Event()):
        assert signal.getsignal(signal.SIGINT) is not before
    assert signal.getsignal(signal.SIGINT) is before
    assert signal.set_wakeup_fd(-1) == -1
