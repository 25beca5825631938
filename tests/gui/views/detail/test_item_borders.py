"""Which item holds which bytes, against a search byte by byte."""

from __future__ import annotations

from itertools import accumulate
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pytestqt.qtbot import QtBot

from inspector.gui.models.document import Document
from inspector.gui.models.selection import Selection
from inspector.gui.views.detail.item_borders import ItemBorders, shown_layer
from inspector.recording.folder import Recording
from inspector.recording.layers import LAYER_BY_NAME
from inspector.recording.track import Track
from tests.sample_recording import marks_of, write_sample


def owner(ends: list[int], byte: int) -> int:
    return next((item for item, end in enumerate(ends) if end > byte), len(ends))


@example(sizes=[2, 3, 0, 0, 4, 1], start=1, length=12, empties=False)
@example(sizes=[1] * 20 + [2, 0, 3], start=15, length=20, empties=True)
@given(st.lists(st.sampled_from([0, 0, 1, 2, 9]), max_size=60), st.integers(0, 30), st.integers(1, 60), st.booleans())
def test_that_runs_tile_a_row_and_name_the_item_of_each_byte(
    sizes: list[int], start: int, length: int, empties: bool
) -> None:
    sizes = sizes[:20] + [0] * 500 + sizes[20:] if empties else sizes
    ends = list(accumulate(sizes))
    track = marks_of("part", [(at, end) for at, end in enumerate(ends)])
    borders = ItemBorders(track, start, start + length)
    at = start
    for run in borders.runs(start, start + length):
        assert run.start == at < run.stop
        assert {owner(ends, byte) for byte in range(run.start, run.stop)} == {run.item}
        if run.start > 0:
            assert run.begins == (owner(ends, run.start - 1) != run.item)
        assert run.ends == (owner(ends, run.stop) != run.item)
        at = run.stop
    assert at == start + length
    for byte in range(start, start + length):
        item = owner(ends, byte)
        assert borders.item_at(byte) == (item if item < len(ends) else None)


def test_that_a_million_items_without_bytes_are_not_copied() -> None:
    rows = np.ones((1_000_000, 3), dtype=np.int64)
    rows[-1, 1] = 2
    borders = ItemBorders(Track(LAYER_BY_NAME["part"], rows), 0, 2)
    assert [run.item for run in borders.runs(0, 2)] == [0, 999_999]
    assert len(borders._starts) <= 4


@pytest.mark.parametrize(
    ("framing", "gzip", "chosen", "shown"),
    [
        ("chunked", False, None, "chunk"),
        ("close-delimited", False, None, "piece"),
        ("chunked", False, "write", "write"),
        ("chunked", False, "part", "part"),
        ("chunked", True, "write", "chunk"),
        ("chunked", True, "read", "read"),
        ("chunked", True, "yield", "yield"),
    ],
)
def test_that_the_layer_of_the_selection_is_shown_where_its_borders_are_known(
    tmp_path: Path, qtbot: QtBot, framing: str, gzip: bool, chosen: str | None, shown: str
) -> None:
    write_sample(tmp_path / "r", [b"one", b"two"], framing=framing, gzip=gzip)
    document = Document()
    document.show(Recording(tmp_path / "r"))
    document.select(Selection(chosen, 0, 1) if chosen else None)
    assert shown_layer(document) == shown
    document.show(None)
