"""Replays a real run in the real window: every pane shows it as it stood at the playhead, as if it were live."""

from __future__ import annotations

import time
from itertools import pairwise

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox
from pytestqt.qtbot import QtBot

from inspector.gui.models.replay import AS_DRAWN
from inspector.gui.models.selection import Selection
from inspector.gui.shell.main_window import MainWindow
from inspector.gui.style.elided_label import ElidedLabel
from inspector.gui.style.run_states import RunState
from inspector.gui.views.detail.source_view import SourceView
from inspector.gui.views.marks_table_view import MarksTable

from .running import DEADLINE_MS, begin, has_ended, is_settled, stream, wait_for_items
from .window_driver import canvas, click, compare_page, find, press, show_tab, state_of, stop, text_of, trigger


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


def test_that_the_way_out_of_a_replay_is_called_by_what_is_there_then(window: MainWindow, qtbot: QtBot) -> None:
    begin(window, "/large.csv?rows=0&delay_ms=10")
    wait_for_items(qtbot, window, "chunk", 3)
    qtbot.waitUntil(lambda: text_of(window, "replay_end_button") == "Live")
    stop(window)
    qtbot.waitUntil(lambda: text_of(window, "replay_end_button") == "Whole run", timeout=DEADLINE_MS)


def test_that_what_was_selected_stays_selected_unless_it_is_not_there_yet(window: MainWindow, qtbot: QtBot) -> None:
    stream(qtbot, window, "/my-large-page.html?rows=8&delay_ms=20&template_buffer=5")
    window.document.select_bytes("chunk", 0, 1)
    window.replay.seek(window.replay.length_ns)
    assert window.document.selection is not None
    window.replay.seek(0)
    assert window.document.selection is None


def test_that_a_drag_in_the_ruler_looks_back_and_end_shows_the_whole_run_again(
    window: MainWindow, qtbot: QtBot
) -> None:
    stream(qtbot, window, "/my-large-page.html?rows=8&delay_ms=20&template_buffer=5")
    whole = _shown(window)
    ladder, left = canvas(window), Qt.MouseButton.LeftButton
    QTest.mousePress(ladder, left, pos=QPoint(ladder.width() * 3 // 4, 5))
    assert text_of(window, "status_state").startswith("Replay ")
    three_quarters = _shown(window)["part"]
    QTest.mouseMove(ladder, QPoint(ladder.width() // 3, 5))
    assert 0 < _shown(window)["part"] < three_quarters < whole["part"]
    QTest.mouseRelease(ladder, left, pos=QPoint(ladder.width() // 3, 5))
    moment_ns = window.replay.moment_ns
    QTest.mouseMove(ladder, QPoint(ladder.width() // 2, 5))
    assert window.replay.moment_ns == moment_ns
    press(ladder, Qt.Key.Key_End)
    assert _shown(window) == whole
    assert state_of(window) is RunState.COMPLETE


def test_that_keys_step_from_item_to_item_and_back(window: MainWindow, qtbot: QtBot) -> None:
    stream(qtbot, window, "/my-large-page.html?rows=8&delay_ms=20&template_buffer=0")
    times_ns = [*dict.fromkeys((window.document.whole.tracks["chunk"].t_ns - window.document.whole.origin_ns).tolist())]
    window.replay.seek(0)
    for time_ns in times_ns[:3]:
        trigger(window, "action_replay_on")
        assert window.replay.moment_ns == time_ns
    trigger(window, "action_replay_back")
    assert window.replay.moment_ns == times_ns[1]
    press(canvas(window), Qt.Key.Key_Home)
    assert window.replay.moment_ns == 0
    trigger(window, "action_end")
    trigger(window, "action_replay_back")
    assert window.replay.moment_ns == times_ns[-1]


def test_that_space_replays_a_finished_run_and_rests(window: MainWindow, qtbot: QtBot) -> None:
    stream(qtbot, window, "/my-large-page.html?rows=8&delay_ms=20")
    window.replay.set_speed(0.05)
    press(canvas(window), Qt.Key.Key_Space)
    assert window.replay.is_playing
    assert not window.document.paused
    qtbot.waitUntil(lambda: (window.replay.moment_ns or 0) > 0)
    press(canvas(window), Qt.Key.Key_Space)
    assert not window.replay.is_playing
    assert window.replay.moment_ns is not None


def test_that_a_replay_as_fast_as_drawn_shows_a_run_with_a_long_silence_in_no_time(
    window: MainWindow, qtbot: QtBot
) -> None:
    stream(qtbot, window, "/timeline?rows=3&delay_ms=1000")
    window.replay.set_speed(AS_DRAWN)
    began_ns = time.monotonic_ns()
    window.replay.play()
    qtbot.waitUntil(lambda: not window.replay.is_playing)
    assert time.monotonic_ns() - began_ns < window.replay.length_ns // 2
    assert _shown(window) == {name: len(track) for name, track in window.document.whole.tracks.items()}


def test_that_a_loop_begins_again_at_the_end(window: MainWindow, qtbot: QtBot) -> None:
    stream(qtbot, window, "/timeline?rows=5&delay_ms=20")
    click(window, "loop_button")
    moments: list[int] = []
    window.replay.changed.connect(lambda: moments.append(window.replay.moment_ns or 0))
    window.replay.set_speed(5.0)
    window.replay.play()
    qtbot.waitUntil(lambda: any(after < before for before, after in pairwise(moments)))
    assert window.replay.is_playing
    window.replay.rest()


def test_that_a_live_run_can_be_looked_back_at_while_it_goes_on(window: MainWindow, qtbot: QtBot) -> None:
    begin(window, "/timeline?rows=0&delay_ms=10")
    wait_for_items(qtbot, window, "chunk", 20)
    window.replay.seek(window.replay.length_ns // 2)
    half, recorded = _shown(window)["chunk"], len(window.document.whole.tracks["chunk"])
    assert text_of(window, "replay_end_button") == "Live"
    qtbot.waitUntil(lambda: len(window.document.whole.tracks["chunk"]) > recorded)
    assert _shown(window)["chunk"] == half
    assert text_of(window, "status_state").startswith("Replay ")
    click(window, "replay_end_button")
    assert _shown(window)["chunk"] > recorded
    assert state_of(window) is RunState.LIVE
    stop(window)


def test_that_a_moment_of_a_replay_shows_what_the_window_showed_then(window: MainWindow, qtbot: QtBot) -> None:
    show_tab(window, find(window, SourceView, "source_view"))
    begin(window, "/my-large-page.html?rows=9&delay_ms=150&template_buffer=5")
    frozen: list[tuple[int, dict[str, object]]] = []
    for chunks in (4, 9, 14):
        wait_for_items(qtbot, window, "chunk", chunks)
        qtbot.waitUntil(lambda: is_settled(window))
        window.document.set_paused(True)
        snapshot = window.document.snapshot
        qtbot.waitUntil(lambda: window.analysis.is_current)
        frozen.append((snapshot.last_ns - snapshot.origin_ns, _seen(window)))
        window.document.set_paused(False)
    qtbot.waitUntil(lambda: has_ended(window), timeout=DEADLINE_MS)
    qtbot.waitUntil(lambda: is_settled(window))
    assert len({moment_ns for moment_ns, _ in frozen}) == len(frozen)
    for moment_ns, seen_live in (*frozen, *reversed(frozen)):
        window.replay.seek(moment_ns)
        qtbot.waitUntil(lambda: window.analysis.is_current)
        assert _seen(window) == seen_live


def _seen(window: MainWindow) -> dict[str, object]:
    verdict = window.analysis.verdict
    model = find(window, MarksTable, "marks_table").model()
    return {
        "items": _shown(window),
        "layers": dict(window.analysis.whole_run.layers),
        "gaps": [(each.gap.id, each.items_in, each.items_out, each.wait) for each in window.analysis.whole_run.gaps],
        "verdict": (verdict.kind, verdict.headline, verdict.so_far) if verdict is not None else None,
        "rows": [model.index(row, 3).data() for row in range(model.rowCount())],
        "text": window.document.read_content(0, 1 << 20),
        "source": find(window, SourceView, "source_view").code.counts,
    }


def test_that_going_back_keeps_the_selection_for_when_it_is_there_again(window: MainWindow, qtbot: QtBot) -> None:
    stream(qtbot, window, "/my-large-page.html?rows=8&delay_ms=20&template_buffer=5")
    chunks = len(window.document.whole.tracks["chunk"])
    window.document.select(Selection("chunk", chunks - 2, chunks - 1))
    window.replay.seek(window.replay.length_ns // 2)
    assert window.document.selection is None
    assert not find(window, MarksTable, "marks_table").selectionModel().hasSelection()
    window.replay.seek(window.replay.length_ns)
    assert window.document.selection == Selection("chunk", chunks - 2, chunks - 1)
    rows = find(window, MarksTable, "marks_table").selectionModel().selectedRows()
    assert [index.row() for index in rows] == [chunks - 2]


def test_that_a_run_too_dense_for_lines_is_painted_at_every_moment(window: MainWindow, qtbot: QtBot) -> None:
    stream(qtbot, window, "/large.csv?rows=3000&delay_ms=0")
    qtbot.waitUntil(lambda: window.analysis.is_current)
    pictures = []
    for share in (4, 3, 2, 1, 0, 2):
        window.replay.seek(window.replay.length_ns * share // 4)
        pictures.append(canvas(window).grab().toImage())
    assert all(one != another for one, another in pairwise(pictures))
    assert pictures[-1] == pictures[2]


def test_that_two_compared_runs_are_replayed_together_each_from_its_own_request(
    window: MainWindow, qtbot: QtBot
) -> None:
    stream(qtbot, window, "/my-large-list.html?rows=10&delay_ms=30&template_buffer=5")
    page = compare_page(window)
    b = page.comparing.b
    b.set_settings({"rows": "10", "delay_ms": "30", "template_buffer": "0"})
    page.run_both()
    qtbot.waitUntil(lambda: has_ended(window) and b.document.snapshot.has_ended, timeout=DEADLINE_MS)
    window.replay.seek(window.replay.length_ns // 2)
    moment_ns = window.replay.moment_ns
    for document in (window.document, b.document):
        assert document.moment_ns == moment_ns
        last = document.snapshot.last_ns - document.snapshot.origin_ns
        assert 0 < last <= window.replay.length_ns // 2
        assert not document.snapshot.has_ended
    assert len(b.document.snapshot.tracks["chunk"]) > len(window.document.snapshot.tracks["chunk"])
    words = [label.text() for label in page.findChildren(ElidedLabel)]
    assert any(text.startswith("Replay") for text in words)
    assert not any(text.startswith("Live") for text in words)
    window.show_view("ladder")
    assert window.replay.moment_ns == moment_ns
    window.replay.end()
    window.show_view("compare")
    assert b.document.moment_ns is None


def test_that_looking_back_at_a_live_run_keeps_its_time_axis_until_it_is_left(window: MainWindow, qtbot: QtBot) -> None:
    begin(window, "/timeline?rows=0&delay_ms=10")
    wait_for_items(qtbot, window, "chunk", 20)
    window.replay.seek(window.replay.length_ns // 2)
    length_ns, shown = window.replay.length_ns, (window.time_range.start_ns, window.time_range.stop_ns)
    qtbot.waitUntil(lambda: window.replay.length_ns > 3 * length_ns, timeout=DEADLINE_MS)
    assert (window.time_range.start_ns, window.time_range.stop_ns) == shown
    window.replay.end()
    qtbot.waitUntil(lambda: window.time_range.whole_ns > 3 * length_ns)
    stop(window)


def test_that_another_run_ends_the_replay_of_both(window: MainWindow, qtbot: QtBot) -> None:
    stream(qtbot, window, "/timeline?rows=5&delay_ms=20")
    page = compare_page(window)
    page.run_both()
    b = page.comparing.b
    qtbot.waitUntil(lambda: has_ended(window) and b.document.snapshot.has_ended, timeout=DEADLINE_MS)
    window.replay.set_speed(0.05)
    window.replay.play()
    assert b.document.moment_ns is not None
    begin(window, "/timeline?rows=5&delay_ms=20")
    assert not window.replay.is_playing
    assert b.document.moment_ns is None
    assert window.document.moment_ns is None
    qtbot.waitUntil(lambda: has_ended(window), timeout=DEADLINE_MS)


def test_that_a_chosen_speed_is_that_of_the_replay_and_keys_change_it(window: MainWindow) -> None:
    speeds = find(window, QComboBox, "replay_speed")
    speeds.activated.emit(speeds.findText("as drawn"))
    assert window.replay.speed == AS_DRAWN
    trigger(window, "action_replay_slower")
    assert window.replay.speed == 10.0
    assert speeds.currentText() == "\N{MULTIPLICATION SIGN}10"


def test_that_a_replay_goes_through_the_code_line_by_line(window: MainWindow, qtbot: QtBot) -> None:
    source = find(window, SourceView, "source_view")
    show_tab(window, source)
    stream(qtbot, window, "/my-large-page.html?rows=8&delay_ms=20")
    parts, origin_ns = window.document.whole.tracks["part"], window.document.whole.origin_ns
    lines = set()
    for item in range(len(parts) // 2, len(parts) // 2 + 6):
        window.replay.seek(int(parts.t_ns[item]) - origin_ns)
        assert source.code.latest_line is not None
        assert source.code.textCursor().blockNumber() + 1 == source.code.latest_line
        lines.add(source.code.latest_line)
    assert len(lines) > 1
