"""``sources.jsonl`` fed in any cuts."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.recording.meta import BadRecording
from inspector.recording.source_lines import SourceFile, SourceLine, SourceLineReader, encode_row

FILES = st.builds(
    SourceFile,
    file=st.integers(0, 5),
    name=st.text(max_size=8),
    language=st.sampled_from(["python", "jinja"]),
    text=st.text(max_size=30),
)
LINES = st.builds(SourceLine, line=st.integers(0, 9), file=st.integers(0, 5), number=st.integers(1, 99))


@given(st.lists(st.one_of(FILES, LINES), max_size=8), st.lists(st.integers(0, 400)))
def test_that_the_table_does_not_depend_on_the_cuts(rows: list[SourceFile | SourceLine], cuts: list[int]) -> None:
    data = b"".join(encode_row(row) for row in rows)
    reader = SourceLineReader()
    edges = [0, *sorted(cut for cut in cuts if cut < len(data)), len(data)]
    for start, stop in pairwise(edges):
        reader.feed(data[start:stop])
    assert reader.sources.files == {row.file: row for row in rows if isinstance(row, SourceFile)}
    assert reader.sources.lines == {row.line: row for row in rows if isinstance(row, SourceLine)}


def test_that_an_unfinished_row_waits() -> None:
    reader = SourceLineReader()
    row = encode_row(SourceLine(line=3, file=0, number=12))
    reader.feed(row[:-1])
    assert reader.sources.lines == {}
    reader.feed(b"\n")
    assert reader.sources.lines[3].number == 12


def test_that_a_line_without_its_file_has_no_place() -> None:
    reader = SourceLineReader()
    reader.feed(encode_row(SourceLine(line=3, file=0, number=12)))
    assert reader.sources.place(3) is None
    assert reader.sources.label(3) == ""
    reader.feed(encode_row(SourceFile(file=0, name="a.html", language="jinja", text="x")))
    assert reader.sources.label(3) == "a.html:12"


@pytest.mark.parametrize(
    "row", [b"{}\n", b"[1]\n", b"nonsense\n", b'{"line":1,"file":0,"number":1,"function":"\xff"}\n']
)
def test_that_a_bad_row_names_the_file(row: bytes) -> None:
    with pytest.raises(BadRecording, match=r"^sources\.jsonl, line 1: "):
        SourceLineReader().feed(row)
