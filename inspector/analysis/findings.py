"""What a rule finds: kind, place, culprit, the figure that shows it, what to do, and the evidence behind it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Kind = Literal[
    "streams", "coalesced", "held", "stalls", "back_pressure", "cut_short", "not_a_stream", "unknown"
]  # fmt: skip

#: What each kind is called in a sentence, while it runs and afterwards.
KIND_WORDS: Mapping[Kind, str] = {
    "streams": "Streams",
    "coalesced": "Coalesced",
    "held": "Held to the end",
    "stalls": "Stalls",
    "back_pressure": "Back-pressure",
    "cut_short": "Cut short",
    "not_a_stream": "Not a stream",
    "unknown": "Unknown",
}


@dataclass(frozen=True, slots=True)
class Evidence:
    """Why a rule says so: its name, the numbers it looked at, and the content bytes ``[start, stop)`` concerned.

    ``bytes`` is None where no bytes are concerned or where their place on the content axis is not known. ``source`` is
    the row of the streaming facts that the rule stands on.
    """

    rule: str
    numbers: Mapping[str, float | int | str] = field(default_factory=dict)
    bytes: tuple[int, int] | None = None
    source: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """One verdict.

    ``layer`` is the id of a gap (`road.RoadGap`) or the name of a layer, empty for the whole road. ``figure`` is a
    clause with the number, ``advice`` one sentence (may be empty), ``cure`` the knobs of the built-in server that would
    cure it. ``so_far`` tells that the stream still runs; ``since`` (as ``template_buffer=50``) that it is about the
    time since that knob was turned.
    """

    kind: Kind
    layer: str = ""
    culprit: str = ""
    figure: str = ""
    advice: str = ""
    evidence: Evidence = field(default_factory=lambda: Evidence("none"))
    cure: Mapping[str, str] | None = None
    so_far: bool = False
    since: str = ""
