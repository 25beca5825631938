"""Writes the tables of the README from the catalogue: views, knobs, middlewares, engines and proxies.

``python -m server.readme_tables README.md`` writes them anew between their markers; a test compares.
"""

from __future__ import annotations

import sys
from pathlib import Path

from inspector.catalogue import KNOBS, MIDDLEWARES, VIEWS, Knob

BEGIN = "<!-- made by python -m server.readme_tables README.md: begin -->"
END = "<!-- made by python -m server.readme_tables README.md: end -->"


def catalogue_markdown() -> str:
    """Return the tables of views, knobs, middlewares, engines and proxies, markers included."""
    views = [f"| `{view.route}` | {_code(view.code)} | {_cell(view.sentence)} | {view.section} |" for view in VIEWS]
    knobs = [
        f"| `{knob.name}` | {_place(knob)} | {_cell(knob.range_text)} | {_default(knob)} | {_cell(knob.sentence)} |"
        for knob in KNOBS
    ]
    middlewares = [
        f"| `{row.usage}` | {'yes' if row.holds else 'no'} | {_cell(row.sentence)} | {_cell(row.cure)} | "
        f"{_code(row.install)} |"
        for row in MIDDLEWARES
    ]
    servers = [
        f"| `{word}={row.name}` | {_cell(row.sentence)} | {_code(row.install)} |"
        for word, row in ((knob.name, row) for knob in KNOBS if knob.kind == "choice" for row in knob.table)
    ]
    return "\n".join(
        [
            BEGIN,
            *_table(views, "route", "what its view does", "what one sees", "section of Flask's page"),
            *_table(knobs, "knob", "acts at", "values", "default", ""),
            *_table(middlewares, "middleware", "holds bytes back", "what it does", "cure", "needs"),
            *_table(servers, "server", "what it is", "needs")[:-1],
            END,
        ]
    )


def _place(knob: Knob) -> str:
    return f"{knob.layer}, live" if knob.live else knob.layer


def _table(rows: list[str], *titles: str) -> list[str]:
    return [f"| {' | '.join(titles)} |", f"|{'---|' * len(titles)}", *rows, ""]


def with_catalogue(text: str) -> str:
    """Return a text with what stands between its markers made anew. Raises ``ValueError`` without markers."""
    before, _, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not end:
        raise ValueError(f"the text has no {BEGIN} with {END} after it")
    return before + catalogue_markdown() + after


def _code(text: str) -> str:
    return f"`{_cell(text)}`" if text else ""


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def _default(knob: Knob) -> str:
    per_view = [f"{view.default(knob.name)} for `{view.route}`" for view in VIEWS if knob.name in dict(view.defaults)]
    return ", ".join([f"{knob.default}" or "none", *per_view])


if __name__ == "__main__":
    for each in map(Path, sys.argv[1:]):
        each.write_text(with_catalogue(each.read_text(encoding="utf-8")), encoding="utf-8", newline="\n")
