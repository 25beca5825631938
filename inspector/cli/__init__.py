"""The command line, ``streaming-inspector``: does what the window does, without Qt.

`main` finds the command in a table; a first word that is no command is what to stream, and opens the window.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

from inspector.process import begin_loading, end_process

from .commands import COMMANDS, OPEN
from .console import INTERRUPTED, complain
from .standard_output import failure_text, give_nothing_to_flush, open_closed_streams
from .system_errors import require_memory, trouble_text

__all__ = ["main", "run"]

_NOT_FOR_OTHERS = 0o077


def run() -> NoReturn:
    """Run the command line as this process, and end it with the exit status."""
    begin_loading()  # each command ends it where it has loaded all that it needs
    status = main()
    if "PySide6.QtCore" in sys.modules:
        sys.exit(status)  # what Qt still holds is let go of in its own order
    end_process(status)


def main(argv: list[str] | None = None) -> int:
    """Run the command line and return the exit status: 0 good, 1 a response that did not end well, 2 wrong usage."""
    # Before numpy is loaded: the threads of its algebra are of no use here, and may be more than the system allows.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    open_closed_streams()
    words = sys.argv[1:] if argv is None else argv
    command = COMMANDS.get(words[0]) if words else None
    parser, rest = (command.parser(), words[1:]) if command else (OPEN.parser(), words)
    try:
        arguments = parser.parse_args(rest)
    except SystemExit as stop:  # argparse has printed help, version or what is wrong
        return int(stop.code or 0)
    try:
        command = command or OPEN
        if not command.is_light:
            require_memory()
        with _files_for_nobody_else():
            status = command.run(arguments)
    except KeyboardInterrupt:  # before the command took the signal over
        return INTERRUPTED
    except Exception as error:
        text = trouble_text(error)
        if not text:
            raise
        complain(text)
        status = 1
    return status if _flushed() else status or 1


@contextmanager
def _files_for_nobody_else() -> Iterator[None]:
    """Let what this process and its children write be readable by this user alone: recordings hold what was sent."""
    before = os.umask(_NOT_FOR_OTHERS)
    os.umask(before | _NOT_FOR_OTHERS)
    try:
        yield
    finally:
        os.umask(before)


def _flushed() -> bool:
    """Hand over what was printed past `standard_output`; return whether it was taken, and say why where it was not."""
    try:
        sys.stdout.flush()
    except (OSError, ValueError) as error:
        complain(failure_text(error))
        give_nothing_to_flush()
        return False
    return True
