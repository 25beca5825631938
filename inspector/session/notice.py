"""What `Session.poll` tells: facts about the child processes, for a status bar or a terminal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

NoticeKind = Literal[
    "server_ready", "server_died", "server_restarted", "server_failed",
    "recorder_died", "recorder_failed", "clocks_disagree", "disk_trouble", "live_failed",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Notice:
    """One fact about a child process: ``kind`` for code, ``text`` (a sentence) for people."""

    kind: NoticeKind
    text: str
