"""The states a run can be in: icon, word and tone, never colour alone."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Literal

from inspector.recording.meta import EndingKind, Meta

Tone = Literal["plain", "live", "good", "warning", "error"]


@dataclass(frozen=True, slots=True)
class StateLook:
    """How a state is shown."""

    word: str
    icon: str
    tone: Tone


class State(Enum):
    """The state of the run on screen."""

    IDLE = StateLook("Idle", "idle", "plain")
    CONNECTING = StateLook("Connecting", "connecting", "plain")
    LIVE = StateLook("Live", "live", "live")
    COMPLETE = StateLook("Complete", "check", "good")
    CUT_SHORT = StateLook("Cut short", "cut", "error")
    STOPPED = StateLook("Stopped", "stop", "plain")
    FAILED = StateLook("Failed", "cross", "error")

    @property
    def is_running(self) -> bool:
        """Whether Stop would do something."""
        return self in (State.CONNECTING, State.LIVE)


STATE_OF_ENDING: dict[EndingKind, State] = {
    "complete": State.COMPLETE,
    "cut_short": State.CUT_SHORT,
    "refused": State.FAILED,
    "untrusted": State.FAILED,
    "timed_out": State.FAILED,
    "stopped": State.STOPPED,
    "protocol_error": State.FAILED,
    "bad_coding": State.FAILED,
    "over_limit": State.STOPPED,
}


def state_of(meta: Meta | None) -> State:
    """Return the state that a recording's meta data tells."""
    if meta is None or (meta.ending is None and meta.response is None):
        return State.CONNECTING
    if meta.ending is not None:
        return STATE_OF_ENDING[meta.ending.kind]
    return State.LIVE
