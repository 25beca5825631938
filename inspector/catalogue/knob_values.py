"""The values of all knobs for one request, and how the texts of a query become them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .engines import ENGINES, EngineRow
from .knobs import KNOBS, BadKnob, knob_of
from .middlewares import parse_stack
from .proxies import PROXIES, ProxyRow
from .views import MOST_HELD_BYTES, View

#: The knobs that choose a row of a table which says by its ``takes`` what else acts then.
_CHOOSING: dict[str, tuple[EngineRow | ProxyRow, ...]] = {"engine": ENGINES, "proxy": PROXIES}
#: The knobs that count what is held together; an item of a template is a row at most.
_BUFFERS = ("rows_per_yield", "template_buffer")
_ENDLESS = 10**12
#: What a row of a template takes besides its text: its markup, and that it comes in many small parts.
_MARKUP_BYTES = 400
#: What a row of the database measures at most where ``row_bytes`` does not pad it.
LONGEST_PLAIN_ROW_BYTES = 80


@dataclass(frozen=True, slots=True)
class KnobValues:
    """The values of all knobs for one request; units as in the table. ``name`` is None where the query has none."""

    rows: int
    delay_ms: float
    jitter: float
    seed: int
    row_bytes: int
    fetch_rows: int
    rows_per_yield: int
    template_buffer: int
    template: str
    x_accel: str
    middleware: str
    engine: str
    send_bytes: int
    send_buffer: int
    proxy: str
    proxy_buffering: str
    proxy_buffer_size: int
    proxy_http_version: str
    proxy_gzip: str
    client_buffer: int
    receive_buffer: int
    read_size: int
    read_rate: int
    name: str | None


def parse_knobs(view: View, texts: Mapping[str, str]) -> KnobValues:
    """Return the values of all knobs for a view, its defaults where nothing is given.

    Raises `BadKnob` for a value out of range, for a name that is no knob, for one that does nothing here (`idle_text`),
    and for more than a view that holds the whole body can hold.
    """
    values: dict[str, Any] = {knob.name: view.default(knob.name) for knob in KNOBS}
    values["name"] = None
    for name, text in texts.items():
        values[name] = knob_of(name).parse(text)
    for name in texts:
        if idle := idle_text(view, name, texts):
            raise BadKnob(idle)
    found = KnobValues(**values)
    refuse_held(view, found)
    return found


def acting_knobs(view: View, texts: Mapping[str, str]) -> tuple[str, ...]:
    """Return the names of the knobs that do something on a view with the engine and the proxy that ``texts`` choose."""
    return tuple(name for name in view.knobs if not idle_text(view, name, texts))


def idle_text(view: View, name: str, texts: Mapping[str, str]) -> str:
    """Return why a knob does nothing on a view with the engine and the proxy that ``texts`` choose, empty if it acts.

    The sentence says what has it instead, or which settings the view has.
    """
    if name not in view.knobs:
        return f"{name} does nothing on {view.route}. Its settings are {', '.join(acting_knobs(view, texts))}."
    for chooser, rows in _CHOOSING.items():
        having = [row.name for row in rows if name in row.takes]
        chosen = texts.get(chooser, str(view.default(chooser)))
        if having and chosen not in having:
            return f"{name} does nothing with {chooser}={chosen}. It acts with {chooser}={' or '.join(having)}."
    return ""


def refuse_held(view: View, values: KnobValues) -> None:
    """Raise `BadKnob` for more than one response may hold at once, with the numbers: anybody here may ask for it."""
    if "rows" not in view.knobs:
        return
    row_bytes = max(values.row_bytes, LONGEST_PLAIN_ROW_BYTES)
    holder = _holder_of_all(view, values)
    if holder and "template_buffer" in view.knobs:
        row_bytes += _MARKUP_BYTES
    most_bytes = view.most_held_bytes or MOST_HELD_BYTES
    most_rows = min(most_bytes // row_bytes, int(knob_of("rows").maximum))
    if holder:
        if not 1 <= values.rows <= most_rows:
            raise BadKnob(
                f"rows={values.rows} is refused: {holder} the whole body first, "
                f"so here rows takes a whole number, 1 to {most_rows} rows (with row_bytes={values.row_bytes})."
            )
        return
    for name in _BUFFERS:
        rows = min(getattr(values, name), values.rows or _ENDLESS)
        if name in view.knobs and rows > most_rows:
            raise BadKnob(
                f"{name}={getattr(values, name)} is refused: with row_bytes={values.row_bytes} it would hold "
                f"{rows * row_bytes} bytes, and {most_bytes} are the most. Take {most_rows} or fewer."
            )


def _holder_of_all(view: View, values: KnobValues) -> str:
    """Return what holds the whole body, to be followed by that; empty where nothing does."""
    if view.most_held_bytes:
        return f"{view.route} collects"
    collecting = [asked.name for asked in parse_stack(values.middleware) if asked.row.collects]
    if collecting:
        return f"the middleware {collecting[0]} collects"
    if "template" in view.knobs and values.template != knob_of("template").default:
        return f"template={values.template} renders"
    return ""
