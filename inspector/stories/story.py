"""What a story is: steps, each with what to stream, a sentence to say, where to point and what to ask."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal, get_args

from inspector.catalogue import KNOBS, missing_text, parse_stack

Act = Literal["stream", "change", "replay", "stay"]
Pane = Literal["", "reader", "source", "log", "memory"]
ACTS: tuple[Act, ...] = get_args(Act)
PANES: tuple[Pane, ...] = get_args(Pane)


@dataclass(frozen=True, slots=True)
class Beside:
    """What streams as run B at the same time: its target and all of its settings that are not at their defaults."""

    target: str
    knobs: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Step:
    """One step.

    ``caption`` and ``question`` may hold placeholders (`placeholders`). ``target`` and ``knobs`` are what streams as of
    this step: all settings that are not at their defaults, those of the steps before it included. ``act`` is what
    happens: ``stream`` begins a run, ``change`` turns the settings of the one that runs, ``replay`` shows it again at
    ``speed``, ``stay`` leaves it alone. ``point`` is the id of a gap or the name of a lane, ``pane`` what is brought to
    the front beside the picture; both may be empty. ``shows_buttons`` means that the room is to try the buffer.
    """

    caption: str
    question: str = ""
    target: str = ""
    knobs: Mapping[str, str] = field(default_factory=dict)
    beside: Beside | None = None
    act: Act = "stay"
    point: str = ""
    pane: Pane = ""
    speed: float = 1.0
    shows_buttons: bool = False

    @property
    def missing(self) -> str:
        """What has to be installed before this step can stream: ``nginx is not installed: apt-get ...``; else empty."""
        return next(
            (text for texts in (self.knobs, self.beside.knobs if self.beside else {}) for text in _missing(texts)), ""
        )


def _missing(texts: Mapping[str, str]) -> Iterator[str]:
    for knob in KNOBS:
        text = texts.get(knob.name, "")
        if knob.table and text:
            for name in [asked.name for asked in parse_stack(text)] if knob.kind == "stack" else [text]:
                row = knob.row_of(name)
                if row is not None and (missing := missing_text(row)):
                    yield f"{name} is {missing}"


@dataclass(frozen=True, slots=True)
class Story:
    """One story. ``id`` is its file's name without ``.toml``, ``hint`` the small print of a card."""

    id: str
    title: str
    summary: str
    hint: str
    steps: tuple[Step, ...]
