"""The banner above the picture: an error, warning or message, until it is closed or the next run starts."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QFrame, QHBoxLayout, QToolButton

from inspector.gui.style.icons import edge_beside, icon, pixmap
from inspector.gui.style.safe_text import Label
from inspector.gui.style.theme import Theme

#: How long something stays that only says that all went well.
_BRIEFLY_MS = 5_000
_ICONS = {"info": "check", "warning": "warning", "error": "error"}


class Banner(QFrame):
    """A line over the ladder, hidden while there is nothing to say."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("banner")
        self.setAccessibleName("Message")
        self._theme = theme
        self._severity = "info"
        self._sign = Label()
        self._text = Label()
        self._text.setObjectName("banner_text")
        self._text.setWordWrap(True)
        self._text.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self._text.setAccessibleName("Message text")
        self._text.setToolTip("What happened, what was kept, what to do")
        self._close = QToolButton()
        self._close.setAutoRaise(True)
        self._close.setToolTip("Dismiss this message")
        self._close.setAccessibleName("Dismiss message")
        self._close.clicked.connect(self.hide)
        self._going = QTimer(self)
        self._going.setObjectName("banner_timer")
        self._going.setSingleShot(True)
        self._going.setInterval(_BRIEFLY_MS)
        self._going.timeout.connect(self.hide)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 5, 8, 5)
        layout.addWidget(self._sign)
        layout.addWidget(self._text, 1)
        layout.addWidget(self._close)
        self.set_theme(theme)
        self.hide()

    @property
    def text(self) -> str:
        """What it says now."""
        return self._text.text()

    @property
    def severity(self) -> str:
        """``info``, ``warning`` or ``error``."""
        return self._severity

    def say(self, severity: str, text: str) -> None:
        """Show a message in place of the one before; what only says that all went well goes by itself."""
        if severity == "info":
            self._going.start()
        else:
            self._going.stop()
        self._severity = severity
        self._text.setText(text)
        self.setAccessibleDescription(f"{severity}: {text}")
        self.set_theme(self._theme)
        self.show()

    def set_theme(self, theme: Theme) -> None:
        """Change the colours."""
        self._theme = theme
        colour = {"info": theme.message, "warning": theme.warning, "error": theme.error}[self._severity]
        self._sign.setPixmap(
            pixmap(_ICONS[self._severity], QColor(colour), size_px=edge_beside(self), scale=self.devicePixelRatio())
        )
        self._close.setIcon(icon("cross", QColor(theme.dim), size_px=edge_beside(self)))
        self._close.setIconSize(QSize(edge_beside(self), edge_beside(self)))
        self.setStyleSheet(
            f"#banner {{ background: {theme.panel}; border-bottom: 1px solid {theme.border};"
            f" border-left: 4px solid {colour}; }} #banner_text {{ color: {theme.text}; }}"
        )
