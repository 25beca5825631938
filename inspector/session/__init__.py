"""The session: data folder, server and proxy processes, recorders, and the runs, for window and command line alike.

No Qt, no threads, nothing that blocks. It starts its children with arguments and writes lines to their standard input;
they answer by files alone.
"""

from inspector.catalogue import BadKnob

from .data_folder import DiskTrouble
from .notice import Notice, NoticeKind, Severity
from .run import Run
from .session import Session
from .target import BadTarget, Target

__all__ = ["BadKnob", "BadTarget", "DiskTrouble", "Notice", "NoticeKind", "Run", "Session", "Severity", "Target"]
