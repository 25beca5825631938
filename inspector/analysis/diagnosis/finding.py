"""What a rule finds: kind, place, culprit, the figure that shows it, what to do, and the evidence behind it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Kind = Literal[
    "streams", "coalesced", "held", "stalls", "back_pressure", "cut_short", "timed_out", "not_started",
    "no_connection", "not_valid_http", "untrusted", "bad_coding", "not_a_stream", "stopped", "over_limit", "unknown",
]  # fmt: skip

#: The headline of each kind where a rule has none of its own.
KIND_WORDS: Mapping[Kind, str] = {
    "streams": "Streams",
    "coalesced": "Buffered",
    "held": "Held until the end",
    "stalls": "Stalled",
    "back_pressure": "Slow reader",
    "cut_short": "Cut short",
    "timed_out": "Timed out",
    "not_started": "Not started",
    "no_connection": "No connection",
    "not_valid_http": "Not valid HTTP",
    "untrusted": "Certificate not trusted",
    "bad_coding": "Broken content coding",
    "not_a_stream": "Sent in one go",
    "stopped": "Stopped by you",
    "over_limit": "Stopped at a limit",
    "unknown": "Can't tell",
}


@dataclass(frozen=True, slots=True)
class Evidence:
    """Why a rule says so: its name, the numbers it looked at, and the content bytes ``[start, stop)`` concerned.

    ``says`` tells which of the rule's sentences it is (`rules.rule.Rule.says`). ``bytes`` is None where no bytes are
    concerned or where their place on the content axis is not known. ``in_this_run`` is what the rule looked at in
    sentences, with the numbers of this run.
    """

    rule: str
    says: str
    numbers: Mapping[str, float | int | str] = field(default_factory=dict)
    bytes: tuple[int, int] | None = None
    in_this_run: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """One verdict.

    ``layer`` is the id of a gap (`gap_list.PipelineGap`) or the name of a layer, empty for the whole pipeline.
    ``culprit`` is what is to blame, with its article. ``figure`` is a sentence or two with the numbers, ``advice`` one
    sentence (may be empty), ``cure`` the settings that would cure it. ``so_far`` tells that the stream still runs;
    ``since`` (as ``template_buffer=50``) that it is about the time since that knob was turned. ``claim`` is the
    headline where the words of the kind don't say enough.
    """

    kind: Kind
    layer: str = ""
    culprit: str = ""
    figure: str = ""
    advice: str = ""
    evidence: Evidence = field(default_factory=lambda: Evidence("none", ""))
    cure: Mapping[str, str] | None = None
    so_far: bool = False
    since: str = ""
    claim: str = ""

    @property
    def headline(self) -> str:
        """The finding in one to five words, without a full stop; what is held is not at its end while it runs."""
        words = self.claim or KIND_WORDS[self.kind]
        return words.removesuffix(" until the end") if self.so_far else words
