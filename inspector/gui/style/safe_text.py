"""Labels, tooltips and rich text that can't be injected into: captured text is escaped or shown as plain text.

Reason phrases, header values, file names, notes and the names that taps give come from outside. Qt's labels and tool
tips take what looks like HTML for HTML, and then read any file that it names as a picture. So a `Label` shows plain
text whatever it holds, `plain_tip` keeps a tool tip plain, and rich text is a `Markup`, which escapes what is put in.
"""

from __future__ import annotations

from html import escape

from markupsafe import Markup
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import Qt as TextRules
from PySide6.QtWidgets import QLabel, QTextBrowser, QWidget

from .shield import override

#: Qt breaks the lines of rich tool tips alone.
_LINE_CHARACTERS = 120


class Label(QLabel):
    """A label of plain text; what looks like HTML is shown as it is. GUI thread."""

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setText(text)


class RichLabel(QLabel):
    """A label of rich text of our own making. GUI thread."""

    def __init__(self, markup: Markup = Markup()) -> None:  # noqa: B008 (immutable)
        super().__init__()
        self.setTextFormat(Qt.TextFormat.RichText)
        self.show_markup(markup)

    def show_markup(self, markup: Markup) -> None:
        """Show rich text; whatever was put into the markup has been escaped by it."""
        self.setText(markup)


class RichBrowser(QTextBrowser):
    """Rich text of our own making that scrolls and can be copied; it loads no resource at all. GUI thread."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setOpenLinks(False)

    def show_markup(self, markup: Markup) -> None:
        """Show rich text; whatever was put into the markup has been escaped by it."""
        self.setHtml(markup)

    @override
    def loadResource(self, type: int, name: QUrl | str) -> object:
        return None


def plain_tip(text: str) -> str:
    """Return a tool tip that shows exactly ``text``, also where Qt would take it for rich text."""
    if not TextRules.mightBeRichText(text) and all(len(line) <= _LINE_CHARACTERS for line in text.splitlines()):
        return text
    return f"<qt>{escape(text).replace(chr(10), '<br>')}</qt>"


def without_mnemonic(text: str) -> str:
    """Return a text for a menu, a tab or a button in which an ampersand is an ampersand."""
    return text.replace("&", "&&")
