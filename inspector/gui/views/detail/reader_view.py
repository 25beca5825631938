"""What the reader has: the body at the moment shown, and how much was made that isn't there yet."""

from __future__ import annotations

from PySide6.QtCore import QTimer
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from inspector.analysis.formatting import bytes_text, duration_text
from inspector.gui.models.document import Document
from inspector.gui.models.reader_bytes import NEW_NS, ReaderBytes
from inspector.gui.style.elided_label import ElidedLabel
from inspector.gui.style.theme import Theme, colour_text, palette_of

from .lazy_updates import DocumentChanges, LazyUpdates
from .reader_text import ReaderText


class ReaderView(QWidget):
    """The text with a line above that says when this is, and a line below that says what waits. GUI thread."""

    def __init__(self, document: Document, theme: Theme, points: float, *, side: str = "") -> None:
        """``side`` is A or B beside another one, "" alone."""
        super().__init__()
        suffix = f"_{side.lower()}" if side else ""
        self.setObjectName(f"reader_view{suffix}")
        self.setAccessibleName(f"What the reader {f'of {side} ' if side else ''}has")
        self._side = side
        self.document = document
        self._recording = document.recording
        self.caption = ElidedLabel()
        self.caption.setObjectName(f"reader_caption{suffix}")
        self.caption.set_dim(True)
        self.text = ReaderText(document, theme, points, name=f"reader_text{suffix}")
        self.setFocusProxy(self.text)
        self.foot = ElidedLabel()
        self.foot.setObjectName(f"reader_foot{suffix}")
        self._lay_out()
        self._growing_old = QTimer(self)
        self._growing_old.setSingleShot(True)
        self._growing_old.setInterval(NEW_NS // 1_000_000)
        self._growing_old.timeout.connect(self._show)
        self._updates = LazyUpdates(document, self, self._take)
        self.set_theme(theme)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for line in (self.caption, self.foot):
            row = QHBoxLayout()
            row.setContentsMargins(6, 3, 6, 3)
            row.addWidget(line)
            column.addLayout(row)
        column.insertWidget(1, self.text, 1)

    def set_theme(self, theme: Theme) -> None:
        """Change the colours."""
        self._theme = theme
        self.setPalette(palette_of(theme))
        self.text.set_theme(theme)
        self._show_words()

    def set_type_size(self, points: float) -> None:
        """Change the size of the type."""
        font = QFont(self.font())
        font.setPointSizeF(points)
        self.setFont(font)
        self.text.set_type_size(points)

    def _take(self, changes: DocumentChanges) -> None:
        if changes.was_reset and self.document.recording is not self._recording:
            self._recording = self.document.recording
            self.text.forget()
        if changes.was_reset or changes.grown:
            self._show()

    def _show(self) -> None:
        has = ReaderBytes.of(self.document)
        self.text.show_bytes(has)
        self._show_words()
        if has.new_from < has.here and self.document.moment_ns is None:
            self._growing_old.start()

    def _show_words(self) -> None:
        has = self.text.bytes
        self.caption.setText(self._when(has))
        self.foot.setText(_what_waits(has))
        colour_text(self.foot, self._theme.warning if has.missing else self._theme.dim)
        self.text.setAccessibleDescription(f"{self.caption.text()}. {self.foot.text()}")

    def _when(self, has: ReaderBytes) -> str:
        """Return the moment that is shown, and how much the reader has then."""
        document = self.document
        if document.recording is None:
            return ""
        snapshot = document.snapshot
        if document.moment_ns is not None:
            when = f"at {duration_text(document.moment_ns)}"
        elif snapshot.has_ended:
            when = f"at the end, {duration_text(snapshot.last_ns - snapshot.origin_ns)}"
        elif document.paused:
            when = f"frozen at {duration_text(snapshot.last_ns - snapshot.origin_ns)}"
        else:
            when = "now"
        return f"{f'{self._side} ' if self._side else ''}{when} · {bytes_text(has.here)}"


def _what_waits(has: ReaderBytes) -> str:
    """Return what was made and isn't there: a guess is not made where the app can't be seen."""
    if has.made is None:
        return ""
    if has.missing:
        return f"{bytes_text(has.missing)} made, {'never came' if has.has_ended else 'not here yet'}"
    return "Everything made is here" if has.here else ""
