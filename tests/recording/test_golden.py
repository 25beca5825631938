"""Golden recordings: a file of each format version that opens for ever with the same figures."""

from __future__ import annotations

import json
from contextlib import closing
from hashlib import sha256
from pathlib import Path

import numpy as np

from inspector.recording.archive import load_archive
from inspector.recording.folder import Recording
from inspector.recording.layers import COLUMN_DTYPE, track_file_name
from inspector.recording.meta import FORMAT, META_NAME, Ending
from tests.data.make_golden import golden_path


def test_that_the_golden_file_of_format_1_opens_with_its_figures(tmp_path: Path) -> None:
    with closing(Recording(load_archive(golden_path(1), tmp_path))) as recording:
        recording.refresh()
        meta = recording.meta
        assert meta is not None
        assert meta.response is not None
        assert (meta.title, meta.response.status, meta.response.framing) == ("/timeline", 200, "chunked")
        assert meta.ending == Ending(kind="complete", text="the response is complete", t_ns=5_241_120_000)
        assert meta.trailers == [("X-Rows", "10")]
        assert {name: (len(track), track.total_bytes) for name, track in recording.tracks.items()} == {
            "part": (39, 237),
            "yield": (13, 237),
            "write": (13, 237),
            "read": (17, 312),
            "chunk": (12, 237),
            "piece": (15, 237),
        }
        assert recording.tracks["read"].rows[2].tolist() == [5_001_092_000, 20, 11, 11, 5_001_101_000, 0]
        assert recording.tracks["chunk"].rows[0].tolist() == [5_001_091_000, 5, 8, 5, 0]
        content = recording.read_content(0, recording.snapshot().content_bytes)
        assert content.startswith("<ul>\n<li>row 0, € 0</li>\n".encode())
        assert sha256(content).hexdigest() == "2cb1792fa210508f08bbf353e8be24ed8a3bd1817660bfaedf8fdfd6bb78ef6b"
        assert recording.sources.label(int(recording.tracks["part"].column("source")[1])) == "timeline.html:1"


def test_that_the_golden_file_of_format_1_is_the_one_that_was_first_made() -> None:
    assert (
        sha256(golden_path(1).read_bytes()).hexdigest()
        == "2f50c80973a6a9c56bc31ea1e24256dc8e3e12acaf1f1824256babaf33210e61"
    )


def test_that_the_golden_file_of_format_2_tells_which_times_are_upper_bounds(tmp_path: Path) -> None:
    with closing(Recording(load_archive(golden_path(2), tmp_path))) as recording:
        recording.refresh()
        assert recording.meta is not None
        assert recording.meta.format == 2
        assert recording.tracks["read"].column("at_most").tolist() == [1, 0, 0] * 5 + [1, 0]
        assert recording.tracks["chunk"].column("at_most").tolist() == [1, 0, 0] * 4
        assert recording.snapshot().content_bytes == 237


def test_that_the_golden_file_of_format_2_is_the_one_that_was_first_made() -> None:
    assert (
        sha256(golden_path(2).read_bytes()).hexdigest()
        == "0e7311ad414a74681a868b69778a8624dac22c5fbf1e2df18afca2dceb957f8e"
    )


def test_that_a_folder_of_format_1_is_brought_to_todays_when_it_is_opened(tmp_path: Path) -> None:
    folder = load_archive(golden_path(2), tmp_path)
    for name, columns in (("read", 6), ("chunk", 5)):
        file = folder / track_file_name(name)
        rows = np.fromfile(file, dtype=COLUMN_DTYPE).reshape(-1, columns)
        file.write_bytes(np.ascontiguousarray(rows[:, :-1]).tobytes())
    meta = json.loads((folder / META_NAME).read_bytes())
    for layer in meta["layers"]:
        layer["columns"] = [column for column in layer["columns"] if column != "at_most"]
    (folder / META_NAME).write_text(json.dumps(meta | {"format": 1}))
    with closing(Recording(folder)) as recording:
        recording.refresh()
        assert recording.meta is not None
        assert recording.meta.format == FORMAT
        assert (len(recording.tracks["read"]), recording.tracks["read"].total_bytes) == (17, 312)
        assert not recording.tracks["read"].column("at_most").any()
        assert recording.snapshot().content_bytes == 237
