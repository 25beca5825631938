"""Writes changes that a server made on a running stream to ``changes.jsonl`` of the recording its request asks for."""

from __future__ import annotations

import logging
from pathlib import Path
from wsgiref.types import WSGIEnvironment

from inspector.recording.change_log import CHANGES_NAME, Change, encode_change
from inspector.recording.json_lines import append_row

from .wsgi_taps import FOLDER_KEY

_logger = logging.getLogger(__name__)


def recorded_folder(environ: WSGIEnvironment) -> Path | None:
    """Return the folder that a request is recorded in, None where it is not. For code inside of the yield tap."""
    folder: Path | None = environ.get(FOLDER_KEY)
    return folder


def write_change(folder: Path, t_ns: int, knob: str, before: str, after: str) -> None:
    """Append one change. Never raises into the app: a full disk is a line in the log."""
    row = encode_change(Change(t_ns=t_ns, side="server", knob=knob, before=before, after=after))
    try:
        append_row(folder / CHANGES_NAME, row)
    except OSError as error:
        _logger.warning("a change of %s can't be recorded: %s", knob, error)
