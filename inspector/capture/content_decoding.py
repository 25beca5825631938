"""Decodes content codings (RFC 9110 section 8.4) incrementally, in bounded memory.

Used between framing and ``content.bin``, only where a response has a coding. ``gzip`` and ``deflate`` always work,
``br`` and ``zstd`` where their modules are installed; a table says how each decoder is made. Every octet that can be
decoded is decoded, also in front of damaged, missing or foreign data, and however the octets are cut.
"""

from __future__ import annotations

import importlib
import zlib
from collections.abc import Callable, Iterator
from typing import Any, Protocol

_STEP_BYTES = 262_144
_SLICE_BYTES = 1024
#: A module that can't bound what it gives out may make 16 MiB of some 8 octets.
_UNBOUNDED_SLICE_BYTES = 16
_LAG_BYTES = 65_536
#: Only an attacker sends a response with more codings than this; curl has the same limit.
MOST_CODINGS = 5
_GZIP_BEGIN = 0x1F
_ZSTD_MAGIC = b"\x28\xb5\x2f\xfd"
_SKIPPABLE_MAGIC = b"\x2a\x4d\x18"  # behind an octet of 0x50 to 0x5f, RFC 8878 section 3.1.2


class BadCoding(Exception):
    """The body is not what its content coding says; the text says so for people."""


class Decoder(Protocol):
    """Undoes one coding, or several."""

    def decode(self, octets: bytes) -> Iterator[bytes]:
        """Yield what can be decoded by now, in parts of at most about 256 KiB; empty ones where only work was done.

        Raises `BadCoding` behind all that could be decoded.
        """

    def unfinished(self) -> str:
        """Return the coding whose data has stopped before its own end, an empty text for none."""


class ZlibDecoder:
    """``gzip`` (all members of it) and ``deflate`` (with the zlib wrapper, or raw as some servers send it)."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._gzip = name != "deflate"
        self._inflate = zlib.decompressobj(31) if self._gzip else None
        self._members = 0
        self._begun = self._padded = False
        self._head = b""

    def decode(self, octets: bytes) -> Iterator[bytes]:
        """Yield decoded parts. Raises `BadCoding`."""
        if self._inflate is None:
            octets, self._head = self._head + octets, b""
            if len(octets) < 2:
                self._head = octets
                return
            wrapped = octets[0] & 0x0F == 8 and int.from_bytes(octets[:2], "big") % 31 == 0
            self._inflate = zlib.decompressobj(15 if wrapped else -15)
        while octets:
            if self._inflate.eof:
                octets = self._between(octets)
                if not octets:
                    return
                self._inflate = zlib.decompressobj(31)
            self._begun = True
            try:
                part = self._inflate.decompress(octets, _STEP_BYTES)
            except zlib.error as error:
                raise self._bad(str(error)) from error
            if self._inflate.eof:
                self._members += 1
            octets = self._inflate.unused_data if self._inflate.eof else self._inflate.unconsumed_tail
            yield part
            if not octets and len(part) == _STEP_BYTES:
                yield from self._held_back()

    def unfinished(self) -> str:
        """Return the name where the end of the stream is missing."""
        is_open = self._begun and self._inflate is not None and not self._inflate.eof
        return self._name if self._head or is_open else ""

    def _between(self, octets: bytes) -> bytes:
        """Return what follows a whole member from the next member on; zeros pad the last one, as for gzip(1)."""
        rest = octets.lstrip(b"\0") if self._gzip else octets
        self._padded = self._padded or len(rest) < len(octets)
        if rest and (self._padded or rest[0] != _GZIP_BEGIN or not self._gzip):
            raise _junk(self._name)
        return rest

    def _held_back(self) -> Iterator[bytes]:
        """Yield output that zlib still holds although it has consumed all input."""
        while self._inflate is not None and (part := self._inflate.decompress(b"", _STEP_BYTES)):
            yield part

    def _bad(self, text: str) -> BadCoding:
        if "header check" in text or "compression method" in text:
            return _junk(self._name) if self._members else _foreign(self._name)
        return _damaged(self._name, "its checksum does not match" if "data check" in text else "")


class BrotliDecoder:
    """``br``, bounded where the module can do that (brotli 1.2)."""

    def __init__(self) -> None:
        """Raise ``ImportError`` where there is no module."""
        module = _first_module("brotli", "brotlicffi")
        self._error: type[Exception] = module.error
        self._inner = module.Decompressor()
        self._bounded = hasattr(self._inner, "can_accept_more_data")
        self._slice_bytes = _SLICE_BYTES if self._bounded else _UNBOUNDED_SLICE_BYTES
        self._begun = self._gave = False

    def decode(self, octets: bytes) -> Iterator[bytes]:
        """Yield decoded parts. Raises `BadCoding`."""
        for at in range(0, len(octets), self._slice_bytes):
            data = octets[at : at + self._slice_bytes]
            while True:
                if self._begun and self._inner.is_finished():
                    if data:
                        raise _junk("br")
                    return
                self._begun = True
                try:
                    part = self._process(data)
                except self._error as error:
                    raise _damaged("br") if self._gave else _foreign("br") from error
                self._gave = self._gave or bool(part)
                for start in range(0, len(part), _STEP_BYTES):
                    yield part[start : start + _STEP_BYTES]
                data = b""
                if not self._holds_back(part):
                    break
            yield b""

    def unfinished(self) -> str:
        """Return the name where the end of the stream is missing."""
        return "br" if self._begun and not self._inner.is_finished() else ""

    def _process(self, octets: bytes) -> bytes:
        if self._bounded:
            return bytes(self._inner.process(octets, output_buffer_limit=_STEP_BYTES))
        return bytes((getattr(self._inner, "process", None) or self._inner.decompress)(octets))

    def _holds_back(self, part: bytes) -> bool:
        """Return whether output may wait behind ``part`` although all input was given."""
        return self._bounded and (len(part) >= _STEP_BYTES or not self._inner.can_accept_more_data())


class ZstdDecoder:
    """``zstd``: all its frames, with skippable ones among them (RFC 8878 section 3.1)."""

    def __init__(self) -> None:
        """Raise ``ImportError`` where there is no module."""
        module = _first_module("zstandard")
        self._error: type[Exception] = module.ZstdError
        self._new: Callable[[], Any] = lambda: module.ZstdDecompressor().decompressobj()
        self._frame: Any = None
        self._frames = self._skip_bytes = 0
        self._head = b""

    def decode(self, octets: bytes) -> Iterator[bytes]:
        """Yield decoded parts. Raises `BadCoding`."""
        octets, self._head = self._head + octets, b""
        while octets:
            if self._skip_bytes:
                skipped = min(self._skip_bytes, len(octets))
                self._skip_bytes -= skipped
                octets = octets[skipped:]
            elif self._frame is None:
                octets = self._begin(octets)
            else:
                try:
                    part = self._frame.decompress(octets[:_SLICE_BYTES])
                except self._error as error:
                    raise _damaged("zstd") from error
                octets = octets[_SLICE_BYTES:]
                if self._frame.eof:
                    octets = self._frame.unused_data + octets
                    self._frame = None
                for start in range(0, len(part), _STEP_BYTES):
                    yield part[start : start + _STEP_BYTES]
            yield b""

    def unfinished(self) -> str:
        """Return the name where the end of a frame is missing."""
        return "zstd" if self._frame is not None or self._skip_bytes or self._head else ""

    def _begin(self, octets: bytes) -> bytes:
        """Begin the frame that starts here; return what follows what was taken of it."""
        if _ZSTD_MAGIC.startswith(octets[:4]):
            if len(octets) < 4:
                self._head = octets
                return b""
            self._frame = self._new()
        elif 0x50 <= octets[0] <= 0x5F and _SKIPPABLE_MAGIC.startswith(octets[1:4]):
            if len(octets) < 8:
                self._head = octets
                return b""
            self._skip_bytes = int.from_bytes(octets[4:8], "little")
            octets = octets[8:]
        else:
            raise _junk("zstd") if self._frames else _foreign("zstd")
        self._frames += 1
        return octets


class LosslessDecoder:
    """A decoder that gives out all octets in front of bad ones, which no library does by itself.

    A second decoder stays some octets behind the first; where the first one fails, it takes them one by one.
    """

    def __init__(self, make: Callable[[], Decoder]) -> None:
        self._front, self._behind = make(), make()
        self._lag = bytearray()
        self._given_bytes = 0

    def decode(self, octets: bytes) -> Iterator[bytes]:
        """Yield decoded parts. Raises `BadCoding`."""
        for at in range(0, len(octets), _LAG_BYTES):
            data = octets[at : at + _LAG_BYTES]
            if len(self._lag) + len(data) > _LAG_BYTES:
                for _ in self._behind.decode(bytes(self._lag)):
                    yield b""
                self._lag.clear()
                self._given_bytes = 0
            self._lag += data
            try:
                for part in self._front.decode(data):
                    self._given_bytes += len(part)
                    yield part
            except BadCoding:
                yield from self._one_by_one()
                raise

    def unfinished(self) -> str:
        """Return the coding whose end is missing."""
        return self._front.unfinished()

    def _one_by_one(self) -> Iterator[bytes]:
        """Yield what the first decoder had in hand when it failed. Raises its `BadCoding` again."""
        known_bytes = self._given_bytes
        for octet in self._lag:
            for part in self._behind.decode(bytes((octet,))):
                yield part[known_bytes:]
                known_bytes = max(0, known_bytes - len(part))


class DecoderChain:
    """Several codings undone one after the other, the last applied first."""

    def __init__(self, decoders: list[Decoder]) -> None:
        self._decoders = decoders

    def decode(self, octets: bytes) -> Iterator[bytes]:
        """Yield decoded parts. Raises `BadCoding`."""
        return self._run(octets, 0)

    def unfinished(self) -> str:
        """Return the coding that stopped before its own end, the last applied first."""
        return next(filter(None, (decoder.unfinished() for decoder in self._decoders)), "")

    def _run(self, octets: bytes, number: int) -> Iterator[bytes]:
        if number == len(self._decoders):
            yield octets
            return
        for part in self._decoders[number].decode(octets):
            if part:
                yield from self._run(part, number + 1)
            # Whoever asks may want to stop, also while a coding inside of another one gives nothing.
            yield b""


_DECODERS: dict[str, Callable[[], Decoder]] = {
    "gzip": lambda: ZlibDecoder("gzip"),
    "x-gzip": lambda: ZlibDecoder("x-gzip"),
    "deflate": lambda: ZlibDecoder("deflate"),
    "br": BrotliDecoder,
    "zstd": ZstdDecoder,
}


def decoder_of(codings: tuple[str, ...]) -> tuple[Decoder | None, str | None]:
    """Return the decoder of some codings in the order they were applied, and what there is to note.

    The decoder is None where nothing is to be undone, or where it can't be: content is then the body as it came.
    """
    if len(codings) > MOST_CODINGS:
        return None, f"{len(codings):,} content codings are not undone ({MOST_CODINGS} are the most): {_AS_SENT}"
    decoders: list[Decoder] = []
    for coding in reversed(codings):
        make = _DECODERS.get(coding)
        try:
            if make is None:
                raise ImportError("it is not known")
            decoders.append(LosslessDecoder(make))
        except ImportError as error:
            return None, f"the content coding {coding[:80]!r} is not undone ({error}): {_AS_SENT}"
    return (DecoderChain(decoders), None) if decoders else (None, None)


_AS_SENT = "content is shown as it was sent"


def _first_module(*names: str) -> Any:
    for name in names:
        try:
            return importlib.import_module(name)
        except ImportError:
            continue
    raise ImportError(f"none of {', '.join(names)} is installed")


def _foreign(coding: str) -> BadCoding:
    return BadCoding(f"The body is not {coding}, although Content-Encoding says so")


def _junk(coding: str) -> BadCoding:
    return BadCoding(f"Other data follows the end of the {coding} data")


def _damaged(coding: str, how: str = "") -> BadCoding:
    return BadCoding(f"The {coding} data is damaged{': ' if how else ''}{how}")
