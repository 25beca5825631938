"""The text view over a real recording folder: what is shown, what is selected, what follows, what is read."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from inspector.gui.models.document import Document
from inspector.gui.models.selection import Selection
from inspector.gui.style.theme import LIGHT
from inspector.gui.views.detail.byte_view import ByteView
from inspector.gui.views.detail.hex_view import HexView
from inspector.gui.views.detail.text_view import TextView
from inspector.recording.folder import Recording
from inspector.recording.layers import track_file_name
from tests.growing_recording import GrowingRecording


@pytest.fixture
def made(tmp_path: Path) -> GrowingRecording:
    return GrowingRecording(tmp_path / "r")


@pytest.fixture(params=[TextView, HexView])
def view(request: pytest.FixtureRequest, document: Document, qtbot: QtBot) -> ByteView:
    made: ByteView = request.param(document, LIGHT, 10.0)
    return shown(made, qtbot)


@pytest.fixture
def text(document: Document, qtbot: QtBot) -> TextView:
    view = TextView(document, LIGHT, 10.0)
    shown(view, qtbot)
    return view


def shown(view: ByteView, qtbot: QtBot) -> ByteView:
    qtbot.addWidget(view)
    view.resize(700, 300)
    with qtbot.waitExposed(view):
        view.show()
    return view


def place_of(view: ByteView, byte: int) -> QPoint:
    """Return a point of the viewport that shows a byte, found by asking the view for every point."""
    for y in range(2, view.viewport().height(), int(view.mono.row_px)):
        for x in range(0, view.viewport().width(), 3):
            if view.byte_at(QPointF(x, y)) == byte:
                return QPoint(x, y)
    raise AssertionError(f"byte {byte} is not visible")


def visible(view: ByteView) -> range:
    rows = view.visible_rows()[: view.page_rows]
    return range(rows[0].start, rows[-1].stop) if rows else range(0)


def test_that_a_click_selects_the_item_that_holds_the_byte(
    view: ByteView, document: Document, made: GrowingRecording, qtbot: QtBot
) -> None:
    for word in (b"one ", b"two ", b"three\n"):
        made.add_chunk(word)
    document.show(Recording(made.folder))
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place_of(view, 5))
    assert document.selection == Selection("chunk", 1, 2)
    assert not document.following
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ShiftModifier, place_of(view, 9))
    assert document.selection == Selection("chunk", 1, 3)


def test_that_a_drag_selects_all_items_on_its_way(
    view: ByteView, document: Document, made: GrowingRecording, qtbot: QtBot
) -> None:
    for _ in range(8):
        made.add_chunk(b"abcd")
    document.show(Recording(made.folder))
    QTest.mousePress(view.viewport(), Qt.MouseButton.LeftButton, pos=place_of(view, 21))
    QTest.mouseMove(view.viewport(), place_of(view, 9))
    assert document.selection == Selection("chunk", 2, 6)
    QTest.mouseRelease(view.viewport(), Qt.MouseButton.LeftButton, pos=place_of(view, 9))
    QTest.mouseMove(view.viewport(), place_of(view, 1))
    assert document.selection == Selection("chunk", 2, 6)


def test_that_the_layer_of_a_selection_made_elsewhere_is_the_one_that_is_clicked(
    view: ByteView, document: Document, made: GrowingRecording, qtbot: QtBot
) -> None:
    made.add_chunk(b"aabbcc", sources=[0, 1, 2])
    document.show(Recording(made.folder))
    document.select(Selection("part", 0, 1))
    assert view.layer == "part"
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place_of(view, 3))
    assert document.selection == Selection("part", 1, 2)


def test_that_keys_step_through_items_and_rows(
    view: ByteView, document: Document, made: GrowingRecording, qtbot: QtBot
) -> None:
    for number in range(600):
        made.add_chunk(b"%06d\n" % number * 5)
    document.show(Recording(made.folder))
    document.select(Selection("chunk", 0, 1))
    keys = Qt.Key

    def press(key: Qt.Key, *, shift: bool = False) -> Selection:
        held = Qt.KeyboardModifier.ShiftModifier if shift else Qt.KeyboardModifier.NoModifier
        QTest.keyClick(view, key, held)
        assert document.selection is not None
        caret = view.selector.caret
        assert caret is not None
        assert caret in visible(view)
        return document.selection

    assert press(keys.Key_Right) == Selection("chunk", 1, 2)
    assert press(keys.Key_Right, shift=True) == Selection("chunk", 1, 3)
    assert press(keys.Key_Left) == Selection("chunk", 0, 1)
    paged = press(keys.Key_PageDown)
    assert paged.first > 1
    assert press(keys.Key_PageUp).first == 0
    below = view.rows.row(view.rows.row(0).stop)
    press(keys.Key_Down)
    assert view.selector.caret in range(*below)
    press(keys.Key_Up)
    assert view.selector.caret == 0
    assert press(keys.Key_PageDown, shift=True) == Selection("chunk", 0, paged.stop)
    assert press(keys.Key_Home) == Selection("chunk", 0, 1)
    assert not document.following
    assert press(keys.Key_End) == Selection("chunk", 599, 600)
    assert document.following


def test_that_a_selection_from_elsewhere_is_scrolled_to_only_if_it_is_not_visible(
    view: ByteView, document: Document, made: GrowingRecording
) -> None:
    for number in range(2000):
        made.add_chunk(b"%06d\n" % number)
    document.show(Recording(made.folder))
    document.select(Selection("chunk", 1000, 1001))
    assert 7000 in visible(view)
    top = view.window_rows.top
    document.select(Selection("chunk", 1001, 1002))
    assert view.window_rows.top == top
    document.select(Selection("part", 0, 1))
    assert 0 in visible(view)


def test_that_the_view_follows_the_end_until_the_user_scrolls_up(
    view: ByteView, document: Document, made: GrowingRecording
) -> None:
    for number in range(500):
        made.add_chunk(b"%06d\n" % number * 3)
    document.show(Recording(made.folder))
    assert visible(view).stop == made.content_end
    for _ in range(50):
        made.add_chunk(b"more\n")
    document.follow_up()
    assert visible(view).stop == made.content_end
    turn(view, 1)
    assert not document.following
    stayed = visible(view)
    made.add_chunk(b"and more\n")
    document.follow_up()
    assert visible(view) == stayed
    while not document.following:
        turn(view, -1)
    assert visible(view).stop == made.content_end


def turn(view: ByteView, notches: int) -> None:
    middle = QPointF(view.viewport().rect().center())
    event = QWheelEvent(
        middle, view.viewport().mapToGlobal(middle), QPoint(), QPoint(0, 120 * notches), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(view.viewport(), event)


def test_that_the_scroll_bar_moves_the_window(view: ByteView, document: Document, made: GrowingRecording) -> None:
    for number in range(2000):
        made.add_chunk(b"%06d\n" % number)
    document.show(Recording(made.folder))
    bar = view.verticalScrollBar()
    bar.setValue(0)
    assert visible(view).start == 0
    assert not document.following
    bar.setValue(bar.maximum() // 2)
    assert visible(view).start == pytest.approx(7000, abs=1500)
    bar.triggerAction(bar.SliderAction.SliderSingleStepAdd)
    assert visible(view).start > bar.maximum() // 2 - 16
    bar.setValue(bar.maximum())
    assert document.following


def test_that_a_gibibyte_is_shown_without_being_read(
    view: ByteView, document: Document, made: GrowingRecording, monkeypatch: pytest.MonkeyPatch
) -> None:
    size, count = 1 << 20, 1024
    made.add_chunk(b"first\n")
    total = write_sparse(made, size, count)
    recording = Recording(made.folder)
    read_bytes = 0
    read = recording.content._read

    def counting(name: str, start: int, stop: int) -> bytes:
        nonlocal read_bytes
        found = read(name, start, stop)
        read_bytes += len(found)
        return found

    monkeypatch.setattr(recording.content, "_read", counting)
    document.show(recording)
    view.grab()
    assert visible(view).stop == total
    document.select(Selection("chunk", 500, 501))
    view.grab()
    assert 6 + 499 * size in visible(view)
    view.verticalScrollBar().setValue(0)
    view.grab()
    assert visible(view).start == 0
    assert 0 < read_bytes < 1 << 20


def write_sparse(made: GrowingRecording, size: int, count: int) -> int:
    """Append chunks of zeros that take no room on the disk; return the length of the content."""
    header = b"%x\r\n" % size
    step = len(header) + size + 2
    with (made.folder / "wire.bin").open("r+b") as wire:
        for at in range(count):
            wire.seek(made.wire_end + at * step)
            wire.write(header)
            wire.seek(size, 1)
            wire.write(b"\r\n")
    number = np.arange(1, count + 1)
    t_ns = number + 10**10
    end = made.content_end + number * size
    wire_end = made.wire_end + number * step
    reads = (t_ns, wire_end, end, end, t_ns, 0 * t_ns)
    for layer, columns in (("chunk", (t_ns, end, wire_end - 2, end, 0 * t_ns)), ("read", reads)):
        with (made.folder / track_file_name(layer)).open("ab") as file:
            np.stack(columns, axis=1).astype("<i8").tofile(file)
    return int(end[-1])


def test_that_nothing_is_done_while_hidden_and_all_is_caught_up(
    view: ByteView, document: Document, made: GrowingRecording
) -> None:
    made.add_chunk(b"one\n")
    document.show(Recording(made.folder))
    assert view.rows.end == 4
    view.hide()
    made.add_chunk(b"two\n")
    document.follow_up()
    document.select(Selection("yield", 0, 1))
    assert (view.rows.end, view.layer) == (4, "chunk")
    view.show()
    assert (view.rows.end, view.layer) == (8, "yield")


def test_that_copying_gives_the_text_of_the_selected_items(
    text: TextView, document: Document, made: GrowingRecording, qtbot: QtBot
) -> None:
    for word in (b"one ", "zw\u00f6lf ".encode(), b"\xff<b>", b"end"):
        made.add_chunk(word)
    document.show(Recording(made.folder))
    document.select(Selection("chunk", 1, 3))
    QTest.keyClick(text, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QApplication.clipboard().text() == "zwölf \\xff<b>"


def test_that_hex_copies_bytes(document: Document, made: GrowingRecording, qtbot: QtBot) -> None:
    view = HexView(document, LIGHT, 10.0)
    shown(view, qtbot)
    made.add_chunk(b"A\xff")
    document.show(Recording(made.folder))
    document.select(Selection("chunk", 0, 1))
    view.copy()
    assert QApplication.clipboard().text() == "41 ff"


def test_that_a_character_cut_by_a_border_is_drawn_once_and_its_tip_tells_of_both_sides(
    text: TextView, document: Document, made: GrowingRecording
) -> None:
    euro = "€".encode()
    made.add_chunk(b"5 " + euro[:1])
    made.add_chunk(euro[1:] + b" each\n")
    document.show(Recording(made.folder))
    marks: list[QPointF] = []
    text._paint_cut = lambda _painter, x, y: marks.append(QPointF(x, y))  # type: ignore[method-assign, assignment]
    text.grab()
    assert len(marks) == 1
    tip = text.byte_tip(3)
    assert tip == text.byte_tip(2).replace("byte 2 · in chunk 1", "byte 3 · in chunk 2")
    assert "U+20AC EURO SIGN (E2 82 AC)" in tip
    assert "A border cuts this character:\nE2 in chunk 1\n82 AC in chunk 2" in tip
    assert "cuts" not in text.byte_tip(0)


def test_that_a_border_between_characters_is_not_marked(
    text: TextView, document: Document, made: GrowingRecording
) -> None:
    made.add_chunk("5 €".encode())
    made.add_chunk(b" each\n")
    document.show(Recording(made.folder))
    marks: list[float] = []
    text._paint_cut = lambda _painter, x, _y: marks.append(x)  # type: ignore[method-assign, assignment]
    text.grab()
    assert not marks


def test_that_a_border_inside_an_event_is_marked(text: TextView, document: Document, tmp_path: Path) -> None:
    made = GrowingRecording(tmp_path / "events", content_type="text/event-stream")
    for data in (b"data: 1\n\n", b"data: 2\n", b"\ndata: 3\r\n\r\n", b"data: 4\n\n"):
        made.add_chunk(data)
    document.show(Recording(made.folder))
    marks: list[float] = []
    text._paint_cut = lambda _painter, _x, y: marks.append(y)  # type: ignore[method-assign, assignment]
    text.grab()
    assert len(marks) == 1
    assert "inside an event" in text.byte_tip(17)
    assert "inside an event" not in text.byte_tip(9)


def test_that_bytes_of_an_unfinished_chunk_are_shown_and_told(
    text: TextView, document: Document, made: GrowingRecording
) -> None:
    made.add_chunk(b"whole ")
    with (made.folder / "wire.bin").open("ab") as wire:
        wire.write(b"64\r\nunfini")
    made._append("read", [(9 * 10**9, made.wire_end + 10, 12, 12, 9 * 10**9, 0)])
    document.show(Recording(made.folder))
    assert text.rows.end == 12
    assert "its chunk is not complete yet" in text.byte_tip(8)
    assert text.pages.read(0, 12) == b"whole unfini"
    text.grab()


def test_that_captured_text_in_a_tip_is_never_taken_for_markup(
    text: TextView, document: Document, made: GrowingRecording, qtbot: QtBot
) -> None:
    made.add_chunk(b"<img src=x>")
    made.change_meta(title="<b>")
    document.show(Recording(made.folder))
    assert text.byte_tip(3) == "byte 3 · in chunk 1"


@pytest.mark.parametrize("points", [9.0, 20.0])
def test_that_rows_fit_the_width_at_every_type_size(
    view: ByteView, document: Document, points: float, made: GrowingRecording
) -> None:
    made.add_chunk(b"x" * 400 + b"\n" + bytes(range(200)))
    document.show(Recording(made.folder))
    view.set_type_size(points)
    view.resize(420, 300)
    row = view.rows.row(0)
    data = view.pages.read(*row)
    right = max(x for x in range(420) if view.byte_in_row(row, data, x) < row.stop - 1)
    assert right + 2 * view.mono.column_px <= view.viewport().width()


def test_that_another_recording_is_shown_from_scratch(
    view: ByteView, document: Document, made: GrowingRecording, tmp_path: Path
) -> None:
    made.add_chunk(b"old " * 500)
    document.show(Recording(made.folder))
    other = GrowingRecording(tmp_path / "other")
    other.add_chunk(b"new")
    document.show(Recording(other.folder))
    assert view.rows.end == 3
    assert view.pages.read(0, 9) == b"new"
    assert view.selector.caret is None
    document.show(None)
    assert view.rows.end == 0
    assert view.byte_at(QPointF(5, 5)) is None
