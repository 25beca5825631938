"""Reads any byte range of a recorded body's content from disk, when it is asked for.

``wire.bin`` holds the body as received, framing included. ``content.bin`` exists only where a content coding was undone
(RFC 9110 section 8.4); otherwise the content is the wire without its framing, found through the ``chunk`` track, and is
not stored twice.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import BinaryIO

from .track import Track

WIRE_NAME = "wire.bin"
CONTENT_NAME = "content.bin"
_LONGEST_CHUNK_HEADER = 20_000
#: No read returns more at once, whatever a file of marks says.
LONGEST_READ_BYTES = 16 << 20
#: Chunks are read in one go where their framing is not far more than they are: chunks of a byte take 6 of the wire.
_FRAMING_FACTOR, _FRAMING_BYTES = 16, 1 << 20
#: Marks follow the bytes at once: more chunks than these without marks mean a damaged file.
_MOST_UNMARKED = 1_024
#: Size line of a chunk with its extensions (RFC 9112 section 7.1); 15 digits keep the size inside of an offset.
_CHUNK_HEADER = re.compile(rb"[ \t]*([0-9A-Fa-f]{1,15})[^\n]*\n")


class BodyContent:
    """Random access to the content of one recording that may still grow. Not thread-safe."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._files: dict[str, BinaryIO] = {}

    def close(self) -> None:
        """Close the files. Reading again opens them again."""
        for file in self._files.values():
            file.close()
        self._files.clear()

    def wire(self, start: int, stop: int) -> bytes:
        """Return bytes ``[start, stop)`` of the wire axis, fewer where they are not there yet, bounded like `read`."""
        return self._read(WIRE_NAME, start, min(stop, start + LONGEST_READ_BYTES))

    def read(self, start: int, stop: int, *, chunk: Track | None, decoded: bool) -> bytes:
        """Return bytes ``[start, stop)`` of the content axis, fewer where they are not there yet.

        At most the first `LONGEST_READ_BYTES` are returned.
        ``chunk`` is the chunk track of a chunked response and None for any other framing; ``decoded`` means that a
        content coding was undone. Raises ``OSError`` for an unreadable disk.
        """
        start = max(0, start)
        stop = min(stop, start + LONGEST_READ_BYTES)
        if decoded:
            return self._read(CONTENT_NAME, start, stop)
        if chunk is None:
            return self._read(WIRE_NAME, start, stop)
        return self._unframed(start, stop, chunk)

    def _unframed(self, start: int, stop: int, chunk: Track) -> bytes:
        parts: list[bytes] = []
        whole = min(stop, chunk.total_bytes)
        if start < whole:
            first = int(chunk.index_of_byte(start))
            last = int(chunk.index_of_byte(whole - 1))
            ends = chunk.end[first : last + 1].tolist()
            wire_ends = chunk.column("wire_end")[first : last + 1].tolist()
            base = wire_ends[0] - (ends[0] - start)
            until = wire_ends[-1] - (ends[-1] - whole)
            is_dense = until - base <= _FRAMING_FACTOR * (whole - start) + _FRAMING_BYTES
            data = self._read(WIRE_NAME, base, until) if is_dense else b""
            begin = start
            for end, wire_end in zip(ends, wire_ends, strict=True):
                at, size = wire_end - (end - begin), min(end, whole) - begin
                if is_dense:
                    parts.append(data[at - base : at - base + size])
                else:
                    parts.append(self._read(WIRE_NAME, at, at + size))
                begin = end
        if stop > chunk.total_bytes:
            parts.append(self._unfinished(max(start, chunk.total_bytes), stop, chunk))
        return b"".join(parts)

    def _unfinished(self, start: int, stop: int, chunk: Track) -> bytes:
        """Return content beyond the last marked chunk: of one that has not arrived whole, or is not marked yet."""
        parts: list[bytes] = []
        begin = chunk.total_bytes
        at = int(chunk.column("wire_end")[-1]) + 2 if len(chunk) else 0
        for _ in range(_MOST_UNMARKED):
            if begin >= stop:
                break
            header = _CHUNK_HEADER.match(self._read(WIRE_NAME, at, at + _LONGEST_CHUNK_HEADER))
            size = int(header[1], 16) if header else 0
            if header is None or not size:
                break
            first, last, data = max(start, begin), min(stop, begin + size), at + header.end() - begin
            parts.append(self._read(WIRE_NAME, data + first, data + last))
            at = data + begin + size + 2
            begin += size
        return b"".join(parts)

    def _read(self, name: str, start: int, stop: int) -> bytes:
        if stop <= start or start < 0:
            return b""
        file = self._files.get(name)
        if file is None:
            try:
                file = (self._folder / name).open("rb", buffering=0)
            except FileNotFoundError:
                return b""
            self._files[name] = file
        stop = min(stop, os.fstat(file.fileno()).st_size)
        if stop <= start:
            return b""
        file.seek(start)
        return file.read(stop - start)
