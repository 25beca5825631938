"""The session: one home folder, the servers and proxies that runs need, one recorder process, and the runs themselves.

Used by the window and by the command line alike; no Qt, no threads, nothing that blocks. The parent speaks to its
children through argv and lines on their standard input; they answer by files alone.
"""

from inspector.catalogue import BadKnob

from .data_folder import DiskTrouble
from .notice import Notice, NoticeKind, Severity
from .run import Run
from .session import Session
from .target import BadTarget, Target

__all__ = ["BadKnob", "BadTarget", "DiskTrouble", "Notice", "NoticeKind", "Run", "Session", "Severity", "Target"]
