"""How much the headers of the ladder show, and the header of a lane: its name and its count."""

from __future__ import annotations

from enum import IntEnum

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import QWidget

from inspector.analysis.formatting import count_text
from inspector.gui.style.presented_type import PresentedType
from inspector.gui.style.safe_text import plain_tip
from inspector.gui.style.shield import override
from inspector.gui.style.theme import Theme

from .lane_layout import Lane

_MARGIN_PX = 10


class Detail(IntEnum):
    """How much of a gap its header shows; the ladder takes the most for which there is height."""

    #: The buttons of the buffer that acts, one line for every other gap, and the figures below.
    WHOLE = 0
    #: The buttons with a line of figures, one line for every other gap.
    SHORT = 1
    #: The same, in lower lanes.
    COMPACT = 2
    #: The number of the buffer that acts, one line for every other gap.
    FOLDED = 3
    #: Nothing: lanes alone have names.
    BARE = 4


class LaneHeader(QWidget):
    """Name of a layer at the left, number of items at the right, on the lane's colour."""

    def __init__(self, lane: Lane, theme: Theme) -> None:
        super().__init__()
        self.lane = lane
        self._theme = theme
        self._count = 0
        self._look: PresentedType | None = None
        self.setToolTip(plain_tip(f"{lane.name}: {lane.layer.meaning}"))
        self.setAccessibleName(f"{lane.name} lane")

    def set_lane(self, lane: Lane) -> None:
        """Show another title."""
        if lane != self.lane:
            self.lane = lane
            self.update()

    def set_count(self, count: int) -> None:
        """Show how many items the lane has."""
        if count != self._count:
            self._count = count
            self.update()

    def set_theme(self, theme: Theme) -> None:
        """Change the colours."""
        self._theme = theme
        self.update()

    def set_presenting(self, look: PresentedType | None) -> None:
        """Show the name alone, in large type, or (None) name and count."""
        if look != self._look:
            self._look = look
            self.update()

    def name_width(self) -> int:
        """Return how wide the name is, with its margins, logical pixels."""
        look = self._look
        font, margin = (look.name, look.margin_px) if look is not None else (bold_of(self.font()), _MARGIN_PX)
        return QFontMetrics(font).horizontalAdvance(self.lane.title) + margin + _MARGIN_PX

    def texts(self) -> tuple[str, str]:
        """Return title and count as there is room for them: ``1,754 parts``, ``1,754``, or none."""
        layer, room = self.lane.layer, self.width() - 2 * _MARGIN_PX
        title, metrics = self.lane.title, QFontMetrics(bold_of(self.font()))
        counts = (count_text(self._count, layer.name), f"{self._count:,}", "")
        left = room - metrics.horizontalAdvance(title)
        for count in counts:
            if not count or self.fontMetrics().horizontalAdvance(f"  {count}") <= left:
                return metrics.elidedText(title, Qt.TextElideMode.ElideRight, room), count
        raise AssertionError("no count needs no room")

    @override
    def paintEvent(self, _event: object) -> None:
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), self._theme.lane_colour(self.lane.layer.side))
            margin = _MARGIN_PX if self._look is None else self._look.margin_px
            area = self.rect().adjusted(margin, 0, -_MARGIN_PX, 0)
            if self._look is not None:
                font = self._look.name
                # Lower where there are two ladders.
                font.setPointSizeF(font.pointSizeF() * min(1.0, self.height() / QFontMetrics(font).height()))
                painter.setFont(font)
                painter.setPen(QColor(self._theme.text))
                painter.drawText(area, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, self.lane.title)
                return
            title, count = self.texts()
            painter.setFont(bold_of(self.font()))
            painter.setPen(QColor(self._theme.text))
            painter.drawText(area, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, title)
            painter.setFont(self.font())
            painter.setPen(QColor(self._theme.dim))
            painter.drawText(area, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, count)


def bold_of(font: QFont) -> QFont:
    """Return a font in bold."""
    bold = QFont(font)
    bold.setBold(True)
    return bold
