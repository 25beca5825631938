"""Opens recordings from a dialog, a drop, the recent files or the command line, and saves them as files.

The work runs in the background; the progress line shows it and can cancel it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QFileDialog, QWidget

from inspector.gui.models.background_work import BackgroundTask, Progress
from inspector.gui.models.preferences import Preferences
from inspector.gui.style.shield import override
from inspector.gui.views.progress_line import ProgressLine
from inspector.recording.meta import BadRecording
from inspector.session.data_folder import DiskTrouble
from inspector.session.run_library import RunLibrary

_FILTER = "Recordings (*{});;All files (*)"
_UNFIT = re.compile(r"[^\w.=&-]+")


def file_stem(title: str) -> str:
    """Return a title as the name of a file, without what file names don't take; empty where nothing is left."""
    return _UNFIT.sub("-", title).strip("-.")


class FileActions(QObject):
    """One file at a time. GUI thread."""

    #: A file was taken in; carries the folder of its recording.
    opened = Signal(object)
    #: Carries a severity and a sentence.
    said = Signal(str, str)

    def __init__(self, window: QWidget, library: RunLibrary, preferences: Preferences, line: ProgressLine) -> None:
        super().__init__(window)
        self.setObjectName("file_actions")
        self._window = window
        self._library = library
        self._preferences = preferences
        self._line = line
        self._task: BackgroundTask | None = None
        line.cancel_requested.connect(self._cancel)
        window.setAcceptDrops(True)
        window.installEventFilter(self)

    # Asking

    def ask_and_open(self) -> None:
        """Ask for a file and open it."""
        from inspector.recording.archive import ARCHIVE_SUFFIX

        name, _ = QFileDialog.getOpenFileName(self._window, "Open recording", "", _FILTER.format(ARCHIVE_SUFFIX))
        if name:
            self.open(Path(name))

    def ask_and_save(self, folder: Path, title: str) -> None:
        """Ask where to save a recording and save it."""
        from inspector.recording.archive import ARCHIVE_SUFFIX

        suggested = f"{file_stem(title) or 'recording'}{ARCHIVE_SUFFIX}"
        name, _ = QFileDialog.getSaveFileName(self._window, "Save recording", suggested, _FILTER.format(ARCHIVE_SUFFIX))
        if name:
            path = Path(name)
            self.save(folder, path if path.suffix else path.with_suffix(ARCHIVE_SUFFIX))

    def recent(self) -> list[Path]:
        """Return the files that were opened or saved last and are still there, newest first."""
        return [path for path in self._preferences.recent_files if path.is_file()]

    # Working

    def open(self, path: Path) -> None:
        """Take a file in and show it."""
        self._start(
            f"Opening {path.name}",
            lambda tell: self._library.import_file(path, tell),
            lambda folder: self._show(path, folder),
        )

    def save(self, folder: Path, path: Path) -> None:
        """Save a recording as a file, without its secrets."""
        self._start(
            f"Saving {path.name}",
            lambda tell: self._library.export_file(folder, path, tell),
            lambda _nothing: self._saved(path),
        )

    def close(self) -> None:
        """End what goes on; nothing half done is left behind."""
        if self._task is not None:
            self._task.end()

    def _start(self, text: str, work: Callable[[Progress], object], done: Callable[[object], None]) -> None:
        if self._task is not None:
            self.said.emit("warning", "Another file is being opened or saved. Wait for it, or cancel it.")
            return
        task = self._task = BackgroundTask(work, self)
        task.progressed.connect(self._line.show_progress)
        task.succeeded.connect(lambda value: self._ended(partial(done, value)))
        task.failed.connect(lambda error: self._ended(partial(self._failed, error)))
        task.cancelled.connect(self._ended)
        self._line.begin(text)
        task.start()

    def _cancel(self) -> None:
        if self._task is not None:
            self._task.cancel()

    def _ended(self, then: Callable[[], object] | None = None) -> None:
        self._line.hide()
        if self._task is not None:
            self._task.deleteLater()
            self._task = None
        if then is not None:
            then()

    def _failed(self, error: object) -> None:
        text = str(error) if isinstance(error, BadRecording | DiskTrouble | OSError) else f"It failed: {error!r}"
        self.said.emit("error", text)

    def _show(self, path: Path, folder: object) -> None:
        self._remember(path)
        self.opened.emit(folder)

    def _saved(self, path: Path) -> None:
        self._remember(path)
        self.said.emit("info", f"Saved as {path}.")

    def _remember(self, path: Path) -> None:
        self._preferences.remember_file(path.absolute())

    # Dropping

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QDragEnterEvent) and _dropped(event) is not None:
            event.acceptProposedAction()
            return True
        if isinstance(event, QDropEvent) and event.type() == QEvent.Type.Drop and (path := _dropped(event)) is not None:
            event.acceptProposedAction()
            self.open(path)
            return True
        return False


def _dropped(event: QDropEvent) -> Path | None:
    """Return the one file of this machine that is dropped."""
    urls = event.mimeData().urls()
    return Path(urls[0].toLocalFile()) if len(urls) == 1 and urls[0].isLocalFile() else None
