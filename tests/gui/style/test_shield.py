"""What Qt calls never raises: every override is shielded, and what it raised is told once."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import sys
from collections.abc import Iterator
from types import FunctionType
from typing import Any

import pytest
from PySide6.QtCore import QAbstractTableModel, QCoreApplication, QEvent, QObject, QSize
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QTableView, QWidget
from pytestqt.qtbot import QtBot

import inspector.gui
from inspector.gui.shell.main_window import MainWindow
from inspector.gui.startup.error_reports import ErrorReports
from inspector.gui.style.shield import override, qt_method_of
from tests.gui.running import stream
from tests.gui.window_driver import banner

ERRORS: tuple[type[Exception], ...] = (MemoryError, ValueError)


class Faulty(QWidget):
    """Raises where it is told to."""

    def __init__(self, where: str, error: type[Exception]) -> None:
        super().__init__()
        self._where, self._error = where, error

    def _perhaps(self, name: str) -> None:
        if name == self._where:
            raise self._error(name)

    @override
    def paintEvent(self, _event: object) -> None:
        self._perhaps("paintEvent")

    @override
    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip:
            self._perhaps("event")
        return bool(super().event(event))

    @override
    def resizeEvent(self, _event: object) -> None:
        self._perhaps("resizeEvent")

    @override
    def sizeHint(self) -> QSize:
        self._perhaps("sizeHint")
        return QSize(10, 10)

    @override
    def eventFilter(self, _watched: QObject, _event: QEvent) -> bool:
        self._perhaps("eventFilter")
        return False

    @override
    def timerEvent(self, _event: object) -> None:
        self._perhaps("timerEvent")


class FaultyModel(QAbstractTableModel):
    """Three rows of nothing but errors."""

    def __init__(self, error: type[Exception]) -> None:
        super().__init__()
        self._error = error

    @override
    def rowCount(self, *_parent: Any) -> int:
        return 3

    @override
    def columnCount(self, *_parent: Any) -> int:
        raise self._error("columnCount")

    @override
    def data(self, *_index: Any) -> object:
        raise self._error("data")

    @override
    def headerData(self, *_section: Any) -> object:
        raise self._error("headerData")


class Nested(QTableView):
    """Its `viewportEvent` goes through C++ into its `paintEvent`, which raises."""

    @override
    def viewportEvent(self, event: QEvent) -> bool:
        return bool(super().viewportEvent(event))

    @override
    def paintEvent(self, _event: object) -> None:
        raise MemoryError("in the middle of C++")


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> list[type[BaseException]]:
    """What arrives at ``sys.excepthook``."""
    kinds: list[type[BaseException]] = []
    monkeypatch.setattr(sys, "excepthook", lambda kind, _error, _trace: kinds.append(kind))
    return kinds


@pytest.mark.parametrize("error", ERRORS)
@pytest.mark.parametrize("where", ["paintEvent", "resizeEvent", "sizeHint", "event", "eventFilter", "timerEvent"])
def test_that_an_override_that_raises_is_told_and_leaves_the_widget_alive(
    qtbot: QtBot, heard: list[type[BaseException]], where: str, error: type[Exception]
) -> None:
    widget = Faulty(where, error)
    qtbot.addWidget(widget)
    other = QObject()
    other.installEventFilter(widget)
    widget.startTimer(0)
    widget.show()
    qtbot.waitExposed(widget)
    widget.adjustSize()
    QCoreApplication.sendEvent(other, QEvent(QEvent.Type.User))
    QCoreApplication.sendEvent(widget, QEvent(QEvent.Type.ToolTip))
    qtbot.waitUntil(lambda: error in heard)
    assert widget.isVisible()


@pytest.mark.parametrize("error", ERRORS)
def test_that_a_model_that_raises_shows_nothing(
    qtbot: QtBot, heard: list[type[BaseException]], error: type[Exception]
) -> None:
    view, model = QTableView(), FaultyModel(error)
    qtbot.addWidget(view)
    view.setModel(model)
    view.show()
    qtbot.waitExposed(view)
    assert model.data() is None
    assert model.columnCount() == 0
    assert model.headerData() is None
    assert error in heard


def test_that_an_error_below_two_layers_of_qt_reaches_nobody_but_the_hook(
    qtbot: QtBot, heard: list[type[BaseException]]
) -> None:
    view = Nested()
    qtbot.addWidget(view)
    view.show()
    qtbot.waitUntil(lambda: MemoryError in heard)
    view.viewport().render(QPixmap(10, 10))
    assert set(heard) == {MemoryError}


def test_that_overrides_of_our_own_classes_raise_as_ever() -> None:
    class Ours:
        def text(self) -> str:
            return ""

    class Theirs(Ours):
        @override
        def text(self) -> str:
            raise ValueError("of our own")

    with pytest.raises(ValueError, match="of our own"):
        Theirs().text()


def _unshielded(cls: type) -> Iterator[str]:
    for name, member in vars(cls).items():
        is_plain = isinstance(member, FunctionType) and not name.startswith("__")
        if is_plain and qt_method_of(cls, name) is not None and not hasattr(member, "is_shielded"):
            yield f"{cls.__module__}.{cls.__qualname__}.{name}"


def test_that_every_override_of_a_qt_method_in_the_window_is_shielded() -> None:
    found: set[str] = set()
    for info in pkgutil.walk_packages(inspector.gui.__path__, "inspector.gui."):
        module = importlib.import_module(info.name)
        for _, cls in inspect.getmembers(module, inspect.isclass):
            if cls.__module__ == module.__name__:
                found.update(_unshielded(cls))
    assert sorted(found) == []


def test_that_an_override_without_the_shield_is_found() -> None:
    class Forgotten(QWidget):
        def paintEvent(self, _event: object) -> None:  # type: ignore[explicit-override]
            pass

    assert [each.rpartition(".")[2] for each in _unshielded(Forgotten)] == ["paintEvent"]


def test_that_the_banner_tells_an_error_once_however_often_it_comes(
    qtbot: QtBot, window: MainWindow, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "excepthook", sys.__excepthook__)
    reports = ErrorReports()
    said: list[str] = []
    reports.said.connect(banner(window).say)
    reports.said.connect(lambda _severity, text: said.append(text))
    reports.begin()
    widget = Faulty("paintEvent", MemoryError)
    qtbot.addWidget(widget)
    for _ in range(5):
        widget.grab()
    reports.end()
    assert len(said) == 1
    assert "failed (MemoryError)" in banner(window).text
    assert capsys.readouterr().err.count("MemoryError: paintEvent") == 1
    assert sys.excepthook is sys.__excepthook__


def test_that_a_model_that_raises_does_not_stop_a_stream_in_the_window(
    qtbot: QtBot, window: MainWindow, heard: list[type[BaseException]], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_given: object) -> bytes:
        raise MemoryError

    monkeypatch.setattr(window.document, "read_content", fail)
    stream(qtbot, window, "/large.csv?rows=5&delay_ms=1&jitter=0")
    window.grab()
    assert MemoryError in heard
    assert window.document.snapshot.meta is not None
    assert window.document.snapshot.meta.ending is not None
    assert window.document.snapshot.meta.ending.kind == "complete"
