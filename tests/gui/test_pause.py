"""Pause in the real window: the picture stays as it was however it is painted again, while the recording goes on."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from inspector.gui.shell.main_window import MainWindow
from inspector.gui.views.memory_strip import MemoryStrip
from inspector.recording.folder import Recording
from tests.gui.running import DEADLINE_MS, begin, has_ended, wait_for_items
from tests.gui.window_driver import canvas, find, ladder, marks_table, state_of, stop, trigger, turn, verdict
from tests.modules import modules

ENDLESS = "/timeline?rows=0&delay_ms=4&jitter=0&template_buffer=0"


def pictures(window: MainWindow) -> list[QImage]:
    """Return what each view of the run looks like, painted anew."""
    found: list[QImage] = []
    for name, view in (("staircase", find(window, QWidget, "staircase")), ("ladder", canvas(window))):
        window.show_view(name)
        found.append(view.grab().toImage())
    return [*found, *(find(window, QWidget, name).grab().toImage() for name in ("memory_strip", "overview"))]


def texts(window: MainWindow) -> list[object]:
    """Return what views say of the run: its last row in the table, its memory, its lanes, its verdict."""
    table = marks_table(window).model()
    rows = table.rowCount()
    cells = [table.index(rows - 1, column).data() for column in range(table.columnCount())]
    return [
        rows,
        cells,
        find(window, MemoryStrip, "memory_strip").text(),
        ladder(window).summary(),
        verdict(window).sentence,
    ]


def go_on(qtbot: QtBot, window: MainWindow) -> Recording:
    """Turn a knob, and wait until the recording has it, further samples and further chunks."""
    recording = window.document.recording
    assert recording is not None
    before = recording.snapshot()
    turn(window, "template_buffer", "50")

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
    words = verdict(window).text
    qtbot.waitUntil(lambda: words.height() >= words.heightForWidth(words.width()), timeout=DEADLINE_MS)
    shown, seen, said = window.document.snapshot, pictures(window), texts(window)
    recording = go_on(qtbot, window)
    assert window.document.snapshot is shown
    assert pictures(window) == seen, "painted again"
    trigger(window, "theme_dark")
    assert pictures(window) != seen
    trigger(window, "theme_light")
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
    stop(window)
    qtbot.waitUntil(lambda: has_ended(window), timeout=DEADLINE_MS)


def test_that_a_change_is_seen_at_once_where_nothing_is_paused(qtbot: QtBot, window: MainWindow) -> None:
    begin(window, ENDLESS)
    wait_for_items(qtbot, window, "chunk", 20)
    recording = go_on(qtbot, window)
    assert window.document.snapshot.changes == recording.changes
    assert len(window.document.snapshot.samples) == len(recording.samples)
    stop(window)
    qtbot.waitUntil(lambda: has_ended(window), timeout=DEADLINE_MS)


def test_that_an_ending_is_no_part_of_the_paused_picture(qtbot: QtBot, window: MainWindow) -> None:
    begin(window, ENDLESS)
    wait_for_items(qtbot, window, "chunk", 20)
    window.document.set_paused(True)
    stop(window)
    qtbot.waitUntil(lambda: not state_of(window).is_running, timeout=DEADLINE_MS)
    assert not has_ended(window)
    assert window.document.is_live, "as the picture was when it was paused"
    window.document.set_paused(False)
    assert has_ended(window)
    assert not window.document.is_live


def reads_past_the_snapshot(tree: ast.AST) -> Iterator[str]:
    """Tell where code takes something of a document's recording, which goes on while the document is paused."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and ast.unparse(node.value).endswith("document.recording"):
            yield ast.unparse(node)


def test_that_views_read_the_snapshot_and_never_the_recording() -> None:
    views = [module for module in modules("inspector") if module.name.startswith("inspector.gui.views.")]
    assert views
    assert {module.name: found for module in views if (found := list(reads_past_the_snapshot(module.tree)))} == {}


@pytest.mark.parametrize(
    ("code", "count"),
    [
        ("self._document.recording.changes", 1),
        ("document.recording.tracks['read']", 1),
        ("document.recording is None", 0),
        ("self._document.snapshot.changes", 0),
    ],
)
def test_that_reading_the_recording_is_found(code: str, count: int) -> None:
    assert len(list(reads_past_the_snapshot(ast.parse(code)))) == count
