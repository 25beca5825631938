"""Golden recordings: a file of each format version that opens for ever with the same figures."""

from __future__ import annotations

from contextlib import closing
from hashlib import sha256
from pathlib import Path

from inspector.recording.archive import load_archive
from inspector.recording.folder import Recording
from inspector.recording.meta import Ending
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
        assert recording.tracks["read"].rows[2].tolist() == [5_001_092_000, 20, 11, 11, 5_001_101_000]
        assert recording.tracks["chunk"].rows[0].tolist() == [5_001_091_000, 5, 8, 5]
        content = recording.read_content(0, recording.content_bytes)
        assert content.startswith("<ul>\n<li>row 0, € 0</li>\n".encode())
        assert sha256(content).hexdigest() == "2cb1792fa210508f08bbf353e8be24ed8a3bd1817660bfaedf8fdfd6bb78ef6b"
        assert recording.sources.label(int(recording.tracks["part"].column("source")[1])) == "timeline.html:1"


def test_that_the_golden_file_of_format_1_is_the_one_that_was_first_made() -> None:
    assert (
        sha256(golden_path(1).read_bytes()).hexdigest()
        == "2f50c80973a6a9c56bc31ea1e24256dc8e3e12acaf1f1824256babaf33210e61"
    )
