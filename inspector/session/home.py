"""The home folder of all sessions: where recordings, ready files and the children's logs live on the disk.

``HOME/recordings/<id>/`` are recordings; ``HOME/sessions/<pid>-<random>/`` belongs to one running session and tells
by its ``runs`` file which recordings are its own. Every disk problem becomes a `DiskTrouble` that says what to do.
"""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

HOME_VARIABLE = "STREAMING_INSPECTOR_HOME"
RECORDINGS_NAME = "recordings"
SESSIONS_NAME = "sessions"
#: Where deleted recordings wait for the next start, in a folder of the process that deleted them.
DELETED_NAME = "deleted"
#: File in a session's folder with the ids of its recordings, one a line.
RUNS_NAME = "runs"
#: File in a session's folder with the ids of recordings that it shows, one a line: they are not its own.
HELD_NAME = "held"
_PRIVATE = 0o700
_FULL = {errno.ENOSPC, errno.EDQUOT} if hasattr(errno, "EDQUOT") else {errno.ENOSPC}


class DiskTrouble(Exception):
    """The home folder can't be used; the text says why and what to do."""


@contextmanager
def disk_trouble_of(folder: Path) -> Iterator[None]:
    """Turn an ``OSError`` of the body into a `DiskTrouble` about ``folder``."""
    try:
        yield
    except OSError as error:
        raise disk_trouble(error, folder) from error


def disk_trouble(error: OSError, folder: Path) -> DiskTrouble:
    """Return the sentence for a disk error: what can't be written, why, and what helps."""
    if error.errno in _FULL:
        cure = f"Free some space there, or set {HOME_VARIABLE} to a folder on another disk."
        return DiskTrouble(f"The disk that holds {folder} is full. {cure}")
    reason = error.strerror or str(error)
    return DiskTrouble(
        f"Recordings can't be written to {folder} ({reason}). "
        f"Make it writable, or set {HOME_VARIABLE} to a folder that is."
    )


def home_folder() -> Path:
    """Return the home folder: what the environment says, else the user's data folder of this system."""
    told = os.environ.get(HOME_VARIABLE)
    if told:
        return Path(told).expanduser().absolute()
    import platformdirs

    return platformdirs.user_data_path("streaming-inspector", appauthor=False)


def name_of_this_process() -> str:
    """Return a new name that `is_alive` knows as this process's."""
    return f"{os.getpid()}-{os.urandom(4).hex()}"


def make_session_folder(home: Path) -> Path:
    """Make the home folder where needed and a new folder for this process's session. Raises `DiskTrouble`."""
    folder = home / SESSIONS_NAME / name_of_this_process()
    with disk_trouble_of(home):
        (home / RECORDINGS_NAME).mkdir(mode=_PRIVATE, parents=True, exist_ok=True)
        folder.parent.mkdir(mode=_PRIVATE, exist_ok=True)
        folder.mkdir(mode=_PRIVATE)
        (folder / RUNS_NAME).touch()
    return folder


def make_recording_folder(spool: Path, recording_id: str, session_folder: Path) -> Path:
    """Make a recording's folder and note it as this session's own. Raises `DiskTrouble`."""
    folder = spool / recording_id
    with disk_trouble_of(spool):
        with (session_folder / RUNS_NAME).open("a", encoding="ascii") as runs:
            runs.write(recording_id + "\n")
        folder.mkdir(mode=_PRIVATE)
    return folder


def runs_of(session_folder: Path) -> list[str]:
    """Return the ids of the recordings that a session made."""
    try:
        return (session_folder / RUNS_NAME).read_text(encoding="ascii", errors="replace").split()
    except FileNotFoundError:
        return []


def held_by(session_folder: Path) -> list[str]:
    """Return the ids of the recordings that a session shows."""
    try:
        return (session_folder / HELD_NAME).read_text(encoding="ascii", errors="replace").split()
    except OSError:
        return []


def live_sessions(home: Path) -> list[Path]:
    """Return the folders of the sessions whose processes still run."""
    try:
        return [folder for folder in (home / SESSIONS_NAME).iterdir() if is_alive(folder)]
    except OSError:
        return []


def is_alive(session_folder: Path) -> bool:
    """Tell whether the process that a folder is named after still runs; names of other folders count as dead."""
    digits = session_folder.name.partition("-")[0]
    return digits.isdecimal() and pid_exists(int(digits))


def pid_exists(pid: int) -> bool:
    """Tell whether a process of this id runs."""
    if sys.platform == "win32":  # os.kill would end it there
        import psutil

        return bool(psutil.pid_exists(pid))
    try:
        os.kill(pid, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        return True
    return True
