"""The road of the ladder: a table of lanes and of the gaps between them, and how their heights share the room."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from inspector.recording.layers import LAYER_BY_NAME, Layer


@dataclass(frozen=True, slots=True)
class Lane:
    """The lane of one layer."""

    name: str

    @property
    def layer(self) -> Layer:
        """The layer whose marks the lane shows."""
        return LAYER_BY_NAME[self.name]


@dataclass(frozen=True, slots=True)
class Gap:
    """What lies between two lanes and may hold bytes.

    ``knobs`` names the layer of `server.catalogue` whose knobs stand at its left, ``share`` tells how much of the spare
    height it gets.
    """

    name: str
    title: str
    earlier: str | None
    later: str
    knobs: str | None
    share: float
    explanation: str


ROAD: tuple[Lane | Gap, ...] = (
    Gap("source", "source", None, "part", "source", 0.0, "What produces the rows: the database cursor and its pace."),
    Lane("part"),
    Gap("template", "template buffer", "part", "yield", "template", 3.0,
        "Parts wait here until the app's own buffer is full: Jinja2's enable_buffering(), a join, a file."),
    Lane("yield"),
    Gap("middlewares", "middlewares", "yield", "write", None, 1.0,
        "WSGI middlewares between the view and the server may hold, join or re-cut what the view yields."),
    Lane("write"),
    Gap("server", "server and sockets", "write", "read", None, 1.2,
        "The WSGI server's send buffer, the kernel's socket buffers and the network."),
    Lane("read"),
    Gap("framing", "framing", "read", "chunk", None, 0.25,
        "A chunk may span several reads, and one read may bring several chunks (RFC 9112 section 7.1)."),
    Lane("chunk"),
    Gap("client", "client buffer", "chunk", "piece", "client", 1.2,
        "Decoding and the client's own chunk size, such as iter_bytes(chunk_size=...)."),
    Lane("piece"),
)  # fmt: skip

LANES: tuple[Lane, ...] = tuple(row for row in ROAD if isinstance(row, Lane))
GAPS: tuple[Gap, ...] = tuple(row for row in ROAD if isinstance(row, Gap))


def joined_layers(gap: Gap, framing: str | None) -> tuple[str, str] | None:
    """Return the layers that a gap joins under a framing, None where nothing is joined.

    A response that isn't chunked has no chunks: its pieces follow from the reads.
    """
    if gap.earlier is None:
        return None
    if framing not in (None, "chunked"):
        if gap.later == "chunk":
            return None
        if gap.earlier == "chunk":
            return "read", gap.later
    return gap.earlier, gap.later


@dataclass(frozen=True, slots=True)
class Band:
    """Where one row of the road lies: logical pixels from the top of the ladder."""

    row: Lane | Gap
    top: int
    height: int

    @property
    def bottom(self) -> int:
        """First pixel below."""
        return self.top + self.height


def lay_out(height: int, top: int, lane_height: int, least_heights: Sequence[int]) -> tuple[Band, ...]:
    """Share a height among the rows of `ROAD`.

    ``least_heights`` has one number per gap; lanes get ``lane_height``. What is left goes to the gaps by their shares.
    """
    spare = max(0, height - top - lane_height * len(LANES) - sum(least_heights))
    shares = sum(gap.share for gap in GAPS)
    least = dict(zip((gap.name for gap in GAPS), least_heights, strict=True))
    bands: list[Band] = []
    for row in ROAD:
        tall = lane_height if isinstance(row, Lane) else least[row.name] + int(spare * row.share / shares)
        bands.append(Band(row, top, tall))
        top += tall
    return tuple(bands)


def least_height(top: int, lane_height: int, least_heights: Sequence[int]) -> int:
    """Return the height below which the ladder must scroll."""
    return top + lane_height * len(LANES) + sum(least_heights)
