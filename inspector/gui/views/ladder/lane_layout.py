"""The rows of the ladder (lanes and gaps), the settings shown in each gap, and how rows share the height.

What the gaps are comes from the recording (`inspector.analysis.pipeline.gap_list`): a middleware more is a gap and a
lane more. What it is called and how much room it likes is the table here; which knobs stand at the left of it says the
catalogue.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypedDict

from inspector.analysis.pipeline.gap_list import PipelineGap
from inspector.catalogue import KNOBS
from inspector.catalogue import Gap as KnobGap
from inspector.recording.layers import Layer, layer_of

#: What the tall gap gets of the height that is left over, where others get 1 at most.
_TALL_SHARE = 9.0


@dataclass(frozen=True, slots=True)
class Lane:
    """The lane of one layer; one between two middlewares is titled by what its items have left: ``after gzip``."""

    name: str
    layer: Layer
    title: str


@dataclass(frozen=True, slots=True)
class GapKind:
    """How a kind of gap is shown: title, spare height it gets, knobs (the first that acts stands in sight), and more.

    ``short_title`` stands for the title where the column is narrow.
    """

    title: str
    share: float
    explanation: str
    knobs: tuple[str, ...] = ()
    more: tuple[str, ...] = ()
    short_title: str = ""
    #: What always stands in one line behind the title, in full and shorter.
    says: tuple[str, ...] = ()
    #: Whether what an app itself does with its rows stands here: its buffer, or a join that nobody can change.
    has_app_buffer: bool = False
    #: Whether its figures stand below its title.
    has_figures_below: bool = True


@dataclass(frozen=True, slots=True)
class Gap:
    """What lies above a lane and may hold bytes. ``gap`` is None for the source, which holds nothing."""

    id: str
    kind: GapKind
    later: str
    gap: PipelineGap | None = None


class _KnobsAt(TypedDict):
    knobs: tuple[str, ...]
    more: tuple[str, ...]


def _knobs_at(gap: KnobGap) -> _KnobsAt:
    """Return the knobs that the catalogue shows at a gap: those in sight, and those behind its button."""
    here = [knob for knob in KNOBS if knob.shown_at == gap]
    return {
        "knobs": tuple(knob.name for knob in here if knob.in_sight),
        "more": tuple(knob.name for knob in here if not knob.in_sight),
    }


GAP_KINDS: Mapping[str, GapKind] = {
    "source": GapKind(
        "source", 0.0, "What produces the rows: the database cursor and its pace.", **_knobs_at("source"),
    ),
    "template": GapKind(
        "in the view", 3.0,
        "Parts wait here until the app's own buffer is full: Jinja2's enable_buffering(), a join, a file.",
        short_title="view", has_app_buffer=True, **_knobs_at("template"),
    ),
    "middleware": GapKind(
        "middlewares", 1.0, "WSGI middlewares between the view and the server may hold, join or cut what it yields.",
        short_title="middle", **_knobs_at("middleware"),
    ),
    "server": GapKind(
        "server and sockets", 1.2, "The WSGI server, a proxy, the kernel's socket buffers and the network.",
        short_title="server", **_knobs_at("server"),
    ),
    "framing": GapKind(
        "framing", 0.25,
        "A chunk may span several reads, and one read may bring several chunks (RFC 9112 section 7.1).",
        has_figures_below=False, **_knobs_at("framing"),
    ),
    "client": GapKind(
        "client buffer", 1.2, "Decoding, a slow reader, and the client's own chunk size.",
        short_title="client", **_knobs_at("client"),
    ),
}  # fmt: skip
#: All of a server of which nothing is known but what it sends.
_OUTSIDE = Gap(
    "outside",
    GapKind(
        "server", 0.0, "Nothing is known of what happens inside of this server: it is not the built-in one.",
        more=tuple(knob.name for knob in KNOBS if knob.shown_at == "server" and knob.process == "recorder"),
        says=("not ours, seen from outside", "seen from outside"),
    ),
    "read",
)  # fmt: skip
_SOURCE = Gap("source", GAP_KINDS["source"], "part")


def kind_of(gap_id: str) -> str:
    """Return the kind of a gap: its id without the number of a middleware."""
    return gap_id.partition(".")[0]


def ladder_rows(
    gaps: Sequence[PipelineGap], layers: Mapping[str, Layer], *, is_outside: bool = False
) -> tuple[Lane | Gap, ...]:
    """Return the rows of the ladder for the gaps of a recording; ``is_outside`` folds a server that can't be seen.

    A response without chunks keeps an empty chunk lane, which says why it is empty. Knobs of the middlewares stand at
    the first of their gaps.
    """
    rows: list[Lane | Gap] = [_SOURCE, _lane("part", layers)]
    if is_outside:
        rows = [_OUTSIDE, _lane("read", layers)]
        gaps = [gap for gap in gaps if layer_of(gap.earlier).side == "client"]
    for gap in gaps:
        kind = GAP_KINDS[kind_of(gap.id)]
        if gap.stack_index > 1:
            kind = GapKind(gap.title, kind.share, gap.culprit)
        if gap.id == "client" and gap.earlier != "chunk":
            rows.append(_lane("chunk", layers))
        between = gap.stack_index and gap.later != "write"
        rows += [Gap(gap.id, kind, gap.later, gap), _lane(gap.later, layers, f"after {gap.title}" if between else "")]
    return tuple(rows)


def _lane(name: str, layers: Mapping[str, Layer], title: str = "") -> Lane:
    return Lane(name, layers.get(name) or layer_of(name), title or name)


@dataclass(frozen=True, slots=True)
class Band:
    """Where one row lies: logical pixels from the top of the ladder."""

    row: Lane | Gap
    top: int
    height: int

    @property
    def bottom(self) -> int:
        """First pixel below."""
        return self.top + self.height


def lay_out(
    rows: Sequence[Lane | Gap],
    height: int,
    top: int,
    lane_height: int,
    least_heights: Mapping[str, int],
    *,
    tall: str = "",
) -> tuple[Band, ...]:
    """Share a height among rows: lanes get ``lane_height``, gaps what they need at least and a share of the rest.

    ``least_heights`` is by the id of a gap. The gap ``tall`` gets most of the rest; without it, all what they like.
    """
    gaps = [row for row in rows if isinstance(row, Gap)]
    spare = max(0, height - least_height(rows, top, lane_height, least_heights))
    shares = {gap.id: gap.kind.share for gap in gaps}
    if shares.get(tall):
        shares = {gap_id: _TALL_SHARE if gap_id == tall else min(share, 1.0) for gap_id, share in shares.items()}
    all_shares = sum(shares.values()) or 1.0
    bands: list[Band] = []
    for row in rows:
        each = lane_height
        if isinstance(row, Gap):
            each = least_heights[row.id] + int(spare * shares[row.id] / all_shares)
        bands.append(Band(row, top, each))
        top += each
    return tuple(bands)


def least_height(rows: Sequence[Lane | Gap], top: int, lane_height: int, least_heights: Mapping[str, int]) -> int:
    """Return the height below which the ladder must scroll."""
    gaps = sum(least_heights[row.id] for row in rows if isinstance(row, Gap))
    return top + lane_height * sum(isinstance(row, Lane) for row in rows) + gaps
