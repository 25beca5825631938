"""Steps that tests of the window share: stream something to its end, wait for marks."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from inspector.gui.editors.target_picker import TargetPicker
from inspector.gui.shell.main_window import MainWindow
from tests.gui.window_driver import find

#: Everything here waits for processes on a busy machine.
DEADLINE_MS = 15_000


def stream(qtbot: QtBot, window: MainWindow, target: str) -> None:
    """Stream a target to its end; the server's last marks and the figures of them are there too."""
    begin(window, target)
    qtbot.waitUntil(lambda: has_ended(window), timeout=DEADLINE_MS)
    qtbot.waitUntil(lambda: is_settled(window) and window.analysis.is_current, timeout=DEADLINE_MS)


def begin(window: MainWindow, target: str) -> None:
    """Type a target and stream it."""
    find(window, TargetPicker, "stream_picker").setEditText(target)
    window.run()


def wait_for_items(qtbot: QtBot, window: MainWindow, layer: str, count: int) -> None:
    """Wait until a layer has so many items on screen."""
    qtbot.waitUntil(lambda: len(window.document.snapshot.tracks[layer]) >= count, timeout=DEADLINE_MS)


def has_ended(window: MainWindow) -> bool:
    """Tell whether the recording on screen has its ending."""
    return window.document.snapshot.meta is not None and window.document.snapshot.meta.ending is not None


def is_settled(window: MainWindow) -> bool:
    """Tell whether server and client have passed the same body."""
    tracks = window.document.snapshot.tracks
    meta = window.document.snapshot.meta
    if not len(tracks["write"]) or not len(tracks["read"]) or meta is None or meta.response is None:
        return True
    return tracks["write"].total_bytes == int(tracks["read"].column("body_end")[-1])
