"""A recorded response as what is to be sent again: its head, and which bytes of its wire at which time.

What was received in one read is sent in one go, so a client sees the same bytes at the same times with the same borders
of chunks. What belonged to the connection and not to the response is left away (RFC 9110 section 7.6.1).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from inspector.recording.body_content import BodyContent
from inspector.recording.folder import Recording
from inspector.recording.meta import BadRecording, ResponseMeta
from inspector.recording.snapshot import Snapshot
from inspector.recording.track import Int64Array

_OF_THE_CONNECTION = {"connection", "keep-alive", "proxy-connection", "upgrade", "transfer-encoding", "trailer"}
#: After the data of a chunk comes a line end (RFC 9112 section 7.1).
_LINE_END_BYTES = 2
#: A repeated body of one instant takes no less than this.
_SHORTEST_ROUND_NS = 1_000_000
_BLOCK_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class Piece:
    """Bytes ``[start, stop)`` of the wire, to be sent so long after the request."""

    since_request_ns: int
    start: int
    stop: int


class RecordedResponse:
    """One recorded response. Immutable; any thread. Times are as recorded, in nanoseconds since the request."""

    def __init__(self, folder: Path) -> None:
        """Read a recording folder. Raises `BadRecording` where there is no response in it, and ``OSError``."""
        recording = Recording(folder)
        try:
            recording.refresh()
            self._snapshot: Snapshot = recording.snapshot()
        finally:
            recording.close()
        meta = self._snapshot.meta
        if meta is None or meta.response is None or meta.response.framing == "unknown":
            raise BadRecording("There is no response in this recording, so there is nothing to serve.")
        self.folder = folder
        self.meta = meta
        self.response: ResponseMeta = meta.response
        self._origin_ns = meta.request.sent_t_ns or self.response.head_t_ns

    @property
    def is_chunked(self) -> bool:
        """Whether the body came in chunks."""
        return self.response.framing == "chunked"

    @property
    def head_ns(self) -> int:
        """When the head was there."""
        return max(0, self.response.head_t_ns - self._origin_ns)

    @property
    def end_ns(self) -> int:
        """When the response ended, whole or cut."""
        return max(self.head_ns, self._snapshot.last_ns - self._origin_ns)

    @property
    def why_no_loop(self) -> str:
        """Why the body can't be repeated without an end, "" where it can."""
        if self.response.content_coding != "identity":
            return f"a body coded with {self.response.content_coding} can't be repeated: decoders stop at its end"
        if self.response.framing == "content-length":
            return "a body with a Content-Length can't be repeated: its length is fixed"
        if not len(self._snapshot.tracks["chunk" if self.is_chunked else "read"]):
            return "there is no body to repeat"
        return ""

    def head(self, *, is_framed: bool) -> bytes:
        """Return the octets of the head. ``is_framed`` is whether a chunked body is sent in its chunks."""
        response = self.response
        version = "HTTP/1.1" if is_framed and self.is_chunked else response.http_version
        lines = [f"{version} {response.status} {response.reason}".rstrip()]
        lines += [f"{name}: {value}" for name, value in response.headers if name.lower() not in _OF_THE_CONNECTION]
        if is_framed and self.is_chunked:
            lines.append("Transfer-Encoding: chunked")
            lines += [f"{name}: {value}" for name, value in response.headers if name.lower() == "trailer"]
        lines.append("Connection: close")
        return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1", "replace")

    def pieces(self, *, is_framed: bool, loops: bool = False) -> Iterator[Piece]:
        """Iterate over what is to be sent, by time; with ``loops`` again and again, without the end of the body."""
        times, starts, stops = self._framed() if is_framed or not self.is_chunked else self._unframed()
        if loops and is_framed and self.is_chunked:
            last_byte = int(self._snapshot.tracks["chunk"].column("wire_end")[-1]) + _LINE_END_BYTES
            stops = np.minimum(stops, last_byte)
        round_ns, base_ns = max(self.end_ns - self.head_ns, _SHORTEST_ROUND_NS), 0
        while True:
            for time_ns, start, stop in zip(times.tolist(), starts.tolist(), stops.tolist(), strict=True):
                if stop > start:
                    yield Piece(base_ns + max(0, time_ns - self._origin_ns), start, stop)
            if not loops:
                return
            base_ns += round_ns

    def _framed(self) -> tuple[Int64Array, Int64Array, Int64Array]:
        """Return time, begin and end on the wire of each read."""
        reads = self._snapshot.tracks["read"]
        stops = np.array(reads.end)
        return np.array(reads.t_ns), np.concatenate([[0], stops[:-1]]), stops

    def _unframed(self) -> tuple[Int64Array, Int64Array, Int64Array]:
        """Return time, begin and end on the wire of the data of each chunk, for clients that know no chunks."""
        chunks = self._snapshot.tracks["chunk"]
        stops = np.array(chunks.column("wire_end"))
        return np.array(chunks.t_ns), stops - chunks.sizes(), stops


class WireReader:
    """Reads the wire of a recorded response from disk, block by block. Thread: one at a time; close it."""

    def __init__(self, response: RecordedResponse) -> None:
        self._content = BodyContent(response.folder)

    def blocks(self, piece: Piece) -> Iterator[bytes]:
        """Iterate over the bytes of a piece. Raises ``OSError`` for an unreadable disk."""
        for start in range(piece.start, piece.stop, _BLOCK_BYTES):
            yield self._content.wire(start, min(start + _BLOCK_BYTES, piece.stop))

    def close(self) -> None:
        """Close the file."""
        self._content.close()
