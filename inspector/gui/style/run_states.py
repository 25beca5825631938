"""The states a run can be in (ready, live, complete …), each with word, icon and colour role."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Literal

from inspector.recording.meta import EndingKind, Meta

Tone = Literal["plain", "live", "good", "warning", "error"]


@dataclass(frozen=True, slots=True)
class StateStyle:
    """How a state is shown."""

    word: str
    icon: str
    tone: Tone


class RunState(Enum):
    """The state of the run on screen."""

    IDLE = StateStyle("Ready", "idle", "plain")
    CONNECTING = StateStyle("Connecting", "connecting", "plain")
    LIVE = StateStyle("Live", "live", "live")
    COMPLETE = StateStyle("Complete", "check", "good")
    CUT_SHORT = StateStyle("Cut short", "cut", "error")
    STOPPED = StateStyle("Stopped by you", "stop", "plain")
    OVER_LIMIT = StateStyle("Stopped at a limit", "stop", "plain")
    FAILED = StateStyle("Failed", "cross", "error")
    #: An earlier moment of a run is shown, whatever its state is by now.
    REPLAY = StateStyle("Replay", "play", "plain")

    @property
    def is_running(self) -> bool:
        """Whether Stop would do something."""
        return self in (RunState.CONNECTING, RunState.LIVE)


STATE_OF_ENDING: dict[EndingKind, RunState] = {
    "complete": RunState.COMPLETE,
    "cut_short": RunState.CUT_SHORT,
    "not_started": RunState.FAILED,
    "refused": RunState.FAILED,
    "untrusted": RunState.FAILED,
    "timed_out": RunState.FAILED,
    "stopped": RunState.STOPPED,
    "protocol_error": RunState.FAILED,
    "bad_coding": RunState.FAILED,
    "over_limit": RunState.OVER_LIMIT,
}


def state_of(meta: Meta | None) -> RunState:
    """Return the state that a recording's meta data tells."""
    if meta is None or (meta.ending is None and meta.response is None):
        return RunState.CONNECTING
    if meta.ending is not None:
        return STATE_OF_ENDING[meta.ending.kind]
    return RunState.LIVE
