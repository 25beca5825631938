"""Replays a real run in the real window: every pane shows it as it stood at the playhead, as if it were live."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from inspector.gui.shell.main_window import MainWindow
from inspector.gui.views.marks_table_view import MarksTable

from .running import stream
from .window_driver import find


def _shown(window: MainWindow) -> dict[str, int]:
    return {name: len(track) for name, track in window.document.snapshot.tracks.items()}


def test_that_a_replay_shows_what_there_was_at_each_moment_and_ends_where_the_run_did(
    window: MainWindow, qtbot: QtBot
) -> None:
    stream(qtbot, window, "/my-large-page.html?rows=8&delay_ms=20&template_buffer=5")
    whole = _shown(window)
    qtbot.waitUntil(lambda: window.analysis.is_current)
    verdict = window.analysis.verdict
    assert verdict is not None
    assert not verdict.so_far
    window.replay.seek(window.replay.length_ns // 2)
    half = _shown(window)
    assert 0 < half["part"] < whole["part"]
    assert half["chunk"] < whole["chunk"]
    assert window.document.snapshot.meta is not None
    assert window.document.snapshot.meta.ending is None
    assert not window.document.snapshot.has_ended
    assert window.document.is_live
    assert find(window, MarksTable, "marks_table").model().rowCount() == half["chunk"]
    window.replay.seek(0)
    assert _shown(window)["read"] == 0
    window.replay.set_speed(10.0)
    window.replay.play()
    qtbot.waitUntil(lambda: not window.replay.is_playing)
    assert _shown(window) == whole
    assert window.document.snapshot.has_ended
    window.replay.end()
    qtbot.waitUntil(lambda: window.analysis.is_current)
    assert window.analysis.verdict == verdict


def test_that_what_was_selected_stays_selected_unless_it_is_not_there_yet(window: MainWindow, qtbot: QtBot) -> None:
    stream(qtbot, window, "/my-large-page.html?rows=8&delay_ms=20&template_buffer=5")
    window.document.select_bytes("chunk", 0, 1)
    window.replay.seek(window.replay.length_ns)
    assert window.document.selection is not None
    window.replay.seek(0)
    assert window.document.selection is None
