"""What is drawn for the bytes of a row: every byte once, invisible things made visible."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from inspector.gui.views.detail.monospace_cells import (
    NEWLINE_MARK,
    TAB_MARK,
    byte_columns,
    cells_of,
    cells_of_single_bytes,
    row_starts,
)

#: One of each kind: ASCII, two to four bytes, wide, combining, invisible, controls, and bytes that are not UTF-8.
PIECES = [
    *(
        piece.encode()
        for piece in ("a", "word ", "ë", "€", "日", "😀", "e\u0301", "\u0301", "\u202e", "\ufeff", "\u2028")
    ),
    *(
        b"\n",
        b"\r\n",
        b"\t",
        b"\0",
        b"\x1b[1m",
        b"\x7f",
        b"\xff",
        b"\xe2\x82",
        b"\xed\xa0\x80",
        b"\xc0\x80",
        b"x" * 300,
    ),
]
BYTES = st.one_of(st.binary(max_size=60), st.lists(st.sampled_from(PIECES), max_size=40).map(b"".join))


@example("\u0301\u0301\0".encode())
@given(BYTES)
def test_that_every_byte_lies_in_one_cell_and_cells_stand_side_by_side(data: bytes) -> None:
    cells = cells_of(data)
    assert [cell.start for cell in cells] + [len(data)] == [0] + [cell.stop for cell in cells]
    column = 0
    for cell in cells:
        assert cell.column == column
        column += cell.width
    columns = byte_columns(cells, len(data))
    assert columns == sorted(columns)


@given(BYTES.filter(bool), st.integers(16, 40))
def test_that_rows_tile_the_bytes_and_fit_the_width(data: bytes, columns: int) -> None:
    starts = row_starts(data, columns)
    assert starts == sorted(set(starts))
    assert starts[0] == 0
    for start, stop in zip(starts, [*starts[1:], len(data)], strict=True):
        row = data[start:stop]
        assert b"\n" not in row[:-1]
        text = row.removesuffix(b"\n")
        cells = cells_of(text)
        assert not cells or cells[-1].column + cells[-1].width <= columns


@given(BYTES.filter(bool))
def test_that_every_newline_ends_a_row(data: bytes) -> None:
    ends = {at + 1 for at, byte in enumerate(data) if byte == 10 and at + 1 < len(data)}
    assert ends <= set(row_starts(data, 1000))


@pytest.mark.parametrize(
    ("data", "shown"),
    [
        (b"a\n", ["a", NEWLINE_MARK]),
        (b"a\tb", ["a", TAB_MARK, "b"]),
        (b"\r\x00\x1b[1m", ["\\r", "\\0", "\\x1b", "[1m"]),
        (b"ok\xff\xc3", ["ok", "\\xff", "\\xc3"]),
        ("Zoë".encode(), ["Zo", "ë"]),
        ("e\u0301x".encode(), ["e\u0301", "x"]),
        ("a\u202eb\u200d".encode(), ["a", "\\u202e", "b", "\\u200d"]),
        (b"\xed\xa0\x80", ["\\xed", "\\xa0", "\\x80"]),
        (b"\xf4\x90\x80\x80\xc0\x80", ["\\xf4", "\\x90", "\\x80", "\\x80", "\\xc0", "\\x80"]),
        (b"<b>&amp;</b>", ["<b>&amp;</b>"]),
    ],
)
def test_that_what_can_not_be_seen_is_made_visible(data: bytes, shown: list[str]) -> None:
    assert [cell.text for cell in cells_of(data)] == shown


def test_that_escapes_are_told_from_text() -> None:
    assert [cell.kind for cell in cells_of(b"a\r\xff")] == ["text", "mark", "bad"]


def test_that_wide_characters_take_two_columns_and_tabs_go_to_stops() -> None:
    assert [(cell.column, cell.width) for cell in cells_of("a日b\tc".encode())] == [
        (0, 1),
        (1, 2),
        (3, 1),
        (4, 4),
        (8, 1),
    ]


def test_that_a_byte_inside_a_character_has_a_fraction_of_its_cell() -> None:
    assert byte_columns(cells_of("aé日".encode()), 6) == pytest.approx([0, 1, 1.5, 2, 2 + 2 / 3, 2 + 4 / 3, 4])


def test_that_a_full_row_keeps_its_newline() -> None:
    assert row_starts(b"12345678\n12345678\n9", 8) == [0, 9, 18]
    assert row_starts(b"123456789\n", 8) == [0, 8]


def test_that_each_byte_of_a_single_byte_charset_is_a_character() -> None:
    cells = cells_of_single_bytes("Zoë\t88 €\r\n".encode("cp1252"), "cp1252")
    assert "".join(cell.text for cell in cells if cell.kind == "text").startswith("Zoë88 ")
    assert [cell.start for cell in cells] == [0, 2, 3, 4, 7, 8, 9]
    assert byte_columns(cells, 10)[:4] == [0, 1, 2, 3]
    assert cells[-1].text == NEWLINE_MARK
