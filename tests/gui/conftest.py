"""A real window over a session of its own for each test that asks for one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings
from pytestqt.qtbot import QtBot

from inspector.gui.models.preferences import Preferences
from inspector.gui.shell.main_window import MainWindow
from inspector.gui.startup.application import create_window


@pytest.fixture
def preferences(tmp_path: Path) -> Preferences:
    """Settings that nobody chose."""
    kept = Preferences(QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat))
    kept.theme = "light"
    return kept


@pytest.fixture
def window(qtbot: QtBot, preferences: Preferences) -> Iterator[MainWindow]:
    """A window that streams nothing by itself, closed at the end with its child processes."""
    made = create_window(run=False, preferences=preferences)
    made.show()
    qtbot.waitExposed(made)
    yield made
    made.close()
    made.deleteLater()
