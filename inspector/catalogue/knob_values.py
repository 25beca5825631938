"""The values of all knobs for one request, parsed from the texts of its query."""

from __future__ import annotations

from collections.abc import Mapping

from .knobs import KNOBS, BadKnob, KnobValue, chooser_of, knob_of
from .middlewares import MIDDLEWARES, RequestedMiddleware, parse_stack
from .views import MOST_HELD_BYTES, View

_ENDLESS = 10**12
#: What a row of a template takes besides its text: its markup, and that it comes in many small parts.
_MARKUP_BYTES = 400
#: What a row of the database measures at most where ``row_bytes`` does not pad it.
LONGEST_PLAIN_ROW_BYTES = 80


class KnobValues:
    """The values of all knobs for one request by name, units as in the table; never altered.

    An optional knob that the query does not have is not among them.
    """

    __slots__ = ("_values",)

    def __init__(self, values: Mapping[str, KnobValue]) -> None:
        self._values = dict(values)

    def __contains__(self, name: str) -> bool:
        return name in self._values

    def __getitem__(self, name: str) -> KnobValue:
        return self._values[name]

    def whole(self, name: str) -> int:
        """Return the value of a knob for whole numbers. Raises ``KeyError``."""
        return int(self._values[name])

    def number(self, name: str) -> float:
        """Return the value of a knob for numbers. Raises ``KeyError``."""
        return float(self._values[name])

    def text(self, name: str) -> str:
        """Return the value of any knob as a query has it. Raises ``KeyError``."""
        value = self._values[name]
        return f"{value:g}" if isinstance(value, float) else str(value)

    def stack(self) -> tuple[RequestedMiddleware, ...]:
        """Return the middlewares that are asked for, the one next to the view first."""
        return parse_stack(self.text(chooser_of(MIDDLEWARES).name))

    def changed(self, values: Mapping[str, KnobValue]) -> KnobValues:
        """Return the same values but for those given."""
        return KnobValues({**self._values, **values})


def parse_knobs(view: View, texts: Mapping[str, str]) -> KnobValues:
    """Return the values of all knobs for a view, its defaults where nothing is given.

    Raises `BadKnob` for a value out of range, for a name that is no knob, for one that does nothing here (`idle_text`),
    and for more than a view that holds the whole body can hold.
    """
    values = {knob.name: view.default(knob.name) for knob in KNOBS if not knob.is_optional}
    for name, text in texts.items():
        values[name] = knob_of(name).parse(text)
    for name in texts:
        if idle := idle_text(view, name, texts):
            raise BadKnob(idle)
    found = KnobValues(values)
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
        return does_nothing(name, view.route, acting_knobs(view, texts))
    chooser, having = knob_of(name).only_with
    chosen = texts.get(chooser, str(view.default(chooser))) if chooser else ""
    if chosen in having or not chooser:
        return ""
    return f"{name} does nothing with {chooser}={chosen}. It acts with {chooser}={' or '.join(having)}."


def does_nothing(name: str, noun: str, acting: tuple[str, ...]) -> str:
    """Return the sentence for a knob that a target does not have, with those that it has."""
    return f"{name} does nothing on {noun}. Its settings are {', '.join(acting)}."


def refuse_held(view: View, values: KnobValues) -> None:
    """Raise `BadKnob` for more than one response may hold at once, with the numbers: anybody here may ask for it."""
    if "rows" not in view.knobs:
        return
    wanted_bytes = values.whole("row_bytes")
    row_bytes = max(wanted_bytes, LONGEST_PLAIN_ROW_BYTES)
    holder = _holder_of_all(view, values)
    if holder and "template_buffer" in view.knobs:
        row_bytes += _MARKUP_BYTES
    most_bytes = view.most_held_bytes or MOST_HELD_BYTES
    most_rows = min(most_bytes // row_bytes, int(knob_of("rows").maximum))
    if holder:
        if not 1 <= values.whole("rows") <= most_rows:
            raise BadKnob(
                f"rows={values.whole('rows')} is refused: {holder} the whole body first, "
                f"so here rows takes a whole number, 1 to {most_rows} rows (with row_bytes={wanted_bytes})."
            )
        return
    for name in (knob.name for knob in KNOBS if knob.is_buffer and knob.process == "app"):
        rows = min(values.whole(name), values.whole("rows") or _ENDLESS)
        if name in view.knobs and rows > most_rows:
            raise BadKnob(
                f"{name}={values.whole(name)} is refused: with row_bytes={wanted_bytes} it would hold "
                f"{rows * row_bytes} bytes, and {most_bytes} are the most. Take {most_rows} or fewer."
            )


def _holder_of_all(view: View, values: KnobValues) -> str:
    """Return what holds the whole body, to be followed by that; empty where nothing does."""
    if view.most_held_bytes:
        return f"{view.route} collects"
    collecting = [asked.name for asked in values.stack() if asked.row.collects]
    if collecting:
        return f"the middleware {collecting[0]} collects"
    if "template" in view.knobs and values.text("template") != knob_of("template").default:
        return f"template={values.text('template')} renders"
    return ""
