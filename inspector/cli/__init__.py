"""The command line: ``streaming-inspector``, the same engine as the window without Qt.

`main` finds the command in a table of commands; a first word that is none is what to stream, and opens the window.
"""

from __future__ import annotations

import os
import sys

from .commands import COMMANDS, OPEN
from .console import INTERRUPTED, quiet_broken_pipe

__all__ = ["main"]


def main(argv: list[str] | None = None) -> int:
    """Run the command line and return the exit status: 0 good, 1 a response that did not end well, 2 wrong usage."""
    # Before numpy is loaded: the threads of its algebra are of no use here, and may be more than the system allows.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    words = sys.argv[1:] if argv is None else argv
    command = COMMANDS.get(words[0]) if words else None
    parser, rest = (command.parser(), words[1:]) if command else (OPEN.parser(), words)
    try:
        arguments = parser.parse_args(rest)
    except SystemExit as stop:  # argparse has printed help, version or what is wrong
        return int(stop.code or 0)
    try:
        with quiet_broken_pipe():
            return (command or OPEN).run(arguments)
    except KeyboardInterrupt:  # before the command took the signal over
        return INTERRUPTED
    return 1
