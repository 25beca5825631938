"""Made the golden recordings of this folder. One file per format version, kept for ever and never made again.

``python -m tests.data.make_golden`` writes the file of today's format, and only where there is none yet.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

import msgspec

from inspector.recording.archive import save_archive
from inspector.recording.folder import read_track
from inspector.recording.meta import FORMAT, read_meta, write_meta
from tests.sample_recording import write_sample, write_track

GOLDEN_ID = "20261120-231504-4f2a9c01"


def golden_path(version: int) -> Path:
    """Return the golden file of a format version."""
    return Path(__file__).with_name(f"format-{version}.stream")


def _mark_bounds(folder: Path) -> None:
    """Say of every third read and chunk that its time is an upper bound."""
    for name in ("read", "chunk"):
        rows = read_track(folder, name).rows.copy()
        rows[::3, -1] = 1
        write_track(folder, name, rows.tolist())


def main() -> None:
    """Write the golden file of today's format."""
    path = golden_path(FORMAT)
    if path.exists():
        raise SystemExit(f"{path.name} exists, and golden files never change")
    yields = [
        b"<ul>\n",
        *(b"<li>row %d, \xe2\x82\xac %d</li>\n" % (row, row * 3) for row in range(10)),
        b"",
        b"</ul>\n",
    ]
    with tempfile.TemporaryDirectory() as spool:
        folder = Path(spool) / GOLDEN_ID
        write_sample(folder, yields, parts_per_yield=3, read_cuts=(2, 20, 60, 61))
        meta = read_meta(folder)
        assert meta is not None
        write_meta(
            folder,
            msgspec.structs.replace(
                meta, trailers=[("X-Rows", "10")], client_buffer_bytes=0, notes=[f"made by hand for format {FORMAT}"]
            ),
        )
        _mark_bounds(folder)
        save_archive(folder, path)


if __name__ == "__main__":
    main()
