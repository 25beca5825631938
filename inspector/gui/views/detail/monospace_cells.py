"""Maps the bytes of a row to character cells: what is drawn, in which column, for which bytes. No Qt.

Text is taken as UTF-8 (RFC 3629) and shown as plain text: nothing in it is ever interpreted. What can't be seen is made
visible: controls and invisible characters as escapes, bytes that are not UTF-8 as ``\\xNN``.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

Kind = Literal["text", "mark", "bad"]

TAB_COLUMNS = 4
NEWLINE_MARK = "\N{DOWNWARDS ARROW WITH CORNER LEFTWARDS}"
TAB_MARK = "\N{RIGHTWARDS ARROW}"
_ESCAPES = {0: "\\0", 7: "\\a", 8: "\\b", 11: "\\v", 12: "\\f", 13: "\\r"}
_TOKEN = re.compile(
    rb"""
    (?P<plain>[\x20-\x7e]{1,256})
  | (?P<character>
        [\xc2-\xdf][\x80-\xbf]
      | \xe0[\xa0-\xbf][\x80-\xbf] | [\xe1-\xec\xee\xef][\x80-\xbf]{2} | \xed[\x80-\x9f][\x80-\xbf]
      | \xf0[\x90-\xbf][\x80-\xbf]{2} | [\xf1-\xf3][\x80-\xbf]{3} | \xf4[\x80-\x8f][\x80-\xbf]{2} )
  | (?P<control>[\x00-\x1f\x7f])
  | (?P<bad>[\x80-\xff])
    """,
    re.VERBOSE | re.DOTALL,
)
_SINGLE_BYTES = re.compile(rb"[\x20-\x7e]+|[\xa0-\xff]+|[\x00-\x1f\x7f-\x9f]")
_ODD = re.compile(rb"[^\x20-\x7e]")
#: Categories of characters that a font draws as nothing, or that would move what stands around them.
_INVISIBLE = frozenset({"Cc", "Cf", "Zl", "Zp", "Cn", "Co"})


@dataclass(slots=True)
class Cell:
    """What is drawn for bytes ``[start, stop)`` of a row: ``text``, ``width`` columns wide, from ``column`` on.

    A cell of kind ``text`` with as many characters as bytes is a run of ASCII, one column a byte; any other is one
    character or one escape. ``mark`` stands for a control or invisible character, ``bad`` for a byte not UTF-8.
    """

    start: int
    stop: int
    column: int
    width: int
    text: str
    kind: Kind

    @property
    def is_run(self) -> bool:
        """Whether each byte is a character with a column of its own."""
        return self.kind == "text" and len(self.text) == self.stop - self.start


def cells_of(row: bytes) -> list[Cell]:
    """Return the cells of the bytes of one row, from column 0 on."""
    cells: list[Cell] = []
    for cell in _walk(row, 0):
        if cell.width == 0:
            _join_to_last(cells, cell)
        else:
            cells.append(cell)
    return cells


def cells_of_single_bytes(row: bytes, charset: str) -> list[Cell]:
    """Return the cells of a row in a charset in which each byte is a character."""
    cells: list[Cell] = []
    column = 0
    for found in _SINGLE_BYTES.finditer(row):
        text = found[0].decode(charset, "replace")
        if text.isprintable():
            cells.append(Cell(found.start(), found.end(), column, len(text), text, "text"))
        else:
            for at, code in enumerate(found[0], found.start()):
                cell = _control(at, column, code)
                cells.append(cell)
                column += cell.width
            continue
        column += len(text)
    return cells


def byte_columns(cells: list[Cell], length: int) -> list[float]:
    """Return the column at which each byte of a row begins, and as last value the column where the row ends.

    A byte inside a character has a fraction of its cell: a border there is drawn inside the character.
    """
    columns: list[float] = []
    for cell in cells:
        count = cell.stop - cell.start
        if cell.is_run:
            columns.extend(range(cell.column, cell.column + count))
        else:
            columns.extend(cell.column + cell.width * at / count for at in range(count))
    columns.append(cells[-1].column + cells[-1].width if cells else 0)
    assert len(columns) == length + 1
    return columns


def row_starts(data: bytes, columns: int) -> list[int]:
    """Return where rows begin in ``data``: after each newline, and where a line is full after ``columns`` columns.

    The mark of a newline never begins a row of its own: it hangs one column out.
    """
    starts: list[int] = []
    at = 0
    while at < len(data):
        newline = data.find(b"\n", at)
        stop = len(data) if newline < 0 else newline
        starts.append(at)
        if _ODD.search(data, at, stop):
            starts.extend(_wrapped(data, at, stop, columns))
        else:
            starts.extend(range(at + columns, stop, columns))
        at = stop + 1
    return starts


def _wrapped(data: bytes, at: int, stop: int, columns: int) -> Iterator[int]:
    """Yield where further rows of one line begin."""
    line = data[at:stop]
    if _fits_surely(line, columns):
        return
    row = 0
    while row < len(line):
        full = _row_stop(line, row, columns)
        if full >= len(line):
            return
        yield at + full
        row = full


def _fits_surely(line: bytes, columns: int) -> bool:
    """Return whether a line needs no second row even if each of its characters took two columns."""
    try:
        text = line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return 2 * len(text) <= columns and text.isprintable()


def _row_stop(line: bytes, row: int, columns: int) -> int:
    """Return where a row that begins at ``row`` is full; it holds one character at least."""
    for cell in _walk(line, row):
        if cell.column + cell.width > columns:
            if cell.is_run and cell.column < columns:
                return cell.start + columns - cell.column
            return cell.start if cell.start > row else cell.stop
    return len(line)


def _walk(data: bytes, at: int) -> Iterator[Cell]:
    column = 0
    for found in _TOKEN.finditer(data, at):
        raw = found[0]
        match found.lastgroup:
            case "plain":
                cell = Cell(found.start(), found.end(), column, len(raw), raw.decode("ascii"), "text")
            case "character":
                cell = _character(found.start(), found.end(), column, raw.decode("utf-8"))
            case "control":
                cell = _control(found.start(), column, raw[0])
            case _:
                cell = Cell(found.start(), found.end(), column, 4, f"\\x{raw[0]:02x}", "bad")
        if cell.width == 0 and column == 0:
            # A combining mark with nothing before it in its row stands by itself.
            cell.width = 1
        column += cell.width
        yield cell


def _character(start: int, stop: int, column: int, character: str) -> Cell:
    category = unicodedata.category(character)
    if category in _INVISIBLE:
        code = ord(character)
        text = f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
        return Cell(start, stop, column, len(text), text, "mark")
    if category in {"Mn", "Me"}:
        return Cell(start, stop, column, 0, character, "text")
    wide = unicodedata.east_asian_width(character) in {"W", "F"}
    return Cell(start, stop, column, 2 if wide else 1, character, "text")


def _control(start: int, column: int, code: int) -> Cell:
    if code == 10:
        return Cell(start, start + 1, column, 1, NEWLINE_MARK, "mark")
    if code == 9:
        return Cell(start, start + 1, column, TAB_COLUMNS - column % TAB_COLUMNS, TAB_MARK, "mark")
    text = _ESCAPES.get(code, f"\\x{code:02x}")
    return Cell(start, start + 1, column, len(text), text, "mark")


def _join_to_last(cells: list[Cell], mark: Cell) -> None:
    """Draw a combining mark together with the character before it."""
    last = cells[-1]
    if last.is_run and last.width > 1:
        base = Cell(last.stop - 1, last.stop, last.column + last.width - 1, 1, last.text[-1], "text")
        last.stop, last.width, last.text = last.stop - 1, last.width - 1, last.text[:-1]
        cells.append(base)
        last = base
    last.stop, last.text = mark.stop, last.text + mark.text
