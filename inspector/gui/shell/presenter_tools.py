"""What who presents has at hand: a large pointer that hides when still, and the keys that are pressed on screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, Qt, QTimer, Signal
from PySide6.QtGui import (
    QColor,
    QCursor,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPen,
    QPixmap,
    QPolygonF,
)
from PySide6.QtWidgets import QApplication

from inspector.gui.style.safe_text import Label
from inspector.gui.style.shield import override

if TYPE_CHECKING:
    from .main_window import MainWindow

_STILL_MS = 2_500
_KEY_MS = 1_200
#: An arrow in a square of 1 by 1, its tip at the origin.
_ARROW = ((0, 0), (0, 0.80), (0.19, 0.63), (0.32, 0.94), (0.45, 0.88), (0.32, 0.58), (0.57, 0.56))
#: Of the height of the screen, and the least and the most that systems show, logical pixels.
_POINTER_SHARE, _LEAST_POINTER_PX, _MOST_POINTER_PX = 1 / 13, 48, 96
_WORDS = {
    Qt.Key.Key_PageDown: "Page Down", Qt.Key.Key_PageUp: "Page Up", Qt.Key.Key_Left: "←", Qt.Key.Key_Right: "→",
    Qt.Key.Key_Up: "↑", Qt.Key.Key_Down: "↓", Qt.Key.Key_Escape: "Esc", Qt.Key.Key_Return: "Enter",
}  # fmt: skip
_MODIFIERS = (Qt.Key.Key_Shift, Qt.Key.Key_Control, Qt.Key.Key_Alt, Qt.Key.Key_AltGr, Qt.Key.Key_Meta)


def key_text(key: int, modifiers: Qt.KeyboardModifier) -> str:
    """Return a pressed key in words: ``3``, ``Page Down``, ``Ctrl+R``; empty for a modifier alone."""
    if key in _MODIFIERS or key in (0, Qt.Key.Key_unknown):
        return ""
    kept = modifiers & (Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier)
    plain = _WORDS.get(Qt.Key(key)) or QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText)
    held = QKeySequence(kept.value | int(Qt.Key.Key_A)).toString(QKeySequence.SequenceFormat.NativeText)
    return f"{held.removesuffix('A')}{plain}"


def large_pointer(edge_px: int) -> QCursor:
    """Return an arrow so large that a room can follow it."""
    picture = QPixmap(edge_px, edge_px)
    picture.fill(Qt.GlobalColor.transparent)
    border = edge_px / 24
    with QPainter(picture) as painter:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(Qt.GlobalColor.white), border, j=Qt.PenJoinStyle.RoundJoin))
        painter.setBrush(QColor(Qt.GlobalColor.black))
        painter.drawPolygon(QPolygonF([QPointF(border + x * edge_px, border + y * edge_px) for x, y in _ARROW]))
    return QCursor(picture, round(border), round(border))


class PresenterTools(QObject):
    """Watches keys and mouse of the application while presenting, and takes nothing of them but Escape. GUI thread."""

    #: Escape was pressed.
    ended = Signal()
    #: The mouse came to the names of the ladder, or left them.
    pointed_at_buffer = Signal(bool)

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self.setObjectName("presenter_tools")
        self._window = window
        self._keys: Label | None = None
        self._pointer: QCursor | None = None
        self._still = QTimer(self)
        self._still.setObjectName("still_timer")
        self._still.setSingleShot(True)
        self._still.setInterval(_STILL_MS)
        self._still.timeout.connect(self._hide_pointer)
        self._shown = QTimer(self)
        self._shown.setObjectName("key_timer")
        self._shown.setSingleShot(True)
        self._shown.setInterval(_KEY_MS)
        self._shown.timeout.connect(self._hide_keys)

    def set_on(self, wanted: bool) -> None:
        """Begin or end watching; the pointer is the usual one again afterwards."""
        app = QApplication.instance()
        assert app is not None
        if wanted:
            edge = round(_POINTER_SHARE * self._window.screen().size().height())
            self._pointer = large_pointer(max(_LEAST_POINTER_PX, min(_MOST_POINTER_PX, edge)))
            QGuiApplication.setOverrideCursor(self._pointer)
            self._still.start()
            app.installEventFilter(self)
        else:
            app.removeEventFilter(self)
            self._still.stop()
            self._shown.stop()
            self._hide_keys()
            if self._pointer is not None:
                QGuiApplication.restoreOverrideCursor()
            self._pointer = None

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if kind == QEvent.Type.MouseMove and isinstance(event, QMouseEvent):
            self._moved(event.globalPosition().toPoint())
        elif kind == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            self._pressed(event)
        elif kind == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and self._is_ending(event):
            self.ended.emit()
            return True
        return super().eventFilter(watched, event)

    def _is_ending(self, event: QKeyEvent) -> bool:
        is_free = QApplication.activePopupWidget() is None and QApplication.activeModalWidget() is None
        return event.key() == Qt.Key.Key_Escape and is_free

    # Pointer

    def _moved(self, at: QPoint) -> None:
        self._still.start()
        if self._pointer is not None:
            QGuiApplication.changeOverrideCursor(self._pointer)
        headers = [view.ladder.headers for view in self._window.pages.run_views() if view.ladder.isVisible()]
        self.pointed_at_buffer.emit(any(each.rect().contains(each.mapFromGlobal(at)) for each in headers))

    def _hide_pointer(self) -> None:
        QGuiApplication.changeOverrideCursor(QCursor(Qt.CursorShape.BlankCursor))

    # Keys

    def _pressed(self, event: QKeyEvent) -> None:
        text = key_text(event.key(), event.modifiers())
        look = self._window.presentation.look
        if not text or look is None or QApplication.activeModalWidget() is not None:
            return
        if self._keys is None:
            self._keys = Label(parent=self._window)
            self._keys.setObjectName("pressed_keys")
            self._keys.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        theme, label = self._window.appearance.theme, self._keys
        padding = look.screen_px // 60
        label.setStyleSheet(
            f"background: {theme.text}; color: {theme.background}; border-radius: {padding}px;"
            f" padding: {padding // 2}px {padding}px;"
        )
        label.setFont(look.name)
        label.setText(text)
        label.adjustSize()
        margin = look.margin_px
        label.move(self._window.width() - label.width() - margin, margin)
        label.show()
        label.raise_()
        self._shown.start()

    def _hide_keys(self) -> None:
        if self._keys is not None:
            self._keys.hide()
