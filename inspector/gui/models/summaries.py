"""Summaries of runs that have none yet: made one after the other in the background, newest first, and kept."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from inspector.analysis.summary import RunSummary, read_summary, summary_of, write_summary
from inspector.recording.folder import Recording
from inspector.recording.meta import BadRecording
from inspector.session.library import Entry

from ..background import Progress, Task


class Summaries(QObject):
    """By id of a recording. GUI thread; the work is done in another."""

    #: The summary of a recording is there; carries its id.
    made = Signal(str)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._known: dict[str, RunSummary | None] = {}
        self._wanted: list[Entry] = []
        self._task: Task | None = None

    def of(self, entry: Entry) -> RunSummary | None:
        """Return a summary, None while it is not known; one that is missing is then made."""
        if entry.id not in self._known and not entry.is_live:
            kept = read_summary(entry.folder)
            if kept is not None:
                self._known[entry.id] = kept
            elif all(entry.id != other.id for other in self._wanted):
                self._wanted.append(entry)
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
        entry = max(self._wanted, key=lambda one: one.id)
        task = self._task = Task(lambda _tell: _summarise(entry.folder, _tell), self)
        task.succeeded.connect(lambda summary: self._take(entry, summary))
        task.failed.connect(lambda _error: self._take(entry, None))
        task.start()

    def _take(self, entry: Entry, summary: RunSummary | None) -> None:
        self._known[entry.id] = summary
        self._wanted = [other for other in self._wanted if other.id != entry.id]
        if self._task is not None:
            self._task.deleteLater()
        self._task = None
        self.made.emit(entry.id)
        self._next()


def _summarise(folder: Path, _tell: Progress) -> RunSummary | None:
    """Make a summary and keep it. Background thread."""
    recording = Recording(folder)
    try:
        recording.refresh()
        summary = summary_of(recording)
    except (BadRecording, ValueError):
        return None
    finally:
        recording.close()
    with suppress(OSError):  # it is only a cache
        write_summary(folder, summary)
    return summary
