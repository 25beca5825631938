"""The values of all knobs for one request, and how the texts of a query become them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .knobs import KNOBS, BadKnob, knob_of
from .views import View

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

    A knob that does not act on the view is checked and ignored. Raises `BadKnob` for a value out of range, for a name
    that is no knob, and for more than a view that holds the whole body can hold.
    """
    values: dict[str, Any] = {knob.name: view.default(knob.name) for knob in KNOBS}
    values["name"] = None
    for name, text in texts.items():
        values[name] = knob_of(name).parse(text)
    found = KnobValues(**values)
    if view.most_held_bytes:
        _check_held(view, found)
    return found


def _check_held(view: View, values: KnobValues) -> None:
    """Refuse what a view that collects the whole body first could never finish."""
    most_rows = min(
        view.most_held_bytes // max(values.row_bytes, LONGEST_PLAIN_ROW_BYTES), int(knob_of("rows").maximum)
    )
    if not 1 <= values.rows <= most_rows:
        raise BadKnob(
            f"rows={values.rows} is refused: {view.route} collects the whole body first, "
            f"so here rows takes a whole number, 1 to {most_rows} rows (with row_bytes={values.row_bytes})."
        )
