"""The client's own buffer: hands content to the reader in pieces, as they arrive or once N bytes are there.

It stands between the decoded content (`body_reader`) and the ``piece`` track. A client such as
``iter_bytes(chunk_size=N)`` holds content until N bytes are there; this is that buffer.
"""

from __future__ import annotations

import struct

import numpy as np

from .framing.framer import Int64Array

#: The knob that sets its size.
CLIENT_BUFFER = "client_buffer"
_ROW = struct.Struct("<2q")


class ClientBuffer:
    """Cuts content into pieces, shape of all rows ``(n, 2)``: ``t_ns`` and ``end`` on the content axis."""

    def __init__(self, client_buffer_bytes: int) -> None:
        """Buffer N bytes, or nothing at all (0)."""
        self._buffer_bytes = client_buffer_bytes
        self._content_bytes = 0
        self._end = 0

    @property
    def buffer_bytes(self) -> int:
        """Size of the buffer, 0 for none."""
        return self._buffer_bytes

    def resize(self, buffer_bytes: int, t_ns: int) -> Int64Array:
        """Use another size from now on; return the pieces that a smaller buffer does not hold any more."""
        self._buffer_bytes = buffer_bytes
        if not buffer_bytes:
            return self.rest(t_ns)
        return self.take(np.array([t_ns]), np.array([self._content_bytes]))

    def take(self, t_ns: Int64Array, content_end: Int64Array) -> Int64Array:
        """Return the pieces that some reads completed; both arguments have one value for each read."""
        self._content_bytes = int(content_end[-1])
        if not self._buffer_bytes:
            brought = content_end > np.concatenate(((self._end,), content_end[:-1]))
            rows = np.stack((t_ns[brought], content_end[brought]), axis=1)
            self._end = self._content_bytes
            return rows
        size = self._buffer_bytes
        count = (self._content_bytes - self._end) // size
        rows = np.empty((count, 2), dtype=np.int64)
        rows[:, 1] = self._end + size * np.arange(1, count + 1)
        rows[:, 0] = t_ns[np.searchsorted(content_end, rows[:, 1], "left")]
        self._end += count * size
        return rows

    def take_one(self, t_ns: int, content_end: int) -> bytes:
        """Return the packed rows of `take` for one read, which costs less than a look at an array."""
        if self._buffer_bytes:
            return self.take(np.array([t_ns]), np.array([content_end])).tobytes()
        if content_end == self._end:
            return b""
        self._content_bytes = self._end = content_end
        return _ROW.pack(t_ns, content_end)

    def rest(self, t_ns: int) -> Int64Array:
        """Return the piece that the end of the response hands out, if the buffer holds anything."""
        if self._content_bytes == self._end:
            return np.empty((0, 2), dtype=np.int64)
        self._end = self._content_bytes
        return np.array([[t_ns, self._end]], dtype=np.int64)
