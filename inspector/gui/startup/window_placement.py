"""Keeps the window on a screen that exists and no larger than it."""

from __future__ import annotations

from PySide6.QtCore import QDeadlineTimer, QEvent, QMargins, QObject, QPoint, QRect, QSize, Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QStyle, QWidget

from inspector.gui.style.shield import override

#: How long after it is shown a window may be moved by its window manager; later it is a hand that moves it.
_SETTLING_MS = 1_500


def fitted(frame: QRect, available: QRect) -> QRect:
    """Return a window's frame moved onto a screen, and made smaller where it is larger than that."""
    size = frame.size().boundedTo(available.size())
    left = max(available.left(), min(frame.left(), available.right() + 1 - size.width()))
    top = max(available.top(), min(frame.top(), available.bottom() + 1 - size.height()))
    return QRect(QPoint(left, top), size)


class WindowPlacement(QObject):
    """Fits a window to its screen before it is shown, when its frame is known, and when screens change. GUI thread.

    For windows that a person looks at: a picture taken offscreen may be larger than any screen.
    """

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._settles = QDeadlineTimer(0)
        window.installEventFilter(self)
        QGuiApplication.instance().screenRemoved.connect(self._fit_soon)  # type: ignore[union-attr]

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Show:
            self.fit()
            self._fit_soon()
            self.settles_for(_SETTLING_MS)
        elif event.type() == QEvent.Type.Move and not self._settles.hasExpired():
            self._fit_soon()  # the window manager has put its frame around it: only now is known how wide that is
        elif event.type() == QEvent.Type.WindowStateChange:
            self._fit_soon()
        return super().eventFilter(watched, event)

    def settles_for(self, time_ms: int) -> None:
        """Take it that the window manager moves the window for so long, and a hand from then on."""
        self._settles = QDeadlineTimer(time_ms)

    def _fit_soon(self, *_changed: object) -> None:
        QTimer.singleShot(0, self, self.fit)

    def fit(self) -> None:
        """Move and shrink the window where it stands over the edge of its screen; one that fills it stays."""
        window = self._window
        filling = Qt.WindowState.WindowFullScreen | Qt.WindowState.WindowMaximized | Qt.WindowState.WindowMinimized
        screen = QGuiApplication.screenAt(window.frameGeometry().center()) or window.screen()
        if window.windowState() & filling:
            return
        margins = self._frame_margins()
        wanted = fitted(window.geometry().marginsAdded(margins), screen.availableGeometry()).marginsRemoved(margins)
        if wanted.size() != window.size():
            window.resize(QSize(wanted.width(), wanted.height()).expandedTo(QSize(1, 1)))
        if wanted.topLeft() != window.geometry().topLeft() and window.isVisible():
            window.move(wanted.topLeft() - QPoint(margins.left(), margins.top()))

    def _frame_margins(self) -> QMargins:
        """Return the frame around the window; before it is shown, what the style thinks that a title bar needs."""
        window = self._window
        frame, inside = window.frameGeometry(), window.geometry()
        if window.isVisible() or frame != inside:
            return QMargins(
                inside.left() - frame.left(),
                inside.top() - frame.top(),
                frame.right() - inside.right(),
                frame.bottom() - inside.bottom(),
            )
        return QMargins(0, window.style().pixelMetric(QStyle.PixelMetric.PM_TitleBarHeight), 0, 0)
