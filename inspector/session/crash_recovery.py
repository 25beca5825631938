"""Writes the endings that a recorder could not: it died or hung, never got the request, or its disk is full.

``meta.json`` has one writer at a time: it is written here only when no recorder process writes to the folder any more.
"""

from __future__ import annotations

import errno
import time
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

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
from inspector.recording.tap_log import TAPS_NAME, TapLogReader

from .data_folder import disk_trouble_of


def has_ended(folder: Path) -> bool:
    """Return whether nothing more will be written here: it has an ending, can't be read, or is gone."""
    try:
        meta = read_meta(folder)
    except BadRecording:
        return True
    except OSError as error:
        # With no handle left for it nothing is known; a file that can't be read at all won't change.
        return error.errno not in (errno.EMFILE, errno.ENFILE, errno.ENOMEM)
    return (meta is not None and meta.ending is not None) or not folder.is_dir()


def missing_ending(
    folder: Path, kind: EndingKind, text: str, *, request: RequestMeta | None = None, title: str = ""
) -> Meta | None:
    """Return a recording's meta data with the ending that it lacks; None where it has one or is gone.

    ``request`` and ``title`` describe it where the recorder had not even written its first ``meta.json``.
    """
    if has_ended(folder):
        return None
    found: Meta | None = None
    with suppress(OSError):
        found = read_meta(folder)
    meta = found or Meta(
        id=folder.name,
        title=title,
        started_at=datetime.now(UTC).isoformat(),
        request=request or RequestMeta(),
    )
    cut_by: Literal["", "recorder"] = "recorder" if kind == "cut_short" else ""
    meta.ending = Ending(kind=kind, text=text, t_ns=time.monotonic_ns(), cut_by=cut_by)
    meta.layers = meta.layers or [
        LayerMeta(name=layer.name, axis=layer.axis, columns=list(layer.columns)) for layer in LAYERS
    ]
    return meta


def save_ending(folder: Path, meta: Meta) -> None:
    """Write meta data with an ending; a folder that was removed meanwhile stays removed. Raises `DiskTrouble`."""
    with disk_trouble_of(folder.parent):
        try:
            write_meta(folder, meta)
        except FileNotFoundError:
            return


def cut_complete(folder: Path, text: str) -> None:
    """Call a recording cut short that the client took for complete, where the server had not taken all of it.

    Of what has a length the client knows better; and without taps nothing is claimed.
    """
    with suppress(BadRecording, OSError):
        meta = read_meta(folder)
        log = TapLogReader()
        log.feed((folder / TAPS_NAME).read_bytes())
        if meta is None or meta.ending is None or meta.ending.kind != "complete" or log.is_handed_over:
            return
        if log.taps and meta.response is not None and meta.response.framing != "content-length":
            meta.ending = Ending(kind="cut_short", text=text, t_ns=meta.ending.t_ns, cut_by="server")
            write_meta(folder, meta)


def write_missing_ending(folder: Path, kind: EndingKind, text: str) -> None:
    """Give a recording its ending if it has none; all marks and bytes that were written stay. Raises `DiskTrouble`."""
    meta = missing_ending(folder, kind, text)
    if meta is not None:
        save_ending(folder, meta)
