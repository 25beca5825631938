"""Hostile files opened in the real window, without a screen: looked at from all sides, and nothing may be raised."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QCoreApplication, QEventLoop, QSettings, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractItemView, QApplication, QTabWidget, QWidget

from inspector.gui.models.preferences import Preferences
from inspector.gui.startup.application import create_window
from tests.gui.window_driver import drop_file, find

_LONGEST_OPENING_S = 8


class Windowed:
    """One window for all inputs. A check: call it with an input and a folder."""

    def __init__(self, folder: Path) -> None:
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
        from inspector.gui.startup.application import make_application

        self._app = make_application()
        preferences = Preferences(QSettings(str(folder / "settings.ini"), QSettings.Format.IniFormat))
        preferences.theme = "light"
        self._window = create_window(run=False, preferences=preferences)
        self._window.resize(1300, 800)
        self._window.show()
        self._raised: list[BaseException] = []
        sys.excepthook = self._take

    def __call__(self, data: bytes, folder: Path) -> None:
        path = folder / "input.stream"
        path.write_bytes(data)

        def is_busy() -> bool:
            return not find(self._window, QWidget, "progress_line").isHidden()

        drop_file(self._window, path)
        until_s = time.monotonic() + _LONGEST_OPENING_S
        while is_busy() and time.monotonic() < until_s:
            QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 20)
        assert not is_busy(), "the file never opened"
        self._look()
        if self._raised:
            error, self._raised = self._raised[0], []
            raise error

    def _look(self) -> None:
        """Draw all, turn to each tab, walk through the items and zoom."""
        window = self._window
        for tabs in window.findChildren(QTabWidget):
            for index in range(tabs.count()):
                tabs.setCurrentIndex(index)
                self._draw()
        for view in window.findChildren(QAbstractItemView):
            model = view.model()
            if view.isVisible() and model.rowCount():
                view.setCurrentIndex(model.index(model.rowCount() - 1, 0))
        for key in (
            Qt.Key.Key_Home,
            Qt.Key.Key_Right,
            Qt.Key.Key_Down,
            Qt.Key.Key_End,
            Qt.Key.Key_Plus,
            Qt.Key.Key_Minus,
        ):
            QTest.keyClick(QApplication.focusWidget() or window, key)
        self._draw()

    def _draw(self) -> None:
        QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 20)
        self._window.grab()

    def close(self) -> None:
        """Close the window and end its children."""
        self._window.close()
        self._window.deleteLater()
        QCoreApplication.processEvents()
        if self._app is not None:
            from inspector.gui.startup.application import end_application

            end_application(self._app)

    def _take(self, _kind: type[BaseException], error: BaseException, _trace: TracebackType | None) -> None:
        self._raised.append(error)
