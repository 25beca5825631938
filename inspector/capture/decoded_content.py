"""Writes decoded content to ``content.bin``, for responses with a content coding only.

It runs the decoder on framed body octets from `body_reader`, counts, and gathers small parts into one write. A few
octets can decode to gigabytes, so it checks between two parts whether the recording was cancelled.
"""

from __future__ import annotations

from collections.abc import Callable

from .cancellation import Cancellation
from .content_decoding import BadCoding, Decoder
from .recording_writer import AppendFile

_WRITE_BYTES = 262_144
#: From this size on, content may be this many times as long as the octets received. gzip alone never exceeds 1,032.
_RATIO_FROM_BYTES = 64 << 20
_MOST_RATIO = 2_000
_LOOK_AT_DISK_BYTES = 16 << 20
#: So much of the disk is left to others.
LEAST_FREE_BYTES = 128 << 20


class DecodedContent:
    """The content of one body so far. Recording thread."""

    def __init__(
        self,
        decoder: Decoder,
        file: AppendFile,
        cancellation: Cancellation,
        *,
        max_bytes: int | None = None,
        free_bytes: Callable[[], int] | None = None,
    ) -> None:
        """Decode into ``file`` until more than ``max_bytes`` came out (None: no limit), or ``cancellation`` is tripped.

        ``free_bytes`` returns what is free on the disk.
        """
        #: Bytes that came out, those not written yet included.
        self.size_bytes = 0
        #: What is wrong with the coded data, None as long as it is sound.
        self.error: str | None = None
        #: Why no more is decoded although the data is sound and no limit of the user's was passed.
        self.over: str | None = None
        #: Whether decoding was given up with octets left, by `over`, by ``max_bytes`` or by a cancellation.
        self.is_given_up = False
        self._decoder = decoder
        self._file = file
        self._cancellation = cancellation
        self._max_bytes = max_bytes
        self._free_bytes = free_bytes
        self._coded_bytes = 0
        self._look_at_bytes = _LOOK_AT_DISK_BYTES
        self._unwritten = bytearray()

    def feed(self, octets: bytes) -> None:
        """Decode further body octets; nothing once the data is bad or decoding given up. Raises `WriteFailed`."""
        if self.error is not None or self.is_given_up:
            return
        self._coded_bytes += len(octets)
        try:
            for part in self._decoder.decode(octets):
                self._unwritten += part
                self.size_bytes += len(part)
                if len(self._unwritten) >= _WRITE_BYTES:
                    self.flush()
                if self._must_stop():
                    self.is_given_up = True
                    return
        except BadCoding as error:
            self.error = str(error)

    def flush(self) -> None:
        """Write what was gathered. Raises `WriteFailed`."""
        if self._unwritten:
            octets, self._unwritten = self._unwritten, bytearray()
            self._file.append(octets)

    def unfinished(self) -> str:
        """Return the coding whose data stopped before its own end, an empty text for none."""
        return self._decoder.unfinished()

    def _must_stop(self) -> bool:
        if self._cancellation.ending is not None:
            return True
        size_bytes = self.size_bytes
        if self._max_bytes is not None and size_bytes > self._max_bytes:
            return True
        if size_bytes > _RATIO_FROM_BYTES and size_bytes > _MOST_RATIO * self._coded_bytes:
            self.over = (
                f"{self._coded_bytes:,} bytes of body unpacked to {size_bytes:,} bytes, "
                f"more than {_MOST_RATIO:,} to 1. What came out until then is kept."
            )
        elif self._free_bytes is not None and size_bytes > self._look_at_bytes:
            self._look_at_bytes = size_bytes + _LOOK_AT_DISK_BYTES
            free_bytes = self._free_bytes()
            if free_bytes < LEAST_FREE_BYTES:
                self.over = (
                    f"Unpacking the body has left only {free_bytes >> 20:,} MiB of free disk. "
                    "What came out until then is kept. Free some space, then record again."
                )
        return self.over is not None
