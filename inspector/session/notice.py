"""What a session reports to its listeners: events of child processes and the disk, for a status bar or a terminal."""

from __future__ import annotations

from typing import Literal, NamedTuple

NoticeKind = Literal[
    "server_ready", "server_died", "server_restarted", "server_failed",
    "recorder_died", "recorder_failed", "clocks_disagree", "disk_trouble", "live_failed",
]  # fmt: skip
Severity = Literal["info", "warning", "error"]

_SEVERITIES: dict[NoticeKind, Severity] = {
    "server_ready": "info",
    "server_restarted": "info",
    "server_failed": "error",
    "recorder_failed": "error",
    "disk_trouble": "error",
}


class Notice(NamedTuple):
    """One fact: ``kind`` for code, ``text`` (a sentence) for people."""

    kind: NoticeKind
    text: str

    @property
    def severity(self) -> Severity:
        """How much it matters: ``info`` needs no attention, after a ``warning`` it goes on, an ``error`` ends a run."""
        return _SEVERITIES.get(self.kind, "warning")
