"""The real window at the sizes and type sizes that it promises: every lane in sight, no header's text clipped."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QFont, QFontMetrics
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QLabel, QSplitter, QWidget
from pytestqt.qtbot import QtBot

from inspector.gui.editors.number_editor import NumberEditor
from inspector.gui.models.preferences import Preferences
from inspector.gui.shell.compare_page import ComparePage
from inspector.gui.shell.main_window import MainWindow
from inspector.gui.startup.application import create_window
from inspector.gui.views.ladder.figures_label import FiguresLabel
from inspector.gui.views.ladder.folded_line import FoldedLine
from inspector.gui.views.ladder.gap_header import GapHeader
from inspector.gui.views.ladder.ladder_view import LadderView
from inspector.gui.views.ladder.lane_layout import Lane
from inspector.gui.views.ladder.row_headers import LaneHeader
from inspector.stories.story_library import built_in_stories
from tests.gui.running import DEADLINE_MS, has_ended, stream
from tests.gui.window_driver import (
    canvas,
    compare_page,
    editor,
    find,
    headers,
    ladder,
    set_setting,
    set_text_size,
    trigger,
    type_target,
    verdict,
)
from tests.raw_server import sending

_SIZES = ((1024, 640), (1024, 700), (1280, 800), (1920, 1080))
_PAGE = "/my-large-page.html?rows=4&delay_ms=1&template_buffer=5"
_ANSWER = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"


@pytest.fixture(autouse=True)
def type_as_before(qapp: QApplication) -> Iterator[None]:
    """Give the application its type back: it outlives the window that made it large."""
    before = qapp.font()
    yield
    qapp.setFont(before)


def _area_in(widget: QWidget, outer: QWidget) -> QRect:
    return QRect(widget.mapTo(outer, QPoint(0, 0)), widget.size())


def _is_whole(widget: QWidget, outer: QWidget) -> bool:
    return widget.isVisible() and QRect(QPoint(0, 0), outer.size()).contains(_area_in(widget, outer))


def _advance(widget: QWidget, text: str, *, bold: bool = False) -> int:
    font = QFont(widget.font())
    font.setBold(bold)
    return QFontMetrics(font).horizontalAdvance(text)


def lanes_out_of_sight(ladder: LadderView) -> Iterator[str]:
    """Tell which lanes of a ladder are not seen whole, at the left or in the picture."""
    viewport = ladder.viewport()
    lanes = [row for row in ladder.rows if isinstance(row, Lane)]
    for lane in lanes:
        if not _is_whole(ladder.headers.lanes[lane.name], viewport):
            yield f"header of {lane.name} at {_area_in(ladder.headers.lanes[lane.name], viewport)} in {viewport.size()}"
    bottoms = [band.bottom for band in ladder.canvas.bands if isinstance(band.row, Lane)]
    assert len(bottoms) == len(lanes)
    yield from (f"a lane ends at {bottom}" for bottom in bottoms if bottom > viewport.height())
    if not _is_whole(viewport, ladder.window()):
        yield f"the ladder itself, at {_area_in(viewport, ladder.window())}"


def clipped_texts(ladder: LadderView) -> Iterator[str]:
    """Tell which texts of the header column have less room than they need."""
    column = ladder.headers
    if column.width() > ladder.viewport().width() // 3:
        yield f"header column of {column.width()} px in {ladder.viewport().width()}"
    for lane in column.findChildren(LaneHeader):
        if lane.isVisible():
            title, count = lane.texts()
            needed = _advance(lane, title, bold=True) + _advance(lane, count)
            if title != lane.lane.title or not count or needed > lane.width():
                yield f"{lane.lane.title}: {title!r} {count!r} in {lane.width()} px"
    for gap in column.findChildren(GapHeader):
        yield from (f"{gap.gap_id}: {text}" for text in _clipped_in(gap) if gap.isVisible())


def _clipped_in(gap: GapHeader) -> Iterator[str]:
    for child in gap.findChildren(QWidget):
        if not child.isVisible() or child.window() is not gap.window():
            continue
        if child.parent() is gap and not _is_whole(child, gap):
            yield f"{type(child).__name__} at {child.geometry()} in {gap.size()}"
        if isinstance(child, QLabel) and _advance(child, child.text()) > child.width():
            yield f"{child.text()!r} in {child.width()} px"
        elif isinstance(child, FoldedLine):
            title, value = child.texts()
            bold = child.objectName() == "fold_source"
            if _advance(child, title, bold=bold) + _advance(child, value) > child.width() or "…" in title:
                yield f"{title!r} {value!r} in {child.width()} px"
        elif isinstance(child, NumberEditor):
            margins = child.textMargins()
            room = child.width() - margins.left() - margins.right()
            if _advance(child, child.text()) > room:
                yield f"{child.text()!r} in {room} px"
        elif isinstance(child, QComboBox) and _advance(child, child.currentText()) + 16 > child.width():
            yield f"{child.currentText()!r} in {child.width()} px"


def crowded(window: MainWindow) -> Iterator[str]:
    """Tell what of toolbar, verdict and status bar is cut off."""
    bar = find(window, QWidget, "toolbar")
    shown = [child for child in bar.findChildren(QWidget, options=_DIRECT) if child.isVisible()]
    for child in shown:
        if not _is_whole(child, bar) or child.width() < child.minimumSizeHint().width():
            yield f"{child.objectName()} at {child.geometry()} needs {child.minimumSizeHint()}"
    text = verdict(window).text
    if text.isVisible() and text.heightForWidth(text.width()) > text.height():
        yield f"verdict of {text.height()} px needs {text.heightForWidth(text.width())}"
    if (status := find(window, QWidget, "status_bar")).isVisible() and not _is_whole(status, window):
        yield "the status bar"


_DIRECT = Qt.FindChildOption.FindDirectChildrenOnly


def what_is_wrong(window: MainWindow, *ladders: LadderView) -> list[str]:
    found = [*crowded(window)]
    for each in ladders or (ladder(window),):
        found += [*lanes_out_of_sight(each), *clipped_texts(each)]
    return found


def settle(qtbot: QtBot, window: MainWindow, size: tuple[int, int], *ladders: LadderView) -> None:
    """Give the window a size and wait until everything is in sight; fail with what is not."""
    window.resize(*size)
    wrong: list[str] = []

    def nothing_is_wrong() -> bool:
        wrong[:] = what_is_wrong(window, *ladders)
        return (window.width(), window.height()) == size and not wrong

    try:
        qtbot.waitUntil(nothing_is_wrong, timeout=DEADLINE_MS)
    except qtbot.TimeoutError:
        pytest.fail(f"at {size}, type {window.font().pointSizeF()} pt: " + "; ".join(wrong))


@pytest.mark.parametrize("points", [9, 12, 20])
def test_that_every_lane_of_a_route_is_seen_at_every_size(qtbot: QtBot, window: MainWindow, points: int) -> None:
    stream(qtbot, window, _PAGE)
    set_text_size(window, points)
    for size in _SIZES:
        settle(qtbot, window, size)


def test_that_the_words_of_a_story_have_room_and_lanes_are_seen_beside_large_ones(
    qtbot: QtBot, window: MainWindow
) -> None:
    story = built_in_stories()[0]
    window.stories.begin(replace(story, steps=(replace(story.steps[0], target=_PAGE, knobs={}),)))
    strip, words, place = (
        find(window, QWidget, "story_strip"),
        find(window, QWidget, "story_words"),
        find(window, QLabel, "story_place"),
    )
    qtbot.waitUntil(lambda: has_ended(window), timeout=DEADLINE_MS)
    set_text_size(window, 9)
    settle(qtbot, window, (1280, 800))
    assert place.text() == f"1 of 1 · {story.title}"
    set_text_size(window, 20)
    settle(qtbot, window, (1024, 640))
    assert place.text() == "1 of 1"
    assert words.width() > strip.width() * 0.4
    set_text_size(window, 9)
    settle(qtbot, window, (1280, 800))
    assert place.text() == f"1 of 1 · {story.title}", "without another size of the strip"


@pytest.mark.parametrize("points", [9, 20])
def test_that_every_lane_of_a_url_is_seen_at_every_size(qtbot: QtBot, window: MainWindow, points: int) -> None:
    with sending(_ANSWER) as port:
        stream(qtbot, window, f"http://127.0.0.1:{port}/")
    set_text_size(window, points)
    for size in _SIZES:
        settle(qtbot, window, size)


@pytest.mark.parametrize("points", [9, 12, 20])
def test_that_a_and_b_both_show_all_their_lanes_in_smaller_type_where_it_has_to_be(
    qtbot: QtBot, window: MainWindow, points: int
) -> None:
    page = compare_page(window)
    ladder_a = page.ladder_a
    assert ladder_a is not None
    set_text_size(window, points)
    qtbot.waitUntil(lambda: page.font().pointSizeF() == points)
    for size in _SIZES:
        settle(qtbot, window, size, ladder_a, page.comparing.b.ladder)
        assert ladder_a.headers.width() == page.comparing.b.ladder.headers.width()
    assert page.halves.font().pointSizeF() == points, "there is room for it"
    window.show_view("ladder")
    qtbot.waitUntil(lambda: ladder_a.font().pointSizeF() == points)


@pytest.mark.parametrize("view", ["ladder", "compare"])
def test_that_a_presentation_shows_nothing_but_lanes_and_verdict(qtbot: QtBot, window: MainWindow, view: str) -> None:
    stream(qtbot, window, _PAGE)
    window.show_view(view)
    trigger(window, "action_present")
    window.showNormal()  # offscreen, the full screen is a small one
    page = window.findChild(ComparePage, "compare_page")
    ladders = (ladder(window), page.comparing.b.ladder) if page is not None else (ladder(window),)
    for size in ((1280, 720), (1920, 1080)):
        settle(qtbot, window, size, *ladders)
    away = ("toolbar", "memory_strip", "transport_bar", "table_and_details", "status_bar", "runs_place")
    assert not any(find(window, QWidget, name).isVisible() for name in away)
    for each in ladders:
        strokes = each.canvas.strokes
        assert min(strokes.bar, strokes.tick, strokes.column) >= 4
        assert strokes.line >= 2
    trigger(window, "action_present")
    assert canvas(window).strokes.line == 1


def test_that_everything_gives_way_before_a_lane_does_and_comes_back(qtbot: QtBot, window: MainWindow) -> None:
    transport, memory, lower = (
        find(window, QWidget, name) for name in ("transport_bar", "memory_strip", "table_and_details")
    )
    beside = (transport, memory, lower)
    settle(qtbot, window, (1280, 800))
    qtbot.waitUntil(lambda: all(each.isVisible() for each in beside))
    settle(qtbot, window, (1024, 520))
    qtbot.waitUntil(lambda: not memory.isVisible() and not transport.isVisible())
    assert lower.isVisible()
    settle(qtbot, window, (1280, 800))
    qtbot.waitUntil(lambda: all(each.isVisible() for each in beside))
    trigger(window, "shows_memory")
    settle(qtbot, window, (1280, 900))
    assert not memory.isVisible()


def _drag(splitter: QSplitter, by: QPoint) -> None:
    handle = splitter.handle(1)
    start = handle.rect().center()
    QTest.mousePress(handle, Qt.MouseButton.LeftButton, pos=start)
    QTest.mouseMove(handle, start + by)
    QTest.mouseRelease(handle, Qt.MouseButton.LeftButton, pos=start + by)


def test_that_only_what_a_hand_dragged_is_remembered(qtbot: QtBot, preferences: Preferences) -> None:
    def opened() -> MainWindow:
        window = create_window(run=False, preferences=preferences)
        window.show()
        qtbot.waitExposed(window)
        settle(qtbot, window, (1280, 800))
        return window

    first = opened()
    usual = headers(first).width()
    set_text_size(first, 20)
    qtbot.waitUntil(lambda: headers(first).width() > usual)
    trigger(first, "action_normal")
    qtbot.waitUntil(lambda: headers(first).width() == usual)
    first.close()
    second = opened()
    assert headers(second).width() == usual
    _drag(ladder(second).columns, QPoint(90, 0))
    dragged = headers(second).width()
    assert dragged > usual + 50
    second.close()
    third = opened()
    assert abs(headers(third).width() - dragged) <= 2
    third.close()


def test_that_the_lower_half_stays_where_it_was_dragged_but_no_lane_goes(
    qtbot: QtBot, window: MainWindow, preferences: Preferences
) -> None:
    settle(qtbot, window, (1280, 1000))
    halves = find(window, QSplitter, "picture_and_details")
    upper = halves.sizes()[0]
    _drag(halves, QPoint(0, -150))
    qtbot.waitUntil(lambda: abs(halves.sizes()[0] - (upper - 150)) < 8)
    settle(qtbot, window, (1280, 1040))
    settle(qtbot, window, (1024, 640))
    window.close()
    assert preferences.dragged("halves") is not None
    assert preferences.dragged("ladder_columns") is None


def test_that_the_source_opens_its_settings_by_key_and_takes_them_back(qtbot: QtBot, window: MainWindow) -> None:
    settle(qtbot, window, (1280, 800))
    line = headers(window).findChild(FoldedLine, "fold_source")
    assert line is not None
    assert line.texts()[1].startswith("40 rows")
    rows = editor(window, "rows")
    assert not rows.isVisible()
    line.setFocus()
    QTest.keyClick(line, Qt.Key.Key_Return)
    qtbot.waitUntil(rows.isVisible)
    set_setting(window, "rows", "7")
    QTest.keyClick(rows.window(), Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not rows.isVisible())
    assert line.texts()[1].startswith("7 rows")


@pytest.mark.parametrize(
    ("target", "title"),
    [
        ("/large.csv", "rows per yield"),
        ("/my-large-page.html", "template buffer"),
        ("/in-memory.csv", "join in the view"),
        ("/through-a-file.csv", "file in the view"),
        ("/stream", "in the view"),
    ],
)
def test_that_the_gap_before_the_yield_is_called_by_what_acts_there(
    target: str, title: str, window: MainWindow
) -> None:
    window.resize(1280, 800)
    type_target(window, target)
    QApplication.processEvents()
    header = headers(window).gaps["template"]
    shown = [each.text() for each in header.findChildren(QLabel) if each.isVisible()]
    shown += [each.titles[0] for each in header.findChildren(FoldedLine) if each.isVisible()]
    assert title in shown
    others = {"rows per yield", "template buffer", "in the view", "join in the view", "file in the view"} - {title}
    assert not others & set(shown)


def test_that_a_gap_that_holds_says_so_where_it_has_no_setting(qtbot: QtBot, window: MainWindow) -> None:
    window.resize(1024, 640)
    stream(qtbot, window, "/in-memory.csv?rows=20&delay_ms=5")
    qtbot.waitUntil(lambda: window.analysis.is_current, timeout=DEADLINE_MS)
    header = headers(window).gaps["template"]
    qtbot.waitUntil(lambda: "waits " in header.figures_text, timeout=DEADLINE_MS)
    assert header.figures_text.startswith("◆ ")
    (figures,) = header.findChildren(FiguresLabel)
    assert figures.isVisible()
