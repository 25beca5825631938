"""Banner messages for a run that failed or was cut short, and for the notes in its recording."""

from __future__ import annotations

from typing import TYPE_CHECKING

from inspector.gui.style.run_states import RunState
from inspector.recording.meta import Meta
from inspector.recording.redaction import redacted_meta

if TYPE_CHECKING:
    from inspector.gui.models.document import Document
    from inspector.gui.views.banner import Banner

_SEVERITY = {RunState.CUT_SHORT: "error", RunState.FAILED: "error"}
_KEPT = " Everything that arrived is kept."


def tell_ending(banner: Banner, document: Document, state: RunState) -> None:
    """Say in the banner how a run failed, and that nothing is lost."""
    meta = document.recording.meta if document.recording else None
    if state not in _SEVERITY or meta is None or meta.ending is None:
        return
    kept = _KEPT if "kept" not in meta.ending.text and len(document.snapshot.tracks["read"]) else ""
    banner.say(_SEVERITY[state], f"{state.value.word}: {meta.ending.text}{kept}")


def tell_notes(banner: Banner, meta: Meta) -> None:
    """Say in the banner what was odd about a response, or about the file that it was opened from."""
    if meta.notes:
        more = f" {len(meta.notes) - 3} more: see Headers." if len(meta.notes) > 3 else ""
        sentences = (f"{note[:1].upper()}{note[1:].rstrip('.')}." for note in redacted_meta(meta).notes[:3])
        banner.say("warning", f"{' '.join(sentences)}{more}")
