"""Rows as values and as text: each form read back by what reads it elsewhere."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from inspector.export.mark_rows import Marks, rows_text
from inspector.recording.folder import Recording
from tests.sample_recording import write_sample

YIELDS = [b"plain\n", b'a "quoted", one\n', b"<b>|\\`\n", b"", "Sørøya\n".encode()]


@pytest.fixture
def recording(tmp_path: Path) -> Iterator[Recording]:
    write_sample(tmp_path / "r", YIELDS, parts_per_yield=2)
    recording = Recording(tmp_path / "r")
    recording.refresh()
    yield recording
    recording.close()


def marks_of(recording: Recording, layer: str) -> Marks:
    track, snapshot = recording.tracks[layer], recording.snapshot()
    return Marks(track, track, snapshot.origin_ns, recording.read_content, recording.tracks["part"], snapshot.sources)


def test_that_rows_tell_time_size_wait_parts_and_content(recording: Recording) -> None:
    rows = marks_of(recording, "chunk").rows(0, 4, 160)
    assert [row.number for row in rows] == [1, 2, 3, 4]
    assert [row.content for row in rows] == [item for item in YIELDS if item]
    assert [row.parts for row in rows] == [2, 2, 2, 2]
    assert rows[0].gap_ms is None
    assert [row.gap_ms for row in rows[1:]] == pytest.approx([20, 20, 40])
    # The first part of each was made a microsecond before its yield, 30 us before the write and 80 before the chunk.
    assert all(row.waited_ms is not None and 0.03 < row.waited_ms < 0.2 for row in rows)
    assert [row.total for row in rows][-1] == sum(map(len, YIELDS))


def test_that_a_range_of_rows_is_that_of_all_rows(recording: Recording) -> None:
    marks = marks_of(recording, "yield")
    every = marks.rows(0, 5, 160)
    assert marks.rows(2, 4, 160) == every[2:4]
    assert marks.rows(3, 3, 160) == []
    assert [row.content for row in marks.rows(0, 5, 3)] == [item[:3] for item in YIELDS]


def test_that_lines_of_code_are_told_where_they_are_known(recording: Recording) -> None:
    rows = marks_of(recording, "part").rows(0, 4, 8)
    assert [row.source for row in rows] == ["timeline.html:2", "timeline.html:1"] * 2


@pytest.mark.parametrize(("form", "delimiter"), [("csv", ","), ("tsv", "\t")])
def test_that_a_spreadsheet_reads_what_was_written(recording: Recording, form: str, delimiter: str) -> None:
    text = rows_text(marks_of(recording, "chunk").rows(0, 4, 160), form)  # type: ignore[arg-type]
    found = list(csv.DictReader(io.StringIO(text), delimiter=delimiter))
    assert [row["content"].encode() for row in found] == [item for item in YIELDS if item]
    assert [float(row["t_ms"]) for row in found] == sorted(float(row["t_ms"]) for row in found)
    assert "source" not in found[0]
    assert "at_most" not in found[0]


def test_that_json_has_numbers_and_nothing_where_there_is_nothing(recording: Recording) -> None:
    found = json.loads(rows_text(marks_of(recording, "chunk").rows(0, 2, 160), "json"))
    assert [row["number"] for row in found] == [1, 2]
    assert found[0]["gap_ms"] is None
    assert found[1]["gap_ms"] == pytest.approx(20)
    assert found[1]["content"] == 'a "quoted", one\n'


def test_that_markdown_is_one_table_whatever_the_content(recording: Recording) -> None:
    lines = rows_text(marks_of(recording, "chunk").rows(0, 4, 160), "markdown").splitlines()
    assert len(lines) == 6
    assert lines[0].startswith("| number | t_ms | gap_ms |")
    assert set(lines[1]) <= set("|-: ")
    unescaped = [line.replace("\\\\", "").replace("\\|", "") for line in lines]
    assert {line.count("|") for line in unescaped} == {lines[0].count("|")}
    assert "<b>" not in lines[4]
