"""What a person wrote on a recording: kept, and never in the way of reading it."""

from __future__ import annotations

from pathlib import Path

import pytest

from inspector.recording.annotations import ANNOTATIONS_NAME, Annotations, read_annotations, write_annotations


def test_that_a_label_is_read_as_it_was_written(tmp_path: Path) -> None:
    label = Annotations(name="Zoë's ⟨best⟩", pinned=True, note="two\nlines", opened_from="/x/y.stream")
    write_annotations(tmp_path, label)
    assert read_annotations(tmp_path) == label
    assert [each.name for each in tmp_path.iterdir()] == [ANNOTATIONS_NAME]


@pytest.mark.parametrize("data", [None, b"", b"{", b'{"pinned": 3}', b"\xff"])
def test_that_a_label_that_cant_be_read_is_an_empty_one(tmp_path: Path, data: bytes | None) -> None:
    if data is not None:
        (tmp_path / ANNOTATIONS_NAME).write_bytes(data)
    assert read_annotations(tmp_path) == Annotations()
