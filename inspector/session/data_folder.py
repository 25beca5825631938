"""The data folder of all sessions: where recordings, ready files and the children's logs are on the disk.

``HOME/recordings/<id>/`` are recordings; ``HOME/sessions/<name>/`` belongs to one running session and lists its
recordings in its ``runs`` file; whether that session lives is known by its lock (`session_locks`). Folders have mode
0700 and files 0600. Every disk problem becomes a `DiskTrouble` that says what to do.
"""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from inspector.recording.json_lines import append_row

from .session_locks import SessionLock, claim, is_alive

HOME_VARIABLE = "STREAMING_INSPECTOR_HOME"
RECORDINGS_NAME = "recordings"
SESSIONS_NAME = "sessions"
#: Where deleted recordings wait for the next start, in a folder that the session that deleted them has locked.
DELETED_NAME = "deleted"
#: File in a session's folder with the ids of its recordings, one a line.
RUNS_NAME = "runs"
#: File in a session's folder with the ids of recordings that it shows, one a line: they are not its own.
HELD_NAME = "held"
_PRIVATE = 0o700
_PARTS = (RECORDINGS_NAME, SESSIONS_NAME)
_FEW_FILES = "This program may open too few files at once. Raise the limit, such as with ulimit -n 1024, and try again."
_LIMITS = {
    errno.EMFILE: _FEW_FILES,
    errno.ENFILE: "The system has too many files open. Close some programs and try again.",
    errno.EAGAIN: "This program can't start more processes. Close some, or raise the limit.",
    errno.ENOMEM: "The system has no memory left for another process. Close some programs and try again.",
}
#: What a session opens at most: pipes, tracks and files beside them, in two lanes.
_FILES_NEEDED = 64
_FILES_WANTED = 1024
_PROBE_BYTES = 4096
_FULL = {errno.ENOSPC, errno.EDQUOT} if hasattr(errno, "EDQUOT") else {errno.ENOSPC}


class DiskTrouble(Exception):
    """The system does not let a session work: its disk, or a limit of files or processes; the text says what to do."""


@contextmanager
def disk_trouble_of(folder: Path) -> Iterator[None]:
    """Turn an ``OSError`` of the body into a `DiskTrouble` about ``folder``."""
    try:
        yield
    except OSError as error:
        raise disk_trouble(error, folder) from error


def disk_trouble(error: OSError, folder: Path) -> DiskTrouble:
    """Return the sentence for an error of the system: what can't be done, why, and what helps.

    It names the home folder that ``folder`` is in, so that one cause always has the same sentence.
    """
    folder = next((each.parent for each in (folder, *folder.parents) if each.name in _PARTS), folder)
    if error.errno in _FULL:
        cure = f"Free some space there, or set {HOME_VARIABLE} to a folder on another disk."
        return DiskTrouble(f"The disk that holds {folder} is full. {cure}")
    if error.errno in _LIMITS:
        return DiskTrouble(_LIMITS[error.errno])
    reason = error.strerror or str(error)
    return DiskTrouble(
        f"Recordings can't be written to {folder} ({reason}). "
        f"Make it writable, or set {HOME_VARIABLE} to a folder that is."
    )


def allow_files() -> None:
    """See that this process and its children may open enough files. Raises `DiskTrouble` where the system forbids."""
    if sys.platform == "win32":
        return
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    unlimited = resource.RLIM_INFINITY
    if soft != unlimited and soft < _FILES_WANTED:
        soft = _FILES_WANTED if hard == unlimited else max(soft, min(hard, _FILES_WANTED))
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    if soft != unlimited and soft < _FILES_NEEDED:
        raise DiskTrouble(_FEW_FILES)


def probe(folder: Path) -> None:
    """See that a folder takes a small file. Raises `DiskTrouble`."""
    path = folder / f".probe.{os.urandom(4).hex()}"
    with disk_trouble_of(folder):
        try:
            path.write_bytes(bytes(_PROBE_BYTES))
        finally:
            path.unlink(missing_ok=True)


def home_folder() -> Path:
    """Return the home folder: what the environment says, else the user's data folder of this system.

    Raises `DiskTrouble` where it names a user whom this system does not know.
    """
    named = os.environ.get(HOME_VARIABLE)
    if named:
        try:
            return Path(named).expanduser().absolute()
        except RuntimeError:
            raise DiskTrouble(
                f"{HOME_VARIABLE} is {named}, but there is no such user here. Set it to a folder that exists."
            ) from None
    import platformdirs

    return platformdirs.user_data_path("streaming-inspector", appauthor=False)


def make_session_folder(home: Path) -> tuple[Path, SessionLock]:
    """Make the home folder where needed and a new folder for this process's session, which is claimed.

    Raises `DiskTrouble`.
    """
    with disk_trouble_of(home):
        home.mkdir(mode=_PRIVATE, parents=True, exist_ok=True)
        (home / RECORDINGS_NAME).mkdir(mode=_PRIVATE, exist_ok=True)
        return claim(home / SESSIONS_NAME)


def make_recording_folder(spool: Path, recording_id: str, session_folder: Path) -> Path:
    """Make a recording's folder and note it as this session's own. Raises `DiskTrouble`."""
    folder = spool / recording_id
    with disk_trouble_of(spool):
        append_row(session_folder / RUNS_NAME, f"{recording_id}\n".encode("ascii"))
        folder.mkdir(mode=_PRIVATE)
    return folder


def runs_of(session_folder: Path) -> list[str]:
    """Return the ids of the recordings that a session made."""
    try:
        return (session_folder / RUNS_NAME).read_text(encoding="ascii", errors="replace").split()
    except OSError:
        return []


def held_by(session_folder: Path) -> list[str]:
    """Return the ids of the recordings that a session shows."""
    try:
        return (session_folder / HELD_NAME).read_text(encoding="ascii", errors="replace").split()
    except OSError:
        return []


def live_sessions(home: Path) -> list[Path]:
    """Return the folders of the sessions that still run."""
    try:
        return [folder for folder in (home / SESSIONS_NAME).iterdir() if is_alive(folder)]
    except OSError:
        return []
