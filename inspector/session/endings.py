"""Endings that the recorder could not write itself: it died, or never got the request because the server failed.

Only used when no recorder process writes to the folder any more, so ``meta.json`` still has one writer at a time.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime
from pathlib import Path

from inspector.recording.layers import LAYERS
from inspector.recording.meta import (
    BadRecording,
    Ending,
    EndingKind,
    LayerMeta,
    Meta,
    RequestMeta,
    read_meta,
    write_meta,
)

from .home import disk_trouble_of


def has_ended(folder: Path) -> bool:
    """Tell whether nothing more will be written here: it has an ending, can't be read, or is gone."""
    try:
        meta = read_meta(folder)
    except (BadRecording, OSError):
        return True
    return (meta is not None and meta.ending is not None) or not folder.is_dir()


def write_missing_ending(
    folder: Path, kind: EndingKind, text: str, *, request: RequestMeta | None = None, title: str = ""
) -> None:
    """Give a recording its ending if it has none; all marks and bytes that were written stay.

    ``request`` and ``title`` describe it where the recorder had not even written its first ``meta.json``. Raises
    `DiskTrouble`.
    """
    if has_ended(folder):
        return
    meta = read_meta(folder) or Meta(
        id=folder.name,
        title=title,
        started_at=datetime.now(UTC).isoformat(),
        request=request or RequestMeta(),
    )
    meta.ending = Ending(kind=kind, text=text, t_ns=time.monotonic_ns())
    meta.layers = meta.layers or [
        LayerMeta(name=layer.name, axis=layer.axis, columns=list(layer.columns)) for layer in LAYERS
    ]
    with disk_trouble_of(folder.parent):
        try:
            write_meta(folder, meta)
        except FileNotFoundError:
            return  # removed by another process in between
