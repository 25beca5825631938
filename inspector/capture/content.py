"""Decoded content on its way to ``content.bin``, for responses with a content coding only.

Between the framed body octets (`body`) and the file (`spool`): runs the decoder, counts, stops at the limit, and
gathers small parts into one write.
"""

from __future__ import annotations

from .decode import BadCoding, Decoder
from .spool import AppendFile

_WRITE_BYTES = 262_144


class DecodedContent:
    """The content of one body so far. Recording thread."""

    def __init__(self, decoder: Decoder, file: AppendFile, max_bytes: int | None) -> None:
        """Decode into ``file`` until more than ``max_bytes`` came out (None: no limit)."""
        #: Bytes that came out, those not written yet included.
        self.size_bytes = 0
        #: What is wrong with the coded data, None as long as it is sound.
        self.error: str | None = None
        self._decoder = decoder
        self._file = file
        self._max_bytes = max_bytes
        self._unwritten = bytearray()

    def feed(self, octets: bytes) -> None:
        """Decode further body octets; nothing once the data is bad or the limit passed. Raises `DiskFailed`."""
        if self.error is not None or self._is_over():
            return
        try:
            for part in self._decoder.decode(octets):
                self._unwritten += part
                self.size_bytes += len(part)
                if len(self._unwritten) >= _WRITE_BYTES:
                    self.flush()
                if self._is_over():
                    return
        except BadCoding as error:
            self.error = str(error)

    def flush(self) -> None:
        """Write what was gathered. Raises `DiskFailed`."""
        if self._unwritten:
            octets, self._unwritten = self._unwritten, bytearray()
            self._file.append(octets)

    def is_truncated(self) -> bool:
        """Tell whether the coded data stopped before its own end."""
        return self._decoder.truncated()

    def _is_over(self) -> bool:
        return self._max_bytes is not None and self.size_bytes > self._max_bytes
