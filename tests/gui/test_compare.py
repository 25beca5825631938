"""A | B in the real window: two runs at the same time on one axis, and what carries over from one to the other."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from inspector.gui.models.document import Document
from inspector.gui.models.selection import Selection
from inspector.gui.shell.compare_page import ComparePage
from inspector.gui.shell.main_window import MainWindow
from inspector.gui.style.safe_text import Label
from inspector.gui.views.detail.reader_pair import ReaderPair
from inspector.gui.views.ladder.figures_label import FiguresLabel
from inspector.gui.views.ladder.folded_line import FoldedLine
from inspector.recording.meta import read_meta
from tests.gui.running import DEADLINE_MS, stream
from tests.gui.window_driver import (
    banner,
    compare_page,
    detail_tabs,
    entry_of,
    find,
    ladder,
    picture_of,
    press,
    run_controller,
    run_of,
    runs_pane,
    setting_of,
    text_of,
    trigger,
    type_target,
)

A = "/my-large-page.html?rows=12&delay_ms=50&jitter=0&template_buffer=0"
B = "/my-large-page.html?rows=12&delay_ms=50&jitter=0&template_buffer=50"
ENDLESS = "/timeline?rows=0&delay_ms=4&jitter=0&template_buffer=0"
SHORT = "/my-large-page.html?rows=6&delay_ms=5&jitter=0"


def has_ended(document: Document) -> bool:
    return document.snapshot.meta is not None and document.snapshot.meta.ending is not None


def stream_both(qtbot: QtBot, window: MainWindow, a: str = A, b: str = B) -> ComparePage:
    page = compare_page(window)
    type_target(window, a)
    page.comparing.b.picker.set_target_text(b)
    keys = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    qtbot.keyClick(window, Qt.Key.Key_R, keys)  # type: ignore[no-untyped-call]
    documents = window.document, page.comparing.b.document
    qtbot.waitUntil(lambda: all(map(has_ended, documents)), timeout=DEADLINE_MS)
    qtbot.waitUntil(lambda: is_final(page.caption.text()), timeout=DEADLINE_MS)
    return page


def is_final(text: str) -> bool:
    """Tell whether a sentence is about two runs that have ended."""
    return "Parts wait " in text and not text.startswith("So far")


def test_that_one_key_streams_both_and_one_sentence_compares_them(qtbot: QtBot, window: MainWindow) -> None:
    page = stream_both(qtbot, window)
    a, b = window.document, page.comparing.b.document
    metas = a.snapshot.meta, b.snapshot.meta
    assert metas[0] is not None
    assert metas[1] is not None
    assert abs(metas[0].request.sent_t_ns - metas[1].request.sent_t_ns) < 500_000_000
    assert metas[0].request.url.split("/")[2] != metas[1].request.url.split("/")[2], "each has a server of its own"
    text = page.caption.text()
    assert text.startswith("First byte ")
    assert "times earlier in A: " in text
    assert "Parts wait " in text
    assert f"Same {a.snapshot.content_bytes:,} bytes" in text
    assert page.comparing.differing_knobs() == ("template buffer none", "template buffer 50 items")
    assert len(a.snapshot.tracks["yield"]) > 10 * len(b.snapshot.tracks["yield"])


def test_that_equal_settings_name_no_winner_at_the_first_press(qtbot: QtBot, window: MainWindow) -> None:
    page = stream_both(qtbot, window, SHORT, SHORT)
    assert page.caption.text().startswith("Same settings on both sides. The difference is noise. First byte after ")
    assert page.comparing.differing_knobs() == ("", "")


def test_that_two_settings_that_differ_are_no_fair_comparison(qtbot: QtBot, window: MainWindow) -> None:
    page = stream_both(qtbot, window, f"{SHORT}&template_buffer=0", SHORT.replace("delay_ms=5", "delay_ms=6"))
    assert page.caption.text().startswith("Two settings differ, so this isn't a fair comparison. ")
    assert page.comparing.differing_knobs() == (
        "pause between rows 5 ms, template buffer none",
        "pause between rows 6 ms, template buffer 5 items (default)",
    )


def test_that_b_begins_as_a(qtbot: QtBot, window: MainWindow) -> None:
    stream(qtbot, window, "/my-large-page.html?rows=3&delay_ms=1&jitter=0&template_buffer=20")
    page = compare_page(window)
    assert page.comparing.b.settings() == page.comparing.a.settings()
    assert page.comparing.b.picker.target_text == "/my-large-page.html"
    assert page.figures.text == ""


def test_that_earlier_pairs_of_the_same_settings_say_what_chance_is(qtbot: QtBot, window: MainWindow) -> None:
    for count in range(1, 4):
        page = stream_both(qtbot, window, f"{SHORT}&template_buffer=0", f"{SHORT}&template_buffer=2")
        sides = page.comparing.sides()
        assert sides is not None
        assert [len(side.runs) for side in sides] == [count, count]
        assert "times earlier" not in page.caption.text(), "none of them is worth the name"


def test_that_zoom_selection_and_pause_are_joint(qtbot: QtBot, window: MainWindow) -> None:
    page = stream_both(qtbot, window)
    a, b = window.document, page.comparing.b.document
    assert page.ladder_a is not None
    pairs = (page.ladder_a, a.snapshot), (page.comparing.b.ladder, b.snapshot)
    starts = [ladder.canvas.scale().x_of(snapshot.origin_ns) for ladder, snapshot in pairs]
    assert starts[0] == pytest.approx(starts[1]), "both requests are sent at the same place of the axis"
    lefts = [
        ladder.canvas.mapTo(window, ladder.canvas.rect().topLeft()).x()
        for ladder in (page.ladder_a, page.comparing.b.ladder)
    ]
    assert lefts[0] == lefts[1]
    window.time_range.zoom(0.5, 100_000_000)
    assert page.comparing.b.ladder.canvas.scale().span_ns == page.ladder_a.canvas.scale().span_ns
    b.select(Selection("yield", 1, 2))
    assert b.selected_bytes is not None
    start, stop = b.selected_bytes
    assert a.selection is not None
    assert a.selection.layer == "yield"
    found = a.selected_bytes
    assert found is not None
    assert found[0] <= start
    assert found[1] >= stop
    assert a.selection.stop - a.selection.first > 10
    b.select(None)
    assert a.selection is None
    a.set_paused(True)
    assert b.paused
    b.set_paused(False)
    assert not a.paused


def test_that_a_and_b_change_places_and_knobs_are_copied(qtbot: QtBot, window: MainWindow) -> None:
    page = stream_both(qtbot, window)
    a, b = window.document, page.comparing.b.document

    def yields() -> tuple[int, ...]:
        return tuple(len(each.snapshot.tracks["yield"]) for each in (a, b))

    before = yields()
    page.comparing.swap()
    qtbot.waitUntil(lambda: yields() == before[::-1], timeout=DEADLINE_MS)
    assert (setting_of(window, "template_buffer"), page.comparing.b.knobs.text("template_buffer")) == ("50", "0")
    qtbot.waitUntil(lambda: "earlier in B" in page.caption.text(), timeout=DEADLINE_MS)
    page.comparing.copy_knobs()
    assert page.comparing.b.knobs.text("template_buffer") == "50"


def test_that_two_finished_runs_are_compared(qtbot: QtBot, window: MainWindow) -> None:
    page = stream_both(qtbot, window)
    folders = [each.recording.folder for each in (window.document, page.comparing.b.document) if each.recording]
    window.show_view("ladder")
    assert picture_of(window) == "ladder"
    run_controller(window).show_nothing()
    for side, folder in (("a", folders[1]), ("b", folders[0])):
        runs_pane(window).compare_requested.emit(entry_of(window, folder), side)
    qtbot.waitUntil(lambda: "earlier in B" in page.caption.text(), timeout=DEADLINE_MS)


def test_that_closing_in_mid_stream_keeps_both(qtbot: QtBot, window: MainWindow) -> None:
    page = compare_page(window)
    type_target(window, "/timeline?rows=0&delay_ms=5")
    page.comparing.b.picker.set_target_text("/large.csv?rows=0&delay_ms=5")
    page.run_both()
    documents = window.document, page.comparing.b.document
    for document in documents:
        qtbot.waitUntil(lambda document=document: len(document.snapshot.tracks["read"]) > 3, timeout=DEADLINE_MS)  # type: ignore[misc]
    folders = [each.recording.folder for each in documents if each.recording]
    window.close()
    for folder in folders:
        meta = read_meta(folder)
        assert meta is not None
        assert meta.ending is not None
        assert meta.ending.kind == "stopped"
        assert (folder / "wire.bin").stat().st_size > 0


def test_that_a_target_that_is_none_is_told_and_nothing_starts(qtbot: QtBot, window: MainWindow) -> None:
    page = compare_page(window)
    page.comparing.b.picker.set_target_text("/no-such-page")
    page.run_both()
    assert "no-such-page" in banner(window).text
    assert run_of(window) is None


def test_that_a_number_key_turns_the_buffer_of_the_run_whose_ladder_has_the_focus(
    qtbot: QtBot, window: MainWindow
) -> None:
    page = compare_page(window)
    a, b = page.comparing.a, page.comparing.b
    type_target(window, ENDLESS)
    b.picker.set_target_text(ENDLESS)
    page.run_both()
    qtbot.waitUntil(lambda: all(len(each.document.snapshot.tracks["chunk"]) for each in (a, b)), timeout=DEADLINE_MS)
    for view, key, wanted in ((b, "5", "50"), (a, "4", "10")):
        press(view.ladder.canvas, key)
        qtbot.waitUntil(lambda view=view: bool(view.document.snapshot.changes), timeout=DEADLINE_MS)  # type: ignore[misc]
        assert [(each.knob, each.after) for each in view.document.snapshot.changes] == [("template_buffer", wanted)]
    for view in (a, b):
        view.controller.stop()
    qtbot.waitUntil(lambda: not any(each.controller.state.is_running for each in (a, b)), timeout=DEADLINE_MS)


@pytest.mark.parametrize("lane", ["a", "b"])
def test_that_either_run_says_in_the_banner_why_it_failed(qtbot: QtBot, window: MainWindow, lane: str) -> None:
    page = compare_page(window)
    view = page.comparing.a if lane == "a" else page.comparing.b
    type_target(window, SHORT)
    page.comparing.b.picker.set_target_text(SHORT)
    view.picker.set_target_text("http://127.0.0.1:9/")
    page.run_both()
    qtbot.waitUntil(lambda: "refused" in banner(window).text, timeout=DEADLINE_MS)
    assert banner(window).text.startswith("B: " if lane == "b" else "Failed")
    for each in (page.comparing.a, page.comparing.b):
        each.controller.stop()


def test_that_both_readers_stand_side_by_side_where_there_is_room(qtbot: QtBot, window: MainWindow) -> None:
    page = stream_both(qtbot, window)
    window.resize(1920, 1080)
    pair = find(window, ReaderPair, "reader_pair")
    qtbot.waitUntil(pair.isVisible)
    window.replay.seek(window.replay.length_ns // 2)
    a, b = pair.views
    assert a.foot.text() == "Everything made is here"
    assert "made, not here yet" in b.foot.text()
    assert a.text.bytes.here > b.text.bytes.here
    assert a.text.bytes.here == window.document.snapshot.tracks["piece"].total_bytes
    assert page.comparing.b.document.moment_ns == window.document.moment_ns
    window.resize(1280, 800)
    qtbot.waitUntil(lambda: not pair.isVisible())
    trigger(window, "action_readers")
    assert pair.isVisible()
    trigger(window, "action_readers")
    assert not pair.isVisible()


def test_that_figures_of_low_gaps_stand_beside_their_names(qtbot: QtBot, window: MainWindow) -> None:
    window.resize(1280, 720)
    page = stream_both(qtbot, window)
    assert text_of(window, "replay_end_button") == "Whole run", "none of them goes on"
    gaps = [gap for view in (ladder(window), page.comparing.b.ladder) for gap in view.headers.gaps.values()]
    with_figures = [gap for gap in gaps if (label := gap.findChild(FiguresLabel)) is not None and label.isVisible()]
    assert with_figures
    for gap in with_figures:
        lines, titles = gap.findChildren(FoldedLine), gap.findChildren(Label)
        assert any(each.isVisible() for each in (*lines, *titles)), gap.gap_id


def test_that_a_presentation_shows_the_readers_in_place_of_the_ladders(qtbot: QtBot, window: MainWindow) -> None:
    page = stream_both(qtbot, window)
    ladders = (ladder(window), page.comparing.b.ladder)
    pair = find(window, ReaderPair, "reader_pair")
    trigger(window, "action_present")
    qtbot.waitUntil(lambda: all(each.isVisible() for each in ladders), timeout=DEADLINE_MS)
    trigger(window, "action_readers")
    qtbot.waitUntil(lambda: pair.isVisible() and pair.height() > window.height() // 2, timeout=DEADLINE_MS)
    assert not any(each.isVisible() for each in ladders)
    assert page.bar_a.isVisible()
    assert page.bar_b.isVisible()
    trigger(window, "action_readers")
    qtbot.waitUntil(lambda: all(each.isVisible() for each in ladders), timeout=DEADLINE_MS)
    assert not pair.isVisible()
    qtbot.waitUntil(lambda: all(each.height() > window.height() // 4 for each in ladders), timeout=DEADLINE_MS)
    trigger(window, "action_readers")
    trigger(window, "action_ladder")
    assert ladder(window).isVisible(), "it comes back from a comparison that had the readers in its place"
    trigger(window, "action_present")


def test_that_the_key_for_the_reader_brings_it_to_the_front(qtbot: QtBot, window: MainWindow) -> None:
    stream(qtbot, window, SHORT)
    detail_tabs(window).setCurrentIndex(3)
    trigger(window, "action_readers")
    assert detail_tabs(window).currentWidget().objectName() == "reader_view"
