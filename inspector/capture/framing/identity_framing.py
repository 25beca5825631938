"""Framers for bodies without chunks: a known length, until the peer closes, or none at all (RFC 9112 section 6.3)."""

from __future__ import annotations

import numpy as np

from .framer import NEVER, FramingError, Int64Array, no_rows


class IdentityFramer:
    """Every wire octet before ``message_end`` is a body octet."""

    def __init__(self, length_bytes: int | None) -> None:
        """Frame a body of ``length_bytes``, or one that ends when the peer closes (None)."""
        self._length_bytes = length_bytes
        # A length beyond all offsets is waited for until the peer closes.
        self.message_end = NEVER if length_bytes is None else min(length_bytes, NEVER - 1)
        self.error: FramingError | None = None
        self.chunk_rows = no_rows()
        self.trailers: list[tuple[str, str]] = []
        self.notes: list[str] = []
        self.body_bytes = 0
        self._wire = 0

    def feed(self, data: bytes | bytearray, size: int) -> None:  # noqa: ARG002
        """Take ``data[:size]``."""
        self._wire += size
        self.body_bytes = min(self._wire, self.message_end)

    def finish(self) -> str | None:
        """Return None for a body that ends by closing, else ``received 7 of 100 bytes``."""
        if self.message_end == NEVER:
            self.message_end = self._wire
            return None
        if self._wire >= self.message_end:
            return None
        return f"received {self._wire} of {self._length_bytes} bytes"

    def body_at(self, wire: Int64Array) -> Int64Array:
        """Return the offsets themselves, none behind the end."""
        return np.minimum(wire, self.message_end)
