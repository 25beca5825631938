"""What is said of a run that failed or was cut short, and of the notes in its recording."""

from __future__ import annotations

from inspector.gui.style.run_states import RunState
from inspector.recording.meta import Meta
from inspector.recording.redaction import redacted_meta
from inspector.recording.snapshot import Snapshot

_BAD_ENDINGS = (RunState.CUT_SHORT, RunState.FAILED)
_KEPT = " Everything that arrived is kept."
_MOST_NOTES = 3


def failure_text(snapshot: Snapshot, state: RunState) -> str:
    """Return how a run failed, and that nothing is lost; "" for a run that did not fail."""
    ending = snapshot.meta.ending if snapshot.meta else None
    if state not in _BAD_ENDINGS or ending is None:
        return ""
    kept = _KEPT if "kept" not in ending.text and len(snapshot.tracks["read"]) else ""
    return f"{state.value.word}: {ending.text}{kept}"


def notes_text(meta: Meta) -> str:
    """Return what was odd about a response, or about the file that it was opened from; "" for nothing."""
    notes = redacted_meta(meta).notes
    more = f" {len(notes) - _MOST_NOTES} more: see Headers." if len(notes) > _MOST_NOTES else ""
    return " ".join(f"{note[:1].upper()}{note[1:].rstrip('.')}." for note in notes[:_MOST_NOTES]) + more
