"""The table of layers: which places on the road record marks, on which axis, and with which columns.

A *mark* is one row of a track: "at this time this layer had passed the bytes up to this offset". Files hold the columns
of a row as little-endian signed 64-bit integers, in the order given here.

Axes
----
``content``  decoded body bytes, as the view produced them and as a reader gets them
``body``     transferred body bytes: after content coding, without message framing (RFC 9110 section 6.4)
``wire``     bytes on the connection after the response head: body bytes and chunked framing (RFC 9112 section 7.1)

A ``chunk`` is marked when the last octet of its chunk-data arrived (a reader may use it then; its CRLF may come later);
its ``wire_end`` is the offset after that octet, so its data is ``wire[wire_end - size:wire_end]``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Axis = Literal["content", "body", "wire"]
Side = Literal["server", "client"]

#: numpy dtype of every column of every track file.
COLUMN_DTYPE = "<i8"
#: Value of a ``source`` column where the producing line is not known.
NO_SOURCE = -1


@dataclass(frozen=True, slots=True)
class Layer:
    """One layer of the road.

    ``columns`` always starts with ``t_ns`` (monotonic nanoseconds) and ``end`` (offset on ``axis``, end of the item's
    half-open byte range). Further columns carry the same point over to another axis (``body_end``, ``wire_end``,
    ``content_end``), tell the line that produced the item (``source``, a number in ``sources.jsonl`` or ``NO_SOURCE``),
    or tell a second clock (``user_t_ns``, when the reading process saw the item; ``t_ns`` is then the kernel's).
    """

    name: str
    side: Side
    axis: Axis
    columns: tuple[str, ...]
    item: str
    items: str
    meaning: str


LAYERS: tuple[Layer, ...] = (
    Layer("part", "server", "content", ("t_ns", "end", "source"), "part", "parts",
          "one item that a generator or template produced, before any buffering of the app's own"),
    Layer("yield", "server", "content", ("t_ns", "end", "source"), "yield", "yields",
          "one item that the view's response iterable handed on"),
    Layer("write", "server", "body", ("t_ns", "end"), "write", "writes",
          "one item that left the outermost middleware for the WSGI server"),
    Layer("read", "client", "wire", ("t_ns", "end", "body_end", "content_end", "user_t_ns"), "read", "reads",
          "one socket read"),
    Layer("chunk", "client", "body", ("t_ns", "end", "wire_end", "content_end"), "chunk", "chunks",
          "one HTTP/1.1 chunk completed (RFC 9112 section 7.1)"),
    Layer("piece", "client", "content", ("t_ns", "end"), "piece", "pieces",
          "one piece of decoded content handed to the reader"),
)  # fmt: skip

LAYER_BY_NAME: dict[str, Layer] = {layer.name: layer for layer in LAYERS}


def track_file_name(layer_name: str) -> str:
    """Return the file name of a layer's track inside a recording folder."""
    return f"{layer_name}.marks"
