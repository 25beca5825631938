"""Reads a response body: reads, stamps and appends (the hot path), then frames, decodes and marks each small batch.

It takes over after the head (`request`) and writes through `recording_writer`. A batch is one read and whatever waits
behind it, at most 2 ms or a mebibyte of it, so that every arrival gets a read of its own even where marks are made
slower than bytes come.
"""

from __future__ import annotations

import struct
import time

import numpy as np

from inspector.recording.meta import Ending, EndingKind

from .cancellation import Cancellation
from .client_buffer import ClientBuffer
from .content_decoding import Decoder
from .decoded_content import DecodedContent
from .framing.framer import FramingError, Int64Array
from .framing.framer_factory import BodyPlan
from .live_update import LiveUpdater
from .recording_writer import RecordingWriter, WriteFailed
from .socket_receiver import EXACT, LAST_EXACT, UPPER_BOUND, AbruptEnd, Received, Receiver

_BUFFER_BYTES = 1 << 20
_LEAST_ROOM_BYTES = 64 << 10
_BATCH_NS = 2_000_000
_READ = struct.Struct("<6q")
#: A reader that was away so long finds what came meanwhile in one heap: only the last of it has its own time.
_AWAY_NS = 1_000_000
_PARENT_HEARD_S = 0.1


class BodyReader:
    """One body from its first octet to its ending. Lives in the recording thread."""

    def __init__(
        self,
        plan: BodyPlan,
        receiver: Receiver,
        files: RecordingWriter,
        cancellation: Cancellation,
        *,
        decoder: Decoder | None,
        client_buffer: ClientBuffer,
        max_bytes: int | None,
        updater: LiveUpdater | None = None,
        is_secure: bool = False,
    ) -> None:
        """Prepare; nothing is read yet. ``max_bytes`` limits the content; ``is_secure`` means a connection over TLS.

        Raises `WriteFailed`.
        """
        self.plan = plan
        self.framer = plan.framer()
        self.notes: list[str] = []
        self._receiver = receiver
        self._files = files
        self._cancellation = cancellation
        self._is_secure = is_secure
        self._decoded: DecodedContent | None = None
        if decoder is not None:
            self._decoded = DecodedContent(
                decoder, files.content(), cancellation, max_bytes=max_bytes, free_bytes=files.free_bytes
            )
        self._client_buffer = client_buffer
        self._updater = updater
        self._max_bytes = max_bytes
        self._buffer = bytearray(_BUFFER_BYTES)
        self._view = memoryview(self._buffer)
        self._reads: list[Received] = []
        self._filled = 0
        self._wire = 0
        self._body = 0
        self._content = 0
        self._last_t_ns = 0
        #: Why nothing comes any more: empty where the peer closed, else what broke. Over TLS a close is abrupt that
        #: was not announced, by RFC 9112 section 9.8 no proof of a whole body.
        self._closed: str | None = None
        self._is_abrupt = False

    @property
    def is_coded(self) -> bool:
        """Return whether a content coding is undone."""
        return self._decoded is not None

    def run(self, head_t_ns: int, first: tuple[Received, bytes] | None) -> Ending:
        """Record until the end, whatever it is. ``first`` is what the head's last read brought of the body."""
        self._last_t_ns = head_t_ns
        if first is not None:
            self._view[: len(first[1])] = first[1]
            self._filled = len(first[1])
            self._reads.append(first[0])
        try:
            while True:
                if self._updater is not None and self._updater.is_pending:
                    self._tune(self._updater)
                if self._reads:
                    self._take_batch()
                ending = self._ended()
                if ending is not None:
                    break
                self._fill()
        except WriteFailed as error:
            ending = self._ending("cut_short", f"Recording stopped: {error}. What was written is kept.")
            ending.cut_by = "recorder"
        self._hand_out_rest(ending)
        return ending if ending.kind != "complete" else self._checked_coding(ending)

    def _tune(self, updater: LiveUpdater) -> None:
        """Apply what was turned, before the reads that have just come: their marks are not earlier than its own."""
        t_ns = self._reads[0].user_t_ns if self._reads else max(time.monotonic_ns(), self._last_t_ns)
        receiver, rows = updater.apply(t_ns)
        self._receiver = receiver or self._receiver
        if rows is not None and len(rows):
            self._files.piece.append(rows.data)

    def _fill(self) -> None:
        """Wait for octets, then take what waits behind them."""
        receiver, view, reads = self._receiver, self._view, self._reads
        at = 0
        away_ns = time.monotonic_ns() - self._last_t_ns
        try:
            received: Received | None = receiver.receive(view)
            assert received is not None
            if away_ns > _AWAY_NS and not received.lateness:
                received = received._replace(lateness=LAST_EXACT)
            give_up_t_ns = received.user_t_ns + _BATCH_NS
            while received is not None:
                if not received.size_bytes:
                    self._closed = ""
                    self._last_t_ns = received.user_t_ns
                    break
                reads.append(received)
                at += received.size_bytes
                if at > _BUFFER_BYTES - _LEAST_ROOM_BYTES or received.user_t_ns >= give_up_t_ns:
                    break
                received = receiver.receive_waiting(view[at:])
        except AbruptEnd:
            self._closed = ""
            self._is_abrupt = True
            self._last_t_ns = max(self._last_t_ns, time.monotonic_ns())
        except OSError as error:
            self._closed = error.strerror or str(error)
            self._last_t_ns = max(self._last_t_ns, time.monotonic_ns())
        self._filled = at

    def _take_batch(self) -> None:
        """Write the octets of a batch, and the marks they make."""
        self._files.wire.append(self._view[: self._filled])
        if len(self._reads) == 1 and self._decoded is None:
            self._take_read(self._reads.pop())
        else:
            self._take_reads()

    def _take_read(self, received: Received) -> None:
        """Mark what a single read brought: what `_take_reads` does, at a fraction of its cost."""
        framer, filled = self.framer, self._filled
        framer.feed(self._buffer, filled)
        self._wire += filled
        self._filled = 0
        self._body = self._content = content = framer.body_bytes
        _, t_ns, user_t_ns, lateness = received
        self._last_t_ns = max(self._last_t_ns, user_t_ns)
        chunks = framer.chunk_rows
        if len(chunks):
            chunks[:, 3] = chunks[:, 1]
            chunks[:, 0] = t_ns
            chunks[:, 4] = _are_bounds(chunks[:, 2], self._wire, lateness) if lateness else 0
            self._files.chunk.append(chunks.data)
        piece = self._client_buffer.take_one(user_t_ns, content)
        if piece:
            self._files.piece.append(piece)
        self._files.read.append(_READ.pack(t_ns, self._wire, content, content, user_t_ns, lateness == UPPER_BOUND))

    def _take_reads(self) -> None:
        """Mark what several reads brought."""
        reads = np.array(self._reads, dtype=np.int64)
        self._reads.clear()
        t_ns, user_t_ns, lateness = reads[:, 1], reads[:, 2], reads[:, 3]
        wire_end = self._wire + np.cumsum(reads[:, 0])
        self.framer.feed(self._buffer, self._filled)
        base, self._wire = self._wire, self._wire + self._filled
        self._filled = 0
        self._last_t_ns = max(self._last_t_ns, int(user_t_ns[-1]))
        chunks = self.framer.chunk_rows
        body_end = self.framer.body_at(wire_end)
        content_end = body_end
        if self._decoded is not None:
            content_end = self._undo_coding(self._decoded, base, wire_end, chunks)
        else:
            chunks[:, 3] = chunks[:, 1]
        self._body, self._content = int(body_end[-1]), int(content_end[-1])
        if len(chunks):
            by_read = np.searchsorted(wire_end, chunks[:, 2], "left")
            chunks[:, 0] = t_ns[by_read]
            chunks[:, 4] = _are_bounds(chunks[:, 2], wire_end[by_read], lateness[by_read])
            self._files.chunk.append(chunks.data)
        pieces = self._client_buffer.take(user_t_ns, content_end)
        if len(pieces):
            self._files.piece.append(pieces.data)
        rows = np.stack((t_ns, wire_end, body_end, content_end, user_t_ns, lateness == UPPER_BOUND), axis=1)
        self._files.read.append(rows.data)

    def _undo_coding(self, decoded: DecodedContent, base: int, wire_end: Int64Array, chunks: Int64Array) -> Int64Array:
        """Decode a batch cut at every read and every chunk; fill the chunks' content ends, return the reads'.

        Between two cuts the body octets stand together, right before the second: every end of chunk data is a cut.
        """
        message_end = self.framer.message_end
        cuts = np.minimum(np.concatenate((wire_end, chunks[:, 2])), message_end)
        cuts.sort()
        cuts = cuts[np.concatenate(([True], cuts[1:] != cuts[:-1]))]  # np.unique would load numpy.ma first
        sizes = np.diff(self.framer.body_at(cuts), prepend=self._body)
        contents: list[int] = []
        for stop, size in zip((cuts - base).tolist(), sizes.tolist(), strict=True):
            if size:
                decoded.feed(bytes(self._view[stop - size : stop]))
            contents.append(decoded.size_bytes)
        decoded.flush()
        ends = np.array(contents, dtype=np.int64)
        chunks[:, 3] = ends[np.searchsorted(cuts, chunks[:, 2], "left")]
        return np.asarray(ends[np.searchsorted(cuts, np.minimum(wire_end, message_end), "left")])

    def _ended(self) -> Ending | None:
        """Return the ending if there is one by now."""
        framer = self.framer
        if framer.error is not None:
            return self._ended_in_framing(framer.error)
        if self._decoded is not None and (ending := self._ended_in_coding(self._decoded)) is not None:
            return ending
        if self._max_bytes is not None and self._content > self._max_bytes:
            text = f"The recording was ended by its limit of {self._max_bytes} bytes of content."
            return self._ending("over_limit", text)
        if framer.message_end <= self._wire:
            if self._wire > framer.message_end:
                self.notes.append(f"{self._wire - framer.message_end} bytes came after the end of the message")
            return self._ending("complete", _COMPLETE[self.plan.framing])
        if (interrupted := self._cancellation.ending) is not None:
            return self._interrupted_ending(interrupted)
        return self._closed_ending() if self._closed is not None else None

    def _ended_in_framing(self, error: FramingError) -> Ending:
        if error.is_our_limit:
            text = f"At byte {error.offset} of the wire there is {error.text}, the most that is read."
            return self._ending("over_limit", text)
        return self._ending("protocol_error", f"Malformed framing at byte {error.offset} of the wire: {error.text}.")

    def _ended_in_coding(self, decoded: DecodedContent) -> Ending | None:
        if decoded.error is not None:
            self.notes.append(f"{decoded.error}: content may be missing")
            return self._ending("bad_coding", f"{decoded.error}. What could be decoded is kept.")
        if decoded.over is not None:
            return self._ending("over_limit", decoded.over)
        if decoded.is_given_up and (interrupted := self._cancellation.ending) is not None:
            return self._interrupted_ending(interrupted)
        return None

    def _interrupted_ending(self, interrupted: Ending) -> Ending:
        t_ns = max(interrupted.t_ns, self._last_t_ns)
        return Ending(kind=interrupted.kind, text=interrupted.text, t_ns=t_ns)

    def _closed_ending(self) -> Ending:
        """Return the ending of a connection that the peer closed (``_closed`` empty) or broke."""
        lacking = self.framer.finish()
        is_cut = bool(self._closed) or lacking is not None
        # A parent that was killed takes its servers along, and the cut may be noticed before the parent's end.
        if is_cut and (interrupted := self._cancellation.ending_within(_PARENT_HEARD_S)) is not None:
            return self._interrupted_ending(interrupted)
        if self._closed:
            counts = f": {lacking}" if lacking else ""
            return self._ending("cut_short", f"The connection broke ({self._closed}){counts}. What arrived is kept.")
        if self._is_abrupt:
            counts = lacking or f"received {self._body} bytes of a body that ends with the connection"
            text = f"The server closed the connection without TLS's closing message: {counts}."
            return self._ending("cut_short", text)
        if lacking is None:
            return self._ending("complete", _COMPLETE_BY_TLS if self._is_secure else _COMPLETE["close-delimited"])
        return self._ending("cut_short", f"The server closed the connection early: {lacking}.")

    def _ending(self, kind: EndingKind, text: str) -> Ending:
        return Ending(kind=kind, text=text, t_ns=self._last_t_ns)

    def _hand_out_rest(self, ending: Ending) -> None:
        """Hand out what the client's buffer still holds."""
        rest = self._client_buffer.rest(ending.t_ns)
        if len(rest):
            try:
                self._files.piece.append(rest.data)
            except WriteFailed as error:
                self.notes.append(str(error))

    def _checked_coding(self, ending: Ending) -> Ending:
        """Return the ending of a whole body, which is another one where its coding stopped too early."""
        coding = self._decoded.unfinished() if self._decoded is not None else ""
        if not coding:
            return ending
        stopped = f"The {coding} data stops before its end"
        self.notes.append(f"{stopped}: content may be missing")
        text = f"{stopped}, though the body came whole. What could be decoded is kept."
        return Ending(kind="bad_coding", text=text, t_ns=ending.t_ns)


def _are_bounds(
    wire_end: Int64Array, read_end: Int64Array | int, lateness: Int64Array | int
) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    """Return which chunks have an upper bound as their time, by the reads that brought their last octets.

    The last chunk of a read, its CRLF included, came with the octet whose time the read has.
    """
    return np.asarray((lateness == UPPER_BOUND) | ((lateness > EXACT) & (wire_end + 2 < read_end)))


_COMPLETE = {
    "chunked": "Complete: the last chunk arrived.",
    "content-length": "Complete: all bytes of Content-Length arrived.",
    "close-delimited": "Complete: the server closed the connection; HTTP can't tell that from a cut.",
    "none": "Complete: this response has no body.",
}
_COMPLETE_BY_TLS = "Complete: the server closed the connection, and TLS's closing message says that this is all."
