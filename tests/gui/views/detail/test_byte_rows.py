"""Rows found from bytes: the same whichever way they are reached, and without reading what lies before."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.gui.views.detail.byte_rows import BLOCK_BYTES, RESYNC_BYTES, HexRows, Row, Rows, TextRows
from inspector.gui.views.detail.content_pages import PAGE_BYTES, ContentPages
from inspector.gui.views.detail.monospace_cells import row_starts
from inspector.gui.views.detail.row_window import RowWindow

LINES = b"".join(b"line %d %s\n" % (number, b"x" * (number * 37 % 190)) for number in range(600))
ONE_LINE = "añ日".encode() * 9000


class CountingReader:
    """Content in memory that counts what is read of it."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.read_bytes = 0

    def __call__(self, start: int, stop: int) -> bytes:
        found = self.data[start:stop]
        self.read_bytes += len(found)
        return found


def text_rows(data: bytes, columns: int = 80) -> TextRows:
    rows = TextRows(ContentPages(CountingReader(data)).read)
    rows.set_columns(columns)
    rows.grow(len(data))
    return rows


def forwards(rows: Rows) -> list[Row]:
    found: list[Row] = []
    at = 0
    while at < rows.end:
        found.append(rows.row(at))
        at = found[-1].stop
    return found


def backwards(rows: Rows) -> list[Row]:
    found: list[Row] = []
    at = rows.end
    while at > 0:
        found.append(rows.row(at - 1))
        at = found[-1].start
    return found[::-1]


@pytest.mark.parametrize("data", [LINES, ONE_LINE, b"x" * 50_000, b"\n" * 20_000, bytes(range(256)) * 100])
def test_that_rows_tile_the_body_and_are_the_same_both_ways(data: bytes) -> None:
    rows = text_rows(data)
    found = forwards(rows)
    assert found == backwards(rows)
    assert found[0].start == 0
    assert found[-1].stop == len(data)
    assert all(before.stop == after.start for before, after in pairwise(found))


def test_that_lines_are_rows_across_all_blocks() -> None:
    assert len(LINES) > 4 * BLOCK_BYTES
    assert [row.start for row in forwards(text_rows(LINES))] == row_starts(LINES, 80)


def test_that_a_character_is_never_cut_by_a_row() -> None:
    for row in forwards(text_rows(ONE_LINE)):
        ONE_LINE[row.start : row.stop].decode("utf-8")


@given(st.lists(st.integers(1, 3 * BLOCK_BYTES), min_size=1, max_size=12), st.sampled_from([LINES, ONE_LINE]))
def test_that_rows_of_a_growing_body_become_those_of_the_whole(steps: list[int], data: bytes) -> None:
    rows = TextRows(ContentPages(CountingReader(data)).read)
    end = 0
    for step in steps:
        end = min(len(data), end + step)
        rows.grow(end)
        assert rows.row(end - 1).stop == end
        rows.row(end // 2)
    assert forwards(rows) == forwards(text_rows(data[:end]))


def test_that_rows_wrap_anew_at_another_width() -> None:
    rows = text_rows(LINES, 80)
    before = forwards(rows)
    assert not rows.set_columns(80)
    assert rows.set_columns(40)
    assert len(forwards(rows)) > len(before)


def test_that_the_end_of_a_long_body_is_found_without_its_beginning() -> None:
    reader = CountingReader(LINES * 100)
    rows = TextRows(ContentPages(reader).read)
    rows.grow(len(reader.data))
    window = RowWindow(rows)
    window.measure(40)
    window.to_end()
    assert window.rows_from_top(40)[-1].stop == len(reader.data)
    assert reader.read_bytes <= 4 * (BLOCK_BYTES + RESYNC_BYTES + PAGE_BYTES)


def test_that_pages_are_read_once_and_grow() -> None:
    reader = CountingReader(LINES[:1000])
    pages = ContentPages(reader)
    assert pages.read(10, 3000) == LINES[10:1000]
    reader.data = LINES
    assert pages.read(10, 3000) == LINES[10:3000]
    read_bytes = reader.read_bytes
    assert pages.read(0, 4000) == LINES[:4000]
    assert reader.read_bytes == read_bytes
    assert pages.read(5, 5) == pages.read(len(LINES), len(LINES) + 9) == b""


def test_that_memory_of_pages_is_bounded() -> None:
    pages = ContentPages(CountingReader(bytes(8 << 20)))
    for start in range(0, 8 << 20, PAGE_BYTES):
        pages.read(start, start + 10)
    assert sum(map(len, pages._pages.values())) <= 1 << 20


class TestRowWindow:
    def window(self, end: int, page_rows: int = 10) -> tuple[RowWindow, HexRows]:
        rows = HexRows()
        rows.grow(end)
        window = RowWindow(rows)
        window.measure(page_rows)
        return window, rows

    def test_that_the_last_position_shows_the_last_row_at_the_bottom(self) -> None:
        window, _ = self.window(16 * 100 + 3)
        window.to_end()
        assert window.is_at_end
        assert [row.start for row in window.rows_from_top(11)] == [16 * row for row in range(91, 101)]

    def test_that_a_body_shorter_than_the_window_does_not_scroll(self) -> None:
        window, _ = self.window(100)
        assert window.bar_maximum == 0
        assert not window.by_rows(3)
        assert not window.by_rows(-3)

    def test_that_revealing_scrolls_only_to_what_is_not_visible(self) -> None:
        window, _ = self.window(16 * 1000)
        assert not window.reveal(20, 30)
        assert window.reveal(8000, 8001)
        assert any(row.start <= 8000 < row.stop for row in window.rows_from_top(10))
        assert not window.reveal(8001, 8002)

    def test_that_the_scroll_bar_reaches_every_end_of_terabytes(self) -> None:
        window, rows = self.window(3 << 40)
        assert window.bar_maximum < 1 << 31
        window.to_bar_value(window.bar_maximum)
        assert window.rows_from_top(10)[-1].stop == rows.end
        window.to_bar_value(window.bar_maximum // 2)
        assert window.top == pytest.approx(rows.end / 2, rel=1e-6)
        window.to_bar_value(0)
        assert window.top == 0

    def test_that_a_step_in_terabytes_is_one_row(self) -> None:
        window, _ = self.window(3 << 40)
        window.to_bar_value(window.bar_maximum // 2)
        top = window.top
        assert window.by_rows(1)
        assert window.top == top + 16
