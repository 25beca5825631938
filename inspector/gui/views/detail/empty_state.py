"""Explains in a sentence why a view has nothing to show."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter

from inspector.gui.models.document import Document
from inspector.gui.style.theme import Theme

NO_TAP = (
    "Not visible: this server isn't ours, and has no tap that says which line of its code makes an item. "
    "The built-in server has one. To give your own Flask or WSGI app one, see README.md in inspector/tap."
)


def why_no_body(document: Document) -> str:
    """Return why there is no content to show."""
    meta = document.snapshot.meta
    if document.recording is None:
        return "Nothing streamed yet. Stream starts a request, and its body appears here as it arrives."
    if meta is not None and meta.ending is not None:
        return f"No body arrived. {meta.ending.text}"
    if meta is None or meta.response is None:
        return "Connecting: no response headers yet."
    return f"{meta.response.status} {meta.response.reason}: the head is in, the first byte of the body is not."


def why_no_source(document: Document) -> str:
    """Return why there is no source code to show."""
    meta = document.snapshot.meta
    if document.recording is None:
        return "Nothing streamed yet. The code that produces a stream appears here, with what each line made."
    if len(document.snapshot.tracks["part"]) or len(document.snapshot.tracks["yield"]):
        return "The tap saw every item but no line: these items don't come from a generator or a template."
    if len(document.snapshot.tracks["read"]):
        return NO_TAP
    if meta is not None and meta.ending is not None:
        return f"Nothing was produced. {meta.ending.text}"
    return "Waiting for the first item of the view."


def paint_empty(painter: QPainter, area: QRectF, text: str, theme: Theme) -> None:
    """Write the sentence in the middle of an empty view, wrapped."""
    margin = min(24.0, area.width() / 12)
    flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
    painter.setPen(QColor(theme.dim))
    painter.drawText(area.adjusted(margin, margin, -margin, -margin), int(flags), text)
