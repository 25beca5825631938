"""Undoing content codings (RFC 9110 section 8.4) octet by octet, in bounded memory.

Between framing and ``content.bin``, only where a response has a coding. ``gzip`` and ``deflate`` always work, ``br``
and ``zstd`` where their modules are installed; a table says how each is made.
"""

from __future__ import annotations

import importlib
import zlib
from collections.abc import Callable, Iterator
from typing import Any, Protocol

from typing_extensions import override

_STEP_BYTES = 262_144
_SLICE_BYTES = 1024


class BadCoding(Exception):
    """The body is not what its content coding says; the text says so for people."""


class Decoder(Protocol):
    """Undoes one coding."""

    def decode(self, octets: bytes) -> Iterator[bytes]:
        """Yield what can be decoded by now, in parts of at most about 256 KiB. Raises `BadCoding`."""

    def truncated(self) -> bool:
        """Tell whether the coded data stopped before its own end."""


class ZlibDecoder:
    """``gzip`` (all members of it) and ``deflate`` (with the zlib wrapper, or raw as some servers send it)."""

    def __init__(self, *, gzip: bool) -> None:
        self._gzip = gzip
        self._inflate = zlib.decompressobj(31) if gzip else None
        self._begun = False
        self._head = b""

    def decode(self, octets: bytes) -> Iterator[bytes]:
        """Yield decoded parts."""
        if self._inflate is None:
            octets, self._head = self._head + octets, b""
            if len(octets) < 2:
                self._head = octets
                return
            wrapped = octets[0] & 0x0F == 8 and int.from_bytes(octets[:2], "big") % 31 == 0
            self._inflate = zlib.decompressobj(15 if wrapped else -15)
        while octets:
            if self._inflate.eof:
                if not self._gzip or octets[0] != 0x1F:
                    return  # padding behind the last member, which gzip(1) ignores too
                self._inflate = zlib.decompressobj(31)
            self._begun = True
            try:
                part = self._inflate.decompress(octets, _STEP_BYTES)
            except zlib.error as error:
                raise BadCoding(str(error)) from error
            octets = self._inflate.unused_data if self._inflate.eof else self._inflate.unconsumed_tail
            if part:
                yield part
            if not octets and len(part) == _STEP_BYTES:
                yield from self._held_back()

    def _held_back(self) -> Iterator[bytes]:
        """Yield output that zlib still holds although it has consumed all input."""
        while self._inflate is not None and (part := self._inflate.decompress(b"", _STEP_BYTES)):
            yield part

    def truncated(self) -> bool:
        """Tell whether the end of the stream is missing."""
        return bool(self._head) or (self._begun and self._inflate is not None and not self._inflate.eof)


class ModuleDecoder:
    """A coding of an optional module: ``step`` decodes, ``finished`` tells the end."""

    def __init__(self, step: Callable[[bytes], bytes], finished: Callable[[], bool], error: type[Exception]) -> None:
        self._step = step
        self._finished = finished
        self._error = error
        self._begun = False

    def decode(self, octets: bytes) -> Iterator[bytes]:
        """Yield decoded parts; input goes in by small slices, since not every module can bound its output."""
        for at in range(0, len(octets), _SLICE_BYTES):
            data = octets[at : at + _SLICE_BYTES]
            while not (self._begun and self._finished()):
                self._begun = True
                try:
                    part = self._step(data)
                except self._error as error:
                    raise BadCoding(str(error)) from error
                for start in range(0, len(part), _STEP_BYTES):
                    yield part[start : start + _STEP_BYTES]
                if not self._holds_back(part):
                    break
                data = b""

    def _holds_back(self, part: bytes) -> bool:  # noqa: ARG002
        """Tell whether output may wait behind ``part`` although all input was given."""
        return False

    def truncated(self) -> bool:
        """Tell whether the end of the stream is missing."""
        return self._begun and not self._finished()


class BrotliDecoder(ModuleDecoder):
    """``br``, bounded where the module can do that (brotli 1.2)."""

    def __init__(self) -> None:
        """Raise ``ImportError`` where there is no module."""
        module = _first_module("brotli", "brotlicffi")
        self._inner = module.Decompressor()
        self._bounded = hasattr(self._inner, "can_accept_more_data")
        super().__init__(self._process, self._inner.is_finished, module.error)

    def _process(self, octets: bytes) -> bytes:
        if self._bounded:
            return bytes(self._inner.process(octets, output_buffer_limit=_STEP_BYTES))
        return bytes((getattr(self._inner, "process", None) or self._inner.decompress)(octets))

    @override
    def _holds_back(self, part: bytes) -> bool:
        return self._bounded and (len(part) >= _STEP_BYTES or not self._inner.can_accept_more_data())


def _zstandard() -> Decoder:
    module = _first_module("zstandard")
    inner = module.ZstdDecompressor().decompressobj()
    return ModuleDecoder(inner.decompress, lambda: bool(inner.eof), module.ZstdError)


def _first_module(*names: str) -> Any:
    for name in names:
        try:
            return importlib.import_module(name)
        except ImportError:
            continue
    raise ImportError(f"none of {', '.join(names)} is installed")


_DECODERS: dict[str, Callable[[], Decoder]] = {
    "gzip": lambda: ZlibDecoder(gzip=True),
    "x-gzip": lambda: ZlibDecoder(gzip=True),
    "deflate": lambda: ZlibDecoder(gzip=False),
    "br": BrotliDecoder,
    "zstd": _zstandard,
}


class Chain:
    """Several codings undone one after the other, the last applied first."""

    def __init__(self, decoders: list[Decoder]) -> None:
        self._decoders = decoders

    def decode(self, octets: bytes) -> Iterator[bytes]:
        """Yield decoded parts. Raises `BadCoding`."""
        return self._run(octets, 0)

    def truncated(self) -> bool:
        """Tell whether any coding stopped before its own end."""
        return any(decoder.truncated() for decoder in self._decoders)

    def _run(self, octets: bytes, number: int) -> Iterator[bytes]:
        if number == len(self._decoders):
            yield octets
            return
        for part in self._decoders[number].decode(octets):
            yield from self._run(part, number + 1)


def decoder_of(codings: tuple[str, ...]) -> tuple[Decoder | None, str | None]:
    """Return the decoder of some codings in the order they were applied, and what there is to note.

    The decoder is None where nothing is to be undone, or where it can't be: content is then the body as it came.
    """
    decoders: list[Decoder] = []
    for coding in reversed(codings):
        make = _DECODERS.get(coding)
        try:
            if make is None:
                raise ImportError("it is not known")
            decoders.append(make())
        except ImportError as error:
            return None, f"the content coding {coding!r} is not undone ({error}): content is shown as it was sent"
    return (Chain(decoders), None) if decoders else (None, None)
