"""The last marks of a run: they may be written a moment after the recorder saw the end of the response."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from .target import Target

if TYPE_CHECKING:
    from inspector.recording.folder import Recording
    from inspector.recording.track import Track

#: How long they are waited for after the client's ending.
LAST_MARKS_S = 0.5


def server_marks_agree(tracks: Mapping[str, Track]) -> bool:
    """Tell whether the server's tracks hold all that the client received, and each what the later one handed on."""
    reads = tracks["read"]
    received = int(reads.column("body_end")[-1]) if len(reads) else 0
    part, handed_on, written = (tracks[name].total_bytes for name in ("part", "yield", "write"))
    return written >= received and part >= handed_on


def is_settled(recording: Recording, target: Target) -> bool:
    """Tell whether a recording that has ended holds the server's marks and the last sample of its process."""
    meta, samples = recording.meta, recording.samples
    if target.route is not None and not server_marks_agree(recording.tracks):
        return False
    return not len(samples) or meta is None or meta.ending is None or int(samples.t_ns[-1]) >= meta.ending.t_ns
