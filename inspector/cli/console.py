"""Prints sentences for people on standard error."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from inspector.session.notice import Notice

PROGRAM = "streaming-inspector"
WRONG_USAGE = 2
#: What shells report for a program that Ctrl+C ended.
INTERRUPTED = 130


def complain(text: str) -> None:
    """Say what is wrong, on standard error, with the program's name."""
    print_message(f"{PROGRAM}: {text}")


def complain_of(notice: Notice) -> None:
    """Say what a session tells, unless it needs no attention. A listener of a session."""
    if notice.severity != "info":
        complain(notice.text)


def print_message(text: str) -> None:
    """Say something to the person, on standard error; nobody listening is no error."""
    if sys.stderr is None:  # print would take standard output in its place
        return
    try:
        print(text, file=sys.stderr, flush=True)
    except (OSError, ValueError):
        return
