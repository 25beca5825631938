"""The table of knobs: what can be set on a stream, in which range, and at which layer it acts.

Pure standard library. Choices come from the tables of engines, middlewares and proxies. The server's index page, the
window's controls, ``--help``, ``routes`` and the README are made from this table; a knob more is a row more (and a
field of `inspector.catalogue.KnobValues`).
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from .app_buffers import PLAIN_TEMPLATE, TEMPLATES
from .engines import DEFAULT_ENGINE, ENGINES
from .middlewares import MIDDLEWARE_USAGES, MIDDLEWARES, parse_stack, stack_text
from .proxies import NO_PROXY, PROXIES

KnobKind = Literal["int", "float", "text", "choice", "stack"]
KnobLayer = Literal["source", "view", "template", "middleware", "server", "proxy", "client"]
KnobValue = int | float | str

_WHOLE_NUMBER = re.compile(r"[+-]?[0-9]{1,19}", re.ASCII)
_NUMBER = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]{1,3})?", re.ASCII)
_KIND_NAMES: dict[KnobKind, str] = {
    "int": "a whole number", "float": "a number", "text": "text", "choice": "one of", "stack": "a list of",
}  # fmt: skip
_LONGEST_STACK = 500
#: What is read for each item, or by the recorder for each read.
_LIVE = frozenset({
    "delay_ms", "jitter", "row_bytes", "rows_per_yield", "template_buffer", "client_buffer", "read_rate",
})  # fmt: skip


class BadKnob(ValueError):
    """A knob has a value that it does not take, or is not known; the text names the knob and its range."""


@dataclass(frozen=True, slots=True)
class Knob:
    """One knob. ``minimum`` and ``maximum`` are inclusive; for a text, a choice and a stack they count characters.

    ``layer`` is where it acts: ``source`` (the rows), ``view`` (between the rows and the yields), ``template``
    (Jinja2), ``middleware``, ``server`` (the server process that is chosen), ``proxy``, ``client`` (the recorder). The
    server process does nothing with those of the last three. ``presets`` are for a combo box; ``choices`` are all
    values of a choice, ``refused`` are numbers in the range that it does not take all the same.
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
    refused: Sequence[int] = ()
    choices: tuple[str, ...] = ()

    @property
    def live(self) -> bool:
        """Tell whether it acts on a running stream at once; the others apply to the next one."""
        return self.name in _LIVE

    @property
    def range_text(self) -> str:
        """The values it takes, for people: ``0 to 60000 ms``, ``on, off``."""
        unit = f" {self.unit}" if self.unit else ""
        if self.kind == "choice":
            return ", ".join(self.choices)
        if self.kind == "stack":
            return MIDDLEWARE_USAGES
        if self.kind == "text":
            return f"{self.minimum} to {self.maximum} characters"
        if self.refused:
            return f"{self.minimum}, or {max(self.refused) + 1} to {self.maximum}{unit}"
        return f"{self.minimum} to {self.maximum}{unit}"

    def parse(self, text: str) -> KnobValue:
        """Return the value that a text gives; of a stack, its text without spaces. Raises `BadKnob`."""
        if self.kind == "stack":
            return self._parse_stack(text)
        if self.kind == "choice":
            value: KnobValue = text
            inside = text in self.choices
        elif self.kind == "text":
            value = text
            inside = self.minimum <= len(text) <= self.maximum
        elif self.kind == "int":
            value = int(text) if _WHOLE_NUMBER.fullmatch(text) else math.nan
            inside = self.minimum <= value <= self.maximum and value not in self.refused
        else:
            value = float(text) if _NUMBER.fullmatch(text) else math.nan
            inside = self.minimum <= value <= self.maximum
        if not inside:
            raise self._refusal(text, self.value_text)
        return value

    def _parse_stack(self, text: str) -> str:
        if len(text) > self.maximum:
            raise self._refusal(text, self.value_text)
        try:
            return stack_text(parse_stack(text))
        except ValueError as error:
            raise self._refusal(text, f"{_KIND_NAMES[self.kind]} {error}") from None

    def _refusal(self, text: str, takes: str) -> BadKnob:
        given = text if len(text) <= 40 else f"{text[:40]}..."
        return BadKnob(f"{self.name}={given} is refused: {self.name} takes {takes}.")

    @property
    def value_text(self) -> str:
        """Kind and range, for people: ``a whole number, 0 to 10000000 rows``, ``one of on, off``."""
        comma = "" if self.kind in ("choice", "stack") else ","
        return f"{_KIND_NAMES[self.kind]}{comma} {self.range_text}"


def _choice(name: str, choices: tuple[str, ...], default: str, sentence: str, layer: KnobLayer) -> Knob:
    longest = max(map(len, choices))
    return Knob(name, "choice", 1, longest, default, "", sentence, layer, choices, choices=choices)


#: What a buffer of items is worth trying at; beyond the last one is all.
ITEM_PRESETS = (0, 2, 5, 10, 50, 100, 500, 1_000)

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
    _choice("template", (PLAIN_TEMPLATE, *(row.name for row in TEMPLATES)), PLAIN_TEMPLATE,
            "How the template is written: all but plain are constructs that Jinja2 renders in one lump.",
            "template"),
    Knob("name", "text", 0, 10_000, "World", "",
         "The name that the /stream views greet; they read it from the query, so without it nothing is greeted.",
         "source", ("World", "<b>Jo</b>", "Zoë")),
    _choice("x_accel", ("unset", "no"), "unset",
            "no adds the header X-Accel-Buffering: no, which asks nginx not to buffer this response.",
            "view"),
    Knob("middleware", "stack", 0, _LONGEST_STACK, "", "",
         "Middlewares between the view and the WSGI server, comma separated, the one next to the view first.",
         "middleware", ("", *(row.example for row in MIDDLEWARES))),
    _choice("engine", tuple(row.name for row in ENGINES), DEFAULT_ENGINE,
            "The WSGI server that serves the app, each in a process of its own.",
            "server"),
    Knob("send_bytes", "int", 1, 1_048_576, 1, "bytes",
         "waitress collects so many bytes before it sends (its send_bytes); 1, its default, sends each item.",
         "server", (1, 100, 1_024, 4_096, 18_000, 65_536)),
    Knob("send_buffer", "int", 0, 16_777_216, 0, "bytes",
         "The kernel's buffer for what the server sends (SO_SNDBUF of the listening socket); 0 is the system's own.",
         "server", (0, 4_096, 16_384, 65_536, 262_144), range(1, 2_048)),
    _choice("proxy", tuple(row.name for row in PROXIES), NO_PROXY,
            "The proxy in front of the server.",
            "proxy"),
    _choice("proxy_buffering", ("on", "off"), "on",
            "nginx's proxy_buffering: off sends on what it gets at once.",
            "proxy"),
    Knob("proxy_buffer_size", "int", 1_024, 1_048_576, 4_096, "bytes",
         "nginx's proxy_buffer_size, and the size of each of its proxy_buffers.",
         "proxy", (1_024, 4_096, 8_192, 65_536)),
    _choice("proxy_http_version", ("1.0", "1.1"), "1.0",
            "nginx's proxy_http_version towards the server: 1.0 was its default before 1.29.7.",
            "proxy"),
    _choice("proxy_gzip", ("off", "on"), "off",
            "nginx's gzip, for every type; it acts only for a client that accepts gzip.",
            "proxy"),
    Knob("client_buffer", "int", 0, 16_777_216, 0, "bytes",
         "Bytes that the client collects before it hands on a piece; 0 for as received. Acts in the recorder.",
         "client", (0, 64, 512, 1_024, 8_192, 65_536)),
    Knob("receive_buffer", "int", 0, 16_777_216, 0, "bytes",
         "The kernel's buffer for what the client receives (SO_RCVBUF, set before connect); 0 is the system's own.",
         "client", (0, 4_096, 16_384, 65_536, 262_144), range(1, 2_048)),
    Knob("read_size", "int", 1, 16_777_216, 262_144, "bytes",
         "How much the client asks for in one read of its socket.",
         "client", (1, 64, 1_024, 4_096, 65_536, 262_144)),
    Knob("read_rate", "int", 0, 1_000_000_000, 0, "bytes/s",
         "A slow reader: the client reads so many bytes per second; 0 is as fast as they come.",
         "client", (0, 100, 1_000, 10_000, 100_000, 1_000_000)),
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
