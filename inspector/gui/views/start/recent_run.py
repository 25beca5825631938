"""A recent run as two lines that can be clicked: what was streamed, and what came out."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter
from PySide6.QtWidgets import QWidget

from inspector.gui.models.run_card import RunCard
from inspector.gui.style.icons import edge_beside, pixmap
from inspector.gui.style.safe_text import plain_tip
from inspector.gui.style.shield import override
from inspector.gui.style.theme import Theme

from ..verdict_line import VERDICT_ICONS
from .page_button import PageButton, write_line

_ICONS: Mapping[str, str] = {str(kind): name for kind, name in VERDICT_ICONS.items()} | {"live": "live", "": "idle"}
_QUIET = ("", "unknown", "stopped", "over_limit")
_FAILED = ("failed", "cut_short", "no_connection", "not_started", "not_valid_http", "untrusted", "bad_coding")


class RecentRun(PageButton):
    """One run. GUI thread."""

    def __init__(self, card: RunCard, theme: Theme, parent: QWidget) -> None:
        super().__init__(card.title, theme, parent)
        self.setObjectName("recent_run")
        self.card = card
        self.setAccessibleName(f"Recent run: {card.accessible_text}")
        self.setToolTip(plain_tip("\n".join(filter(None, (card.title, card.below, card.sentence)))))

    @override
    def sizeHint(self) -> QSize:
        return QSize(14 * self.em, round(2.9 * self.em))

    @override
    def paint_inside(self, painter: QPainter) -> None:
        theme, em, edge = self.theme, self.em, edge_beside(self)
        inside = self.rect().adjusted(round(0.6 * em), round(0.4 * em), -round(0.6 * em), -round(0.4 * em))
        first = QRect(inside.left(), inside.top(), inside.width(), em)
        bold = QFont(self.font())
        bold.setBold(True)
        painter.setFont(bold)
        painter.setPen(QColor(theme.text))
        write_line(painter, first, self.card.title, Qt.TextElideMode.ElideMiddle)
        painter.setFont(self.font())
        colour = QColor(self._colour())
        below = first.translated(0, inside.height() - em)
        sign = pixmap(_ICONS.get(self.card.sign, "cross"), colour, size_px=edge, scale=self.devicePixelRatio())
        painter.drawPixmap(below.left(), below.top() + (em - edge) // 2, sign)
        painter.setPen(colour)
        write_line(painter, below.adjusted(edge + round(0.3 * em), 0, 0, 0), self.card.verdict)

    def _colour(self) -> str:
        theme, sign = self.theme, self.card.sign
        if sign in _QUIET:
            return theme.dim
        if sign == "live":
            return theme.client
        return theme.message if sign == "streams" else theme.error if sign in _FAILED else theme.warning
