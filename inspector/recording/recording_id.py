"""Recording ids and the folder of recordings: what a tap must know before it writes anything.

Apart from `folder` and free of numpy, because a server process that nobody records should start without it.
"""

from __future__ import annotations

import os
import re
import stat
from pathlib import Path

#: Request header with the id of the recording that the taps of a server mark.
RECORDING_HEADER = "Streaming-Inspector-Recording"
_RECORDING_ID = re.compile(r"[0-9]{8}-[0-9]{6}-[0-9a-f]{8,16}")


def is_recording_id(text: str) -> bool:
    """Return whether a text is a well-formed recording id: ``20261120-231504-4f2a9c01``."""
    return _RECORDING_ID.fullmatch(text) is not None


def recording_folder(spool: Path, recording_id: str) -> Path | None:
    """Return the folder of a recording inside the spool, or None unless it is one that this user made there.

    Taps take ids from request headers, so an id is refused unless it is well-formed, and a folder unless it exists, is
    no link and belongs to the user of this process.
    """
    if not is_recording_id(recording_id):
        return None
    folder = spool / recording_id
    try:
        found = folder.lstat()
    except OSError:
        return None
    if not stat.S_ISDIR(found.st_mode) or (hasattr(os, "getuid") and found.st_uid != os.getuid()):
        return None
    return folder
