"""A recording folder followed while it grows: whole rows only, every change told once."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from inspector.recording.folder import Recording, read_track
from inspector.recording.layers import LAYERS, track_file_name
from inspector.recording.meta import BadRecording
from inspector.recording.source_lines import SOURCES_NAME
from tests.sample_recording import write_sample
from tests.waiting import wait_until

#: Writes rows (1, 1), (2, 2) ... of a write track in pieces of 1 to 37 bytes, so that most writes tear a row.
WRITER = """
import os, sys, itertools, struct
file = os.open(sys.argv[1], os.O_WRONLY | os.O_CREAT | os.O_APPEND)
data = b"".join(struct.pack("<2q", n, n) for n in range(1, int(sys.argv[2]) + 1))
at = 0
for size in itertools.cycle(range(1, 38)):
    os.write(file, data[at:at + size])
    at += size
    if at >= len(data):
        break
"""


def test_that_a_growing_track_is_followed_in_whole_rows_while_another_process_writes(tmp_path: Path) -> None:
    count = 20_000
    recording = Recording(tmp_path)
    seen: list[int] = []
    writer = subprocess.Popen([sys.executable, "-c", WRITER, str(tmp_path / track_file_name("write")), str(count)])
    try:

        def all_there() -> bool:
            if recording.refresh():
                track = recording.tracks["write"]
                seen.append(len(track))
                assert track.end.tolist() == track.t_ns.tolist() == list(range(1, len(track) + 1))
            return len(recording.tracks["write"]) == count

        wait_until(all_there, deadline_s=20)
    finally:
        assert writer.wait() == 0
    assert seen == sorted(set(seen))
    assert recording.refresh() == set()
    recording.close()


def test_that_a_torn_row_waits_for_its_rest(tmp_path: Path) -> None:
    path = tmp_path / track_file_name("chunk")
    row = np.array([7, 5, 8, 5, 0], dtype="<i8").tobytes()
    recording = Recording(tmp_path)
    for size, marks, changed in ((0, 0, set()), (39, 0, set()), (40, 1, {"chunk"}), (41, 1, set()), (80, 2, {"chunk"})):
        path.write_bytes((row + row)[:size])
        assert recording.refresh() == changed
        assert len(recording.tracks["chunk"]) == marks
    recording.close()


def test_that_each_change_is_told_once_by_its_name(tmp_path: Path) -> None:
    folder = tmp_path / "r"
    recording = Recording(folder)
    assert recording.refresh() == set()
    write_sample(folder, [b"one", b"two"], parts_per_yield=2)
    assert recording.refresh() == {"meta", "sources", *(layer.name for layer in LAYERS)}
    assert recording.refresh() == set()
    with (folder / track_file_name("piece")).open("ab") as file:
        file.write(np.array([9**12, 7], dtype="<i8").tobytes())
    assert recording.refresh() == {"piece"}
    recording.close()


def test_that_every_mark_of_a_finished_recording_is_seen_and_has_its_source(tmp_path: Path) -> None:
    sample = write_sample(tmp_path / "r", [b"one", b"two"], parts_per_yield=2)
    recording = Recording(sample.folder)
    recording.refresh()
    assert recording.meta is not None
    assert recording.meta.ending is not None
    parts = recording.tracks["part"]
    assert parts.end.tolist() == [1, 3, 4, 6]
    labels = [recording.sources.label(source) for source in parts.column("source").tolist()]
    assert labels == ["timeline.html:2", "timeline.html:1"] * 2
    assert recording.sources.label(-1) == ""
    for layer in LAYERS:
        assert (read_track(sample.folder, layer.name).rows == recording.tracks[layer.name].rows).all()
    recording.close()


def test_that_tracks_handed_out_stay_valid_after_growth_and_closing(tmp_path: Path) -> None:
    sample = write_sample(tmp_path / "r", [b"one"])
    recording = Recording(sample.folder)
    recording.refresh()
    early = recording.tracks["write"]
    with (sample.folder / track_file_name("write")).open("ab") as file:
        file.write(np.array([9**12, 7], dtype="<i8").tobytes())
    recording.refresh()
    recording.close()
    assert early.end.tolist() == [3]
    assert recording.tracks["write"].end.tolist() == [3, 7]


def test_that_a_broken_sources_file_is_a_bad_recording(tmp_path: Path) -> None:
    (tmp_path / SOURCES_NAME).write_bytes(b'{"line": "x"}\n')
    recording = Recording(tmp_path)
    with pytest.raises(BadRecording, match=r"sources.jsonl.*\$\.line"):
        recording.refresh()
    recording.close()
