"""The real window with its real server and recorder, driven as a person would."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from inspector.catalogue import KNOBS
from inspector.gui.models.preferences import Preferences
from inspector.gui.models.selection import Selection
from inspector.gui.shell.main_window import MainWindow
from inspector.gui.shell.pane_focus import focus_next_pane, panes_of
from inspector.gui.shell.presentation_mode import type_scale
from inspector.gui.startup.application import create_window
from inspector.gui.style.run_states import RunState
from inspector.gui.style.theme import DARK, LIGHT, Theme
from inspector.gui.views.ladder.lane_layout import Lane
from inspector.recording.layers import LAYERS
from inspector.recording.meta import read_meta
from tests.gui.running import DEADLINE_MS, begin, has_ended, stream, wait_for_items
from tests.gui.window_driver import (
    banner,
    canvas,
    click,
    find,
    headers,
    ladder,
    marks_table,
    picture_of,
    run_of,
    set_setting,
    setting_of,
    state_of,
    stop,
    target_of,
    text_of,
    trigger,
    verdict,
)
from tests.leaks import processes

_NAMES = (
    "stream_picker", "run_button", "pause_button", "view_switch", "present_button", "verdict", "ladder", "staircase",
    "overview", "layer_picker", "marks_table", "detail_tabs", "text_view", "hex_view", "source_view", "headers_view",
    "statistics_view", "status_state",
)  # fmt: skip
_FIVE_ROWS = "rows=5&delay_ms=1&jitter=0"


def test_that_the_names_which_scripts_rely_on_exist(window: MainWindow) -> None:
    missing = [name for name in _NAMES if window.findChild(QWidget, name) is None]
    missing += [f"knob_{knob.name}" for knob in KNOBS if window.findChild(QWidget, f"knob_{knob.name}") is None]
    assert missing == []


def test_that_the_first_start_streams_the_timeline_by_itself(qtbot: QtBot, preferences: Preferences) -> None:
    window = create_window(preferences=preferences)
    window.show()
    qtbot.waitUntil(lambda: len(window.document.snapshot.tracks["chunk"]) > 0, timeout=DEADLINE_MS)
    assert target_of(window) == "/timeline"
    assert state_of(window).is_running
    window.close()


def test_that_every_layer_of_a_stream_is_on_screen(qtbot: QtBot, window: MainWindow) -> None:
    stream(qtbot, window, f"/large.csv?{_FIVE_ROWS}")
    tracks = window.document.snapshot.tracks
    assert state_of(window) is RunState.COMPLETE
    assert [len(tracks[name]) for name in ("part", "yield", "write", "chunk")] == [5, 5, 5, 5]
    assert {tracks[name].total_bytes for name in ("part", "yield", "write", "chunk", "piece")} == {
        window.document.snapshot.content_bytes
    }
    assert headers(window).lanes["chunk"].texts() == ("chunk", "5 chunks")
    assert "5 chunks" in ladder(window).summary()


def test_that_knobs_of_a_typed_query_move_into_their_editors(qtbot: QtBot, window: MainWindow) -> None:
    stream(qtbot, window, "/large.csv?rows=3&delay_ms=2")
    assert target_of(window) == "/large.csv"
    assert setting_of(window, "rows") == "3"
    run = run_of(window)
    assert run is not None
    assert run.target.knobs["rows"] == "3"


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("/large.csv?template=async", "template does nothing on /large.csv. Its settings are rows, "),
        ("/timeline?proxy_gzip=on", "proxy_gzip does nothing with proxy=none. It acts with proxy=nginx."),
    ],
)
def test_that_a_typed_knob_that_does_nothing_there_is_refused(window: MainWindow, typed: str, sentence: str) -> None:
    begin(window, typed)
    assert banner(window).text.startswith(sentence)
    assert run_of(window) is None


def test_that_knobs_of_another_route_that_were_remembered_do_not_stop_a_start(qtbot: QtBot, window: MainWindow) -> None:
    remembered = {"template": "async", "send_bytes": "18000", "proxy_gzip": "on", "rows_per_yield": "5", "rows": "5"}
    for name, text in remembered.items():
        set_setting(window, name, text)
    stream(qtbot, window, "/large.csv")
    assert state_of(window) is RunState.COMPLETE
    run = run_of(window)
    assert run is not None
    given = run.target.knobs
    assert given.keys() & {"template", "send_bytes", "proxy_gzip", "rows_per_yield"} == {"rows_per_yield"}


def test_that_the_template_buffer_merges_parts(qtbot: QtBot, window: MainWindow) -> None:
    stream(qtbot, window, f"/my-large-page.html?{_FIVE_ROWS}&template_buffer=0")
    alone = len(window.document.snapshot.tracks["yield"])
    assert alone == len(window.document.snapshot.tracks["part"])
    editor = window.findChild(QWidget, "knob_template_buffer")
    assert editor is not None
    editor.setFocus()
    editor.selectAll()  # type: ignore[attr-defined]
    QTest.keyClicks(editor, "10")
    first = run_of(window)
    QTest.keyClick(editor, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: run_of(window) is not first, timeout=DEADLINE_MS)
    qtbot.waitUntil(lambda: has_ended(window), timeout=DEADLINE_MS)
    assert len(window.document.snapshot.tracks["part"]) == alone
    assert len(window.document.snapshot.tracks["yield"]) <= alone / 8


def test_that_stop_ends_a_quiet_stream_and_keeps_what_came(qtbot: QtBot, window: MainWindow) -> None:
    begin(window, "/large.csv?rows=5&delay_ms=60000&jitter=0")
    wait_for_items(qtbot, window, "chunk", 1)
    assert text_of(window, "run_button") == "Stop"
    click(window, "run_button")
    qtbot.waitUntil(lambda: state_of(window) is RunState.STOPPED, timeout=DEADLINE_MS)
    assert text_of(window, "run_button") == "Stream"
    assert len(window.document.snapshot.tracks["chunk"]) == 1


def test_that_a_cut_stream_says_so_in_words(qtbot: QtBot, window: MainWindow) -> None:
    stream(qtbot, window, "/stream-without-context?name=Jo&delay_ms=1")
    assert state_of(window) is RunState.CUT_SHORT
    assert text_of(window, "status_state") == "Cut short"
    qtbot.waitUntil(lambda: verdict(window).sentence.startswith("Cut short by the view."), timeout=DEADLINE_MS)
    assert banner(window).isHidden(), "it is said once"


@pytest.mark.parametrize(
    ("typed", "said"),
    [("/larg.csv", "/large.csv"), ("/large.csv?rows=-1", "rows"), ("ftp://x/", "http"), ("", "route")],
)
def test_that_a_target_that_is_none_is_told_in_the_banner(window: MainWindow, typed: str, said: str) -> None:
    begin(window, typed)
    assert banner(window).isVisible()
    assert said in banner(window).text
    assert state_of(window) is RunState.IDLE


def test_that_an_endless_stream_is_no_reason_to_refuse_a_view_that_collects(qtbot: QtBot, window: MainWindow) -> None:
    set_setting(window, "rows", "0")
    stream(qtbot, window, "/in-memory.csv")
    assert banner(window).isHidden()
    assert setting_of(window, "rows") == "40"


def test_that_a_dead_server_is_told_once_with_what_to_do(qtbot: QtBot, window: MainWindow) -> None:
    stream(qtbot, window, "http://127.0.0.1:9/nothing")
    qtbot.waitUntil(lambda: state_of(window) is RunState.FAILED, timeout=DEADLINE_MS)
    said = "No connection. 127.0.0.1 port 9 refused it. Is the server running?"
    qtbot.waitUntil(lambda: verdict(window).sentence == said, timeout=DEADLINE_MS)
    assert banner(window).isHidden()
    assert window.document.snapshot.last_ns == window.document.snapshot.origin_ns, "no time went by that is shown"


def test_that_pause_freezes_the_view_while_recording_goes_on(qtbot: QtBot, window: MainWindow) -> None:
    begin(window, "/large.csv?rows=0&delay_ms=1&jitter=0")
    wait_for_items(qtbot, window, "chunk", 5)
    canvas(window).setFocus()
    QTest.keyClick(canvas(window), Qt.Key.Key_Space)
    assert window.document.paused
    seen = len(window.document.snapshot.tracks["chunk"])
    qtbot.waitUntil(lambda: window.document.hidden_items("chunk") > 10, timeout=DEADLINE_MS)
    assert len(window.document.snapshot.tracks["chunk"]) == seen
    qtbot.waitUntil(lambda: "new" in text_of(window, "pause_button"), timeout=DEADLINE_MS)
    QTest.keyClick(canvas(window), Qt.Key.Key_Space)
    assert len(window.document.snapshot.tracks["chunk"]) > seen
    stop(window)
    qtbot.waitUntil(lambda: has_ended(window), timeout=DEADLINE_MS)


def test_that_a_selection_is_the_same_everywhere(qtbot: QtBot, window: MainWindow) -> None:
    stream(qtbot, window, f"/my-large-page.html?{_FIVE_ROWS}")
    document = window.document
    document.select(Selection("yield", 2, 3))
    start, stop = document.selected_bytes or (0, 0)
    rows = marks_table(window).selectionModel().selectedRows()
    assert [index.row() for index in rows] == list(range(*(document.selected_items("chunk") or (0, 0))))
    parts = document.selected_items("part")
    assert parts is not None
    assert document.snapshot.tracks["part"].start(parts[0]) == start
    assert int(document.snapshot.tracks["part"].end[parts[1] - 1]) == stop
    marks_table(window).selectRow(0)
    assert document.selection == Selection("chunk", 0, 1)
    assert not document.following


def test_that_a_click_in_a_lane_selects_the_item_under_it(qtbot: QtBot, window: MainWindow) -> None:
    stream(qtbot, window, "/large.csv?rows=4&delay_ms=20&jitter=0")
    picture = canvas(window)
    for name in ("part", "chunk", "piece"):
        band = next(band for band in picture.bands if isinstance(band.row, Lane) and band.row.name == name)
        x = picture.scale().x_of(int(window.document.snapshot.tracks[name].t_ns[2]))
        QTest.mouseClick(picture, Qt.MouseButton.LeftButton, pos=QPoint(round(x), band.top + band.height // 2))
        assert window.document.selection == Selection(name, 2, 3)
    QTest.keyClick(picture, Qt.Key.Key_Right)
    assert window.document.selection == Selection("piece", 3, 4)
    QTest.keyClick(picture, Qt.Key.Key_Up)
    assert window.document.selection == Selection("chunk", 3, 4)
    QTest.keyClick(picture, Qt.Key.Key_Escape)
    assert window.document.selection is None


def test_that_keys_and_wheel_zoom_and_a_double_click_fits_again(qtbot: QtBot, window: MainWindow) -> None:
    stream(qtbot, window, f"/large.csv?{_FIVE_ROWS}")
    whole = window.time_range.span_ns
    picture = canvas(window)
    QTest.keyClick(picture, Qt.Key.Key_W)
    assert window.time_range.span_ns < whole
    assert not window.time_range.automatic
    QTest.mouseDClick(picture, Qt.MouseButton.LeftButton, pos=QPoint(100, 200))
    assert window.time_range.automatic


def test_that_presenting_shows_the_picture_alone_and_ends_with_escape(qtbot: QtBot, window: MainWindow) -> None:
    stream(qtbot, window, f"/large.csv?{_FIVE_ROWS}")
    size_pt = window.font().pointSizeF()
    click(window, "present_button")
    assert not find(window, QWidget, "table_and_details").isVisible()
    assert verdict(window).isVisible()
    picture = canvas(window)
    presented_pt = type_scale(window.screen().size().height()) * size_pt
    qtbot.waitUntil(lambda: picture.font().pointSizeF() == pytest.approx(presented_pt), timeout=DEADLINE_MS)
    assert presented_pt >= 1.5 * size_pt
    QTest.keyClick(picture, Qt.Key.Key_Escape)
    assert not find(window, QPushButton, "present_button").isChecked()
    qtbot.waitUntil(find(window, QWidget, "table_and_details").isVisible, timeout=DEADLINE_MS)
    qtbot.waitUntil(lambda: picture.font().pointSizeF() == pytest.approx(size_pt), timeout=DEADLINE_MS)


def test_that_f6_goes_round_the_panes(window: MainWindow) -> None:
    window.activateWindow()
    seen = []
    panes = [pane for pane in panes_of(window) if pane.isVisible()]
    for _ in panes:
        focus_next_pane(window, 1)
        focused = window.focusWidget()
        seen.append(next(pane for pane in panes if pane is focused or pane.isAncestorOf(focused)))
    assert seen == panes


def test_that_following_ends_by_selecting_and_comes_back_by_the_pill(qtbot: QtBot, window: MainWindow) -> None:
    begin(window, "/large.csv?rows=0&delay_ms=1&jitter=0")
    wait_for_items(qtbot, window, "chunk", 60)
    assert window.document.following
    marks_table(window).selectRow(3)
    assert not window.document.following
    qtbot.waitUntil(find(window, QPushButton, "follow_button").isVisible, timeout=DEADLINE_MS)
    click(window, "follow_button")
    assert window.document.following
    bar = marks_table(window).verticalScrollBar()
    qtbot.waitUntil(lambda: bar.value() == bar.maximum(), timeout=DEADLINE_MS)
    stop(window)
    qtbot.waitUntil(lambda: has_ended(window), timeout=DEADLINE_MS)


def test_that_twenty_starts_in_a_row_leave_one_run(qtbot: QtBot, window: MainWindow) -> None:
    for _ in range(20):
        begin(window, "/large.csv?rows=0&delay_ms=1")
        qtbot.waitUntil(lambda: state_of(window) is not RunState.IDLE, timeout=DEADLINE_MS)
    wait_for_items(qtbot, window, "chunk", 3)
    stop(window)
    qtbot.waitUntil(lambda: has_ended(window), timeout=DEADLINE_MS)
    assert state_of(window) is RunState.STOPPED


def test_that_closing_in_mid_stream_ends_the_processes_and_writes_the_ending(
    qtbot: QtBot, preferences: Preferences
) -> None:
    before = processes()
    window = create_window("/large.csv?rows=0&delay_ms=1", preferences=preferences)
    window.show()
    wait_for_items(qtbot, window, "chunk", 3)
    run = run_of(window)
    assert run is not None
    folder = run.folder
    window.close()
    meta = read_meta(folder)
    assert meta is not None
    assert meta.ending is not None
    assert meta.ending.kind == "stopped"
    assert processes() == before


def test_that_settings_are_remembered(qtbot: QtBot, preferences: Preferences) -> None:
    first = create_window(run=False, preferences=preferences)
    first.show()
    set_setting(first, "rows", "123")
    trigger(first, "theme_dark")
    first.show_view("staircase")
    first.close()
    second = create_window(run=False, preferences=preferences)
    assert setting_of(second, "rows") == "123"
    assert second.palette().window().color().name() == DARK.panel.lower()
    assert picture_of(second) == "staircase"
    second.close()


@pytest.mark.parametrize("view", ["ladder", "staircase"])
@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_that_both_pictures_paint_in_both_themes(qtbot: QtBot, window: MainWindow, view: str, theme: Theme) -> None:
    stream(qtbot, window, f"/timeline?{_FIVE_ROWS}")
    trigger(window, f"theme_{theme.name}")
    window.show_view(view)
    image = window.grab().toImage()
    colours = {image.pixelColor(x, y).name() for x in range(0, image.width(), 3) for y in range(0, image.height(), 3)}
    assert theme.server.lower() in colours
    assert theme.client.lower() in colours


def test_that_a_response_without_chunks_says_so(qtbot: QtBot, window: MainWindow) -> None:
    stream(qtbot, window, "/in-memory.csv?rows=5&delay_ms=1")
    assert find(window, QComboBox, "layer_picker").currentText() == "read"
    assert len(window.document.snapshot.tracks["chunk"]) == 0
    found = canvas(window).item_at(QPointF(5, 5))
    assert found is None
    assert {layer.name for layer in LAYERS if len(window.document.snapshot.tracks[layer.name])} == {
        "part", "yield", "write", "read", "piece",
    }  # fmt: skip


def test_that_the_list_of_runs_is_made_when_it_is_first_wanted_and_takes_its_place_in_the_tab_order(
    qtbot: QtBot, window: MainWindow
) -> None:
    assert window.findChild(QWidget, "runs_pane") is None
    trigger(window, "action_runs")
    names = _tab_order(window)
    runs = [names.index(name) for name in ("runs_filter", "runs_list", "runs_note")]
    assert names.index("stream_picker") < runs[0] < runs[1] < runs[2] < names.index("ladder_canvas")
    QTest.keyClick(window, Qt.Key.Key_F6)
    focused = []
    for _ in range(6):
        focused.append(window.focusWidget().objectName())
        QTest.keyClick(window, Qt.Key.Key_F6)
    assert "runs_list" in focused


def _tab_order(window: MainWindow) -> list[str]:
    """Return the names of what the tab key can reach, in its order from the toolbar on."""
    first = each = find(window, QWidget, "runs_button")
    names = [first.objectName()]
    while (each := each.nextInFocusChain()) is not first:  # type: ignore[assignment]
        if each.focusPolicy() & Qt.FocusPolicy.TabFocus:
            names.append(each.objectName())
    return names
