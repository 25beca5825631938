"""What all framers share: the rows they give, the shape of their state, and how framing fails.

Framers stand between reading the wire (`inspector.capture.body_reader`) and decoding its content.
"""

from __future__ import annotations

from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

Int64Array = NDArray[np.int64]
#: A wire offset behind every other.
NEVER = (1 << 63) - 1


class FramingError(NamedTuple):
    """Malformed framing: ``offset`` is the wire offset of the first octet that can't be part of a valid message.

    ``is_our_limit`` means that the message may be valid and is longer than what is read of it.
    """

    offset: int
    text: str
    is_our_limit: bool = False


class Framer(Protocol):
    """An incremental framer. Wire offsets count from the first octet after the response head.

    `feed` takes further octets; afterwards ``chunk_rows`` holds the chunks whose last data octet was among them, shape
    ``(n, 5)`` with the columns of the ``chunk`` layer, of which ``end`` (1) and ``wire_end`` (2) are filled; the array
    is overwritten by the next `feed`.
    """

    #: Wire offset after the last octet of the message, `NEVER` until it is known.
    message_end: int
    error: FramingError | None
    chunk_rows: Int64Array
    #: Body octets fed so far, those of an unfinished chunk included.
    body_bytes: int
    trailers: list[tuple[str, str]]
    notes: list[str]

    def feed(self, data: bytes | bytearray, size: int) -> None:
        """Take ``data[:size]``, the octets that follow those of the last call."""

    def finish(self) -> str | None:
        """Take the close of the peer: return None if the message is complete, else what is missing, in words."""

    def body_at(self, wire: Int64Array) -> Int64Array:
        """Return how many body octets lie before each wire offset; offsets lie within the last feed."""


def no_rows() -> Int64Array:
    """Return an empty array of chunk rows."""
    return np.empty((0, 5), dtype=np.int64)
