"""The real window at the sizes and type sizes that it promises: every lane in sight, no header's text clipped."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QFont, QFontMetrics
from PySide6.QtWidgets import QApplication, QComboBox, QLabel, QWidget
from pytestqt.qtbot import QtBot

from inspector.gui.editors.number import NumberEditor
from inspector.gui.views.ladder.folded_line import FoldedLine
from inspector.gui.views.ladder.headers import GapHeader, LaneHeader
from inspector.gui.views.ladder.road import Lane
from inspector.gui.views.ladder.view import LadderView
from inspector.gui.window import MainWindow
from tests.gui.running import stream
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
    lanes = [row for row in ladder.road if isinstance(row, Lane)]
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
            margins = child.lineEdit().textMargins()
            room = child.lineEdit().width() - margins.left() - margins.right()
            if _advance(child, child.text()) > room:
                yield f"{child.text()!r} in {room} px"
        elif isinstance(child, QComboBox) and _advance(child, child.currentText()) + 16 > child.width():
            yield f"{child.currentText()!r} in {child.width()} px"


def crowded(window: MainWindow) -> Iterator[str]:
    """Tell what of toolbar, verdict and status bar is cut off."""
    bar = window.toolbar
    shown = [child for child in bar.findChildren(QWidget, options=_DIRECT) if child.isVisible()]
    for child in shown:
        if not _is_whole(child, bar) or child.width() < child.minimumSizeHint().width():
            yield f"{child.objectName()} at {child.geometry()} needs {child.minimumSizeHint()}"
    text = window.verdict.text
    if text.isVisible() and text.heightForWidth(text.width()) > text.height():
        yield f"verdict of {text.height()} px needs {text.heightForWidth(text.width())}"
    if window.status.isVisible() and not _is_whole(window.status, window):
        yield "the status bar"


_DIRECT = Qt.FindChildOption.FindDirectChildrenOnly


def what_is_wrong(window: MainWindow, *ladders: LadderView) -> list[str]:
    found = [*crowded(window)]
    for ladder in ladders or (window.ladder,):
        found += [*lanes_out_of_sight(ladder), *clipped_texts(ladder)]
    return found


def settle(qtbot: QtBot, window: MainWindow, size: tuple[int, int], *ladders: LadderView) -> None:
    """Give the window a size and wait until everything is in sight; fail with what is not."""
    window.resize(*size)
    wrong: list[str] = []

    def nothing_is_wrong() -> bool:
        wrong[:] = what_is_wrong(window, *ladders)
        return (window.width(), window.height()) == size and not wrong

    try:
        qtbot.waitUntil(nothing_is_wrong, timeout=3_000)
    except qtbot.TimeoutError:
        pytest.fail(f"at {size}, type {window.font().pointSizeF()} pt: " + "; ".join(wrong))


@pytest.mark.parametrize("points", [9, 12, 20])
def test_that_every_lane_of_a_route_is_seen_at_every_size(qtbot: QtBot, window: MainWindow, points: int) -> None:
    stream(qtbot, window, _PAGE)
    window.preferences.type_size_pt = points
    window.look.apply_type_size()
    for size in _SIZES:
        settle(qtbot, window, size)


@pytest.mark.parametrize("points", [9, 20])
def test_that_every_lane_of_a_url_is_seen_at_every_size(qtbot: QtBot, window: MainWindow, points: int) -> None:
    with sending(_ANSWER) as port:
        stream(qtbot, window, f"http://127.0.0.1:{port}/")
    window.preferences.type_size_pt = points
    window.look.apply_type_size()
    for size in _SIZES:
        settle(qtbot, window, size)
