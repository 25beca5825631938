"""``streaming-inspector routes``: prints the catalogue of views, knobs, middlewares, engines and proxies."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable

from inspector.catalogue import (
    ENGINES,
    KNOBS,
    MIDDLEWARES,
    PROXIES,
    VIEWS,
    EngineRow,
    Knob,
    Middleware,
    ProxyRow,
    missing_text,
)

_WIDTH = 118


def routes_text() -> str:
    """Return what ``streaming-inspector routes`` prints."""
    views = []
    for view in VIEWS:
        views.append(
            f"{view.route}\n    {view.code}\n{_wrapped(view.sentence, '    ')}\n"
            f"{_wrapped(', '.join(view.knobs), ' ' * 11, '    knobs: ')}\n    try:   {view.example_path}"
        )
    tables = {
        "VIEWS": "\n".join(views),
        "KNOBS": knobs_text(),
        "MIDDLEWARES (-k middleware=NAME,NAME: the first is next to the view)": _rows_text(
            (row.usage, row) for row in MIDDLEWARES
        ),
        "ENGINES (-k engine=NAME)": _rows_text((row.name, row) for row in ENGINES),
        "PROXIES (-k proxy=NAME)": _rows_text((row.name, row) for row in PROXIES),
    }
    return "\n\n".join(f"{title}\n\n{text}" for title, text in tables.items())


def views_text() -> str:
    """Return one line for each view: its route and its code."""
    width = max(len(view.route) for view in VIEWS) + 2
    return "\n".join(f"  {view.route:<{width}}{view.code}" for view in VIEWS)


def knobs_text() -> str:
    """Return a few lines for each knob: name, range, default, sentence."""
    width = max(len(knob.name) for knob in KNOBS) + 4
    lines = []
    for knob in KNOBS:
        head = f"  {knob.name}".ljust(width)
        lines.append(
            _wrapped(
                f"{knob.sentence} ({knob.value_text}; default {_default_text(knob)}; layer: {_place_text(knob)})",
                " " * width,
                head,
            )
        )
    return "\n".join(lines)


def _place_text(knob: Knob) -> str:
    return f"{knob.layer}, live" if knob.live else knob.layer


def _default_text(knob: Knob) -> str:
    return "none" if knob.default == "" else str(knob.default)


def _rows_text(rows: Iterable[tuple[str, Middleware | EngineRow | ProxyRow]]) -> str:
    """Return a few lines for each row: its name, its sentence, and what is to be done where it can't be used."""
    named = list(rows)
    width = max(len(name) for name, _ in named) + 4
    lines = []
    for name, row in named:
        missing = missing_text(row)
        text = f"{row.sentence} ({missing})" if missing else row.sentence
        lines.append(_wrapped(text, " " * width, f"  {name}".ljust(width)))
    return "\n".join(lines)


def _wrapped(text: str, indent: str, first: str | None = None) -> str:
    return textwrap.fill(
        text, _WIDTH, initial_indent=indent if first is None else first, subsequent_indent=indent,
        break_on_hyphens=False,
    )  # fmt: skip
