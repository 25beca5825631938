"""What a person wrote about a recording (name, pin, note): ``label.json``, written by window and command line only."""

from __future__ import annotations

from pathlib import Path

import msgspec

from .atomic_replace import replace_file
from .meta import Text

ANNOTATIONS_NAME = "label.json"
LONGEST_ANNOTATIONS_BYTES = 1 << 20


class Annotations(msgspec.Struct, kw_only=True):
    """A name, a pin that keeps it from being pruned, a note; ``opened_from`` is the file that it was loaded from.

    ``sweep`` is the same for all runs of one sweep, "" for any other: the setting that it is of, and its first run.
    """

    name: Text = ""
    pinned: bool = False
    note: Text = ""
    opened_from: Text = ""
    sweep: Text = ""


def read_annotations(folder: Path) -> Annotations:
    """Return the annotations of a recording; empty ones where there are none that can be read."""
    try:
        with (folder / ANNOTATIONS_NAME).open("rb") as file:
            return msgspec.json.decode(file.read(LONGEST_ANNOTATIONS_BYTES), type=Annotations)
    except (OSError, msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return Annotations()


def write_annotations(folder: Path, annotations: Annotations) -> None:
    """Replace the annotations in one step. Raises ``OSError`` (full disk, folder gone)."""
    replace_file(folder / ANNOTATIONS_NAME, msgspec.json.encode(annotations))
