"""Syntax colours of the source view, with a contrast of 4.5 or more (WCAG 2) on each of its backgrounds."""

from __future__ import annotations

from PySide6.QtGui import QColor, QFont, QSyntaxHighlighter, QTextCharFormat, QTextDocument

from inspector.gui.style.shield import override
from inspector.gui.style.theme import Theme

from .syntax_highlighting import Span, spans_of

#: Colours by the theme's name and the kind of a span.
CODE_COLOURS: dict[str, dict[str, str]] = {
    "light": {
        "keyword": "#0550ae", "string": "#0a6640", "comment": "#57606a", "number": "#8a3a00", "name": "#6f42c1",
        "tag": "#57606a", "delimiter": "#a03c00",
    },
    "dark": {
        "keyword": "#7cc4ff", "string": "#7ee0b8", "comment": "#aab4c0", "number": "#ffb86b", "name": "#d2b4ff",
        "tag": "#aab4c0", "delimiter": "#f0b040",
    },
}  # fmt: skip
_BOLD = frozenset({"keyword", "delimiter"})
_ITALIC = frozenset({"comment"})


class CodeColours(QSyntaxHighlighter):
    """Colours the lines of one file. The file is read once, each line is coloured when Qt lays it out."""

    def __init__(self, parent: QTextDocument, theme: Theme) -> None:
        super().__init__(parent)
        self._spans: list[list[Span]] = []
        self._formats = _formats(theme)

    def set_file(self, text: str, language: str) -> None:
        """Read another file; call it before the text is put into the document."""
        self._spans = spans_of(text, language)

    def set_theme(self, theme: Theme) -> None:
        """Change the colours."""
        self._formats = _formats(theme)
        self.rehighlight()

    @override
    def highlightBlock(self, text: str) -> None:
        number = self.currentBlock().blockNumber()
        for span in self._spans[number] if number < len(self._spans) else ():
            self.setFormat(span.start, span.stop - span.start, self._formats[span.kind])


def _formats(theme: Theme) -> dict[str, QTextCharFormat]:
    formats: dict[str, QTextCharFormat] = {}
    for kind, colour in CODE_COLOURS[theme.name].items():
        formats[kind] = QTextCharFormat()
        formats[kind].setForeground(QColor(colour))
        formats[kind].setFontItalic(kind in _ITALIC)
        if kind in _BOLD:
            formats[kind].setFontWeight(QFont.Weight.DemiBold)
    return formats
