"""Pause in the real window: the picture stays as it was however it is painted again, while the recording goes on."""

from __future__ import annotations

from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from inspector.gui.shell.main_window import MainWindow
from inspector.recording.folder import Recording
from tests.gui.running import DEADLINE_MS, begin, has_ended, wait_for_items

ENDLESS = "/timeline?rows=0&delay_ms=4&jitter=0&template_buffer=0"


def pictures(window: MainWindow) -> list[QImage]:
    """Return what each view of the run looks like, painted anew."""
    found: list[QImage] = []
    for name, view in (("staircase", window.staircase), ("ladder", window.ladder.canvas)):
        window.show_view(name)
        found.append(view.grab().toImage())
    return [*found, window.memory.grab().toImage(), window.overview.grab().toImage()]


def texts(window: MainWindow) -> list[object]:
    """Return what views say of the run: its last row in the table, its memory, its lanes, its verdict."""
    table = window.table.model
    rows = table.rowCount()
    cells = [table.index(rows - 1, column).data() for column in range(table.columnCount())]
    return [rows, cells, window.memory.text(), window.ladder.summary(), window.verdict.sentence]


def go_on(qtbot: QtBot, window: MainWindow) -> Recording:
    """Turn a knob, and wait until the recording has it, further samples and further chunks."""
    recording = window.document.recording
    assert recording is not None
    before = recording.snapshot()
    window.knobs.turn("template_buffer", "50")

    def has_gone_on() -> bool:
        now = recording.snapshot()
        longer = len(now.samples) > len(before.samples) + 2 and len(now.tracks["chunk"]) > len(before.tracks["chunk"])
        return longer and len(now.changes) > len(before.changes)

    qtbot.waitUntil(has_gone_on, timeout=DEADLINE_MS)
    return recording


def test_that_nothing_that_is_recorded_while_paused_is_seen_before_resuming(qtbot: QtBot, window: MainWindow) -> None:
    begin(window, ENDLESS)
    wait_for_items(qtbot, window, "chunk", 20)
    qtbot.waitUntil(lambda: len(window.document.snapshot.samples) > 2, timeout=DEADLINE_MS)
    window.document.set_paused(True)
    qtbot.waitUntil(lambda: window.analysis.is_current, timeout=DEADLINE_MS)
    shown, seen, said = window.document.snapshot, pictures(window), texts(window)
    recording = go_on(qtbot, window)
    assert window.document.snapshot is shown
    assert pictures(window) == seen, "painted again"
    window.appearance.choose_theme("dark")
    assert pictures(window) != seen
    window.appearance.choose_theme("light")
    assert pictures(window) == seen, "painted in other colours and back"
    range_ns = window.time_range.start_ns, window.time_range.start_ns + window.time_range.span_ns
    window.time_range.zoom(0.5, range_ns[0])
    assert pictures(window) != seen
    window.time_range.show(*range_ns)
    assert pictures(window) == seen, "zoomed and back"
    assert texts(window) == said
    window.document.set_paused(False)
    assert window.document.snapshot.changes == recording.changes
    assert len(window.document.snapshot.samples) > len(shown.samples)
    assert pictures(window) != seen
    window.controller.stop()
    qtbot.waitUntil(lambda: has_ended(window), timeout=DEADLINE_MS)


def test_that_a_change_is_seen_at_once_where_nothing_is_paused(qtbot: QtBot, window: MainWindow) -> None:
    begin(window, ENDLESS)
    wait_for_items(qtbot, window, "chunk", 20)
    recording = go_on(qtbot, window)
    assert window.document.snapshot.changes == recording.changes
    assert len(window.document.snapshot.samples) == len(recording.samples)
    window.controller.stop()
    qtbot.waitUntil(lambda: has_ended(window), timeout=DEADLINE_MS)


def test_that_an_ending_is_no_part_of_the_paused_picture(qtbot: QtBot, window: MainWindow) -> None:
    begin(window, ENDLESS)
    wait_for_items(qtbot, window, "chunk", 20)
    window.document.set_paused(True)
    window.controller.stop()
    qtbot.waitUntil(lambda: not window.controller.state.is_running, timeout=DEADLINE_MS)
    assert not has_ended(window)
    assert window.document.is_live, "as the picture was when it was paused"
    window.document.set_paused(False)
    assert has_ended(window)
    assert not window.document.is_live
