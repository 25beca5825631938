"""A recording as of one moment: what every view, verdict, report and export looks at.

Taken by `Recording.snapshot`. Two looks at one snapshot agree, however much was recorded between them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from .change_log import Change
from .layers import LAYERS
from .meta import Meta
from .process_samples import ProcessSamples
from .source_lines import SourceLines
from .tap_log import TapMeta
from .track import Track


def _empty_tracks() -> dict[str, Track]:
    return {layer.name: Track.empty(layer) for layer in LAYERS}


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The six parts of a recording that belong together. Without arguments: of a recording that has nothing yet.

    Immutable and safe to read from any thread. Rows are never copied: the arrays of ``tracks`` are windows on the
    mapped track files and keep them mapped as long as the snapshot lives, also after `Recording.close`.
    """

    #: By name of layer, in the order in which an item passes them.
    tracks: Mapping[str, Track] = field(default_factory=_empty_tracks)
    #: None until the recorder has written ``meta.json``. Never changed: a newer file gives another object.
    meta: Meta | None = None
    #: What runs in front of each tap of the server, in the order in which an item passes them.
    taps: tuple[TapMeta, ...] = ()
    #: The settings that were changed while the stream ran, by time.
    changes: tuple[Change, ...] = ()
    #: Memory and CPU time of the server process beside the stream, empty where they are not known.
    samples: ProcessSamples = field(default_factory=ProcessSamples.empty)
    #: The lines of code that produced items.
    sources: SourceLines = field(default_factory=SourceLines)

    def until(self, t_ns: int) -> Snapshot:
        """Return the recording as it stood at a monotonic time, for a replay. Copies no rows.

        What it can't tell of an earlier time is kept: which taps there are, and the source lines seen by the end.
        """
        return Snapshot(
            tracks={name: track.until(t_ns) for name, track in self.tracks.items()},
            meta=self.meta.until(t_ns) if self.meta is not None else None,
            taps=self.taps,
            changes=tuple(change for change in self.changes if change.t_ns <= t_ns),
            samples=self.samples.until(t_ns),
            sources=self.sources,
        )

    def differences(self, other: Snapshot) -> set[str]:
        """Return what differs from another moment of the same recording, named as `Recording.refresh` names it."""
        differing = {
            name
            for name in self.tracks.keys() | other.tracks.keys()
            if len(self.tracks.get(name, ())) != len(other.tracks.get(name, ()))
        }
        pairs = (
            ("meta", _known(self.meta), _known(other.meta)),
            ("taps", self.taps, other.taps),
            ("changes", len(self.changes), len(other.changes)),
            ("samples", len(self.samples), len(other.samples)),
        )
        differing.update(name for name, one, another in pairs if one != another)
        return differing | ({"sources"} if self.sources is not other.sources else set())

    @property
    def has_ended(self) -> bool:
        """Whether the response has its ending."""
        return self.meta is not None and self.meta.ending is not None

    @property
    def content_bytes(self) -> int:
        """Bytes of content that the client has received and decoded."""
        reads = self.tracks.get("read")
        return int(reads.column("content_end")[-1]) if reads is not None and len(reads) else 0

    @property
    def origin_ns(self) -> int:
        """The zero of the time axis: when the request was sent, else the first mark, else the ending."""
        if self.meta is not None and self.meta.request.sent_t_ns:
            return self.meta.request.sent_t_ns
        unsent = self.meta.ending.t_ns if self.meta is not None and self.meta.ending is not None else 0
        return min((int(track.t_ns[0]) for track in self.tracks.values() if len(track)), default=unsent)

    @property
    def last_ns(self) -> int:
        """The time of the last mark, of the head or of the ending, the origin where there is none yet."""
        lasts = [int(track.t_ns[-1]) for track in self.tracks.values() if len(track)]
        if self.meta is not None:
            if self.meta.ending is not None:
                lasts.append(self.meta.ending.t_ns)
            if self.meta.response is not None:
                lasts.append(self.meta.response.head_t_ns)
        return max(lasts, default=self.origin_ns)


def _known(meta: Meta | None) -> tuple[bool, bool, bool]:
    """Return what meta data of one recording can tell at one time and not at another: itself, head and ending."""
    if meta is None:
        return False, False, False
    return True, meta.response is not None, meta.ending is not None
