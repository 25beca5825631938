"""The left side of the ladder: names and counts of lanes, knobs and live figures of gaps."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter
from PySide6.QtWidgets import QGridLayout, QLabel, QToolButton, QVBoxLayout, QWidget
from typing_extensions import override

from server.catalogue import KNOBS

from ...knob_editors import Knobs, short_label
from ...theme import Theme, colour_text
from .road import Gap, Lane

_INDENT_PX = 22
_MARGIN_PX = 12
#: Knobs of the source that are always in sight; the others open with "More".
_SOURCE_IN_SIGHT = ("rows", "delay_ms", "jitter")


class LaneHeader(QWidget):
    """Name of a layer at the left, number of items at the right, on the lane's colour."""

    def __init__(self, lane: Lane, theme: Theme) -> None:
        super().__init__()
        self.lane = lane
        self._theme = theme
        self._count = 0
        self.setToolTip(f"{lane.name}: {lane.layer.meaning}")
        self.setAccessibleName(f"{lane.name} lane")

    def set_count(self, count: int) -> None:
        """Show how many items the lane has."""
        if count != self._count:
            self._count = count
            self.update()

    def set_theme(self, theme: Theme) -> None:
        """Change the colours."""
        self._theme = theme
        self.update()

    @override
    def sizeHint(self) -> QSize:
        metrics = self.fontMetrics()
        width = metrics.horizontalAdvance(f"{self.lane.name}   {self._text()}") + 2 * _MARGIN_PX
        return QSize(width, metrics.height() + 8)

    def _text(self) -> str:
        layer = self.lane.layer
        return f"{self._count:,} {layer.item if self._count == 1 else layer.items}"

    @override
    def paintEvent(self, _event: object) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._theme.lane_colour(self.lane.layer.side))
        area = self.rect().adjusted(_MARGIN_PX, 0, -_MARGIN_PX, 0)
        font = self.font()
        font.setBold(True)
        painter.setFont(font)
        painter.setPen(QColor(self._theme.text))
        painter.drawText(area, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, self.lane.name)
        painter.setFont(self.font())
        painter.setPen(QColor(self._theme.dim))
        painter.drawText(area, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, self._text())
        painter.end()


class GapHeader(QWidget):
    """Title of a gap, its knobs, and one line of live figures."""

    def __init__(self, gap: Gap, knobs: Knobs, theme: Theme) -> None:
        super().__init__()
        self.gap = gap
        self._title = QLabel(gap.title)
        if gap.earlier is None:
            bold = QFont()
            bold.setBold(True)
            self._title.setFont(bold)
        self._figures = QLabel("")
        self._figures.setAccessibleName(f"{gap.title}: figures")
        self.setToolTip(gap.explanation)
        indent = _MARGIN_PX if gap.earlier is None else _INDENT_PX
        layout = QVBoxLayout(self)
        layout.setContentsMargins(indent, 1, _MARGIN_PX, 1)
        layout.setSpacing(0)
        self._more: QToolButton | None = None
        if gap.name == "source":
            layout.addLayout(self._source_grid(knobs))
        else:
            grid = self._buffer_row(knobs)
            layout.addLayout(grid)
            if gap.name == "framing":
                grid.addWidget(self._figures, 0, 1)
            else:
                layout.addWidget(self._figures)
        layout.addStretch(1)
        self.set_theme(theme)

    def _buffer_row(self, knobs: Knobs) -> QGridLayout:
        """Title and the gap's one knob side by side."""
        grid = QGridLayout()
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(10)
        grid.addWidget(self._title, 0, 0)
        for knob in KNOBS:
            if knob.layer == self.gap.knobs:
                grid.addWidget(knobs.editors[knob.name], 0, 1)
                self._title.setBuddy(knobs.editors[knob.name])
        grid.setColumnStretch(0, 1)
        return grid

    def _source_grid(self, knobs: Knobs) -> QGridLayout:
        """Label and editor pairs; those seldom turned open with a button."""
        grid = QGridLayout()
        grid.setContentsMargins(0, 0, 0, 2)
        grid.setHorizontalSpacing(6)
        grid.setVerticalSpacing(2)
        self._more = QToolButton()
        self._more.setObjectName("more_knobs_button")
        self._more.setText("More")
        self._more.setCheckable(True)
        self._more.setArrowType(Qt.ArrowType.RightArrow)
        self._more.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._more.setAutoRaise(True)
        self._more.setAccessibleName("More knobs of the source")
        self._more.setToolTip("Show all knobs of the source")
        grid.addWidget(self._title, 0, 0)
        grid.addWidget(self._more, 0, 1, Qt.AlignmentFlag.AlignRight)
        row = 1
        hidden: list[QWidget] = []
        for knob in sorted((k for k in KNOBS if k.layer in ("source", "view")), key=_rank):
            label = QLabel(short_label(knob))
            editor = knobs.editors[knob.name]
            label.setBuddy(editor)
            label.setToolTip(editor.toolTip())
            grid.addWidget(label, row, 0)
            grid.addWidget(editor, row, 1)
            if knob.name not in _SOURCE_IN_SIGHT:
                hidden += [label, editor]
            row += 1
        for widget in hidden:
            widget.hide()
        self._more.toggled.connect(lambda shown: self._show_more(hidden, shown=shown))
        grid.setColumnStretch(1, 1)
        return grid

    def _show_more(self, widgets: list[QWidget], *, shown: bool) -> None:
        assert self._more is not None
        self._more.setArrowType(Qt.ArrowType.DownArrow if shown else Qt.ArrowType.RightArrow)
        self._more.setText("Less" if shown else "More")
        for widget in widgets:
            widget.setVisible(shown)
        self.updateGeometry()

    def set_figures(self, text: str, tip: str) -> None:
        """Show live figures."""
        if text != self._figures.text():
            self._figures.setText(text)
            self._figures.setToolTip(tip)

    def set_theme(self, theme: Theme) -> None:
        """Change the colours."""
        colour_text(self._figures, theme.dim)


def _rank(knob: object) -> int:
    name = getattr(knob, "name", "")
    return _SOURCE_IN_SIGHT.index(name) if name in _SOURCE_IN_SIGHT else len(_SOURCE_IN_SIGHT)
