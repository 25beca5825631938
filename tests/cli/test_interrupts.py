"""Signals as facts: counted whenever they come, also while the program waits for them."""

from __future__ import annotations

import os
import signal
import sys
import threading

import pytest

from inspector.cli.interrupts import Interrupts

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="os.kill ends the program there")


def send(number: signal.Signals) -> threading.Thread:
    thread = threading.Thread(target=os.kill, args=(os.getpid(), number))
    thread.start()
    return thread


def test_that_a_signal_at_any_moment_of_waiting_is_counted_and_blocks_nothing() -> None:
    for _ in range(300):
        with Interrupts() as interrupts:
            thread = send(signal.SIGINT)
            while not interrupts.count:
                interrupts.wait(0)
            thread.join()
            assert interrupts.count == 1


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_that_a_signal_ends_a_wait(number: signal.Signals) -> None:
    with Interrupts() as interrupts:
        thread = send(number)
        interrupts.wait(30)
        thread.join()
        assert interrupts.count == 1


def test_that_the_second_signal_is_left_to_the_system_and_the_end_puts_the_handlers_back() -> None:
    before = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)]
    with Interrupts() as interrupts:
        signal.raise_signal(signal.SIGINT)
        assert interrupts.count == 1
        assert [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)] == [signal.SIG_DFL] * 2
        assert signal.getsignal(signal.SIGHUP) == signal.SIG_IGN, "a closed terminal says so twice"
    assert [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)] == before


def test_that_a_program_that_is_to_outlive_its_terminal_does() -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with Interrupts() as interrupts:
            signal.raise_signal(signal.SIGHUP)
            assert interrupts.count == 0
    finally:
        signal.signal(signal.SIGHUP, before)
