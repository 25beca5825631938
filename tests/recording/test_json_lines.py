"""Rows that several writers append to one file."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from inspector.recording.json_lines import append_row


def test_that_rows_of_many_writers_never_mix(tmp_path: Path) -> None:
    path = tmp_path / "rows"

    def write(letter: bytes) -> None:
        for _ in range(200):
            append_row(path, letter * 99 + b"\n")

    threads = [threading.Thread(target=write, args=(letter,)) for letter in (b"a", b"b", b"c")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    rows = path.read_bytes().split(b"\n")[:-1]
    assert len(rows) == 600
    assert all(row in (b"a" * 99, b"b" * 99, b"c" * 99) for row in rows)


def test_that_a_link_in_the_place_of_the_file_is_not_followed(tmp_path: Path) -> None:
    target = tmp_path / "elsewhere"
    target.write_bytes(b"")
    (tmp_path / "rows").symlink_to(target)
    with pytest.raises(OSError, match="rows"):
        append_row(tmp_path / "rows", b"x\n")
    assert target.read_bytes() == b""
