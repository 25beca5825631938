"""The printed table: each mark once, whatever the framing, and nothing in it that a terminal would obey."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.export.marks_table import BATCH_LINES, HEADER, MarksTable, preview
from inspector.recording.folder import Recording
from tests.sample_recording import write_sample


def lines_of(folder: Path, width: int = 120) -> list[str]:
    recording = Recording(folder)
    table = MarksTable(recording, width)
    assert table.next_lines() == []
    recording.refresh()
    lines: list[str] = []
    while batch := table.next_lines():
        assert len(batch) <= BATCH_LINES
        lines += batch
    recording.close()
    return lines


def test_that_there_is_a_line_for_every_chunk(tmp_path: Path) -> None:
    write_sample(tmp_path / "one", [b"one\n", b"two two", b"three"], period_ns=20_000_000)
    lines = lines_of(tmp_path / "one")
    assert [line.split()[0] for line in lines] == ["1", "2", "3"]
    assert [line.split()[3:] for line in lines] == [
        ["4", "4", "one\\n"],
        ["7", "11", "two", "two"],
        ["5", "16", "three"],
    ]
    gaps_ms = [float(line.split()[2]) for line in lines]
    times_ms = [float(line.split()[1]) for line in lines]
    assert gaps_ms[1:] == pytest.approx([20.0, 20.0], abs=0.002)
    assert gaps_ms[0] == times_ms[0] > 1


@pytest.mark.parametrize("framing", ["content-length", "close-delimited"])
def test_that_there_is_a_line_for_every_read_of_a_body_without_chunks(tmp_path: Path, framing: str) -> None:
    write_sample(tmp_path / "one", [b"one", b"two"], framing=framing)
    recording = Recording(tmp_path / "one")
    recording.refresh()
    lines = lines_of(tmp_path / "one")
    assert len(lines) == len(recording.tracks["read"])
    assert "".join(line.split()[5] for line in lines if len(line.split()) > 5) == "onetwo"
    recording.close()


def test_that_the_content_of_a_coded_body_is_shown_decoded(tmp_path: Path) -> None:
    write_sample(tmp_path / "one", [b"one", b"two"], gzip=True)
    assert [line.split()[5] for line in lines_of(tmp_path / "one")] == ["one", "two"]


def test_that_more_marks_than_a_batch_are_all_shown_in_order(tmp_path: Path) -> None:
    write_sample(tmp_path / "one", [b"%d" % number for number in range(BATCH_LINES + 5)])
    lines = lines_of(tmp_path / "one")
    assert [line.split()[5] for line in lines] == [str(number) for number in range(BATCH_LINES + 5)]


def test_that_chunks_too_large_to_read_whole_show_their_beginning(tmp_path: Path) -> None:
    write_sample(tmp_path / "one", [b"a" * 1_500_000, b"b" * 1_500_000])
    first, second = lines_of(tmp_path / "one", width=HEADER.index("content") + 20)
    assert first.endswith(" " + "a" * 19 + "…")
    assert second.endswith(" " + "b" * 19 + "…")
    assert "1,500,000" in first
    assert "3,000,000" in second


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"plain", "plain"),
        ("Zoë €".encode(), "Zoë €"),
        (b"a\r\n\tb\\n", "a\\r\\n\\tb\\\\n"),
        (b"\x1b[31mred\x07", "\\x1b[31mred\\x07"),
        (b"\xff\xc3", "\\xff\\xc3"),
        ("\u202e\u2028".encode(), "\\u202e\\u2028"),
        (b"", ""),
        (b"x" * 30, "x" * 30),
        (b"x" * 31, "x" * 29 + "…"),
    ],
)
def test_that_a_preview_is_text_on_one_line(data: bytes, text: str) -> None:
    assert preview(data, 30) == text


@given(st.binary(max_size=200), st.integers(10, 80))
def test_that_no_preview_holds_what_a_terminal_obeys(data: bytes, width: int) -> None:
    shown = preview(data, width)
    assert len(shown) <= width
    assert shown.isprintable()
    shown.encode()
