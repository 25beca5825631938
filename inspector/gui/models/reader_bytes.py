"""What the reader of a stream has at the moment shown, and what was made and isn't there yet. No Qt."""

from __future__ import annotations

from dataclasses import dataclass

from inspector.analysis.tracks.axes import Axes

from .charset import UTF_8, charset_of
from .document import Document

#: Until so long after they came, bytes count as new, and until so long as just come.
NEW_NS, JUST_COME_NS = 400_000_000, 120_000_000
#: A character of UTF-8 has so many bytes at most (RFC 3629).
_LONGEST_CHARACTER = 4


@dataclass(frozen=True, slots=True)
class ReaderBytes:
    """Offsets on the content axis, as of the moment that the document shows."""

    #: The reader has the bytes before it.
    here: int = 0
    #: Those of them that are whole characters.
    whole_characters: int = 0
    #: The app has made the bytes before it; None where nobody can see that from here.
    made: int | None = None
    #: What is in the bytes before it is known: in a replay, of what came later too.
    known: int = 0
    #: Where begins what came in the last moments, and what came just now.
    new_from: int = 0
    just_come_from: int = 0
    has_ended: bool = False

    @property
    def missing(self) -> int:
        """Bytes that were made and that the reader doesn't have."""
        return max(0, (self.made or 0) - self.here)

    @classmethod
    def of(cls, document: Document) -> ReaderBytes:
        """Return what the reader has in a document."""
        pieces = document.snapshot.tracks["piece"]
        known = document.whole.content_bytes
        here = min(pieces.total_bytes, known)  # a piece may be seen before the read that brought it
        ended, now_ns = document.snapshot.has_ended, document.now_ns
        new_from = just_come_from = here
        if now_ns is not None and len(pieces):
            first, just = pieces.first_at_or_after([now_ns - NEW_NS, now_ns - JUST_COME_NS]).tolist()
            new_from, just_come_from = pieces.start(first), pieces.start(just)
        return cls(
            here=here,
            whole_characters=here if ended else here - _held_back(document, here),
            made=_made(document),
            known=known,
            new_from=new_from,
            just_come_from=just_come_from,
            has_ended=ended,
        )


def _held_back(document: Document, here: int) -> int:
    """Return how many bytes at the end can't be shown before more of their character is here."""
    if charset_of(document.snapshot) != UTF_8:
        return 0
    return _cut_bytes(document.read_known(max(0, here - _LONGEST_CHARACTER), here))


def _made(document: Document) -> int | None:
    """Return how many bytes of content the app has made, None where no tap says so."""
    snapshot, meta = document.snapshot, document.whole.meta
    response = meta.response if meta is not None else None
    axes = Axes.of(response, document.whole.taps)
    seen = [
        document.content_track(layer).total_bytes
        for layer in ("part", "yield")
        if len(document.whole.tracks[layer])
        and (response is None or axes.is_carried_over(layer) or axes.common(layer, "piece") is not None)
    ]
    if not seen:
        return None
    ending = snapshot.meta.ending if snapshot.meta is not None else None
    is_complete = ending is not None and ending.kind == "complete"
    return snapshot.tracks["piece"].total_bytes if is_complete else max(seen)


def _cut_bytes(tail: bytes) -> int:
    """Return how many bytes at the end begin a character of UTF-8 whose other bytes are not there yet.

    >>> _cut_bytes("Sø".encode()[:2]), _cut_bytes("Sø".encode()), _cut_bytes("€".encode()[:2])
    (1, 0, 2)
    """
    for length in range(1, min(len(tail), _LONGEST_CHARACTER - 1) + 1):
        lead = tail[-length]
        if lead & 0xC0 != 0x80:
            wanted = 4 if lead >= 0xF0 else 3 if lead >= 0xE0 else 2 if lead >= 0xC2 else 1
            return length if length < wanted else 0
    return 0
