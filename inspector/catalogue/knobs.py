"""The table of knobs: what can be set on a stream, in which range, and at which layer it acts.

Pure standard library. Choices come from the tables of engines, middlewares and proxies. The server's index page, the
window's controls, ``--help``, ``routes`` and the README are made from this table: a new knob is a row here and the code
that acts on its value.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from typing import Any, Literal, NamedTuple

from .app_buffers import PLAIN_TEMPLATE, TEMPLATE_KNOB, TEMPLATES
from .availability import Row
from .engines import DEFAULT_ENGINE, ENGINES
from .middlewares import MIDDLEWARE_USAGES, MIDDLEWARES, parse_stack, stack_text
from .proxies import NO_PROXY, PROXIES

KnobKind = Literal["int", "float", "text", "choice", "stack"]
KnobLayer = Literal["source", "view", "template", "middleware", "server", "proxy", "client"]
KnobProcess = Literal["app", "server", "proxy", "recorder"]
KnobValue = int | float | str
#: What a view has that a knob can act on; the `View` says which.
ViewTrait = Literal["rows", "csv", "template", "constructs", "pauses", "greeting"]
#: The gaps of the ladder.
Gap = Literal["source", "template", "middleware", "server", "framing", "client"]

_PROCESSES: dict[KnobLayer, KnobProcess] = {"server": "server", "proxy": "proxy", "client": "recorder"}

_WHOLE_NUMBER = re.compile(r"[+-]?[0-9]{1,19}", re.ASCII)
_NUMBER = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]{1,3})?", re.ASCII)
_KIND_NAMES: dict[KnobKind, str] = {
    "int": "a whole number", "float": "a number", "text": "text", "choice": "one of", "stack": "a list of",
}  # fmt: skip
_LONGEST_STACK = 500
#: How a box for numbers writes a unit after its value.
_UNIT_SUFFIXES = {"bytes": "B", "bytes/s": "B/s"}
#: Units that are counted: one of them has no s at its end.
_COUNTED = ("rows", "items")


_AT_ONCE = "In effect at once on a running stream; Enter streams again."
_NEXT_RUN = "Applies to the next run (Enter)."
#: What the most that a buffer takes is called: it holds everything until the end.
ALL = "all"


def number_text(number: float) -> str:
    """Return a number as a person reads it: ``1,754``, ``0.25``."""
    return f"{number:,.3f}".rstrip("0").rstrip(".")


class BadKnob(ValueError):
    """A knob has a value that it does not take, or is not known; the text names the knob and its range."""


class Knob(NamedTuple):
    """One knob. ``minimum`` and ``maximum`` are inclusive; for a text, a choice and a stack they count characters.

    ``layer`` is where it acts: ``source`` (the rows), ``view`` (between the rows and the yields), ``template``
    (Jinja2), ``middleware``, ``server`` (the server process that is chosen), ``proxy``, ``client`` (the recorder).
    ``presets`` are for a combo box; ``choices`` are all values of a choice, ``table`` the rows that a choice or a stack
    takes its values from. ``refused`` are numbers in the range that it does not take all the same. ``is_optional``
    tells that leaving it out is something else than giving its default.

    Where it acts: ``acts_on`` names traits of views, none for every view; ``only_with`` is a knob and the values of it
    that this one needs. ``live`` means that it acts on a running stream at once; the others apply to the next one.
    ``headers`` are pairs of a value and a request header that it needs.

    What it does to a stream: ``is_buffer`` means that it counts what is held together, ``is_read_rate`` that it limits
    how fast the client reads; ``off`` is the value that takes that away (``noun`` names what does it, with its
    ``{value}``, ``advice`` says what to do about it). ``divides`` is the knob whose number it divides into groups that
    come together. A stream never ends with the value ``endless``, and is as short as it can be with ``shortest``.

    How it is shown: ``label`` beside its editor, ``zero_text`` in place of 0 or an empty text, ``value_words`` in
    place of other values, ``group`` is the heading that it stands under where it is not that of its layer (`heading`).
    ``shown_at`` is the gap of the ladder,
    ``in_sight`` means that it stands there before the others and not behind a button, ``gap_titles`` are the title and
    short title of that gap where it stands there, ``brief`` is its part of the line that sums the gap up, with
    ``{shown}`` or ``{value}`` in it; one that begins with a space belongs to the part before it and is left out where
    there is none of it.
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
    table: tuple[Row, ...] = ()
    is_optional: bool = False
    acts_on: tuple[ViewTrait, ...] = ()
    only_with: tuple[str, tuple[str, ...]] = ("", ())
    live: bool = False
    headers: tuple[tuple[str, tuple[str, str]], ...] = ()
    is_buffer: bool = False
    is_read_rate: bool = False
    divides: str = ""
    off: str = ""
    noun: str = ""
    advice: str = ""
    endless: str = ""
    shortest: str = ""
    label: str = ""
    zero_text: str = ""
    value_words: tuple[tuple[str, str], ...] = ()
    group: str = ""
    shown_at: Gap = "source"
    in_sight: bool = False
    gap_titles: tuple[str, str] = ("", "")
    brief: str = ""

    @property
    def process(self) -> KnobProcess:
        """What it is told to: the ``app`` by the request, or the ``server``, ``proxy`` or ``recorder`` process."""
        return _PROCESSES.get(self.layer, "app")

    @property
    def short_label(self) -> str:
        """The word that stands beside its editor."""
        return self.label or self.name.replace("_", " ")

    @property
    def nickname(self) -> str:
        """What it is called where there is little room and no other that could be meant: ``buffer``."""
        return self.gap_titles[1] or self.short_label

    @property
    def heading(self) -> str:
        """The heading that it stands under, among the settings of one gap."""
        return self.group or self.layer.capitalize()

    @property
    def needs_text(self) -> str:
        """What else must be chosen so that it acts: ``Only with engine waitress.``, empty for nothing."""
        chooser, having = self.only_with
        return f"Only with {chooser} {' or '.join(having)}." if chooser else ""

    @property
    def when_it_acts(self) -> str:
        """When a change of it takes effect, and what Enter does."""
        return _AT_ONCE if self.live else _NEXT_RUN

    def unit_suffix(self, value: float) -> str:
        """Return what stands behind a number of it: `` B``, `` rows``, `` row`` for 1, empty for no unit."""
        unit = _UNIT_SUFFIXES.get(self.unit, self.unit)
        if not unit:
            return ""
        return f" {unit.removesuffix('s')}" if value == 1 and unit in _COUNTED else f" {unit}"

    def words(self, value: KnobValue) -> str:
        """Return what a value is called: ``50 items``, ``none``, ``all`` for the most that a buffer takes."""
        if self.kind == "stack":
            return str(value).replace(",", " → ") or self.zero_text
        if self.kind not in ("int", "float"):
            return dict(self.value_words).get(str(value), str(value)) or self.zero_text
        number = float(value)
        if self.zero_text and not number:
            return self.zero_text
        if self.is_buffer and number >= self.maximum:
            return ALL
        return number_text(number) + self.unit_suffix(number)

    def words_of_text(self, text: str) -> str:
        """Return what a value is called, by its text in a query; what is no value stays as it is."""
        try:
            return self.words(self.parse(text)) or "none"
        except BadKnob:
            return text

    def named(self, text: str) -> str:
        """Return name and value, for a text in a query: ``template buffer 50 items``; ``200 rows`` says both."""
        words = self.words_of_text(text)
        return words if self.short_label == self.unit else f"{self.short_label} {words}"

    @property
    def takes_text(self) -> str:
        """What to say to a person who typed a number that it does not take: ``rows: a whole number, 0 to 1,000``."""
        whole = "a whole number" if self.kind == "int" else "a number"
        least, most = number_text(float(self.minimum)), number_text(float(self.maximum))
        if self.refused:
            least += f", or {number_text(max(self.refused) + 1)}"
        unit = f" {self.unit}" if self.unit else ""
        return f"{self.short_label.capitalize()} takes {whole}, {least} to {most}{unit}."

    def row_of(self, value: str) -> Row | None:
        """Return the row of its table that a value such as ``rechunk:4096`` is about, None for none."""
        base = value.partition(":")[0]
        return next((row for row in self.table if row.name == base), None)

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


def _choice(name: str, choices: tuple[str, ...], default: str, sentence: str, layer: KnobLayer, **facts: Any) -> Knob:
    longest = max(map(len, choices))
    return Knob(name, "choice", 1, longest, default, "", sentence, layer, choices, choices=choices, **facts)


def _names(rows: Sequence[Row]) -> tuple[str, ...]:
    return tuple(row.name for row in rows)


#: What a buffer of items is worth trying at; beyond the last one is all.
ITEM_PRESETS = (0, 2, 5, 10, 50, 100, 500, 1_000)
_NGINX = ("proxy", ("nginx",))

KNOBS: tuple[Knob, ...] = (
    Knob("rows", "int", 0, 10_000_000, 40, "rows",
         "How many rows the database gives; 0 never ends.",
         "source", (0, 5, 40, 200, 1_000, 100_000, 1_000_000),
         acts_on=("rows",), endless="0", shortest="1", zero_text="endless", brief="{shown}"),
    Knob("delay_ms", "float", 0, 60_000, 50, "ms",
         "Pause before each row after the first; in the /stream views, after each yield.",
         "source", (0, 1, 10, 50, 200, 1_000, 5_000),
         acts_on=("rows", "pauses"), live=True, shortest="0", label="pause between rows", brief="every {shown}"),
    Knob("jitter", "float", 0, 1, 0.2, "",
         "How much the pauses vary: 0.2 means up to 20 % shorter or longer, evenly spread.",
         "source", (0, 0.1, 0.2, 0.5, 1),
         acts_on=("rows", "pauses"), live=True, label="random ±", brief=" ± {value:.0%}"),
    Knob("seed", "int", 0, 2**32 - 1, 1, "",
         "Start of the random numbers behind the jitter; the same seed gives the same pauses.",
         "source", (1, 2, 3, 42),
         acts_on=("rows", "pauses")),
    Knob("row_bytes", "int", 0, 1_048_576, 0, "bytes",
         "Pads each row, as a line of CSV, to this size; 0 leaves it as it is, longer rows stay whole.",
         "source", (0, 58, 256, 1_024, 16_384, 65_536),
         acts_on=("rows",), live=True, shortest="0", label="row size", zero_text="unpadded"),
    Knob("fetch_rows", "int", 1, 100_000, 1, "rows",
         "Rows per fetch (cursor.arraysize): the database hands them over together, after the pauses of all of them.",
         "source", (1, 5, 10, 100, 1_000),
         acts_on=("rows",), divides="rows", label="rows per fetch"),
    Knob("rows_per_yield", "int", 1, 100_000, 1, "rows",
         "CSV rows that the view joins into one yield.",
         "view", (1, 2, 5, 10, 100),
         acts_on=("csv",), live=True, is_buffer=True, off="1",
         shown_at="template", in_sight=True, gap_titles=("rows per yield", "rows per yield"), brief="{shown}"),
    Knob("template_buffer", "int", 0, 100_000, 0, "items",
         "Items that Jinja2 joins into one yield (enable_buffering; empty items do not count); 0 for none.",
         "template", (0, 2, 5, 10, 50, 1_000), (1,),
         acts_on=("template",), live=True, is_buffer=True, off="0", zero_text="none",
         shown_at="template", in_sight=True, gap_titles=("template buffer", "buffer"), brief="{shown}"),
    _choice(TEMPLATE_KNOB, (PLAIN_TEMPLATE, *(row.name for row in TEMPLATES)), PLAIN_TEMPLATE,
            "How the template is written: all but plain are constructs that Jinja2 renders in one lump.",
            "template",
            acts_on=("constructs",), shown_at="template"),
    Knob("name", "text", 0, 10_000, "World", "",
         "The name that the /stream views greet; they read it from the query, so without it nothing is greeted.",
         "source", ("World", "<b>Jo</b>", "Zoë"),
         acts_on=("greeting",), is_optional=True, brief="name {shown}"),
    _choice("x_accel", ("unset", "no"), "unset",
            "no adds the header X-Accel-Buffering: no, which asks nginx not to buffer this response.",
            "view",
            label="X-Accel-Buffering", value_words=(("unset", "not sent"),), shown_at="template"),
    Knob("middleware", "stack", 0, _LONGEST_STACK, "", "",
         "Middlewares between the view and the WSGI server, comma separated, the one next to the view first.",
         "middleware", ("", *(row.example for row in MIDDLEWARES)),
         table=MIDDLEWARES, label="middlewares", zero_text="none", shown_at="middleware", in_sight=True,
         brief="{shown}"),
    _choice("engine", _names(ENGINES), DEFAULT_ENGINE,
            "The WSGI server that serves the app, each in a process of its own.",
            "server",
            table=ENGINES, shown_at="server", in_sight=True, brief="{shown}"),
    Knob("send_bytes", "int", 1, 1_048_576, 1, "bytes",
         "waitress collects so many bytes before it sends (its send_bytes); 1, its default, sends each item.",
         "server", (1, 100, 1_024, 4_096, 18_000, 65_536),
         only_with=("engine", ("waitress",)), shown_at="server"),
    Knob("send_buffer", "int", 0, 16_777_216, 0, "bytes",
         "The kernel's buffer for what the server sends (SO_SNDBUF of the listening socket); 0 is the system's own.",
         "server", (0, 4_096, 16_384, 65_536, 262_144), range(1, 2_048),
         zero_text="system default", shown_at="server", group="Sockets"),
    _choice("proxy", _names(PROXIES), NO_PROXY,
            "The proxy in front of the server.",
            "proxy",
            table=PROXIES, shown_at="server", brief=" → {shown}"),
    _choice("proxy_buffering", ("on", "off"), "on",
            "nginx's proxy_buffering: off sends on what it gets at once.",
            "proxy",
            only_with=_NGINX, label="proxy buffering", shown_at="server"),
    Knob("proxy_buffer_size", "int", 1_024, 1_048_576, 4_096, "bytes",
         "nginx's proxy_buffer_size, and the size of each of its proxy_buffers.",
         "proxy", (1_024, 4_096, 8_192, 65_536),
         only_with=_NGINX, label="proxy buffer size", shown_at="server"),
    _choice("proxy_http_version", ("1.0", "1.1"), "1.0",
            "nginx's proxy_http_version towards the server: 1.0 was its default before 1.29.7.",
            "proxy",
            only_with=_NGINX, label="upstream HTTP", shown_at="server"),
    _choice("proxy_gzip", ("off", "on"), "off",
            "nginx's gzip, for every type; it acts only for a client that accepts gzip.",
            "proxy",
            only_with=_NGINX, headers=(("on", ("Accept-Encoding", "gzip")),), label="proxy gzip", shown_at="server"),
    Knob("client_buffer", "int", 0, 16_777_216, 0, "bytes",
         "Bytes that the client collects before it hands on a piece; 0 for none. Acts in the recorder.",
         "client", (0, 64, 512, 1_024, 8_192, 65_536),
         live=True, is_buffer=True, off="0", noun="the client's buffer of {value:,} bytes",
         advice="Read without a chunk size (iter_raw() or iter_bytes()), so that nothing is collected.",
         zero_text="none", shown_at="client", in_sight=True,
         gap_titles=("client buffer", "client buffer"), brief="{shown}"),
    Knob("receive_buffer", "int", 0, 16_777_216, 0, "bytes",
         "The kernel's buffer for what the client receives (SO_RCVBUF, set before connect); 0 is the system's own.",
         "client", (0, 4_096, 16_384, 65_536, 262_144), range(1, 2_048),
         zero_text="system default", shown_at="server", group="Sockets"),
    Knob("read_size", "int", 1, 16_777_216, 262_144, "bytes",
         "How much the client asks for in one read of its socket.",
         "client", (1, 64, 1_024, 4_096, 65_536, 262_144),
         shown_at="server"),
    Knob("read_rate", "int", 0, 1_000_000_000, 0, "bytes/s",
         "A slow reader: the client reads so many bytes per second; 0 is as fast as they come.",
         "client", (0, 100, 1_000, 10_000, 100_000, 1_000_000),
         live=True, is_read_rate=True, off="0", zero_text="unlimited", shown_at="client"),
)  # fmt: skip

KNOB_BY_NAME: dict[str, Knob] = {knob.name: knob for knob in KNOBS}


def knob_of(name: str) -> Knob:
    """Return a knob of the table. Raises `BadKnob`, listing the knobs, for a name that is not in it."""
    try:
        return KNOB_BY_NAME[name]
    except KeyError:
        known = ", ".join(KNOB_BY_NAME)
        shown = name if len(name) <= 40 else f"{name[:40]}..."
        raise BadKnob(f"{shown!r} is not a setting. The settings are {known}.") from None


def knobs_told_to(process: KnobProcess) -> tuple[str, ...]:
    """Return the names of the knobs that a process is told, in the order of the table."""
    return tuple(knob.name for knob in KNOBS if knob.process == process)


def chooser_of(table: Sequence[Row]) -> Knob:
    """Return the knob whose values are rows of a table: of the engines, middlewares or proxies."""
    return next(knob for knob in KNOBS if knob.table == table)


#: The buffer of the client, which any target has, and how fast the client reads.
CLIENT_BUFFER = next(knob for knob in KNOBS if knob.is_buffer and knob.process == "recorder")
READ_RATE = next(knob for knob in KNOBS if knob.is_read_rate)
#: Knobs that decide which others act.
CHOOSERS: tuple[str, ...] = tuple(dict.fromkeys(knob.only_with[0] for knob in KNOBS if knob.only_with[0]))
