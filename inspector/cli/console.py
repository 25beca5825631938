"""The terminal as the command line sees it: sentences for people on standard error, and readers that went away."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from inspector.session.notice import Notice

PROGRAM = "streaming-inspector"
WRONG_USAGE = 2
#: What shells report for a program that Ctrl+C ended.
INTERRUPTED = 130


def complain(text: str) -> None:
    """Say what is wrong, on standard error, with the program's name."""
    tell(f"{PROGRAM}: {text}")


def complain_of(notice: Notice) -> None:
    """Say what a session tells, unless it needs no attention. A listener of a session."""
    if notice.severity != "info":
        complain(notice.text)


def tell(text: str) -> None:
    """Say something to the person, on standard error; nobody listening is no error."""
    try:
        print(text, file=sys.stderr, flush=True)
    except OSError:
        return


@contextmanager
def quiet_broken_pipe() -> Iterator[None]:
    """Leave the body quietly when the reader of standard output has gone, as ``| head`` does."""
    try:
        yield
        sys.stdout.flush()
    except BrokenPipeError:
        # The interpreter flushes standard output once more at its end: give it a place to go.
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)
