"""Focus, selection and keys after a start: what acts on the picture, and what the picture then shows."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from inspector.gui.models.document import Document
from inspector.gui.models.navigation import next_long_gap
from inspector.gui.models.preferences import Preferences
from inspector.gui.models.selection import Selection
from inspector.gui.models.time_range import TimeRange
from inspector.gui.shell.main_window import MainWindow
from inspector.gui.startup.application import create_window
from inspector.gui.style.run_states import RunState
from inspector.recording.folder import Recording
from inspector.recording.layers import track_file_name
from inspector.recording.meta import read_meta, write_meta
from tests.gui.running import DEADLINE_MS, begin, has_ended, stream
from tests.gui.window_driver import (
    banner,
    canvas,
    detail_tabs,
    hint_of,
    log,
    set_setting,
    setting_of,
    show_tab,
    state_of,
    stop,
    target_line,
    turn,
)
from tests.sample_recording import SENT_T_NS, write_sample

SECOND_NS = 1_000_000_000


def type_and_enter(window: MainWindow, target: str) -> None:
    """Stream as a person does who types into the picker."""
    window.go_to_picker()
    target_line(window).setText(target)
    QTest.keyClick(target_line(window), Qt.Key.Key_Return)


def test_that_the_keys_of_the_picture_act_after_a_start_from_the_picker(qtbot: QtBot, window: MainWindow) -> None:
    window.activateWindow()
    type_and_enter(window, "/my-large-page.html?rows=5&delay_ms=1")
    qtbot.waitUntil(lambda: has_ended(window), timeout=DEADLINE_MS)
    focused = QApplication.focusWidget()
    assert focused is canvas(window)
    QTest.keyClick(focused, Qt.Key.Key_4)
    assert setting_of(window, "template_buffer") == "10"
    QTest.keyClick(focused, Qt.Key.Key_Space)
    assert window.replay.moment_ns is not None
    window.go_to_picker()
    assert target_line(window).hasFocus()


def test_that_the_focus_stays_where_nothing_could_be_started(window: MainWindow) -> None:
    window.activateWindow()
    type_and_enter(window, "/no-such-page")
    assert target_line(window).hasFocus()


def test_that_what_is_selected_elsewhere_comes_into_sight_at_the_same_zoom(qtbot: QtBot, window: MainWindow) -> None:
    stream(qtbot, window, "/large.csv?rows=40&delay_ms=5&jitter=0")
    window.time_range.show(0, 20_000_000)
    span_ns = window.time_range.span_ns
    window.document.select(Selection("chunk", 39, 40))
    at_ns = int(window.document.snapshot.tracks["chunk"].t_ns[39]) - window.document.snapshot.origin_ns
    assert window.time_range.start_ns <= at_ns < window.time_range.stop_ns
    assert window.time_range.span_ns == span_ns
    before = window.time_range.start_ns
    window.document.select(Selection("chunk", 38, 40))
    assert window.time_range.start_ns == before, "what is seen already stays where it is"


@pytest.mark.parametrize(("start_ns", "stop_ns"), [(0, 0), (1_000, 2_000), (-5, 3), (99 * SECOND_NS, 99 * SECOND_NS)])
def test_that_bringing_something_into_sight_shows_no_time_before_the_request(start_ns: int, stop_ns: int) -> None:
    time_range = TimeRange()
    time_range.follow(100 * SECOND_NS, live=False)
    for reveal in (time_range.reveal, time_range.reveal_some):
        time_range.show(40 * SECOND_NS, 50 * SECOND_NS)
        reveal(start_ns, stop_ns)
        assert time_range.start_ns >= -time_range.span_ns // 50
        assert time_range.start_ns <= stop_ns
        assert time_range.stop_ns >= start_ns
        assert time_range.stop_ns <= 103 * SECOND_NS


@pytest.fixture
def bunches(tmp_path: Path) -> Iterator[Document]:
    """A hundred bunches of five chunks, 0.1 ms apart inside a bunch but for one gap of 4 ms; a bunch each second."""
    sample = write_sample(tmp_path / "bunches", [b"row\n"] * 500)
    path = sample.folder / track_file_name("chunk")
    rows = np.fromfile(path, dtype="<i8").reshape(500, -1)
    bunch, item = np.divmod(np.arange(500), 5)
    rows[:, 0] = SENT_T_NS + bunch * SECOND_NS + item * 100_000
    rows[19, 0] += 4_000_000
    path.write_bytes(rows.tobytes())
    document = Document()
    document.show(Recording(sample.folder))
    yield document
    document.show(None)


def test_that_the_next_long_gap_begins_at_what_is_seen_and_is_long_for_the_view(bunches: Document) -> None:
    seen_ns = (SENT_T_NS + 52 * SECOND_NS, SENT_T_NS + 62 * SECOND_NS)
    found = [next_long_gap(bunches, "chunk", seen_ns)]
    for _ in range(2):
        bunches.select(found[-1])
        found.append(next_long_gap(bunches, "chunk", seen_ns))
    assert [each and each.first for each in found] == [260, 265, 270], "the first item of each bunch, one after another"


def test_that_a_short_view_finds_shorter_gaps_and_the_end_is_followed_by_the_beginning(bunches: Document) -> None:
    at_ns = SENT_T_NS + 3 * SECOND_NS
    assert next_long_gap(bunches, "chunk", (at_ns + 50_000, at_ns + 10_000_000)) == Selection("chunk", 19, 20)
    last_ns = SENT_T_NS + 99 * SECOND_NS
    assert next_long_gap(bunches, "chunk", (last_ns + 1, last_ns + SECOND_NS)) == Selection("chunk", 5, 6)


def test_that_what_a_recording_notes_is_said_when_it_is_opened(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    sample = write_sample(tmp_path / "noted", [b"row\n"] * 5)
    meta = read_meta(sample.folder)
    assert meta is not None
    meta.notes = ["12 bytes came after the end of the message", "The body is not all of it."]
    write_meta(sample.folder, meta)
    window.show_recording(sample.folder)
    said = "12 bytes came after the end of the message. The body is not all of it."
    qtbot.waitUntil(lambda: banner(window).text == said, timeout=DEADLINE_MS)
    assert banner(window).severity == "warning"
    assert banner(window).isVisible()


def test_that_the_log_opens_at_the_traceback_of_a_run_that_it_cut_and_goes_back(
    qtbot: QtBot, window: MainWindow
) -> None:
    detail_tabs(window).setCurrentIndex(1)
    stream(qtbot, window, "/stream-without-context?name=Jo&delay_ms=1")
    qtbot.waitUntil(lambda: detail_tabs(window).currentWidget() is log(window), timeout=DEADLINE_MS)
    assert state_of(window) is RunState.CUT_SHORT
    assert log(window).textCursor().block().text().startswith("Traceback")
    assert 'context.py", line ' in log(window).toPlainText()
    assert log(window).textInteractionFlags() & Qt.TextInteractionFlag.TextSelectableByMouse
    begin(window, "/large.csv?rows=3&delay_ms=1")
    qtbot.waitUntil(lambda: has_ended(window), timeout=DEADLINE_MS)
    assert detail_tabs(window).currentIndex() == 1
    show_tab(window, log(window))
    assert "Traceback" not in log(window).toPlainText(), "the log is that of the run on screen"


def test_that_a_run_of_another_server_has_no_log(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    window.show_recording(write_sample(tmp_path / "theirs", [b"row\n"]).folder)
    show_tab(window, log(window))
    assert log(window).toPlainText().startswith("No log: ")


def test_that_a_typed_query_sets_just_what_it_has(window: MainWindow) -> None:
    turn(window, "delay_ms", "20")
    turn(window, "client_buffer", "512")
    type_and_enter(window, "/my-large-page.html?rows=3&delay_ms=1")
    assert [setting_of(window, name) for name in ("rows", "delay_ms", "client_buffer", "template_buffer")] == [
        "3", "1", "0", "5",
    ]  # fmt: skip
    assert target_line(window).text() == "/my-large-page.html"
    turn(window, "rows", "2")
    type_and_enter(window, "/large.csv")
    assert (setting_of(window, "rows"), setting_of(window, "delay_ms")) == ("2", "1"), "seen as changed in the source"


def test_that_no_start_streams_without_end_by_surprise(qtbot: QtBot, preferences: Preferences) -> None:
    first = create_window(run=False, preferences=preferences)
    set_setting(first, "rows", "0")
    set_setting(first, "delay_ms", "1")
    first.close()
    second = create_window("/large.csv", preferences=preferences)
    second.show()
    qtbot.waitUntil(lambda: has_ended(second), timeout=DEADLINE_MS)
    assert len(second.document.snapshot.tracks["yield"]) == 40
    assert setting_of(second, "delay_ms") == "1"
    assert hint_of(second) == "Rows: endless last time, now as usual"
    stream(qtbot, second, "/large.csv?rows=2&delay_ms=1")
    assert hint_of(second) == ""
    second.close()


def test_that_nothing_is_in_effect_now_when_the_run_has_ended(qtbot: QtBot, window: MainWindow) -> None:
    begin(window, "/large.csv?rows=0&delay_ms=4")
    qtbot.waitUntil(lambda: len(window.document.snapshot.tracks["chunk"]) > 2, timeout=DEADLINE_MS)
    turn(window, "rows_per_yield", "5")
    assert hint_of(window) == "rows per yield 5 rows: in effect now"
    stop(window)
    qtbot.waitUntil(lambda: hint_of(window) == "", timeout=DEADLINE_MS)
