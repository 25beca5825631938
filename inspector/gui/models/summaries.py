"""Computes missing run summaries in the background, newest first, and caches them beside the recordings."""

from __future__ import annotations

import threading
from contextlib import suppress
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from inspector.analysis.runs.run_summary import RunSummary, read_summary, summary_of, write_summary
from inspector.recording.folder import Recording
from inspector.recording.meta import BadRecording
from inspector.session.run_library import LibraryEntry
from inspector.session.settling import has_settled

from .background_work import BackgroundTask, Progress

_LOOK_AGAIN_S = 0.05


class Summaries(QObject):
    """By id of a recording. GUI thread; the work is done in another."""

    #: The summary of a recording is there; carries its id.
    made = Signal(str)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._known: dict[str, RunSummary | None] = {}
        self._wanted: dict[str, LibraryEntry] = {}
        self._task: BackgroundTask | None = None

    def of(self, entry: LibraryEntry) -> RunSummary | None:
        """Return a summary, None while it is not known; one that is missing is then made."""
        if entry.id not in self._known and not entry.is_live:
            kept = read_summary(entry.folder)
            if kept is not None:
                self._known[entry.id] = kept
            else:
                self._wanted[entry.id] = entry
                self._next()
        return self._known.get(entry.id)

    def close(self) -> None:
        """Make no more."""
        self._wanted.clear()
        if self._task is not None:
            self._task.end()

    def _next(self) -> None:
        if self._task is not None or not self._wanted:
            return
        entry = self._wanted.pop(max(self._wanted))
        self._known[entry.id] = None
        task = self._task = BackgroundTask(partial(_summarise, entry.folder), self)
        task.succeeded.connect(lambda summary: self._take(entry, summary))
        task.failed.connect(lambda _error: self._take(entry, None))
        task.start()

    def _take(self, entry: LibraryEntry, summary: RunSummary | None) -> None:
        self._known[entry.id] = summary
        if summary is None and not entry.folder.is_dir():
            del self._known[entry.id]  # deleted meanwhile, and perhaps brought back
        if self._task is not None:
            self._task.deleteLater()
        self._task = None
        self.made.emit(entry.id)
        self._next()


def _summarise(folder: Path, tell: Progress) -> RunSummary | None:
    """Make a summary and keep it. Background thread."""
    recording = Recording(folder)
    try:
        recording.refresh()
        _await_last_marks(recording, tell)
        summary = summary_of(recording.snapshot())
    except (BadRecording, OSError, ValueError):
        return None
    finally:
        recording.close()
    with suppress(OSError):  # it is only a cache
        write_summary(folder, summary)
    return summary


def _await_last_marks(recording: Recording, tell: Progress) -> None:
    """Wait until the server's marks of a run that has just ended are there, or are not to be expected any more."""
    pause = threading.Event()
    while recording.meta is not None and recording.meta.ending is not None and not has_settled(recording):
        tell(0, 1)
        pause.wait(_LOOK_AGAIN_S)
        recording.refresh()
