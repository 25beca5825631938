"""What runs in front of each tap of the server: ``taps.jsonl``, append-only, one JSON object a line.

A tap writes its line when its response starts, before its first mark: ``{"layer": "write.1", "name": "gzip",
"content_coding": "gzip", "content_length": false, "buffers": []}``. A response that starts anew has a second line,
which counts. When the server has taken the last item of the outermost tap, ``{"handed_over": true}`` follows.
"""

from __future__ import annotations

import msgspec

from .json_lines import JsonLinesReader
from .layers import MOST_BETWEEN, between_index, pipeline_position
from .meta import BadRecording, Text

TAPS_NAME = "taps.jsonl"
LONGEST_TAPS_BYTES = 1 << 20
_SERVER_LAYERS = ("part", "yield", "write")
#: A response that starts anew, as after an error, writes all its lines again.
_MOST_ROWS = 16 * (MOST_BETWEEN + len(_SERVER_LAYERS))


class TapMeta(msgspec.Struct, kw_only=True, frozen=True):
    """One tap.

    ``name`` is what stands between the tap before it and this one: a middleware, as in the request's knob
    (``rechunk:4096``), or for ``yield`` the hooks of the app that were active, joined by commas; empty for nothing.
    ``buffers`` are what the app says that it collects items with, as ``template_buffer:5``; of ``yield`` alone.
    ``content_coding`` is the Content-Encoding that the response had there, ``content_length`` means that it had one.
    """

    layer: Text
    name: Text = ""
    content_coding: Text = "identity"
    content_length: bool = False
    buffers: list[str] = []


class HandedOver(msgspec.Struct, kw_only=True, frozen=True):
    """The line of the outermost tap when the server has taken all of a response: it was not cut inside the server."""

    handed_over: bool


_HANDED_OVER = b'{"handed_over":'


def encode_tap(tap: TapMeta | HandedOver) -> bytes:
    """Return one row of ``taps.jsonl`` with its newline."""
    return msgspec.json.encode(tap) + b"\n"


class TapLogReader:
    """Reads ``taps.jsonl`` as it grows: feed it the new bytes, cut anywhere."""

    def __init__(self) -> None:
        self._by_layer: dict[str, TapMeta] = {}
        #: Whether the server has taken the whole response.
        self.is_handed_over = False
        self.rows = JsonLinesReader(TAPS_NAME, _MOST_ROWS, LONGEST_TAPS_BYTES)

    def feed(self, data: bytes) -> None:
        """Read further bytes; an unfinished last row waits. Raises `BadRecording`."""
        self.rows.feed(data, self._take)

    def _take(self, row: bytes) -> None:
        if row.startswith(_HANDED_OVER):
            self.is_handed_over = msgspec.json.decode(row, type=HandedOver).handed_over
            return
        tap = msgspec.json.decode(row, type=TapMeta)
        if tap.layer not in _SERVER_LAYERS and between_index(tap.layer) is None:
            raise BadRecording(f"{tap.layer[:40]!r} is not a layer of a server")
        self._by_layer[tap.layer] = tap

    @property
    def taps(self) -> tuple[TapMeta, ...]:
        """The last line of each tap, outermost last."""
        return tuple(sorted(self._by_layer.values(), key=lambda tap: pipeline_position(tap.layer)))
