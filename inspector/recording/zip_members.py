"""Lists the members of a saved recording as they lie in its file, and inflates their bytes within bounds.

A ZIP has its table at the end (APPNOTE 4.3.12), which a cut takes away, and before each member a header of its own
(4.3.7). Where there is a table, it and the headers have to agree; where there is none, the members are walked from the
front. Nothing is inflated to find out what there is, and only members of our names are looked at.
"""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Iterator, Set
from dataclasses import dataclass, field
from typing import BinaryIO

from .meta import LARGEST_NUMBER, BadRecording

_LOCAL = struct.Struct("<4s5H3L2H")
_ENTRY = struct.Struct("<4s6H3L5H2L")
_END = struct.Struct("<4s4H2LH")
_END_64 = struct.Struct("<4sQ2H2L4Q")
_LOCATOR_64 = struct.Struct("<4sLQL")
_LOCAL_SIGN, _ENTRY_SIGN, _END_SIGN = b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06"
_END_64_SIGN, _LOCATOR_SIGN = b"PK\x06\x06", b"PK\x06\x07"
_ZIP64 = 0x0001
_IN_EXTRA = 0xFFFFFFFF
_ENCRYPTED, _DATA_DESCRIPTOR = 0x1, 0x8
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
#: A recording has some 80 members at most; a few of other names do no harm.
_MOST_MEMBERS = 1_000
_LONGEST_TABLE_BYTES = 1 << 20
_LONGEST_COMMENT_BYTES = 65_535
#: Deflate makes at most 1,032 bytes of one (zlib's technical details).
_MOST_RATIO, _ROUNDING_BYTES = 1_032, 1_032
_BLOCK_BYTES = 1 << 20


class Damaged(Exception):
    """The bytes of a member are not those that were saved; the text says how that shows."""


@dataclass(frozen=True, slots=True)
class Member:
    """One member: ``packed_bytes`` from ``start`` on make ``size_bytes``. ``is_cut``: the file ends inside of it."""

    name: str
    method: int
    start: int
    packed_bytes: int
    size_bytes: int
    crc: int
    is_cut: bool = False

    @property
    def is_possible(self) -> bool:
        """Return whether that many packed bytes can make that many."""
        if self.method == zipfile.ZIP_STORED:
            return self.size_bytes == self.packed_bytes
        return self.size_bytes <= self.packed_bytes * _MOST_RATIO + _ROUNDING_BYTES


@dataclass(slots=True)
class Listing:
    """What a file holds of the names that were asked for.

    ``damaged`` are names whose header and table disagree or can't be true. ``has_table``: the table at the end could be
    read; without it ``is_cut`` means that the file ends too early, and ``stops_after`` names the last member found
    where something that is no member follows it.
    """

    members: dict[str, Member] = field(default_factory=dict)
    damaged: list[str] = field(default_factory=list)
    has_table: bool = True
    is_cut: bool = False
    stops_after: str | None = None


@dataclass(frozen=True, slots=True)
class _Header:
    """What the header of a member says, and where its data begins."""

    name: str
    flags: int
    method: int
    crc: int
    packed_bytes: int
    size_bytes: int
    start: int


def listing_of(file: BinaryIO, known: Set[str]) -> Listing:
    """Return what a file holds of the ``known`` names. Raises `BadRecording`: no ZIP, or one that is not ours."""
    length = file.seek(0, 2)
    end = _end_of_table(file, length)
    entries = _table(file, length, end) if end is not None else None
    if entries is None:
        return _walked(file, length, known, has_end=end is not None)
    listing = Listing()
    for entry, at in entries:
        header = _header_at(file, at, length)
        if header is not None and header.flags & _DATA_DESCRIPTOR and entry.flags & _DATA_DESCRIPTOR:
            # Sizes and checksum are behind the data there; the table has them too.
            from_table = (entry.crc, entry.packed_bytes, entry.size_bytes)
            header = _Header(header.name, header.flags, header.method, *from_table, header.start)
        agree = header is not None and (
            (header.name, header.method, header.crc, header.packed_bytes, header.size_bytes)
            == (entry.name, entry.method, entry.crc, entry.packed_bytes, entry.size_bytes)
        )  # fmt: skip
        for name in {entry.name, header.name if header else entry.name} & known:
            if name in listing.members:
                raise BadRecording(f"not a saved recording: it has {name} twice")
            if agree and header is not None:
                _refuse_foreign(header)
            found = header if agree and header is not None else entry
            start = header.start if header else at
            member = Member(name, found.method, start, found.packed_bytes, found.size_bytes, found.crc)
            listing.members[name] = member
            if not agree or not member.is_possible or start + member.packed_bytes > length:
                listing.damaged.append(name)
    return listing


def _refuse_foreign(header: _Header) -> None:
    if header.flags & _ENCRYPTED or header.method not in _METHODS:
        raise BadRecording(f"{header.name} is encrypted or compressed in a way that is not used here")


def _end_of_table(file: BinaryIO, length: int) -> int | None:
    """Return where the record at the end of a ZIP begins, None where there is none: the file is cut, or no ZIP."""
    first = max(0, length - _END.size - _LONGEST_COMMENT_BYTES)
    file.seek(first)
    tail = file.read(length - first)
    at = tail.rfind(_END_SIGN)
    return first + at if at >= 0 and at + _END.size <= len(tail) else None


def _table(file: BinaryIO, length: int, end: int) -> list[tuple[_Header, int]] | None:
    """Return the entries of the table, each with the offset of its member's header; None where it can't be read."""
    file.seek(end)
    _, _, _, _, count, size_bytes, start, _ = _END.unpack(file.read(_END.size))
    if 0xFFFF in (count,) or _IN_EXTRA in (size_bytes, start):
        found = _zip64_end(file, end)
        if found is None:
            return None
        count, size_bytes, start = found
    if count > _MOST_MEMBERS or size_bytes > _LONGEST_TABLE_BYTES:
        raise BadRecording(f"not a saved recording: its table lists {count:,} members in {size_bytes:,} bytes")
    if start + size_bytes > length:
        return None
    file.seek(start)
    table = file.read(size_bytes)
    entries: list[tuple[_Header, int]] = []
    at = 0
    while at + _ENTRY.size <= len(table):
        fields = _ENTRY.unpack_from(table, at)
        signature, _, _, flags, method, _, _, crc, packed, size, name_bytes, extra_bytes, comment_bytes = fields[:13]
        offset = fields[16]
        at += _ENTRY.size
        name, extra = table[at : at + name_bytes], table[at + name_bytes : at + name_bytes + extra_bytes]
        at += name_bytes + extra_bytes + comment_bytes
        if signature != _ENTRY_SIGN or at > len(table):
            return None
        size, packed, offset = _from_extra(extra, size, packed, offset)
        entries.append((_Header(_text(name), flags, method, crc, packed, size, 0), offset))
    return entries if len(entries) == count and at == len(table) else None


def _zip64_end(file: BinaryIO, end: int) -> tuple[int, int, int] | None:
    """Return count, size and start of the table from the records for large files (APPNOTE 4.3.14, 4.3.15)."""
    if end < _LOCATOR_64.size:
        return None
    file.seek(end - _LOCATOR_64.size)
    signature, _, at, _ = _LOCATOR_64.unpack(file.read(_LOCATOR_64.size))
    if signature != _LOCATOR_SIGN or at + _END_64.size > end:
        return None
    file.seek(at)
    signature, _, _, _, _, _, _, count, size_bytes, start = _END_64.unpack(file.read(_END_64.size))
    return (count, size_bytes, start) if signature == _END_64_SIGN else None


def _walked(file: BinaryIO, length: int, known: Set[str], *, has_end: bool) -> Listing:
    """Return the members found from the front of a file whose table is not there or can't be read."""
    listing = Listing(has_table=False, is_cut=not has_end)
    at, last = 0, ""
    for _ in range(_MOST_MEMBERS):
        header = _header_at(file, at, length)
        if header is None or header.flags & _DATA_DESCRIPTOR:
            break
        last = header.name
        stop = header.start + header.packed_bytes
        if header.name in listing.members:
            raise BadRecording(f"not a saved recording: it has {header.name} twice")
        if header.name in known:
            _refuse_foreign(header)
            packed = min(stop, length) - header.start
            member = Member(
                header.name, header.method, header.start, packed, header.size_bytes, header.crc, is_cut=stop > length
            )
            listing.members[header.name] = member
            whole = Member(header.name, header.method, 0, header.packed_bytes, header.size_bytes, 0)
            if not whole.is_possible or (member.is_cut and has_end):
                listing.damaged.append(header.name)
        at = stop
    else:
        raise BadRecording(f"not a saved recording: it has more than {_MOST_MEMBERS:,} members")
    if not last:
        raise BadRecording("not a saved recording, or cut short before anything of it is whole")
    follows = _bytes_at(file, at, len(_ENTRY_SIGN))
    # A whole table may follow, or what a cut has left of it or of a member's header.
    begun = not has_end and (_ENTRY_SIGN.startswith(follows) or _LOCAL_SIGN.startswith(follows))
    if follows != _ENTRY_SIGN and not begun:
        listing.stops_after, listing.is_cut = last, False
    return listing


def _bytes_at(file: BinaryIO, at: int, size_bytes: int) -> bytes:
    if at > LARGEST_NUMBER:  # as a damaged header has it: beyond what a seek takes
        return b""
    file.seek(at)
    return file.read(size_bytes)


def _header_at(file: BinaryIO, at: int, length: int) -> _Header | None:
    """Return the header of the member at an offset; None where there is none, or it is not all there."""
    if at + _LOCAL.size > length:
        return None
    fields = _LOCAL.unpack(_bytes_at(file, at, _LOCAL.size))
    signature, _, flags, method, _, _, crc, packed, size, name_bytes, extra_bytes = fields
    start = at + _LOCAL.size + name_bytes + extra_bytes
    if signature != _LOCAL_SIGN or start > length:
        return None
    name, extra = file.read(name_bytes), file.read(extra_bytes)
    size, packed, _ = _from_extra(extra, size, packed, 0)
    return _Header(_text(name), flags, method, crc, packed, size, start)


def _from_extra(extra: bytes, size: int, packed: int, offset: int) -> tuple[int, int, int]:
    """Return size, packed size and offset, each from the field for large files where it does not fit (4.5.3)."""
    while len(extra) >= 4:
        kind, length = struct.unpack_from("<2H", extra)
        if kind == _ZIP64:
            numbers = iter(struct.unpack_from(f"<{min(length, len(extra) - 4) // 8}Q", extra, 4))
            size, packed, offset = (
                next(numbers, number) if number == _IN_EXTRA else number for number in (size, packed, offset)
            )
            break
        extra = extra[4 + length :]
    return size, packed, offset


def _text(name: bytes) -> str:
    return name.decode("utf-8", "replace")


class MemberStream:
    """The bytes of one member, inflated as they are asked for and never more than its size; not thread-safe."""

    def __init__(self, file: BinaryIO, member: Member) -> None:
        self.done_bytes = 0
        self._member = member
        self._crc = 0
        self._blocks = self._inflated(file)
        self._rest = b""

    def read(self, size: int) -> bytes:
        """Return the next bytes, fewer only at the member's end. Raises `Damaged`."""
        parts, left = [], min(size, self._member.size_bytes - self.done_bytes)
        while left > 0:
            block = self._rest or next(self._blocks, b"")
            if not block:
                break
            parts.append(block[:left])
            self._rest = block[left:]
            left -= len(parts[-1])
        data = b"".join(parts)
        self.done_bytes += len(data)
        self._crc = zlib.crc32(data, self._crc)
        return data

    def finish(self) -> None:
        """Check that this was all, and that it is what was saved. Raises `Damaged`."""
        if self._member.is_cut:
            return
        if self.done_bytes < self._member.size_bytes:
            raise Damaged(f"it ends {self._member.size_bytes - self.done_bytes:,} bytes too early")
        if self._rest or next(self._blocks, b""):
            raise Damaged("it has data behind its end")
        if self._crc != self._member.crc:
            raise Damaged("its bytes don't match their checksum")

    def _inflated(self, file: BinaryIO) -> Iterator[bytes]:
        inflate = zlib.decompressobj(-zlib.MAX_WBITS) if self._member.method else None
        at, left = self._member.start, self._member.packed_bytes
        while left > 0:
            packed = _bytes_at(file, at, min(left, _BLOCK_BYTES))
            if not packed:
                return
            at += len(packed)
            left -= len(packed)
            if inflate is None:
                yield packed
                continue
            while packed and not inflate.eof:
                try:
                    data = inflate.decompress(packed, _BLOCK_BYTES)
                except zlib.error as error:
                    raise Damaged(f"it can't be unpacked ({error})") from error
                packed = inflate.unconsumed_tail
                if data:
                    yield data
        while inflate is not None and not inflate.eof:
            # What the last bytes make may be more than was taken of it.
            data = inflate.decompress(inflate.unconsumed_tail, _BLOCK_BYTES)
            if not data:
                return
            yield data
