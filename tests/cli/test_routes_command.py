"""What ``routes`` and ``--help`` print of the tables: every row, and how to get what is missing."""

from __future__ import annotations

import sys

import pytest

from inspector.catalogue import ENGINES, KNOBS, MIDDLEWARES, PROXIES, VIEWS
from inspector.cli.commands import COMMANDS
from inspector.cli.routes_command import routes_text
from tests.needs import needs

LONGEST_LINE = 118


def rows_below(title: str) -> str:
    """The lines of one table of ``routes``."""
    return routes_text().partition(f"\n{title}")[2].partition("\n\n")[2].partition("\n\n")[0]


@pytest.mark.parametrize(
    ("title", "names"),
    [
        ("KNOBS", [knob.name for knob in KNOBS]),
        ("MIDDLEWARES", [row.usage for row in MIDDLEWARES]),
        ("ENGINES", [row.name for row in ENGINES]),
        ("PROXIES", [row.name for row in PROXIES]),
    ],
)
def test_that_every_row_of_every_table_is_printed(title: str, names: list[str]) -> None:
    first_words = [line.split()[0] for line in rows_below(title).splitlines() if line[2:3].strip()]
    assert first_words == names


def test_that_views_are_printed_and_lines_are_short() -> None:
    text = routes_text()
    assert text.startswith("VIEWS\n")
    assert all(f"\n{view.route}\n" in text for view in VIEWS)
    assert max(len(line) for line in text.splitlines()) <= LONGEST_LINE


@needs(*(row.name for row in ENGINES))
def test_that_what_is_missing_is_printed_with_the_command_that_installs_it(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "not installed" not in rows_below("ENGINES")
    monkeypatch.setitem(sys.modules, "waitress", None)
    assert "(not installed: pip install waitress)" in " ".join(rows_below("ENGINES").split())


def test_that_the_help_of_record_tells_the_knobs_of_all_layers() -> None:
    text = COMMANDS["record"].parser().format_help()
    assert all(f"\n  {knob.name}" in text for knob in KNOBS)
    for layer in {knob.layer for knob in KNOBS}:
        assert f"layer: {layer})" in " ".join(text.split())
