"""The table of views and knobs as text, from the one catalogue that the server itself uses."""

from __future__ import annotations

import textwrap

from server.catalogue import KNOBS, VIEWS

_WIDTH = 118


def routes_text() -> str:
    """Return what ``streaming-inspector routes`` prints."""
    views = []
    for view in VIEWS:
        views.append(
            f"{view.route}\n    {view.code}\n{_wrapped(view.sentence, '    ')}\n"
            f"{_wrapped(', '.join(view.knobs), ' ' * 11, '    knobs: ')}\n    try:   {view.example_path}"
        )
    return "\n".join(["VIEWS", "", *views, "", "KNOBS", "", knobs_text()])


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
                f"{knob.sentence} ({knob.value_text}; default {knob.default}; layer: {knob.layer})", " " * width, head
            )
        )
    return "\n".join(lines)


def _wrapped(text: str, indent: str, first: str | None = None) -> str:
    return textwrap.fill(
        text, _WIDTH, initial_indent=indent if first is None else first, subsequent_indent=indent,
        break_on_hyphens=False,
    )  # fmt: skip
