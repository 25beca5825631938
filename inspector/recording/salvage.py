"""A saved recording that was cut short, by a broken download or a full disk: what is whole of it, as a ZIP again.

A ZIP has its table at the end, which is what a cut takes away. Before each member stands a header of its own (APPNOTE
4.3.7), so the members can be walked from the front; the one that was cut is inflated as far as it goes.
"""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from .meta import META_NAME, BadRecording

_LOCAL_HEADER = struct.Struct("<4s5H3L2H")
_SIGNATURE = b"PK\x03\x04"
_ZIP64 = 0x0001
_IN_EXTRA = 0xFFFFFFFF
_DATA_DESCRIPTOR = 0x8
_BLOCK_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class _Member:
    name: str
    method: int
    start: int
    stop: int
    size_bytes: int


def salvage(path: Path, into: BinaryIO) -> str:
    """Write what is whole of a cut file as a ZIP; return the sentence that says where it stops.

    Raises `BadRecording` where not even ``meta.json`` is whole, or it is no ZIP at all, and ``OSError``.
    """
    note, last = "", ""
    with path.open("rb") as file, zipfile.ZipFile(into, "w", zipfile.ZIP_STORED) as archive:
        length = path.stat().st_size
        for member in _members(file, length):
            with archive.open(zipfile.ZipInfo(member.name), "w", force_zip64=True) as whole:
                got_bytes = _copy(file, member, whole)  # type: ignore[arg-type]
            if got_bytes < member.size_bytes:
                note = f"The file is cut short: it stops in {member.name} after {got_bytes:,} of its bytes"
                break
            last = member.name
        names = archive.namelist()
    if META_NAME not in names or (note and names[-1] == META_NAME):
        raise BadRecording("not a saved recording, or cut short before anything of it is whole")
    return f"{note or f'The file is cut short: it stops after {last}'}; what came before is here."


def _members(file: BinaryIO, length: int) -> Iterator[_Member]:
    at = 0
    while at + _LOCAL_HEADER.size <= length:
        file.seek(at)
        fields = _LOCAL_HEADER.unpack(file.read(_LOCAL_HEADER.size))
        signature, _, flags, method, _, _, _, packed, size, name_bytes, extra_bytes = fields
        if signature != _SIGNATURE or flags & _DATA_DESCRIPTOR or method not in (0, zipfile.ZIP_DEFLATED):
            return
        name, extra = file.read(name_bytes), file.read(extra_bytes)
        start = at + _LOCAL_HEADER.size + name_bytes + extra_bytes
        if start > length:
            return
        if _IN_EXTRA in (size, packed):
            size, packed = _zip64_sizes(extra) or (size, packed)
        yield _Member(name.decode("utf-8", "replace"), method, start, min(start + packed, length), size)
        at = start + packed


def _zip64_sizes(extra: bytes) -> tuple[int, int] | None:
    """Return size and packed size from the ZIP64 field of a header (APPNOTE 4.5.3)."""
    while len(extra) >= 4:
        kind, length = struct.unpack_from("<2H", extra)
        if kind == _ZIP64 and length >= 16 and len(extra) >= 20:
            size, packed = struct.unpack_from("<2Q", extra, 4)
            return size, packed
        extra = extra[4 + length :]
    return None


def _copy(file: BinaryIO, member: _Member, into: BinaryIO) -> int:
    """Copy what can be inflated of a member; return how many bytes."""
    file.seek(member.start)
    inflate = zlib.decompressobj(-zlib.MAX_WBITS) if member.method else None
    left, done = member.stop - member.start, 0
    while left > 0 and done < member.size_bytes:
        block = file.read(min(left, _BLOCK_BYTES))
        if not block:
            break
        left -= len(block)
        try:
            data = inflate.decompress(block) if inflate else block
        except zlib.error:
            break
        data = data[: member.size_bytes - done]
        into.write(data)
        done += len(data)
    return done
