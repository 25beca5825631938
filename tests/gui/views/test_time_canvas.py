"""The canvas paints a recording once and keeps the picture; what lies over it costs no second painting."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPointF
from PySide6.QtGui import QFont
from pytestqt.qtbot import QtBot

from inspector.gui.models.document import Document
from inspector.gui.models.selection import Selection
from inspector.gui.models.time_range import TimeRange
from inspector.gui.style.shield import override
from inspector.gui.style.theme import DARK, LIGHT
from inspector.gui.views.canvas_pointer import Pointed
from inspector.gui.views.paint_context import PaintContext
from inspector.gui.views.time_canvas import TimeCanvas
from inspector.recording.folder import Recording
from tests.gui.window_driver import point
from tests.sample_recording import write_sample


class _Counting(TimeCanvas):
    """Counts how often its content is painted."""

    paintings = 0

    @override
    def paint_content(self, context: PaintContext) -> None:
        self.paintings += 1

    @override
    def pointed_at(self, position: QPointF) -> Pointed:
        return Pointed(("here",))

    @override
    def item_at(self, position: QPointF) -> Selection | None:
        return None


@pytest.fixture
def counting(qtbot: QtBot, tmp_path: Path) -> Iterator[_Counting]:
    """A canvas on screen that shows a recording of two chunks."""
    write_sample(tmp_path / "run", [b"one", b"two"])
    document = Document()
    canvas = _Counting(document, TimeRange(document), LIGHT)
    qtbot.addWidget(canvas)
    document.setParent(canvas)
    document.show(Recording(tmp_path / "run"))
    canvas.resize(400, 200)
    canvas.show()
    qtbot.waitExposed(canvas)
    canvas.repaint()
    yield canvas
    document.show(None)


def test_that_what_lies_over_the_content_is_painted_without_it(counting: _Counting) -> None:
    before = counting.paintings
    for _ in range(3):
        counting.update()
        counting.repaint()
    counting.setFocus()
    counting.repaint()
    assert counting.paintings == before


@pytest.mark.parametrize(
    "change",
    [
        lambda canvas: canvas.document.grew.emit({"read"}),
        lambda canvas: canvas.document.select(Selection("read", 0, 1)),
        lambda canvas: canvas.document.set_moment(1),
        lambda canvas: canvas.time_range.show(5, 10_000_000),
        lambda canvas: canvas.set_theme(DARK),
        lambda canvas: canvas.set_presenting(True),
        lambda canvas: canvas.setFont(QFont("sans", 17)),
        lambda canvas: canvas.resize(420, 200),
    ],
    ids=("growth", "selection", "moment", "range", "theme", "strokes", "type", "size"),
)
def test_that_the_content_is_painted_anew_when_it_would_look_different(
    counting: _Counting, change: Callable[[TimeCanvas], object]
) -> None:
    before = counting.paintings
    change(counting)
    counting.repaint()
    assert counting.paintings > before


def test_that_the_pointer_moves_over_the_content_without_painting_it(counting: _Counting) -> None:
    before = counting.paintings
    for x in range(20, 300, 40):
        point(counting, QPointF(x, 50))
        counting.repaint()
    assert counting.pointer.pointed == Pointed(("here",))
    assert counting.paintings == before
