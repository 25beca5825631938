"""The lines that the built-in server has logged since a run began: requests and tracebacks."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

#: More than this is not read; of a longer log the end counts.
MOST_BYTES = 262_144


class ServerLog:
    """The log beside one run. Without ``path_of`` there is none: another server, or a run of another time."""

    def __init__(self, path_of: Callable[[], Path | None] | None = None) -> None:
        """``path_of`` tells where the log is, None while the server is not there yet."""
        self._path_of = path_of
        self._path = path_of() if path_of else None
        self._start = _size_of(self._path)

    @property
    def is_known(self) -> bool:
        """Whether there is a server whose log can be read."""
        return self._path_of is not None and self._find() is not None

    def read(self) -> str:
        """Return what was written since the run began, the last `MOST_BYTES` of it."""
        path = self._find()
        if path is None:
            return ""
        try:
            with path.open("rb") as file:
                file.seek(max(self._start, _size_of(path) - MOST_BYTES))
                return file.read(MOST_BYTES).decode("utf-8", "replace")
        except OSError:
            return ""

    def _find(self) -> Path | None:
        """Return the log of the server that took the run: one that is started again later has another."""
        if self._path is None and self._path_of is not None:
            self._path = self._path_of()
        return self._path


def _size_of(path: Path | None) -> int:
    try:
        return path.stat().st_size if path else 0
    except OSError:
        return 0
