"""Shows a window and waits until it has been painted, before slow work begins."""

from __future__ import annotations

from PySide6.QtCore import QDeadlineTimer, QEvent, QEventLoop, QObject, QTimer
from PySide6.QtWidgets import QApplication, QWidget

from inspector.gui.style.shield import override

#: A window that is covered, or on another desktop, may never be painted.
_LONGEST_MS = 250


class _FirstPaint(QObject):
    """Notes that a window has been painted."""

    def __init__(self, window: QWidget) -> None:
        super().__init__()
        self.is_done = False
        window.installEventFilter(self)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        self.is_done |= event.type() is QEvent.Type.Paint
        return super().eventFilter(watched, event)


def show_and_wait(window: QWidget) -> bool:
    """Show a window and return when it has been painted, or after 250 ms; tell whether it has.

    What a person types or clicks meanwhile is kept for the event loop that follows.
    """
    painted, deadline = _FirstPaint(window), QDeadlineTimer(_LONGEST_MS)
    wake_up = QTimer()  # a loop that waits for events looks at no deadline
    wake_up.start(_LONGEST_MS)
    window.show()
    # No input: it would meet a window that is not whole yet.
    only = QEventLoop.ProcessEventsFlag.ExcludeUserInputEvents
    while not painted.is_done and not deadline.hasExpired():
        QApplication.processEvents(only | QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
    QApplication.processEvents(only)  # so that the screen gets what was painted
    return painted.is_done
