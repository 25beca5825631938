"""The entry for the applications menu: what is in it, that it starts what it says, and that it can be removed."""

from __future__ import annotations

import configparser
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from inspector import __version__
from tests.command_line import run_cli

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="entries of Linux desktops")


def test_that_the_entry_starts_this_python_and_goes_without_a_trace(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    wrote = run_cli(tmp_path / "home", "desktop")
    path = tmp_path / "data" / "applications" / "streaming-inspector.desktop"
    assert (wrote.returncode, str(path).encode() in wrote.stdout + wrote.stderr) == (0, True)
    entry = configparser.RawConfigParser()
    entry.read(path)
    starts = shlex.split(entry["Desktop Entry"]["Exec"])
    assert starts == [sys.executable, "-m", "inspector"]
    said = subprocess.run([*starts, "--version"], capture_output=True, text=True, check=True, timeout=20)
    assert __version__ in said.stdout
    assert (tmp_path / "data/icons/hicolor/scalable/apps" / f"{entry['Desktop Entry']['Icon']}.svg").is_file()
    assert run_cli(tmp_path / "home", "desktop", "--remove").returncode == 0
    assert [found for found in (tmp_path / "data").rglob("*") if found.is_file()] == []


def test_that_a_folder_that_can_not_be_written_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    taken = tmp_path / "taken"
    taken.write_text("a file")
    monkeypatch.setenv("XDG_DATA_HOME", str(taken))
    done = run_cli(tmp_path / "home", "desktop")
    assert done.returncode == 1
    assert b"can't be written" in done.stderr
    assert b"Traceback" not in done.stderr
