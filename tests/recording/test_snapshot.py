"""A snapshot keeps a moment of a recording that grows, and costs nothing to take."""

from __future__ import annotations

import struct
from collections.abc import Sized
from dataclasses import FrozenInstanceError
from pathlib import Path

import numpy as np
import pytest

from inspector.recording.change_log import CHANGES_NAME, Change, encode_change
from inspector.recording.folder import Recording
from inspector.recording.process_samples import SAMPLES_NAME
from inspector.recording.snapshot import Snapshot
from inspector.recording.source_lines import SourceFile, SourceLine
from inspector.recording.tap_log import TAPS_NAME, TapMeta, encode_tap
from tests.growing_recording import PERIOD_NS, SENT_T_NS, GrowingRecording

CHANGE = Change(t_ns=SENT_T_NS, side="server", knob="template_buffer", before="0", after="50")


def grow(growing: GrowingRecording, number: int) -> None:
    """Add something to each part of a recording."""
    growing.add_sources(
        SourceFile(file=number, name=f"page{number}.html", language="jinja", text="x"),
        SourceLine(line=number, file=number, number=1),
    )
    growing.add_chunk(b"x" * 10, sources=[number])
    layer = "yield" if number == 1 else "write"
    for name, row in (
        (TAPS_NAME, encode_tap(TapMeta(layer=layer))),
        (CHANGES_NAME, encode_change(CHANGE)),
        (SAMPLES_NAME, struct.pack("<4q", number, 2, 3, 4)),
    ):
        with (growing.folder / name).open("ab") as file:
            file.write(row)


def sizes(snapshot: Snapshot) -> tuple[int, ...]:
    parts: list[Sized] = [
        snapshot.tracks["part"],
        snapshot.taps,
        snapshot.changes,
        snapshot.samples,
        snapshot.sources.lines,
    ]
    return (*(len(part) for part in parts), len(snapshot.sources.files), snapshot.content_bytes)


def test_that_no_part_of_a_snapshot_grows_with_the_recording(tmp_path: Path) -> None:
    growing = GrowingRecording(tmp_path / "r")
    grow(growing, 1)
    recording = Recording(growing.folder)
    recording.refresh()
    before = recording.snapshot()
    rows = before.tracks["part"].rows.tolist()
    grow(growing, 2)
    growing.end()
    recording.refresh()
    after = recording.snapshot()
    assert sizes(before) == (1, 1, 1, 1, 1, 1, 10)
    assert sizes(after) == (2, 2, 2, 2, 2, 2, 20), "a snapshot taken since has all of it"
    assert (before.has_ended, after.has_ended) == (False, True)
    assert before.sources.label(2) == ""
    assert after.sources.label(2) == "page2.html:1"
    recording.close()
    assert before.tracks["part"].rows.tolist() == rows, "its arrays outlive the open files"


def test_that_a_snapshot_shares_the_rows_of_the_recording(tmp_path: Path) -> None:
    growing = GrowingRecording(tmp_path / "r")
    growing.add_chunk(b"x" * 10)
    recording = Recording(growing.folder)
    recording.refresh()
    snapshot = recording.snapshot()
    for name, track in recording.tracks.items():
        assert snapshot.tracks[name] is track
    assert np.shares_memory(snapshot.tracks["read"].rows, recording.tracks["read"].rows)
    recording.close()


def test_that_a_snapshot_cannot_be_changed() -> None:
    snapshot = Snapshot()
    with pytest.raises(FrozenInstanceError):
        snapshot.meta = None  # type: ignore[misc]


def test_that_times_of_a_snapshot_are_those_of_its_marks_and_its_ending(tmp_path: Path) -> None:
    assert (Snapshot().origin_ns, Snapshot().last_ns) == (0, 0)
    growing = GrowingRecording(tmp_path / "r")
    recording = Recording(growing.folder)
    recording.refresh()
    assert (recording.snapshot().origin_ns, recording.snapshot().last_ns) == (SENT_T_NS, SENT_T_NS + 1_000_000)
    growing.add_chunk(b"x")
    recording.refresh()
    assert recording.snapshot().last_ns == SENT_T_NS + PERIOD_NS
    growing.end()
    recording.refresh()
    assert recording.snapshot().last_ns == SENT_T_NS + 2 * PERIOD_NS
    recording.close()
