"""User settings: kept in a file, typed again in a fresh process, never out of range."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QSettings

from inspector.gui.models.preferences import Preferences, user_settings


def reopened(home: Path) -> Preferences:
    """Return the settings as a fresh process reads them: from the file, where everything is a string."""
    return Preferences(user_settings(home))


def test_that_settings_nobody_chose_have_their_defaults(tmp_path: Path) -> None:
    fresh = reopened(tmp_path)
    assert (fresh.theme, fresh.target, fresh.view) == ("system", "/timeline", "ladder")
    assert (fresh.runs_at_start, fresh.shows_runs, fresh.shows_memory, fresh.type_size_pt) == (True, False, True, 0.0)
    assert fresh.recent_files == []


def test_that_settings_keep_their_types_in_the_file(tmp_path: Path) -> None:
    settings = user_settings(tmp_path)
    chosen = Preferences(settings)
    chosen.theme, chosen.target, chosen.view = "dark", "/large.csv", "sweep"
    chosen.runs_at_start, chosen.shows_runs, chosen.type_size_pt = False, True, 12.5
    chosen.remember_file(tmp_path / "a.stream")
    settings.sync()
    text = (tmp_path / "settings.ini").read_text()
    assert "runs_at_start=false" in text
    again = reopened(tmp_path)
    assert (again.theme, again.target, again.view) == ("dark", "/large.csv", "sweep")
    assert (again.runs_at_start, again.shows_runs, again.type_size_pt) == (False, True, 12.5)
    assert again.recent_files == [tmp_path / "a.stream"]


@pytest.mark.parametrize(("stored", "size_pt"), [("900", 24.0), ("1", 7.0), ("0", 0.0), ("11", 11.0)])
def test_that_a_text_size_of_another_program_stays_readable(tmp_path: Path, stored: str, size_pt: float) -> None:
    (tmp_path / "settings.ini").write_text(f"[General]\ntype_size_pt={stored}\ntheme=pink\n")
    given = Preferences(QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat))
    assert given.type_size_pt == size_pt
    assert given.theme == "system"
