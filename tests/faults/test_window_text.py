"""Text from outside against the whole window: whatever a server, a file or a note says, nothing of it is rendered.

The hostile text names a picture in a FIFO, whose opening a watcher notices, and one behind a listener of ours.
"""

from __future__ import annotations

import os
import select
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count, takewhile
from pathlib import Path

import pytest
from PySide6.QtCore import QAbstractItemModel, QCoreApplication, QEvent, QModelIndex, QPoint, QSettings, Qt
from PySide6.QtGui import QAction, QHelpEvent
from PySide6.QtGui import Qt as TextRules
from PySide6.QtWidgets import QAbstractItemView, QApplication, QLabel, QTextEdit, QToolTip, QWidget
from pytestqt.qtbot import QtBot

from inspector.gui.models.preferences import Preferences
from inspector.gui.shell.main_window import MainWindow
from inspector.gui.startup.application import create_window
from inspector.gui.style.elided_label import ElidedLabel
from inspector.recording.archive import save_archive
from inspector.recording.meta import Ending, read_meta, write_meta
from inspector.recording.source_lines import SOURCES_NAME, SourceFile, SourceLine, encode_row
from inspector.recording.tap_log import TAPS_NAME, TapMeta, encode_tap
from inspector.session.run_library import RunLibrary
from tests.capture.raw_server import answer, raw_server
from tests.gui.running import DEADLINE_MS, stream
from tests.gui.window_driver import banner, click, detail_tabs, drop_file, find, show_runs
from tests.sample_recording import write_sample

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no FIFOs in its file system")

#: Opens a FIFO for writing as often as it can: that works only where somebody reads it.
_WATCHER = """
import os, select, sys
print("ready", flush=True)
while not select.select([sys.stdin], [], [], 0.02)[0]:
    try:
        os.close(os.open(sys.argv[1], os.O_WRONLY | os.O_NONBLOCK))
        print("read", flush=True)
    except OSError:
        pass
"""


@dataclass(frozen=True)
class Trap:
    """A text that names pictures, and whoever notices that they are read."""

    fifo: Path
    listener: socket.socket
    watcher: subprocess.Popen[str]

    @property
    def text(self) -> str:
        """The hostile text."""
        port = self.listener.getsockname()[1]
        return f"<h1>HUGE</h1><img src='file://{self.fifo}'><img src='http://127.0.0.1:{port}/x.png'>"

    def sprung(self) -> list[str]:
        """End the watch and return what was read."""
        found = sorted(set(self.watcher.communicate("\n")[0].splitlines()))
        return found + (["asked"] if select.select([self.listener], [], [], 0)[0] else [])


@pytest.fixture
def trap(tmp_path: Path) -> Iterator[Trap]:
    """A trap that is set."""
    fifo = tmp_path / "picture.png"
    os.mkfifo(fifo)
    command = [sys.executable, "-c", _WATCHER, str(fifo)]
    with (
        socket.create_server(("127.0.0.1", 0)) as listener,
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as watcher,
    ):
        assert watcher.stdout is not None
        assert watcher.stdout.readline() == "ready\n"
        try:
            yield Trap(fifo, listener, watcher)
        finally:
            watcher.kill()


@pytest.fixture
def window(qtbot: QtBot, tmp_path: Path) -> Iterator[MainWindow]:
    """A window with settings of its own that streams nothing by itself."""
    kept = Preferences(QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat))
    made = create_window(run=False, preferences=kept)
    made.show()
    qtbot.waitExposed(made)
    yield made
    made.close()
    made.deleteLater()


# What is seen of the window


def _tips_at_places(widget: QWidget) -> Iterator[str]:
    """Point at places all over a widget, and iterate over what its tool tips say."""
    for x in range(5, widget.width(), max(20, widget.width() // 6)):
        for y in range(3, widget.height(), max(14, widget.height() // 6)):
            place = QPoint(x, y)
            QCoreApplication.sendEvent(widget, QHelpEvent(QEvent.Type.ToolTip, place, widget.mapToGlobal(place)))
            yield QToolTip.text()


def _tips_of_model(model: QAbstractItemModel) -> Iterator[str]:
    role = Qt.ItemDataRole.ToolTipRole
    for row in range(min(model.rowCount(QModelIndex()), 60)):
        indexes = takewhile(QModelIndex.isValid, (model.index(row, column) for column in count()))
        yield from (str(index.data(role) or "") for index in indexes)


def _is_rich(text: str) -> bool:
    """Tell whether a text names a picture or a heading where Qt would take it for rich text."""
    return TextRules.mightBeRichText(text) and ("<img" in text or "<h1" in text)


def _rich_in(widget: QWidget) -> Iterator[str]:
    if isinstance(widget, QLabel) and widget.textFormat() is not Qt.TextFormat.PlainText:
        # Those of Qt itself guess, such as the one that shows tool tips.
        is_ours = type(widget) is not QLabel
        if _is_rich(widget.text()) or (is_ours and widget.textFormat() is Qt.TextFormat.AutoText):
            yield f"{widget.textFormat()}, {widget.text()[:60]}"
    if isinstance(widget, QTextEdit) and "<img" in widget.document().toHtml():
        yield "a picture"
    tips = [widget.toolTip()]
    if isinstance(widget, QAbstractItemView) and widget.model() is not None:
        tips += _tips_of_model(widget.model())
    if widget.isVisible():
        tips += _tips_at_places(widget)
    yield from (f"tool tip {tip[:60]}" for tip in set(tips) if _is_rich(tip))


def rendered_rich(window: QWidget) -> Iterator[str]:
    """Iterate over everything in a window, and its popups, that shows hostile text as rich text."""
    tops = [window, *(each for each in QApplication.topLevelWidgets() if each is not window)]
    for widget in [each for top in tops for each in (top, *top.findChildren(QWidget))]:
        yield from (f"{type(widget).__name__} {widget.objectName()}: {text}" for text in _rich_in(widget))
    for action in window.findChildren(QAction):
        if _is_rich(action.toolTip()) or _is_rich(action.text()):
            yield f"action {action.text()[:60]}"
    QToolTip.hideText()


def _look_everywhere(window: MainWindow) -> list[str]:
    """Show every picture, tab and popup in turn, paint each, and return what is rich."""
    found: set[str] = set()
    for picture in ("staircase", "compare", "sweep", "ladder"):
        window.show_view(picture)
        window.grab()
        found.update(rendered_rich(window))
    tabs = detail_tabs(window)
    for at in range(tabs.count()):
        tabs.setCurrentIndex(at)
        window.grab()
        found.update(rendered_rich(find(window, QWidget, "detail_pane")))
    click(window, "why_button")
    for popup in [each for each in QApplication.topLevelWidgets() if each.isVisible() and each is not window]:
        popup.grab()
        found.update(_rich_in(popup))
        found.update(text for child in popup.findChildren(QWidget) for text in _rich_in(child))
        popup.close()
    return sorted(found)


def _hostile_file(folder: Path, text: str) -> Path:
    """Save a recording whose every text is hostile."""
    sample = write_sample(folder / "taken", [b"<li>row</li>\n"] * 6, parts_per_yield=2)
    meta = read_meta(sample.folder)
    assert meta is not None
    assert meta.response is not None
    assert meta.ending is not None
    meta.title = meta.request.url = f"http://host/{text}"
    meta.notes = [text]
    meta.request.knobs = {"name": text, text: text}
    meta.response.reason = text
    meta.response.headers = [("X-Note", text)]
    meta.ending = Ending(kind="cut_short", text=f"The server said {text}", t_ns=meta.ending.t_ns)
    write_meta(sample.folder, meta)
    taps = [TapMeta(layer=layer, name=text, content_coding=text) for layer in ("part", "yield", "write")]
    (sample.folder / TAPS_NAME).write_bytes(b"".join(encode_tap(tap) for tap in taps))
    rows: list[SourceFile | SourceLine] = [SourceFile(file=0, name=text, language="python", text=text)]
    rows += [SourceLine(line=line, file=0, number=1, function=text) for line in (0, 1)]
    (sample.folder / SOURCES_NAME).write_bytes(b"".join(encode_row(row) for row in rows))
    path = folder / "&<h1>a <img src=x>.stream"
    save_archive(sample.folder, path)
    return path


# The tests


@pytest.mark.timeout(90)
def test_that_what_a_server_says_is_rendered_nowhere(qtbot: QtBot, window: MainWindow, trap: Trap) -> None:
    head = f"HTTP/1.1 200 {trap.text}\r\nX-Note: {trap.text}\r\nContent-Type: {trap.text}\r\n"
    body = trap.text.encode()
    with raw_server(answer(f"{head}Content-Length: {len(body)}\r\n\r\n".encode(), body)) as url:
        stream(qtbot, window, f"{url}/{trap.text.replace(' ', '%20')}")
    response = find(window, ElidedLabel, "status_response")
    assert response is not None
    assert trap.text in response.text(), "the hostile text is on screen, as text"
    assert _look_everywhere(window) == []
    assert trap.sprung() == []


@pytest.mark.timeout(90)
def test_that_what_a_file_its_names_and_its_notes_say_is_rendered_nowhere(
    qtbot: QtBot, window: MainWindow, trap: Trap, tmp_path: Path
) -> None:
    drop_file(window, _hostile_file(tmp_path, trap.text))
    qtbot.waitUntil(lambda: window.document.snapshot.meta is not None, timeout=DEADLINE_MS)
    recording = window.document.recording
    assert recording is not None
    library = RunLibrary(window.session.home)
    library.set_note(recording.folder.name, trap.text)
    library.rename(recording.folder.name, trap.text)
    show_runs(window)
    recent = window.findChild(QWidget, "recent_files")
    assert recent is not None
    recent.aboutToShow.emit()  # type: ignore[attr-defined]
    assert [action.text() for action in recent.actions()] == ["&&<h1>a <img src=x>.stream"]
    banner(window).say("error", trap.text)
    find(window, QLabel, "status_hint").setText(trap.text)
    found = _look_everywhere(window)
    assert [each for each in found if not each.startswith("action &&")] == []
    assert trap.sprung() == []


@pytest.mark.no_qt_log  # Qt finds that a FIFO can't be wound back
def test_that_the_trap_notices_a_label_that_renders(qtbot: QtBot, trap: Trap) -> None:
    label = QLabel(trap.text)
    qtbot.addWidget(label)
    label.setToolTip(trap.text)
    label.grab()
    assert "read" in trap.sprung()
    assert len(list(rendered_rich(label))) == 2
