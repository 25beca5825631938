"""The table of knobs: what can be set on a stream, in which range, and at which layer it acts.

Pure standard library. The server's index page, the window's controls, ``--help``, ``routes`` and the README are made
from this table; a knob more is a row more (and a field of `server.catalogue.KnobValues`).
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Literal

KnobKind = Literal["int", "float", "text"]
KnobLayer = Literal["source", "view", "template", "client"]
KnobValue = int | float | str

_WHOLE_NUMBER = re.compile(r"[+-]?[0-9]{1,19}", re.ASCII)
_NUMBER = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]{1,3})?", re.ASCII)
_KIND_NAMES: dict[KnobKind, str] = {"int": "a whole number", "float": "a number", "text": "text"}


class BadKnob(ValueError):
    """A knob has a value that it does not take, or is not known; the text names the knob and its range."""


@dataclass(frozen=True, slots=True)
class Knob:
    """One knob. ``minimum`` and ``maximum`` are inclusive; for a text they count characters.

    ``layer`` is where it acts: ``source`` (the rows), ``view`` (between the rows and the yields), ``template``
    (Jinja2's buffer), ``client`` (the recorder; the server does nothing with it). ``presets`` are for a combo box.
    """

    name: str
    kind: KnobKind
    minimum: int | float
    maximum: int | float
    default: KnobValue
    unit: str
    sentence: str
    layer: KnobLayer
    presets: tuple[KnobValue, ...] = ()
    refused: tuple[int, ...] = ()

    @property
    def range_text(self) -> str:
        """The values it takes, for people: ``0 to 60000 ms``."""
        unit = f" {self.unit}" if self.unit else ""
        if self.kind == "text":
            return f"{self.minimum} to {self.maximum} characters"
        if self.refused:
            return f"{self.minimum}, or {max(self.refused) + 1} to {self.maximum}{unit}"
        return f"{self.minimum} to {self.maximum}{unit}"

    def parse(self, text: str) -> KnobValue:
        """Return the value that a text gives. Raises `BadKnob`."""
        if self.kind == "text":
            value: KnobValue = text
            inside = self.minimum <= len(text) <= self.maximum
        elif self.kind == "int":
            value = int(text) if _WHOLE_NUMBER.fullmatch(text) else math.nan
            inside = self.minimum <= value <= self.maximum and value not in self.refused
        else:
            value = float(text) if _NUMBER.fullmatch(text) else math.nan
            inside = self.minimum <= value <= self.maximum
        if not inside:
            given = text if len(text) <= 40 else f"{text[:40]}..."
            raise BadKnob(f"{self.name}={given} is refused: {self.name} takes {self.value_text}.")
        return value

    @property
    def value_text(self) -> str:
        """Kind and range, for people: ``a whole number, 0 to 10000000 rows``."""
        return f"{_KIND_NAMES[self.kind]}, {self.range_text}"


KNOBS: tuple[Knob, ...] = (
    Knob("rows", "int", 0, 10_000_000, 40, "rows",
         "How many rows the database gives; 0 never ends.",
         "source", (0, 5, 40, 200, 1_000, 100_000, 1_000_000)),
    Knob("delay_ms", "float", 0, 60_000, 50, "ms",
         "Pause before each row after the first; in the /stream views, after each yield.",
         "source", (0, 1, 10, 50, 200, 1_000, 5_000)),
    Knob("jitter", "float", 0, 1, 0.2, "",
         "How much the pauses vary: 0.2 means up to 20 % shorter or longer, evenly spread.",
         "source", (0, 0.1, 0.2, 0.5, 1)),
    Knob("seed", "int", 0, 2**32 - 1, 1, "",
         "Start of the random numbers behind the jitter; the same seed gives the same pauses.",
         "source", (1, 2, 3, 42)),
    Knob("row_bytes", "int", 0, 1_048_576, 0, "bytes",
         "Pads each row, as a line of CSV, to this size; 0 leaves it as it is, longer rows stay whole.",
         "source", (0, 58, 256, 1_024, 16_384, 65_536)),
    Knob("fetch_rows", "int", 1, 100_000, 1, "rows",
         "Rows per fetch (cursor.arraysize): the database hands them over together, after the pauses of all of them.",
         "source", (1, 5, 10, 100, 1_000)),
    Knob("rows_per_yield", "int", 1, 100_000, 1, "rows",
         "CSV rows that the view joins into one yield.",
         "view", (1, 2, 5, 10, 100)),
    Knob("template_buffer", "int", 0, 100_000, 0, "items",
         "Items that Jinja2 joins into one yield (enable_buffering; empty items do not count); 0 for none.",
         "template", (0, 2, 5, 10, 50, 1_000), (1,)),
    Knob("name", "text", 0, 10_000, "World", "",
         "The name that the /stream views greet; they read it from the query, so without it nothing is greeted.",
         "source", ("World", "<b>Jo</b>", "Zoë")),
    Knob("client_buffer", "int", 0, 16_777_216, 0, "bytes",
         "Bytes that the client collects before it hands on a piece; 0 for as received. Acts in the recorder.",
         "client", (0, 64, 512, 1_024, 8_192, 65_536)),
)  # fmt: skip

KNOB_BY_NAME: dict[str, Knob] = {knob.name: knob for knob in KNOBS}


def knob_of(name: str) -> Knob:
    """Return a knob of the table. Raises `BadKnob`, listing the knobs, for a name that is not in it."""
    try:
        return KNOB_BY_NAME[name]
    except KeyError:
        known = ", ".join(KNOB_BY_NAME)
        shown = name if len(name) <= 40 else f"{name[:40]}..."
        raise BadKnob(f"{shown!r} is not a knob. The knobs are {known}.") from None
