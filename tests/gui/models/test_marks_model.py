"""The table of marks over a recording that grows under it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from PySide6.QtCore import QModelIndex
from pytestqt.modeltest import ModelTester

from inspector.gui.models.document import Document
from inspector.gui.models.marks_model import COLUMNS, MarksModel
from inspector.gui.models.selection import Selection
from inspector.recording.folder import Recording
from tests.growing_recording import GrowingRecording
from tests.sample_recording import write_sample


def _add(growing: GrowingRecording, data: bytes, times: int) -> None:
    for _ in range(times):
        growing.add_chunk(data)


def test_that_the_model_keeps_qts_rules_while_it_grows(
    tmp_path: Path, document: Document, qtmodeltester: ModelTester
) -> None:
    growing = GrowingRecording(tmp_path / "run")
    model = MarksModel(document)
    document.show(Recording(growing.folder))
    for at in range(5):
        _add(growing, b"row %d\n" % at, 10)
        document.follow_up()
        qtmodeltester.check(model)  # type: ignore[no-untyped-call]
    assert model.rowCount() == 50


def test_that_one_frame_is_one_insertion(tmp_path: Path, document: Document) -> None:
    growing = GrowingRecording(tmp_path / "run")
    model = MarksModel(document)
    document.show(Recording(growing.folder))
    inserted: list[tuple[int, int]] = []
    model.rowsInserted.connect(lambda _parent, first, last: inserted.append((first, last)))
    _add(growing, b"x", 1_000)
    document.follow_up()
    _add(growing, b"y", 500)
    document.follow_up()
    assert inserted == [(0, 999), (1_000, 1_499)]


def test_that_cells_tell_time_size_wait_and_content(tmp_path: Path, document: Document) -> None:
    write_sample(tmp_path / "run", [b"alpha\n", b"beta\n", b"gamma\n"], parts_per_yield=2)
    model = MarksModel(document)
    document.show(Recording(tmp_path / "run"))
    row = {column.name: model.index(1, at).data() for at, column in enumerate(COLUMNS)}
    assert row["number"] == "2"
    assert row["size"] == "5"
    assert row["total"] == "11"
    assert row["parts"] == "2"
    assert row["content"] == "beta↵"
    assert float(row["gap"].replace(",", "")) > 0
    assert re.fullmatch(r"[0-9.]+ (µs|ms|s)", row["waited"])


@pytest.mark.parametrize("layer", ["part", "yield", "write", "read", "chunk", "piece"])
def test_that_a_selection_travels_between_all_layers_and_back(tmp_path: Path, document: Document, layer: str) -> None:
    write_sample(tmp_path / "run", [b"alpha\n", b"beta\n", b"gamma\n", b"delta\n"], parts_per_yield=3)
    document.show(Recording(tmp_path / "run"))
    document.select(Selection("yield", 1, 3))
    items = document.selected_items(layer)
    assert items is not None
    document.select(Selection(layer, *items))
    start, stop = document.selected_bytes or (0, 0)
    assert start <= 6
    assert stop >= 17
    assert document.selected_items("yield") is not None


def test_that_a_coded_body_is_selected_by_what_it_decodes_to(tmp_path: Path, document: Document) -> None:
    sample = write_sample(tmp_path / "run", [b"alpha\n" * 50, b"beta\n" * 50], gzip=True)
    document.show(Recording(tmp_path / "run"))
    document.select_bytes("piece", 0, len(sample.content))
    start, stop = document.selected_bytes or (0, 0)
    assert (start, stop) == (0, len(sample.content))


def test_that_pausing_keeps_what_the_views_see(tmp_path: Path, document: Document) -> None:
    growing = GrowingRecording(tmp_path / "run")
    model = MarksModel(document)
    document.show(Recording(growing.folder))
    _add(growing, b"a", 3)
    document.follow_up()
    document.set_paused(True)
    _add(growing, b"b", 4)
    document.follow_up()
    assert (model.rowCount(), document.hidden_items("chunk")) == (3, 4)
    document.set_paused(False)
    assert (model.rowCount(QModelIndex()), document.hidden_items("chunk")) == (7, 0)
