"""Whether everything is there that will be of a run that has ended: the one answer, with the one wait.

Server and client write their marks side by side, so the server's last ones, the last sample of its process, and its
word that the response was handed over in full may come a moment after the recorder saw the end.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import TYPE_CHECKING

from inspector.catalogue import kind_of

if TYPE_CHECKING:
    from inspector.recording.folder import Recording
    from inspector.recording.track import Track

#: How long the server's last marks are waited for after the client's ending.
LAST_MARKS_S = 1.0


def server_marks_agree(tracks: Mapping[str, Track]) -> bool:
    """Return whether the server's tracks hold all that the client received, and each what the later one handed on."""
    reads = tracks["read"]
    received = int(reads.column("body_end")[-1]) if len(reads) else 0
    part, handed_on, written = (tracks[name].total_bytes for name in ("part", "yield", "write"))
    return written >= received and part >= handed_on


def has_settled(recording: Recording) -> bool:
    """Return whether a recording, as last refreshed, has ended and has all that it will have.

    Where something is missing it counts as settled `LAST_MARKS_S` after its ending, and at once where that was before
    this machine started: nothing more comes to it.
    """
    meta = recording.meta
    if meta is None or meta.ending is None:
        return False
    since_ending_s = (time.monotonic_ns() - meta.ending.t_ns) / 1e9
    if not 0 <= since_ending_s < LAST_MARKS_S:
        return True
    samples = recording.samples
    if len(samples) and int(samples.t_ns[-1]) < meta.ending.t_ns:
        return False
    # What was streamed from our server is called by its route; of others' apps only those with taps write marks.
    if not (kind_of(meta.title).has_taps or recording.taps):
        return True
    if meta.ending.kind == "complete" and meta.response and meta.response.framing != "content-length":
        return server_marks_agree(recording.tracks) and (recording.is_handed_over or not recording.taps)
    return server_marks_agree(recording.tracks)
