"""The tab with the server's log of a run, scrolled to the last traceback."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtGui import QShowEvent, QTextCursor
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QTabWidget

from inspector.gui.models.server_log import ServerLog
from inspector.gui.style.monospace import mono_font
from inspector.gui.style.run_states import RunState
from inspector.gui.style.shield import override
from inspector.gui.style.theme import Theme, palette_of

#: Behind what the reader has, Text, Hex and Source.
_PLACE = 4
_TRACEBACK = "Traceback (most recent call last)"
_NO_LOG = "No log: only the built-in server has one here, and only while the window that streamed the run is open."
_EMPTY = "The server has logged nothing since this run began."


class LogView(QPlainTextEdit):
    """Read when it is shown, and when the run on screen changes its state. GUI thread."""

    def __init__(self, log: Callable[[], ServerLog], tabs: QTabWidget, theme: Theme) -> None:
        """Take a place among ``tabs``, behind the code whose errors it tells; ``log`` is that of the run on screen."""
        super().__init__()
        self.setObjectName("log_view")
        self.setAccessibleName("Log of the server since the run began")
        self.setToolTip("What the server wrote to its log since this run began, tracebacks of views too")
        self.setReadOnly(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self._log = log
        self._tabs = tabs
        self._came_from = -1
        at = tabs.insertTab(_PLACE, self, "Server log")
        tabs.setTabToolTip(at, "What the server wrote since the run began, tracebacks too")
        self.set_theme(theme)

    def show_state(self, state: RunState) -> None:
        """Come to the front for a run that a traceback has cut short, and go back when the next one begins."""
        if state is RunState.CONNECTING and self._came_from >= 0:
            if self._tabs.currentWidget() is self:
                self._tabs.setCurrentIndex(self._came_from)
            self._came_from = -1
        if state is RunState.CUT_SHORT and self._tabs.currentWidget() is not self and _TRACEBACK in self._log().read():
            self._came_from = self._tabs.currentIndex()
            self._tabs.setCurrentWidget(self)
        self.refresh()

    def set_theme(self, theme: Theme) -> None:
        """Change the colours."""
        self.setPalette(palette_of(theme))

    def set_type_size(self, points: float) -> None:
        """Change the size of the type."""
        self.setFont(mono_font(points))

    def refresh(self) -> None:
        """Read the log again where it is seen; stay where one is unless there is something new."""
        if not self.isVisible():
            return
        log = self._log()
        text = (log.read() or _EMPTY) if log.is_known else _NO_LOG
        if text == self.toPlainText():
            return
        self.setPlainText(text)
        at = text.rfind(_TRACEBACK)
        cursor = self.textCursor()
        if at < 0:
            cursor.movePosition(QTextCursor.MoveOperation.End)
        else:
            cursor.setPosition(at)
        self.setTextCursor(cursor)
        if at >= 0:
            self.verticalScrollBar().setValue(cursor.blockNumber())

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.refresh()
