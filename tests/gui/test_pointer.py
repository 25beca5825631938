"""The pointer over the real window's pictures: its read-out says what the recording says, its span what lies in it."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from inspector.analysis.formatting import bytes_text, duration_text
from inspector.gui.models.selection import Selection
from inspector.gui.shell.main_window import MainWindow
from inspector.gui.views.ladder.ladder_canvas import LadderCanvas
from inspector.gui.views.ladder.lane_layout import Lane
from inspector.gui.views.staircase import StaircaseView
from inspector.gui.views.time_scale import TimeScale, instant_text
from tests.gui.running import DEADLINE_MS, begin, has_ended, stream, wait_for_items
from tests.gui.window_driver import canvas, drag, find, point, press, stop

#: Two rows leave together: the first of them waits for the second.
_PAIRS = "/large.csv?rows=8&delay_ms=30&jitter=0&rows_per_yield=2"


def _place(window: MainWindow, row: str, t_ns: int, share: float = 0.5) -> QPointF:
    """Return where a time is in a lane or a gap; ``share`` counts down from the top of it."""
    picture = canvas(window)
    bands = {band.row.name if isinstance(band.row, Lane) else band.row.id: band for band in picture.bands}
    band = bands[row]
    return QPointF(picture.scale().x_of(t_ns), band.top + share * band.height)


def _time(window: MainWindow, layer: str, index: int) -> int:
    return int(window.document.snapshot.tracks[layer].t_ns[index])


def _lines(picture: LadderCanvas | StaircaseView) -> tuple[str, ...]:
    assert picture.pointer.pointed is not None
    return picture.pointer.pointed.lines


@pytest.fixture
def pairs(window: MainWindow, qtbot: QtBot) -> MainWindow:
    """The window with a run of which two rows leave together."""
    stream(qtbot, window, _PAIRS)
    qtbot.waitUntil(lambda: window.analysis.is_current, timeout=DEADLINE_MS)
    return window


def test_that_an_item_has_its_time_where_a_pixel_is_longer() -> None:
    scale = TimeScale(0, 0, 10_000_000_000, 0.0, 1_000.0)
    assert instant_text(3_699_000, scale) == "0 ms"
    assert instant_text(3_699_000, scale, digits=3) == "3.70 ms"
    assert instant_text(848_123_456, scale, digits=3) == "848 ms"
    assert instant_text(5_041_000_000, scale, digits=3) == "5.04 s"
    assert instant_text(0, scale, digits=3) == "0 ms"


def test_that_a_mark_is_read_out_with_its_wait_and_the_chunk_that_carried_it(pairs: MainWindow) -> None:
    tracks = pairs.document.snapshot.tracks
    at = 2
    point(canvas(pairs), _place(pairs, "part", _time(pairs, "part", at)))
    chunk = int(tracks["chunk"].first_at_or_after(int(tracks["part"].end[at]), "content_end"))
    waited = duration_text(_time(pairs, "chunk", chunk) - _time(pairs, "part", at))
    first, second, *_ = _lines(canvas(pairs))
    assert first.startswith(f"part {at + 1} · {bytes_text(tracks['part'].size(at))} · at ")
    assert second == f"waited {waited} → chunk {chunk + 1}, with 1 other"
    point(canvas(pairs), _place(pairs, "chunk", _time(pairs, "chunk", chunk)))
    assert _lines(canvas(pairs))[1].startswith("carries 2 parts; the first waited ")


def test_that_a_line_in_a_gap_is_read_out_as_the_item_that_waits_there(pairs: MainWindow) -> None:
    tracks = pairs.document.snapshot.tracks
    at = next(at for at in range(1, 6) if _time(pairs, "part", at + 1) < _time(pairs, "yield", at // 2 + 1))
    end = int(tracks["part"].end[at])
    carrier = int(tracks["yield"].first_at_or_after(end, "end"))
    start_ns, stop_ns = _time(pairs, "part", at), _time(pairs, "yield", carrier)
    point(canvas(pairs), _place(pairs, "template", (start_ns + stop_ns) // 2))
    pointed = canvas(pairs).pointer.pointed
    assert pointed is not None
    assert pointed.items is not None
    assert pointed.items.layer == "part"
    chosen = range(pointed.items.first, pointed.items.stop)
    assert at in chosen or stop_ns - start_ns < 1_000_000
    assert " → yield " in pointed.lines[0]
    assert pointed.lines[1].startswith("waited ")


def test_that_an_empty_place_is_read_out_with_its_time_and_what_is_held(pairs: MainWindow) -> None:
    tracks = pairs.document.snapshot.tracks
    at = next(at for at in range(3, 8) if int(tracks["part"].end[at]) not in tracks["yield"].end.tolist())
    middle_ns = (_time(pairs, "part", at) + _time(pairs, "part", at + 1)) // 2
    made = int(tracks["part"].end[at])
    left = int(tracks["yield"].end[int(tracks["yield"].first_at_or_after(middle_ns)) - 1])
    point(canvas(pairs), _place(pairs, "chunk", middle_ns))
    first, second = _lines(canvas(pairs))
    assert first.endswith(" ms")
    assert second.startswith(f"holding {bytes_text(made - left)} in ")


def test_that_all_pictures_show_the_time_under_the_pointer_until_it_leaves(pairs: MainWindow) -> None:
    picture, at_ns = canvas(pairs), _time(pairs, "part", 3)
    point(picture, _place(pairs, "part", at_ns))
    cursor_ns = pairs.time_range.cursor_ns
    assert cursor_ns is not None
    pixel_ns = picture.scale().span_ns / picture.scale().width
    assert abs(cursor_ns - (at_ns - pairs.document.snapshot.origin_ns)) <= pixel_ns
    QApplication.sendEvent(picture, QEvent(QEvent.Type.Leave))
    assert pairs.time_range.cursor_ns is None
    assert picture.pointer.pointed is None


def test_that_a_zoom_under_a_resting_pointer_reads_out_what_lies_there_then(pairs: MainWindow) -> None:
    picture = canvas(pairs)
    point(picture, _place(pairs, "part", _time(pairs, "part", 2)))
    before = _lines(picture)
    start_ns = _time(pairs, "part", 4) - pairs.document.snapshot.origin_ns
    pairs.time_range.show(start_ns - 1_000_000, start_ns + 1_000_000)
    assert _lines(picture) != before


def test_that_the_way_of_what_is_pointed_at_is_lit_over_the_same_content(pairs: MainWindow) -> None:
    picture = canvas(pairs)
    point(picture, _place(pairs, "part", _time(pairs, "part", 2) + 8_000_000))
    apart = picture.grab().toImage()
    point(picture, _place(pairs, "part", _time(pairs, "part", 2)))
    lit = picture.grab().toImage()
    for layer in ("yield", "write", "read", "chunk", "piece"):
        items = pairs.document.items_of(Selection("part", 2, 3), layer)
        assert items is not None
        place = _place(pairs, layer, _time(pairs, layer, items[0]), 0.5).toPoint()
        around = [(place.x() + dx, place.y()) for dx in range(-7, 8)]
        assert [lit.pixel(*xy) for xy in around] != [apart.pixel(*xy) for xy in around], layer


def test_that_a_drag_with_shift_measures_and_selects_and_escape_forgets(pairs: MainWindow) -> None:
    picture, tracks = canvas(pairs), pairs.document.snapshot.tracks
    start = _place(pairs, "part", _time(pairs, "part", 2)) - QPointF(3, 0)
    stop = _place(pairs, "part", _time(pairs, "part", 5)) + QPointF(3, 0)
    drag(picture, start, stop, Qt.KeyboardModifier.ShiftModifier)
    assert pairs.document.selection == Selection("part", 2, 6)
    size = int(tracks["part"].end[5] - tracks["part"].end[1])
    span_ns = picture.scale().t_ns(stop.x()) - picture.scale().t_ns(start.x())
    assert picture.pointer.span_text() == f"Δ {instant_text(span_ns, picture.scale())} · 4 parts · {bytes_text(size)}"
    QTest.keyClick(picture, Qt.Key.Key_Escape)
    assert not picture.pointer.span_text()
    assert pairs.document.selection is None


def test_that_a_column_of_many_items_is_read_out_with_what_became_of_them(window: MainWindow, qtbot: QtBot) -> None:
    stream(qtbot, window, "/large.csv?rows=20000&delay_ms=0&jitter=0")
    qtbot.waitUntil(lambda: window.analysis.is_current, timeout=DEADLINE_MS)
    point(canvas(window), _place(window, "write", _time(window, "write", 10_000)))
    title, became, *_ = _lines(canvas(window))
    assert " · 1 column = " in title
    assert " writes → " in became
    assert " read" in became


def test_that_the_staircase_reads_out_what_is_held_at_a_time(pairs: MainWindow) -> None:
    pairs.show_view("staircase")
    picture = find(pairs, StaircaseView, "staircase")
    tracks = pairs.document.snapshot.tracks
    at = next(at for at in range(3, 8) if int(tracks["part"].end[at]) not in tracks["yield"].end.tolist())
    middle_ns = (_time(pairs, "part", at) + _time(pairs, "part", at + 1)) // 2
    had = int(tracks["piece"].end[int(tracks["piece"].first_at_or_after(middle_ns)) - 1])
    point(picture, QPointF(picture.scale().x_of(middle_ns), 60))
    made = int(tracks["part"].end[at])
    assert _lines(picture)[1:] == (
        f"{bytes_text(made)} in parts, {bytes_text(had)} in pieces",
        f"holding {bytes_text(made - had)}",
    )


def test_that_keys_read_out_what_they_select_to_those_who_see_and_those_who_listen(pairs: MainWindow) -> None:
    picture = canvas(pairs)
    press(picture, Qt.Key.Key_Home)
    before = picture.grab().toImage()
    press(picture, Qt.Key.Key_Right)
    chunk = bytes_text(pairs.document.snapshot.tracks["chunk"].size(1))
    assert picture.selected_readout()[0].startswith(f"chunk 2 · {chunk} · at ")
    assert picture.accessibleDescription().startswith(f"Selected: chunk 2 · {chunk}")
    assert picture.grab().toImage() != before
    QTest.keyClick(picture, Qt.Key.Key_Escape)
    assert not picture.accessibleDescription().startswith("Selected")


def test_that_keys_zoom_at_the_pointer(pairs: MainWindow) -> None:
    picture, at_ns = canvas(pairs), _time(pairs, "part", 2)
    point(picture, _place(pairs, "part", at_ns))
    x = picture.scale().x_of(at_ns)
    press(picture, Qt.Key.Key_W)
    press(picture, Qt.Key.Key_W)
    assert picture.scale().x_of(at_ns) == pytest.approx(x, abs=2)


def test_that_a_wheel_turned_aside_pans_and_one_turned_down_zooms(pairs: MainWindow) -> None:
    picture, span_ns = canvas(pairs), pairs.time_range.span_ns
    pairs.time_range.show(span_ns // 4, span_ns // 2)
    start_ns, span_ns = pairs.time_range.start_ns, pairs.time_range.span_ns
    _wheel(picture, QPoint(-240, 30))
    assert pairs.time_range.span_ns == span_ns
    assert pairs.time_range.start_ns > start_ns
    _wheel(picture, QPoint(20, 120))
    assert pairs.time_range.span_ns < span_ns


def _wheel(picture: LadderCanvas, turned: QPoint) -> None:
    place, none = QPointF(200, 100), Qt.MouseButton.NoButton
    QApplication.sendEvent(
        picture,
        QWheelEvent(
            place, picture.mapToGlobal(place), QPoint(), turned, none, Qt.KeyboardModifier.NoModifier,
            Qt.ScrollPhase.NoScrollPhase, False,
        ),
    )  # fmt: skip


def test_that_what_still_waits_says_how_long_and_what_never_left_says_so(window: MainWindow, qtbot: QtBot) -> None:
    begin(window, "/large.csv?rows=0&delay_ms=10&jitter=0&rows_per_yield=1000")
    wait_for_items(qtbot, window, "part", 8)
    point(canvas(window), _place(window, "part", _time(window, "part", 3)))
    assert _lines(canvas(window))[1].startswith("has waited ")
    assert _lines(canvas(window))[1].endswith(" so far")
    stop(window)
    qtbot.waitUntil(lambda: has_ended(window), timeout=DEADLINE_MS)

    def says_so() -> bool:
        point(canvas(window), _place(window, "part", _time(window, "part", 3)))
        return "never left" in _lines(canvas(window))[1]

    qtbot.waitUntil(says_so, timeout=DEADLINE_MS)


def test_that_a_coded_item_without_content_claims_no_part(window: MainWindow, qtbot: QtBot) -> None:
    stream(qtbot, window, "/large.csv?rows=20&delay_ms=2&middleware=gzip")
    qtbot.waitUntil(lambda: window.analysis.is_current, timeout=DEADLINE_MS)
    point(canvas(window), _place(window, "write", _time(window, "write", 0)))
    assert _lines(canvas(window))[1:] == ("carries no content",)
    point(canvas(window), _place(window, "yield", _time(window, "yield", 5)))
    assert any(line.endswith("→ chunk 2, with 19 others") for line in _lines(canvas(window)))


@pytest.mark.parametrize(
    "target", ["/large.csv?rows=30&delay_ms=1&middleware=gzip", "/in-memory.csv?rows=30", "/timeline?rows=3&delay_ms=1"]
)
def test_that_every_place_of_a_picture_can_be_read_out(window: MainWindow, qtbot: QtBot, target: str) -> None:
    pictures = (canvas(window), find(window, StaircaseView, "staircase"))
    assert all(picture.pointed_at(QPointF(40, 60)).lines for picture in pictures)
    stream(qtbot, window, target)
    qtbot.waitUntil(lambda: window.analysis.is_current, timeout=DEADLINE_MS)
    for span_ns in (window.time_range.span_ns, 2_000_000, 20_000):
        window.time_range.show(window.time_range.start_ns, window.time_range.start_ns + span_ns)
        for picture in pictures:
            places = [QPointF(x, y) for x in range(0, picture.width(), 23) for y in range(0, picture.height(), 9)]
            assert all(picture.pointed_at(place).lines for place in places)
            picture.grab()
