"""What the reader has: the body at the moment shown, and how much was made that isn't there yet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from inspector.analysis.formatting import bytes_text, duration_text
from inspector.gui.models.document import Document
from inspector.gui.models.reader_bytes import NEW_NS, ReaderBytes
from inspector.gui.style.elided_label import ElidedLabel
from inspector.gui.style.theme import Theme, box_palette_of, colour_text, palette_of

from .lazy_updates import DocumentChanges, LazyUpdates
from .reader_text import ReaderText

if TYPE_CHECKING:
    from .reader_page import ReaderPage


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
        self._page: ReaderPage | None = None
        self.as_page = QCheckBox("As page")
        self.as_page.setObjectName(f"reader_as_page{suffix}")
        self.as_page.setAccessibleName("Show the page instead of its text")
        self.as_page.setToolTip("Draw the page as far as it is there, without pictures, styles and scripts")
        self.as_page.hide()
        self.as_page.toggled.connect(self._show)
        self.foot = ElidedLabel()
        self.foot.setObjectName(f"reader_foot{suffix}")
        self._suffix = suffix
        self._lay_out()
        self._growing_old = QTimer(self)
        self._growing_old.setSingleShot(True)
        self._growing_old.setInterval(NEW_NS // 1_000_000)
        self._growing_old.timeout.connect(self._show)
        self._updates = LazyUpdates(document, self, self._take)
        document.grew.connect(lambda changed: None if changed else self._tell_moment())
        self.set_theme(theme)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for line in (self.caption, self.foot):
            row = QHBoxLayout()
            row.setContentsMargins(6, 3, 6, 3)
            row.addWidget(line, 1)
            if line is self.caption:
                row.addWidget(self.as_page)
            column.addLayout(row)
        self._places = QStackedWidget()
        self._places.addWidget(self.text)
        column.insertWidget(1, self._places, 1)

    def set_theme(self, theme: Theme) -> None:
        """Change the colours."""
        self._theme = theme
        self.setPalette(palette_of(theme))
        self.as_page.setPalette(box_palette_of(theme))
        self.text.set_theme(theme)
        if self._page is not None:
            self._page.set_theme(theme)
        self._show_words()

    def set_type_size(self, points: float) -> None:
        """Change the size of the type."""
        font = QFont(self.font())
        font.setPointSizeF(points)
        self.setFont(font)
        self.text.set_type_size(points)
        if self._page is not None:
            self._page.set_type_size(points)

    def _take(self, changes: DocumentChanges) -> None:
        if changes.was_reset and self.document.recording is not self._recording:
            self._recording = self.document.recording
            self.text.forget()
        if changes.was_reset or changes.grown:
            self._show()

    def _show(self) -> None:
        has = ReaderBytes.of(self.document)
        self.text.show_bytes(has)
        self._show_page(has)
        self._show_words()
        if has.new_from < has.here and self.document.moment_ns is None:
            self._growing_old.start()

    def _show_page(self, has: ReaderBytes) -> None:
        """Draw the page where it is wanted and the content is one."""
        is_html = _is_html(self.document)
        self.as_page.setVisible(is_html)
        if not (is_html and self.as_page.isChecked()):
            self._places.setCurrentWidget(self.text)
            self.setFocusProxy(self.text)
            return
        if self._page is None:
            from .reader_page import ReaderPage

            self._page = ReaderPage(self.document, self._theme, name=f"reader_page{self._suffix}")
            self._page.set_type_size(self.text.mono.font.pointSizeF())
            self._places.addWidget(self._page)
        self._places.setCurrentWidget(self._page)
        self.setFocusProxy(self._page)
        self._page.show_bytes(has)

    def _tell_moment(self) -> None:
        """Say what moment of a replay is shown, also while nothing comes."""
        if self.isVisible():
            self._show_words()

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
        cut = " · only the beginning of the page is drawn" if self._draws_a_part else ""
        return f"{f'{self._side} ' if self._side else ''}{when} · {bytes_text(has.here)}{cut}"

    @property
    def _draws_a_part(self) -> bool:
        page = self._page
        return page is not None and self._places.currentWidget() is page and page.is_cut


def _is_html(document: Document) -> bool:
    meta = document.whole.meta
    headers = meta.response.headers if meta is not None and meta.response is not None else []
    types = [value.lower() for name, value in headers if name.lower() == "content-type"]
    return any(each.startswith(("text/html", "application/xhtml+xml")) for each in types)


def _what_waits(has: ReaderBytes) -> str:
    """Return what was made and isn't there: a guess is not made where the app can't be seen."""
    if has.made is None:
        return ""
    if has.missing:
        return f"{bytes_text(has.missing)} made, {'never came' if has.has_ended else 'not here yet'}"
    return "Everything made is here" if has.here else ""
