"""The page about the file format says what the code writes."""

from __future__ import annotations

import re
import shutil
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from inspector.recording.annotations import ANNOTATIONS_NAME
from inspector.recording.archive import ARCHIVE_SUFFIX, load_archive
from inspector.recording.body_content import CONTENT_NAME, WIRE_NAME
from inspector.recording.change_log import CHANGES_NAME
from inspector.recording.folder import Recording
from inspector.recording.layers import LAYERS, track_file_name
from inspector.recording.meta import FORMAT, META_NAME
from inspector.recording.migrations import STEPS
from inspector.recording.process_samples import SAMPLE_COLUMNS, SAMPLES_MEMBER, SAMPLES_NAME
from inspector.recording.source_lines import SOURCES_NAME
from inspector.recording.tap_log import TAPS_NAME
from tests.data.make_golden import golden_path
from tests.fresh_python import ROOT

PAGE = (ROOT / "inspector" / "recording" / "README.md").read_text(encoding="utf-8")
TABLES = [[cell.strip() for cell in line.strip("|").split("|")] for line in PAGE.splitlines() if line.startswith("|")]


def test_that_the_page_is_about_the_format_of_today() -> None:
    assert PAGE.startswith(f"# The file format, version {FORMAT}\n")
    assert f"`format` in `{META_NAME}` is {FORMAT}." in PAGE
    assert f"by {'one step' if len(STEPS) == 1 else f'{len(STEPS)} steps'} in" in " ".join(PAGE.split())


def test_that_every_file_of_a_recording_is_named() -> None:
    files = {META_NAME, WIRE_NAME, CONTENT_NAME, SAMPLES_NAME, SOURCES_NAME, TAPS_NAME, CHANGES_NAME, ANNOTATIONS_NAME}
    files |= {track_file_name(layer.name) for layer in LAYERS}
    named = {name for row in TABLES for name in re.findall(r"`([\w.]+\.\w+)`", row[0])}
    assert named == files


def test_that_the_columns_of_every_layer_are_those_of_the_table() -> None:
    said = {
        row[0].strip("`"): (row[1], tuple(row[2].split(", ")))
        for row in TABLES
        if row[1] in ("content", "body", "wire")
    }
    assert said == {layer.name: (layer.axis, layer.columns) for layer in LAYERS}
    assert ", ".join(SAMPLE_COLUMNS) in PAGE
    assert SAMPLES_MEMBER in PAGE


def test_that_the_example_reads_a_saved_recording(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (example,) = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    shutil.copy(golden_path(FORMAT), tmp_path / f"timeline{ARCHIVE_SUFFIX}")
    monkeypatch.chdir(tmp_path)
    names: dict[str, Any] = {}
    exec(compile(example, "README.md", "exec"), names)
    with closing(Recording(load_archive(golden_path(FORMAT), tmp_path))) as recording:
        recording.refresh()
        read = recording.tracks["read"]
        assert (names["first_byte_ns"], names["size_bytes"]) == (read.t_ns[0], read.total_bytes)
