"""The table of layers: the places where marks are recorded, in order, with their axis and their columns.

A *mark* is one row of a track: "at this time this layer had passed the bytes up to this offset". Files hold the columns
of a row as little-endian signed 64-bit integers, in the order given here.

Axes
----
``content``  decoded body bytes, as the view produced them and as a reader gets them
``body``     transferred body bytes: after content coding, without message framing (RFC 9110 section 6.4)
``wire``     bytes on the connection after the response head: body bytes and chunked framing (RFC 9112 section 7.1)

A ``chunk`` is marked when the last octet of its chunk-data arrived (a reader may use it then; its CRLF may come later);
its ``wire_end`` is the offset after that octet, so its data is ``wire[wire_end - size:wire_end]``.

A server with a stack of middlewares has further layers between ``yield`` and ``write``: ``write.1`` is what left the
innermost middleware, ``write.2`` what left the one around it; what left the outermost one is ``write``.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Literal, NamedTuple

Axis = Literal["content", "body", "wire"]
Side = Literal["server", "client"]
AXES: tuple[Axis, ...] = ("wire", "body", "content")

#: numpy dtype of every column of every track file.
COLUMN_DTYPE = "<i8"
#: Value of a ``source`` column where the producing line is not known.
NO_SOURCE = -1


class Layer(NamedTuple):
    """One layer that the bytes pass.

    ``columns`` always starts with ``t_ns`` (monotonic nanoseconds) and ``end`` (offset on ``axis``, end of the item's
    half-open byte range). Further columns carry the same point over to another axis (``body_end``, ``wire_end``,
    ``content_end``), name the line that produced the item (``source``, a number in ``sources.jsonl`` or ``NO_SOURCE``),
    or give a second clock (``user_t_ns``, when the reading process saw the item; ``t_ns`` is then the kernel's).
    ``at_most`` is 1 where ``t_ns`` is an upper bound: the item arrived not later, and nobody knows how much earlier,
    because the reader was away or took only a part of what the kernel had merged; else it is 0.
    """

    name: str
    side: Side
    axis: Axis
    columns: tuple[str, ...]
    item: str
    items: str
    meaning: str

    def column_on(self, axis: Axis) -> str | None:
        """Return the column that counts bytes of an axis, None where the layer knows nothing of that axis.

        >>> [LAYER_BY_NAME["chunk"].column_on(axis) for axis in AXES]
        ['wire_end', 'end', 'content_end']
        """
        if axis == self.axis:
            return "end"
        name = f"{axis}_end"
        return name if name in self.columns else None

    def axis_of(self, column: str) -> Axis | None:
        """Return the axis on which a column counts bytes, None for times, sources and flags."""
        return next((axis for axis in AXES if self.column_on(axis) == column), None)

    @property
    def content_column(self) -> str:
        """The column on which a selection of content bytes travels between layers.

        That of the content; where the layer has none, its ``end``: its body is the content as long as nothing is coded,
        and else its track is carried over first (`tracks.axes.Axes.is_carried_over`).
        """
        return self.column_on("content") or "end"


LAYERS: tuple[Layer, ...] = (
    Layer("part", "server", "content", ("t_ns", "end", "source"), "part", "parts",
          "one item that a generator or template produced, before any buffering of the app's own"),
    Layer("yield", "server", "content", ("t_ns", "end", "source"), "yield", "yields",
          "one item that the view's response iterable handed on"),
    Layer("write", "server", "body", ("t_ns", "end"), "write", "writes",
          "one item that left the outermost middleware for the WSGI server"),
    Layer("read", "client", "wire", ("t_ns", "end", "body_end", "content_end", "user_t_ns", "at_most"), "read", "reads",
          "one socket read"),
    Layer("chunk", "client", "body", ("t_ns", "end", "wire_end", "content_end", "at_most"), "chunk", "chunks",
          "one HTTP/1.1 chunk completed (RFC 9112 section 7.1)"),
    Layer("piece", "client", "content", ("t_ns", "end"), "piece", "pieces",
          "one piece of decoded content handed to the reader"),
)  # fmt: skip

LAYER_BY_NAME: dict[str, Layer] = {layer.name: layer for layer in LAYERS}
#: So many layers can stand between ``yield`` and ``write``.
MOST_BETWEEN = 64
_BETWEEN = re.compile(r"write\.([1-9][0-9]?)", re.ASCII)
_ORDER = tuple(LAYER_BY_NAME)


@cache
def between_layer(index: int) -> Layer:
    """Return the layer ``write.INDEX``, counted from 1 from the inside. Raises ``ValueError``."""
    if not 1 <= index <= MOST_BETWEEN:
        raise ValueError(f"there is no layer write.{index}: use 1 to {MOST_BETWEEN}")
    return Layer(f"write.{index}", "server", "body", ("t_ns", "end"), "item", "items",
                 "one item that left a middleware for the one around it")  # fmt: skip


def between_index(name: str) -> int | None:
    """Return 2 for ``write.2``, None for a name that is none of the layers between ``yield`` and ``write``."""
    found = _BETWEEN.fullmatch(name)
    return int(found[1]) if found and int(found[1]) <= MOST_BETWEEN else None


def layer_of(name: str) -> Layer:
    """Return a layer by its name, those between ``yield`` and ``write`` included. Raises ``KeyError``."""
    index = between_index(name)
    return LAYER_BY_NAME[name] if index is None else between_layer(index)


def pipeline_position(name: str) -> tuple[int, int]:
    """Return a key that sorts names of layers in the order that bytes pass them. Raises ``ValueError``."""
    index = between_index(name)
    return (_ORDER.index(name), 0) if index is None else (_ORDER.index("yield"), index)


def track_file_name(layer_name: str) -> str:
    """Return the file name of a layer's track inside a recording folder."""
    return f"{layer_name}.marks"
