"""What the README says is true: its tables, its commands, its links, its packages."""

from __future__ import annotations

import importlib.util
import os
import re
import shlex
import tomllib
from pathlib import Path

import pytest

from inspector.cli.commands import COMMANDS, OPEN
from inspector.gui.startup.system_libraries import FONT, LIBRARIES_BY_PLATFORM
from server.readme_tables import catalogue_markdown, with_catalogue
from tests.fresh_python import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")
CI = ROOT / ".ci" / "run"
PAGES = [
    path
    for path in (*ROOT.glob("*.md"), *ROOT.glob(".github/*.md"), *ROOT.glob("inspector/**/*.md"))
    if path.name != "CHANGELOG.md"
]
COMMAND_LINES = [line.strip() for line in README.splitlines() if line.startswith("    ")]
SET_UP = "python3 -m venv .venv && .venv/bin/pip install -q -e "
APT = "apt-get install -y "


def only_line(start: str, end: str = "") -> str:
    """Return the one command of the README that starts and ends so."""
    (line,) = [line for line in COMMAND_LINES if line.startswith(start) and line.endswith(end)]
    return line


def test_that_the_tables_of_views_and_knobs_are_those_of_the_server() -> None:
    assert catalogue_markdown() in README, "run: python -m server.readme_tables README.md"


def test_that_making_the_tables_anew_changes_nothing_else() -> None:
    assert with_catalogue(README) == README
    with pytest.raises(ValueError, match="begin"):
        with_catalogue("no markers")


def test_that_one_command_starts_and_one_tests() -> None:
    assert only_line(SET_UP, " -m inspector") == f"{SET_UP}. && .venv/bin/python -m inspector"
    assert only_line(SET_UP, " -m pytest") == f"{SET_UP}'.[test]' && .venv/bin/python -m pytest"


def test_that_ci_runs_both_commands_of_the_readme() -> None:
    lines = CI.read_text(encoding="utf-8").splitlines()
    assert f'start_command="{only_line(SET_UP, " -m inspector")}"' in lines
    assert f'test_command="{only_line(SET_UP, " -m pytest")}"' in lines
    assert os.access(CI, os.X_OK)


@pytest.mark.parametrize(
    "line", [line.partition("#")[0] for line in COMMAND_LINES if line.startswith(".venv/bin/streaming-inspector")]
)
def test_that_every_example_of_the_command_line_is_understood(line: str) -> None:
    words = shlex.split(line)[1:]
    command = COMMANDS.get(words[0]) if words else None
    (command or OPEN).parser().parse_args(words[1:] if command else words)


def test_that_every_command_has_an_example() -> None:
    assert {name for name in COMMANDS if f"streaming-inspector {name}" not in README} == set()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_that_every_file_that_is_linked_is_there(page: Path) -> None:
    linked = re.findall(r"\]\(([^)#]+)[^)]*\)", page.read_text(encoding="utf-8"))
    assert [target for target in linked if "://" not in target and not (page.parent / target).is_file()] == []


def test_that_every_page_for_developers_is_linked_from_the_readme_or_the_map() -> None:
    linked = {
        (page.parent / target).resolve()
        for page in (ROOT / "README.md", ROOT / "inspector" / "README.md")
        for target in re.findall(r"\]\(([^)#]+)\)", page.read_text(encoding="utf-8"))
    }
    assert set(PAGES) - linked <= {ROOT / "README.md"}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_that_every_module_of_ours_that_a_page_runs_is_there(page: Path) -> None:
    named = re.findall(r"python -m ((?:inspector|server|tests)[\w.]*)", page.read_text(encoding="utf-8"))
    assert [name for name in named if importlib.util.find_spec(name) is None] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_that_every_source_file_that_a_page_names_is_there(page: Path) -> None:
    named = re.findall(r"`([a-z_/]+\.py|(?:tests|inspector|server)/[a-z_/]+)`", page.read_text(encoding="utf-8"))
    folders = (page.parent, ROOT, *page.parent.glob("*/"))
    assert [name for name in named if not any((folder / name).exists() for folder in folders)] == []


def test_that_the_packages_of_debian_are_those_that_the_check_of_the_system_knows() -> None:
    listed = set(only_line(APT).removeprefix(APT).split()) - {"python3-venv"}
    known = {library.debian for library in LIBRARIES_BY_PLATFORM["xcb"]} | {FONT.debian}
    assert listed <= known
    # These come with the packages that are listed: libgl1, libfontconfig1, libxcb-cursor0, libxkbcommon-x11-0.
    brought_along = {"libx11-6", "libx11-xcb1", "libfreetype6", "libzstd1", "libxkbcommon0", "libxcb1", "libxcb-util1"}
    brought_along |= {f"libxcb-{name}" for name in ("image0", "randr0", "render0", "render-util0", "shm0")}
    brought_along |= {f"libxcb-{name}" for name in ("sync1", "xfixes0", "xkb1")}
    assert known - listed <= brought_along


def test_that_the_extras_named_in_the_readme_exist() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    named = {name for names in re.findall(r"\.\[([\w,]+)\]", README) for name in names.split(",")}
    assert named
    assert named <= set(project["optional-dependencies"])
