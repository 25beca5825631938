"""Colours of items and their borders in the text and hex views, computed once per paint."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from PySide6.QtCore import QLineF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from inspector.gui.style.theme import Theme

#: ``edge``: of a selected item; ``cut``: inside what belongs together.
BorderKind = Literal["plain", "edge", "cut"]


@dataclass(frozen=True, slots=True)
class ItemShades:
    """The colours of one paint. Borders are collected and drawn together, over the text."""

    chosen: tuple[int, int]
    count: int
    row_px: float
    shade: QColor
    band: QColor
    pens: dict[BorderKind, QPen]
    _borders: dict[BorderKind, list[QLineF]] = field(default_factory=lambda: {"plain": [], "edge": [], "cut": []})

    @classmethod
    def of(cls, theme: Theme, side: str, chosen: tuple[int, int] | None, count: int, row_px: float) -> ItemShades:
        """Take the colours for the layers of a side, and the selected items ``[first, stop)`` of ``count``."""
        pens: dict[BorderKind, QPen] = {
            "plain": QPen(theme.layer_colour(side), 1),
            "edge": QPen(QColor(theme.selection), 2),
            "cut": QPen(QColor(theme.warning), 2, Qt.PenStyle.DotLine),
        }
        return cls(chosen or (0, 0), count, row_px, theme.lane_colour(side), QColor(theme.band), pens)

    def is_selected(self, item: int) -> bool:
        """Return whether an item is selected."""
        return self.chosen[0] <= item < self.chosen[1]

    def shade_of(self, item: int) -> QColor | None:
        """Return the background of an item: every second one is shaded; None for the plain background."""
        if self.chosen[0] <= item < self.chosen[1]:
            return self.band
        return self.shade if item & 1 and item < self.count else None

    def add_border(self, item: int, x: float, y: float, *, cut: bool = False) -> None:
        """Add the border at which an item begins: dotted in the colour of warnings where it cuts."""
        edge = self.chosen[0] <= item <= self.chosen[1] and self.chosen[1] > 0
        kind: BorderKind = "cut" if cut else "edge" if edge else "plain"
        self._borders[kind].append(QLineF(x, y + 1, x, y + self.row_px - 1))

    def paint_borders(self, painter: QPainter) -> None:
        """Draw all borders that were added."""
        for kind, lines in self._borders.items():
            painter.setPen(self.pens[kind])
            painter.drawLines(lines)
