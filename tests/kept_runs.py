"""A home folder with finished recordings, as the list of runs finds them."""

from __future__ import annotations

from pathlib import Path

import msgspec

from inspector.recording.meta import Ending, EndingKind, read_meta, write_meta
from tests.sample_recording import write_sample


def run_id(number: int) -> str:
    """Return the id of a run; larger numbers are newer."""
    return f"20260101-{number:06}-0123abcd"


def keep_run(
    home: Path,
    number: int,
    *,
    title: str = "/timeline?rows=4",
    knobs: dict[str, str] | None = None,
    ending: EndingKind | None = "complete",
    started_at: str = "2026-11-20T23:15:04Z",
) -> str:
    """Write a recording of four chunks; return its id."""
    folder = home / "recordings" / run_id(number)
    write_sample(folder, [b"one\n", b"two\n", b"three\n", b"four\n"], ended=ending is not None)
    meta = read_meta(folder)
    assert meta is not None
    last_t_ns = meta.ending.t_ns if meta.ending else 0
    write_meta(
        folder,
        msgspec.structs.replace(
            meta,
            title=title,
            started_at=started_at,
            request=msgspec.structs.replace(meta.request, knobs={"rows": "4"} if knobs is None else knobs),
            ending=Ending(kind=ending, text=f"It was {ending}.", t_ns=last_t_ns) if ending else None,
        ),
    )
    return folder.name
