"""The reader's view of recordings made by hand: what it says, what it paints, how it follows and scrolls."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from inspector.gui.models.document import Document
from inspector.gui.style.theme import DARK, LIGHT, Theme
from inspector.gui.views.detail.reader_view import ReaderView
from inspector.recording.folder import Recording
from tests.growing_recording import GrowingRecording
from tests.sample_recording import write_sample


@pytest.fixture
def view(document: Document, qtbot: QtBot) -> ReaderView:
    view = ReaderView(document, LIGHT, 10.0)
    qtbot.addWidget(view)
    view.resize(500, 260)
    with qtbot.waitExposed(view):
        view.show()
    return view


def row_image(view: ReaderView, row: int) -> QImage:
    """Return the picture of one row of text."""
    height = int(view.text.mono.row_px)
    area = QRect(0, row * height, view.text.viewport().width(), height)
    return view.text.viewport().grab(area).toImage()


def darkest(image: QImage) -> int:
    """Return the least lightness of the pixels left of the frame, which shows the focus."""
    return min(image.pixelColor(x, y).lightness() for x in range(4, 200) for y in range(image.height()))


def test_that_it_says_when_this_is_and_what_waits(document: Document, view: ReaderView, tmp_path: Path) -> None:
    write_sample(tmp_path / "r", [b"one\n", b"two2\n", b"three\n"], parts_per_yield=2)
    document.show(Recording(tmp_path / "r"))
    assert view.caption.text() == "at the end, 41 ms · 15 B"
    assert view.foot.text() == "Everything made is here"
    document.set_moment(21_010_000)
    assert view.caption.text() == "at 21 ms · 4 B"
    assert view.foot.text() == "5 B made, not here yet"
    assert "5 B made, not here yet" in view.text.accessibleDescription()


def test_that_what_waits_is_drawn_as_bars_in_the_shape_of_its_words(
    document: Document, view: ReaderView, tmp_path: Path
) -> None:
    write_sample(tmp_path / "r", [b"one\n", b"to be\n", b"three  four\n"])
    document.show(Recording(tmp_path / "r"))
    document.set_moment(41_010_000)
    has = view.text.bytes
    assert (has.here, has.missing) == (10, 12)
    there, waiting = row_image(view, 1), row_image(view, 2)
    middle, column = int(view.text.mono.row_px / 2), view.text.mono.column_px
    inked = [waiting.pixelColor(int(6 + column * (at + 0.5)), middle) != QColor(LIGHT.background) for at in range(14)]
    assert inked == [*[True] * 5, *[False] * 2, *[True] * 4, *[False] * 3]
    letters = QColor(LIGHT.text).lightness() + 8
    assert darkest(there) <= letters < darkest(waiting)


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_that_bars_stand_out_from_the_ground(
    document: Document, view: ReaderView, tmp_path: Path, theme: Theme
) -> None:
    write_sample(tmp_path / "r", [b"one\n", b"waiting\n"])
    document.show(Recording(tmp_path / "r"))
    view.set_theme(theme)
    document.set_moment(21_010_000)
    image = row_image(view, 1)
    bar = image.pixelColor(int(6 + 2 * view.text.mono.column_px), image.height() // 2)
    assert contrast(bar, QColor(theme.background)) >= 3


def contrast(one: QColor, other: QColor) -> float:
    """Return the contrast of two colours by WCAG 2.2."""

    def luminance(colour: QColor) -> float:
        parts = [colour.redF(), colour.greenF(), colour.blueF()]
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_that_bars_leave_half_of_the_room_to_what_is_here(document: Document, view: ReaderView, tmp_path: Path) -> None:
    rows = [b"row %d\n" % number for number in range(40)]
    write_sample(tmp_path / "r", [b"".join(rows[:20]), b"".join(rows[20:]) * 9])
    document.show(Recording(tmp_path / "r"))
    document.set_moment(21_010_000)
    bottom = view.text.visible_rows()[: view.text.page_rows][-1]
    assert bottom.stop > view.text.bytes.here
    shown_here = [row for row in view.text.visible_rows() if row.stop <= view.text.bytes.here]
    assert len(shown_here) >= view.text.page_rows // 2


def test_that_bytes_nobody_knows_yet_are_bars_too(document: Document, view: ReaderView, tmp_path: Path) -> None:
    made = GrowingRecording(tmp_path / "r")
    made.add_chunk(b"one\n")
    made.add_part_that_waits(100)
    document.show(Recording(made.folder))
    assert view.caption.text() == "now · 4 B"
    assert view.foot.text() == "100 B made, not here yet"
    assert len(view.text.visible_rows()) >= 3
    made.end(kind="stopped")
    document.follow_up()
    assert view.foot.text() == "100 B made, never came"


def test_that_it_follows_its_end_until_it_is_scrolled_away_from_it(
    document: Document, view: ReaderView, tmp_path: Path
) -> None:
    made = GrowingRecording(tmp_path / "r")
    made.add_chunk(b"".join(b"row %d\n" % number for number in range(50)))
    document.show(Recording(made.folder))
    text = view.text
    assert text.visible_rows()[-1].stop == document.snapshot.content_bytes
    text.setFocus()
    QTest.keyClick(text, Qt.Key.Key_PageUp)
    top = text.window_rows.top
    made.add_chunk(b"one more\n" * 20)
    document.follow_up()
    assert text.window_rows.top == top
    QTest.keyClick(text, Qt.Key.Key_Home)
    assert text.window_rows.top == 0
    QTest.keyClick(text, Qt.Key.Key_End)
    made.add_chunk(b"and more\n" * 20)
    document.follow_up()
    assert text.visible_rows()[-1].stop == document.snapshot.content_bytes


def test_that_the_new_bytes_have_a_ground_of_their_own_and_lose_it(
    document: Document, view: ReaderView, tmp_path: Path
) -> None:
    made = GrowingRecording(tmp_path / "r")
    for number in range(60):
        made.add_chunk(b"row %02d\n" % number)
    made.end()
    document.show(Recording(made.folder))
    assert view.text.bytes.new_from == view.text.bytes.here
    document.set_moment(500_000_000)
    row = len(view.text.visible_rows()) - 1
    grounds = {row_image(view, at).pixelColor(6, 1).name() for at in (row - 1, row)}
    assert LIGHT.background not in grounds
    QTest.keyClick(view.text, Qt.Key.Key_Home)
    assert row_image(view, 0).pixelColor(6, 1).name() == LIGHT.background


def test_that_an_earlier_moment_shows_less_and_another_recording_nothing_of_the_first(
    document: Document, view: ReaderView, tmp_path: Path
) -> None:
    write_sample(tmp_path / "r", [b"one\n", b"two2\n", b"three\n"])
    document.show(Recording(tmp_path / "r"))
    document.set_moment(30_000_000)
    assert view.text.rows.end == 9
    document.set_moment(5_000_000)
    assert view.text.rows.end == 4
    write_sample(tmp_path / "s", [b"other words\n"])
    document.show(Recording(tmp_path / "s"))
    assert view.text.rows.end == 12
    assert view.text.pages.read(0, 5) == b"other"


@pytest.mark.parametrize("points", [9.0, 20.0])
def test_that_lines_grow_with_the_type(view: ReaderView, points: float) -> None:
    view.set_type_size(points)
    assert view.caption.minimumSizeHint().height() >= view.caption.fontMetrics().height()
    assert view.text.mono.font.pointSizeF() == points
    assert view.caption.font().pointSizeF() == points


def test_that_bars_fill_the_view_where_nothing_is_here(document: Document, view: ReaderView, tmp_path: Path) -> None:
    write_sample(tmp_path / "r", [b"row\n" * 300])
    document.show(Recording(tmp_path / "r"))
    document.set_moment(1_010_000)  # made at 1 ms, and written 30 us later
    has = view.text.bytes
    assert (has.here, has.missing) == (0, 1_200)
    assert len(view.text.visible_rows()) >= view.text.page_rows
