"""The title of the window: what is streamed and how it stands, so that two windows can be told apart."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from inspector.catalogue import kind_of
from inspector.gui.style.run_states import RunState
from inspector.recording.redaction import redacted_text

if TYPE_CHECKING:
    from inspector.gui.models.document import Document
    from inspector.gui.models.run_controller import RunController

PROGRAM = "Streaming Inspector"
_LONGEST = 80


class WindowTitle(QObject):
    """Keeps ``/timeline · Live — Streaming Inspector`` true. GUI thread."""

    def __init__(self, window: QWidget, document: Document, controller: RunController) -> None:
        super().__init__(window)
        self._window = window
        self._document = document
        self._controller = controller
        document.was_reset.connect(self._show)
        document.grew.connect(lambda changed: self._show() if "meta" in changed else None)
        controller.state_changed.connect(lambda _state: self._show())
        self._show()

    def _show(self) -> None:
        meta, state = self._document.whole.meta, self._controller.state
        words = []
        if meta is not None:
            title = redacted_text(meta.title)
            title = title if kind_of(meta.title).keeps_query else title.partition("?")[0]
            words = [title if len(title) <= _LONGEST else f"{title[: _LONGEST - 1]}…"]
        if state is not RunState.IDLE:
            words.append(state.value.word)
        text = " · ".join(filter(None, words))
        title = f"{text} — {PROGRAM}" if text else PROGRAM
        if title != self._window.windowTitle():
            self._window.setWindowTitle(title)
