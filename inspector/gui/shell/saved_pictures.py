"""Saves the picture on screen as a file or copies it, with the verdict and the settings that made it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog

from inspector import __version__
from inspector.analysis.diagnosis.verdict import sentence
from inspector.gui.models.run_card import knobs_text, route_text

from .file_actions import file_stem
from .picture_sheet import PictureSheet

if TYPE_CHECKING:
    from .main_window import MainWindow

_FILTERS = {"PNG picture (*.png)": ".png", "SVG picture (*.svg)": ".svg", "PDF (*.pdf)": ".pdf"}


class SavedPictures(QObject):
    """Pictures of what the window shows. GUI thread."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self.setObjectName("saved_pictures")
        self._window = window

    def ask_and_save(self) -> None:
        """Ask for a file and save the picture."""
        name, chosen = QFileDialog.getSaveFileName(
            self._window, "Save picture", f"{self._suggested_name()}.png", ";;".join(_FILTERS)
        )
        if name:
            path = Path(name)
            self.save(path if path.suffix else path.with_suffix(_FILTERS.get(chosen, ".png")))

    def save(self, path: Path) -> bool:
        """Save the picture as the kind of file that the ending says; what goes wrong is said."""
        try:
            with self._sheet() as sheet:
                sheet.save(path)
        except OSError as error:
            reason = error.strerror or str(error)
            self._window.banner.say("error", f"{path} can't be written: {reason}. Choose another name or folder.")
            return False
        self._window.banner.say("info", f"Saved as {path}.")
        return True

    def copy(self) -> None:
        """Put the picture on the clipboard."""
        with self._sheet() as sheet:
            QGuiApplication.clipboard().setImage(sheet.image())
        self._window.banner.say("info", "The picture is on the clipboard.")

    @contextmanager
    def _sheet(self) -> Iterator[PictureSheet]:
        """Give the sheet of the picture on screen, without the buttons of its page."""
        window = self._window
        compare = window.pages.compare if window.pages.shown == "compare" else None
        above = () if window.pages.shown in ("compare", "sweep") else self._words_above()
        below = (f"Streaming Inspector {__version__} · times since the request was sent",)
        were_shown = compare is not None and not compare.buttons["run_both"].isHidden()
        if compare is not None:
            compare.show_buttons(False)
            if layout := compare.layout():
                layout.activate()  # the sentence takes the room of the buttons
        try:
            yield PictureSheet(window.window_layout.shown_picture, window.appearance.theme, above, below)
        finally:
            if compare is not None:
                compare.show_buttons(were_shown)

    def _words_above(self) -> tuple[str, ...]:
        """Return the verdict, and below it what was streamed with which settings."""
        meta, verdict = self._window.document.snapshot.meta, self._window.analysis.verdict
        if meta is None:
            return ()
        request = " · ".join(filter(None, (route_text(meta), knobs_text(meta))))
        return (sentence(verdict), request) if verdict is not None else (request,)

    def _suggested_name(self) -> str:
        meta, shown = self._window.document.snapshot.meta, self._window.pages.shown
        title = meta.title if meta is not None else ""
        name = {"compare": "a-and-b", "sweep": "sweep"}.get(shown) or f"{title}-{shown}"
        return file_stem(name) or "streaming-inspector"
