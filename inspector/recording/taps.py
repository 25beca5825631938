"""What stands before each tap of the server: ``taps.jsonl``, append-only, one JSON object a line.

A tap writes its line when its response starts, before its first mark: ``{"layer": "write.1", "name": "gzip",
"content_coding": "gzip", "content_length": false}``. A response that starts anew has a second line, which counts.
"""

from __future__ import annotations

import msgspec

from .layers import between_index, place_on_road
from .meta import BadRecording

TAPS_NAME = "taps.jsonl"
_SERVER_LAYERS = ("part", "yield", "write")


class TapMeta(msgspec.Struct, kw_only=True, frozen=True):
    """One tap.

    ``name`` is what stands between the tap before it and this one: a middleware, as in the request's knob
    (``rechunk:4096``), or for ``yield`` the hooks of the app that were active, joined by commas; empty for nothing.
    ``content_coding`` is the Content-Encoding that the response had there, ``content_length`` tells that it had one.
    """

    layer: str
    name: str = ""
    content_coding: str = "identity"
    content_length: bool = False


def encode_tap(tap: TapMeta) -> bytes:
    """Return one row of ``taps.jsonl`` with its newline."""
    return msgspec.json.encode(tap) + b"\n"


class Taps:
    """The taps as read so far: feed it what the file has grown by, in any cuts."""

    def __init__(self) -> None:
        self._by_layer: dict[str, TapMeta] = {}
        self._rest = b""

    def feed(self, data: bytes) -> None:
        """Take further bytes of the file; an unfinished last row waits. Raises `BadRecording`."""
        *rows, self._rest = (self._rest + data).split(b"\n")
        try:
            for row in rows:
                if row:
                    self._take(msgspec.json.decode(row, type=TapMeta))
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise BadRecording(f"{TAPS_NAME}: {error}") from error

    def _take(self, tap: TapMeta) -> None:
        if tap.layer not in _SERVER_LAYERS and between_index(tap.layer) is None:
            raise BadRecording(f"{TAPS_NAME}: {tap.layer[:40]!r} is no layer of a server")
        self._by_layer[tap.layer] = tap

    @property
    def in_order(self) -> list[TapMeta]:
        """The last line of each tap, in the order of the road."""
        return sorted(self._by_layer.values(), key=lambda tap: place_on_road(tap.layer))
