"""The session: data folder, server and proxy processes, recorders, and the runs, for window and command line alike.

No Qt, no threads, nothing that blocks. It starts its children with arguments and writes lines to their standard input;
they answer by files alone.
"""

from typing import TYPE_CHECKING, Any

from inspector.catalogue import BadKnob

from .data_folder import DiskTrouble
from .notice import Notice, NoticeKind, Severity
from .session import Session
from .target import BadTarget, Target

if TYPE_CHECKING:
    from .run import Run

__all__ = ["BadKnob", "BadTarget", "DiskTrouble", "Notice", "NoticeKind", "Run", "Session", "Severity", "Target"]


def __getattr__(name: str) -> Any:
    """Return `Run`, whose module is loaded when it is asked for: after the children have been spawned."""
    if name != "Run":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from .run import Run

    return Run
