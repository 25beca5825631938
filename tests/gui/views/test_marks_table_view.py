"""The table in its pane: which columns have room, whole rows alone, what is copied, the layer of another run."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from inspector.gui.models.document import Document
from inspector.gui.models.marks_model import COLUMNS
from inspector.gui.models.selection import Selection
from inspector.gui.views.marks_table_view import MarksTablePane
from inspector.recording.folder import Recording
from tests.sample_recording import write_sample

YIELDS = [b"row %d\n" % number for number in range(60)]


@pytest.fixture
def document(tmp_path: Path) -> Iterator[Document]:
    write_sample(tmp_path / "r", YIELDS, parts_per_yield=2)
    document = Document()
    yield document
    document.show(None)


@pytest.fixture
def pane(document: Document, tmp_path: Path, qtbot: QtBot) -> MarksTablePane:
    pane = MarksTablePane(document)
    qtbot.addWidget(pane)
    pane.resize(900, 240)
    with qtbot.waitExposed(pane):
        pane.show()
    document.show(Recording(tmp_path / "r"))
    return pane


def shown_columns(pane: MarksTablePane) -> list[str]:
    return [column.name for at, column in enumerate(COLUMNS) if not pane.table.isColumnHidden(at)]


def test_that_columns_give_way_before_the_content_does(pane: MarksTablePane, qtbot: QtBot) -> None:
    assert shown_columns(pane) == ["number", "time", "gap", "size", "total", "waited", "parts", "content"]
    gone: list[str] = []
    for width in range(900, 300, -20):
        pane.resize(width, 240)
        qtbot.waitUntil(lambda width=width: pane.table.width() == width)  # type: ignore[misc]
        gone += [
            name for name in ("total", "waited", "parts", "gap", "size") if name not in [*gone, *shown_columns(pane)]
        ]
        content = len(COLUMNS) - 1
        assert pane.table.columnViewportPosition(content) + 60 <= pane.table.viewport().width()
    assert gone == ["total", "waited", "parts", "gap", "size"]
    assert not pane.table.horizontalScrollBar().isVisible()
    pane.resize(900, 240)
    qtbot.waitUntil(lambda: "total" in shown_columns(pane))


@pytest.mark.parametrize("height", [200, 207, 213, 240])
def test_that_no_row_is_cut_in_half(pane: MarksTablePane, qtbot: QtBot, height: int) -> None:
    pane.resize(900, height)
    qtbot.waitUntil(lambda: pane.height() == height)
    table = pane.table
    qtbot.waitUntil(lambda: table.viewport().height() % table.rowHeight(0) == 0)
    assert table.rowAt(0) == len(YIELDS) - table.viewport().height() // table.rowHeight(0)
    assert table.rowViewportPosition(table.rowAt(0)) == 0


def test_that_ctrl_c_copies_the_selected_rows_and_says_so(pane: MarksTablePane, document: Document) -> None:
    hints: list[str] = []
    pane.hinted.connect(hints.append)
    document.select(Selection("chunk", 2, 4))
    QTest.keyClick(pane.table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    QTest.keyRelease(pane.table, Qt.Key.Key_Control)  # Qt takes Ctrl for held until a key says otherwise
    rows = list(csv.DictReader(io.StringIO(QApplication.clipboard().text()), delimiter="\t"))
    assert [row["content"] for row in rows] == ["row 2\n", "row 3\n"]
    assert hints == ["Copied 2 rows as text"]


def test_that_all_rows_are_copied_where_none_is_selected(pane: MarksTablePane, document: Document) -> None:
    pane.copy_rows("json")
    assert len(json.loads(QApplication.clipboard().text())) == len(YIELDS)
    pane.show_layer("part")
    pane.copy_rows("json")
    rows = json.loads(QApplication.clipboard().text())
    assert len(rows) == 2 * len(YIELDS)
    assert "waited_ms" not in rows[0]
    assert rows[0]["source"] == "timeline.html:2"


def test_that_copies_are_bounded_and_say_so(pane: MarksTablePane, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("inspector.gui.views.marks_table_view._MOST_COPIED_ROWS", 10)
    hints: list[str] = []
    pane.hinted.connect(hints.append)
    pane.copy_rows("csv")
    assert len(QApplication.clipboard().text().splitlines()) == 21  # a heading, and two lines for each row
    assert hints == ["Copied the first 10 of 60 rows as CSV. Save the recording to keep them all"]


def test_that_another_run_is_shown_by_its_chunks_again(
    pane: MarksTablePane, document: Document, tmp_path: Path
) -> None:
    write_sample(tmp_path / "plain", YIELDS[:3], framing="content-length")
    document.show(Recording(tmp_path / "plain"))
    assert pane.model.layer == "read"
    document.show(Recording(tmp_path / "r"))
    assert pane.model.layer == "chunk"
    pane.show_layer("part")
    document.set_moment(100_000_000)
    document.set_moment(50_000_000)
    document.set_moment(None)
    assert pane.model.layer == "part"
