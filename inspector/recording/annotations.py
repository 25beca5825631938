"""What a person wrote about a recording (name, pin, note): ``label.json``, written by window and command line only."""

from __future__ import annotations

from pathlib import Path

import msgspec

from .atomic_replace import replace_file
from .meta import Text

LABEL_NAME = "label.json"
LONGEST_LABEL_BYTES = 1 << 20


class Annotations(msgspec.Struct, kw_only=True):
    """A name, a pin that keeps it from being pruned, a note; ``opened_from`` is the file that it was loaded from."""

    name: Text = ""
    pinned: bool = False
    note: Text = ""
    opened_from: Text = ""


def read_label(folder: Path) -> Annotations:
    """Return the label of a recording; an empty one where there is none, or none that can be read."""
    try:
        with (folder / LABEL_NAME).open("rb") as file:
            return msgspec.json.decode(file.read(LONGEST_LABEL_BYTES), type=Annotations)
    except (OSError, msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return Annotations()


def write_label(folder: Path, label: Annotations) -> None:
    """Replace the label in one step. Raises ``OSError`` (full disk, folder gone)."""
    replace_file(folder / LABEL_NAME, msgspec.json.encode(label))
