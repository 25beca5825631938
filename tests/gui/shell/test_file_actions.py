"""Recordings as files and as a list, in the real window: opened, dropped, saved, run again, deleted, brought back."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from inspector.gui.models.overlay_runs import OverlayRuns
from inspector.gui.shell.file_actions import FileActions
from inspector.gui.shell.main_window import MainWindow
from inspector.gui.views.memory_strip import MemoryStrip
from inspector.recording.archive import save_archive
from tests.gui.running import DEADLINE_MS, begin, stream, wait_for_items
from tests.gui.window_driver import (
    banner,
    canvas,
    drop_file,
    find,
    hint_of,
    picture_of,
    recent_files,
    runs_pane,
    show_runs,
    trigger,
)
from tests.sample_recording import write_sample


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    """A saved recording of 60 yields."""
    folder = tmp_path / "20260101-000000-00000001"
    write_sample(folder, [f"row {number}\n".encode() * 9 for number in range(60)])
    path = tmp_path / "a slow day.stream"
    save_archive(folder, path)
    return path


def wait_for_yields(qtbot: QtBot, window: MainWindow, count: int) -> None:
    qtbot.waitUntil(lambda: len(window.document.snapshot.tracks["yield"]) == count, timeout=DEADLINE_MS)


def shown_id(window: MainWindow) -> str:
    assert window.document.recording is not None
    return window.document.recording.folder.name


def test_that_a_file_is_opened_saved_and_remembered(
    qtbot: QtBot, window: MainWindow, saved: Path, tmp_path: Path
) -> None:
    drop_file(window, saved)
    wait_for_yields(qtbot, window, 60)
    assert find(window, QWidget, "progress_line").isHidden()
    assert recent_files(window) == [saved.name]
    again = tmp_path / "again.stream"
    assert window.document.recording is not None
    find(window, FileActions, "file_actions").save(window.document.recording.folder, again)
    qtbot.waitUntil(again.is_file, timeout=DEADLINE_MS)
    qtbot.waitUntil(lambda: "Saved as" in banner(window).text, timeout=DEADLINE_MS)
    assert recent_files(window) == [again.name, saved.name]
    saved.unlink()
    assert recent_files(window) == [again.name], "what is gone is not offered"


def test_that_a_file_is_dropped_into_the_window(qtbot: QtBot, window: MainWindow, saved: Path) -> None:
    drop_file(window, saved)
    wait_for_yields(qtbot, window, 60)


@pytest.mark.parametrize(("cut", "severity"), [(0.8, "warning"), (0.001, "error")])
def test_that_a_cut_file_says_where_it_stops_or_why_it_does_not_open(
    qtbot: QtBot, window: MainWindow, saved: Path, cut: float, severity: str
) -> None:
    data = saved.read_bytes()
    saved.write_bytes(data[: int(len(data) * cut)])
    drop_file(window, saved)
    qtbot.waitUntil(lambda: "cut short" in banner(window).text, timeout=DEADLINE_MS)
    assert banner(window).severity == severity


def test_that_a_newer_format_is_refused_with_a_sentence(qtbot: QtBot, window: MainWindow, saved: Path) -> None:
    folder = saved.parent / "20260101-000000-00000001"
    meta = folder / "meta.json"
    meta.write_text(meta.read_text().replace('"format": 2', '"format": 99'))
    import zipfile

    with zipfile.ZipFile(saved, "w") as archive:
        archive.write(meta, "meta.json")
    drop_file(window, saved)
    qtbot.waitUntil(lambda: "format 99" in banner(window).text, timeout=DEADLINE_MS)
    assert "newer Streaming Inspector" in banner(window).text


def test_that_runs_are_listed_opened_and_run_again_with_their_knobs_alone(qtbot: QtBot, window: MainWindow) -> None:
    stream(qtbot, window, "/my-large-page.html?rows=7&delay_ms=1&template_buffer=2")
    first = shown_id(window)
    yields = len(window.document.snapshot.tracks["yield"])
    stream(qtbot, window, "/large.csv?rows=5&delay_ms=1&middleware=gzip")
    assert not find(window, QWidget, "runs_place").isVisible()
    pane = runs_pane(window)
    assert pane.isVisible()
    entry = next(entry for entry in pane.model.all_entries if entry.id == first)
    pane.open_requested.emit(entry)
    wait_for_yields(qtbot, window, yields)
    pane.curl_requested.emit(entry)
    command = QGuiApplication.clipboard().text()
    assert command.startswith("curl -N ")
    assert f"{window.session.base_url}/my-large-page.html?" in command
    pane.again_requested.emit(entry)
    qtbot.waitUntil(lambda: shown_id(window) != first, timeout=DEADLINE_MS)
    wait_for_yields(qtbot, window, yields)
    assert window.document.snapshot.meta is not None
    assert "middleware" not in window.document.snapshot.meta.request.knobs, "the knobs of another run are not kept"


def test_that_the_run_on_screen_can_be_deleted_and_comes_back(qtbot: QtBot, window: MainWindow) -> None:
    stream(qtbot, window, "/large.csv?rows=3&delay_ms=1")
    pane = show_runs(window)
    pane.list.setCurrentIndex(pane.model.index_of(shown_id(window)))
    gone = shown_id(window)
    pane.acts["delete"].trigger()
    assert window.document.recording is None
    assert not pane.model.index_of(gone).isValid()
    pane.undo()
    assert pane.model.index_of(gone).isValid()


def test_that_checked_runs_are_drawn_over_the_one_on_screen(qtbot: QtBot, window: MainWindow) -> None:
    stream(qtbot, window, "/large.csv?rows=9&delay_ms=1")
    pane = show_runs(window)
    pane.list.setCurrentIndex(pane.model.index_of(shown_id(window)))
    pane.acts["check"].trigger()
    assert picture_of(window) == "ladder"
    assert hint_of(window) == "1 run drawn over this one in the staircase (Ctrl+2)"
    trigger(window, "action_staircase")
    assert [overlay.reads.total_bytes for overlay in find(window, OverlayRuns, "overlay_runs").shown] == [
        window.document.snapshot.tracks["read"].total_bytes
    ]
    find(window, QWidget, "staircase").grab()
    pane.acts["check"].trigger()
    assert find(window, OverlayRuns, "overlay_runs").shown == []


def test_that_the_axis_is_as_long_as_a_longer_run_drawn_over_the_one_on_screen(
    qtbot: QtBot, window: MainWindow
) -> None:
    stream(qtbot, window, "/large.csv?rows=9&delay_ms=40")
    longer, longer_ns = shown_id(window), window.time_range.whole_ns
    stream(qtbot, window, "/large.csv?rows=3&delay_ms=1")
    qtbot.waitUntil(lambda: window.time_range.whole_ns < longer_ns / 2, timeout=DEADLINE_MS)
    pane = show_runs(window)
    pane.list.setCurrentIndex(pane.model.index_of(longer))
    pane.acts["check"].trigger()
    overlays = find(window, OverlayRuns, "overlay_runs")
    assert window.time_range.stop_ns > overlays.longest_ns > longer_ns / 2
    pane.acts["check"].trigger()
    assert window.time_range.stop_ns < longer_ns / 2


def test_that_the_memory_of_the_server_stands_under_the_ladder(qtbot: QtBot, window: MainWindow) -> None:
    begin(window, "/in-memory.csv?rows=100000&delay_ms=0")
    wait_for_items(qtbot, window, "read", 1)
    qtbot.waitUntil(lambda: len(window.document.snapshot.samples) > 2, timeout=DEADLINE_MS)
    memory = find(window, MemoryStrip, "memory_strip")
    assert memory.isVisible()
    assert "MB" in memory.text()
    qtbot.waitUntil(lambda: memory.left_px == canvas(window).x(), timeout=DEADLINE_MS)
    memory.grab()
    trigger(window, "shows_memory")
    assert memory.isHidden()
