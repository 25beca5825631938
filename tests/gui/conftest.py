"""A real window for each test that asks for one, over a session that has started before."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings
from pytestqt.qtbot import QtBot

from inspector.gui.models.document import Document
from inspector.gui.models.preferences import Preferences
from inspector.gui.shell.main_window import MainWindow
from inspector.gui.startup.application import create_window
from inspector.session import Session

from .warm_session import WarmSession

_WARM = WarmSession()


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Warm the session up before the test begins: what exists before it was not left behind by it."""
    if "warm_session" in getattr(item, "fixturenames", ()):
        _WARM.warm_up()


def pytest_sessionfinish() -> None:
    """End the warm session of this process."""
    _WARM.end()


@pytest.fixture
def warm_session() -> Iterator[Session]:
    """A started session that others have used before; closing it ends its runs and leaves its processes."""
    yield _WARM.session
    _WARM.session.close()
    _WARM.take_back()


@pytest.fixture
def document() -> Iterator[Document]:
    """A document that shows nothing yet."""
    made = Document()
    yield made
    made.show(None)


@pytest.fixture
def preferences(tmp_path: Path) -> Preferences:
    """Settings that nobody chose."""
    kept = Preferences(QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat))
    kept.theme = "light"
    return kept


@pytest.fixture
def window(qtbot: QtBot, preferences: Preferences, warm_session: Session) -> Iterator[MainWindow]:
    """A window that streams nothing by itself; its child processes have run before."""
    yield from shown(qtbot, MainWindow(preferences, warm_session))


@pytest.fixture
def window_of_its_own(qtbot: QtBot, preferences: Preferences) -> Iterator[MainWindow]:
    """A window that streams nothing by itself and starts child processes of its own, which end with it."""
    yield from shown(qtbot, create_window(run=False, preferences=preferences))


def shown(qtbot: QtBot, made: MainWindow) -> Iterator[MainWindow]:
    """Show a window until the test has ended."""
    made.show()
    qtbot.waitExposed(made)
    yield made
    made.close()
    made.deleteLater()
