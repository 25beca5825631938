"""Other runs drawn over the one on screen: when each one's client had how many bytes."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from inspector.recording.folder import Recording
from inspector.recording.meta import BadRecording
from inspector.recording.track import Track

#: More could not be told apart.
MOST_OVERLAYS = 6


@dataclass(frozen=True, slots=True)
class OverlayRun:
    """One run. ``reads`` is its track of reads, ``origin_ns`` the sending of its request, ``number`` its colour."""

    title: str
    reads: Track
    origin_ns: int
    number: int


class OverlayRuns(QObject):
    """Opens and closes the recordings of the chosen runs. GUI thread."""

    changed = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.setObjectName("overlay_runs")
        self.shown: list[OverlayRun] = []
        #: Title and folder of those that were asked for.
        self.runs: list[tuple[str, Path]] = []
        self._recordings: dict[Path, Recording] = {}

    @property
    def longest_ns(self) -> int:
        """How long the longest of them is, 0 where there is none."""
        return max((int(run.reads.t_ns[-1]) - run.origin_ns for run in self.shown), default=0)

    def set_runs(self, runs: Sequence[tuple[str, Path]]) -> None:
        """Show these runs (title and folder), the first few of them where they are many."""
        chosen = self.runs = [*runs[:MOST_OVERLAYS]]
        for folder in [folder for folder in self._recordings if folder not in {folder for _, folder in chosen}]:
            self._recordings.pop(folder).close()
        self.shown = [overlay for number, run in enumerate(chosen) if (overlay := self._overlay(*run, number))]
        self.changed.emit()

    def close(self) -> None:
        """Show none."""
        self.set_runs([])

    def _overlay(self, title: str, folder: Path, number: int) -> OverlayRun | None:
        recording = self._recordings.setdefault(folder, Recording(folder))
        with suppress(BadRecording, OSError):
            recording.refresh()
        reads, meta = recording.tracks["read"], recording.meta
        if meta is None or not len(reads):
            return None
        return OverlayRun(title, reads, meta.request.sent_t_ns or int(reads.t_ns[0]), number)
