"""``streaming-inspector record``: records one response without a window, as a table, as JSON or as a file.

`Session` records into a folder; `RunFollower` follows the folder, prints what is new, and saves it at the end.
"""

from __future__ import annotations

import argparse

from inspector.process import end_loading
from inspector.session import BadKnob, BadTarget, DiskTrouble, Session, Target

from .console import WRONG_USAGE, complain
from .interrupts import Interrupts


def record(arguments: argparse.Namespace) -> int:
    """Run the command; return the exit status: 0 complete, 1 any other ending, 2 wrong usage."""
    try:
        target = Target.parse(arguments.target, dict(arguments.knobs))
    except (BadTarget, BadKnob) as error:
        complain(str(error))
        return WRONG_USAGE
    if arguments.output is not None and not arguments.output.absolute().parent.is_dir():
        complain(f"there is no folder {arguments.output.absolute().parent} to save {arguments.output.name} in")
        return WRONG_USAGE
    try:
        # The handlers come first and go last: Ctrl+C while the children start or end is an ending, too.
        with Interrupts() as interrupts, Session(with_server=target.kind.is_served_here, start_server=False) as session:
            run = session.record(target, max_seconds=arguments.max_seconds, max_bytes=arguments.max_bytes)
            # Loads msgspec and numpy, while the children start.
            from inspector.recording.meta import BadRecording

            from .run_follower import RunFollower

            end_loading()
            try:
                return RunFollower(session, run, interrupts, arguments).follow()
            except BadRecording as error:
                complain(str(error))
                return 1
    except DiskTrouble as error:
        complain(str(error))
        return 1
