"""The left side of the ladder: names and counts of lanes, knobs and live figures of gaps."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter
from PySide6.QtWidgets import QFormLayout, QFrame, QGridLayout, QToolButton, QVBoxLayout, QWidget

from inspector.catalogue import knob_of

from ...editors.knobs import Knobs, knob_tip, short_label
from ...safe_text import Label, plain_tip
from ...shield import override
from ...theme import Theme, colour_text
from ..elided_label import ElidedLabel
from .road import GapLook, Lane

_INDENT_PX = 22
_MARGIN_PX = 12
#: As wide as the figures of a gap get before they are shortened.
_SAMPLE_FIGURES = "◆ 400 → 100 · 0 B held · 99.9 ms, max 999 ms"
#: The source has no figures, those of the framing share its line.
_LEAST_FIGURES = {"source": "", "framing": "400 → 100 · 0 B held · 99.9 ms"}


class LaneHeader(QWidget):
    """Name of a layer at the left, number of items at the right, on the lane's colour."""

    def __init__(self, lane: Lane, theme: Theme) -> None:
        super().__init__()
        self.lane = lane
        self._theme = theme
        self._count = 0
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

    @override
    def sizeHint(self) -> QSize:
        metrics = self.fontMetrics()
        width = metrics.horizontalAdvance(f"{self.lane.title}   {self._text()}") + 2 * _MARGIN_PX
        return QSize(width, metrics.height() + 8)

    def _text(self) -> str:
        layer = self.lane.layer
        return f"{self._count:,} {layer.item if self._count == 1 else layer.items}"

    @override
    def paintEvent(self, _event: object) -> None:
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), self._theme.lane_colour(self.lane.layer.side))
            area = self.rect().adjusted(_MARGIN_PX, 0, -_MARGIN_PX, 0)
            font = self.font()
            font.setBold(True)
            painter.setFont(font)
            painter.setPen(QColor(self._theme.text))
            painter.drawText(area, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, self.lane.title)
            painter.setFont(self.font())
            painter.setPen(QColor(self._theme.dim))
            painter.drawText(area, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, self._text())


class GapHeader(QWidget):
    """Title of a gap, its knobs, and one line of live figures."""

    def __init__(self, gap_id: str, look: GapLook, knobs: Knobs | None, theme: Theme) -> None:
        """Make the header; ``knobs`` is None for a gap whose knobs stand elsewhere."""
        super().__init__()
        self.gap_id = gap_id
        self._theme = theme
        self._is_longest = False
        self._title = Label(look.title)
        self._figures = ElidedLabel(least_text=_LEAST_FIGURES.get(gap_id, _SAMPLE_FIGURES))
        self.setToolTip(plain_tip(look.explanation))
        self._grid = QGridLayout()
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(8)
        self._grid.setVerticalSpacing(2)
        self._grid.setColumnStretch(1, 1)
        self._grid.addWidget(self._title, 0, 0)
        if gap_id == "source":
            self._title.setFont(_bold())
        self._place_knobs(look, knobs)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(_MARGIN_PX if gap_id == "source" else _INDENT_PX, 1, _MARGIN_PX, 1)
        layout.setSpacing(0)
        layout.addLayout(self._grid)
        if gap_id == "framing":
            self._grid.addWidget(self._figures, 0, 1)
        elif gap_id != "source":
            layout.addWidget(self._figures)
        layout.addStretch(1)
        self.set_theme(theme)

    def _place_knobs(self, look: GapLook, knobs: Knobs | None) -> None:
        """Put the first knob beside the title (the source's below it); the others open with a button."""
        if knobs is None:
            return
        beside_title = self.gap_id != "source"
        row = 0 if beside_title else 1
        for name in look.knobs:
            label = self._title if row == 0 else _label_of(name, knobs)
            label.setBuddy(knobs.editors[name])
            self._grid.addWidget(label, row, 0)
            self._grid.addWidget(knobs.editors[name], row, 1)
            row += 1
        if look.more:
            self._grid.addWidget(self._make_more(look, knobs), 0, 2 if beside_title else 1, Qt.AlignmentFlag.AlignRight)

    def _make_more(self, look: GapLook, knobs: Knobs) -> QToolButton:
        button = QToolButton()
        button.setObjectName(f"more_{self.gap_id}")
        button.setText("More" if self.gap_id == "source" else "…")
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
        button.setAccessibleName(f"More knobs: {look.title}")
        button.setToolTip(plain_tip(f"More knobs: {', '.join(short_label(knob_of(name)) for name in look.more)}"))
        self._popup = MoreKnobs(look.more, knobs, self)
        button.clicked.connect(lambda: self._popup.open_at(button))
        return button

    def set_compact(self, compact: bool) -> None:
        """Leave away the live figures, and the knobs of the source, where there is little height."""
        if self.gap_id != "source":
            self._figures.setVisible(not compact)
            return
        for at in range(1, self._grid.rowCount()):
            for column in (0, 1):
                item = self._grid.itemAtPosition(at, column)
                if item is not None and (widget := item.widget()) is not None:
                    widget.setVisible(not compact)

    def set_figures(self, text: str, shorter: str, tip: str, *, is_longest: bool) -> None:
        """Show live figures, or shorter ones; the gap that holds bytes longest has a diamond before them."""
        sign = "◆ " if is_longest and text else ""
        self._figures.setText(sign + text, shorter=sign + shorter)
        self._figures.setToolTip(plain_tip(f"Bytes wait longest here.\n{tip}" if is_longest else tip))
        if is_longest != self._is_longest:
            self._is_longest = is_longest
            self._figures.set_bold(is_longest)
            self.set_theme(self._theme)

    @property
    def figures_text(self) -> str:
        """The figures as shown."""
        return self._figures.text()

    def set_title(self, title: str) -> None:
        """Name what sits in the gap now."""
        self._title.setText(title)

    def set_theme(self, theme: Theme) -> None:
        """Change the colours."""
        self._theme = theme
        colour_text(self._figures, theme.warning if self._is_longest else theme.dim)


class MoreKnobs(QFrame):
    """The knobs of a gap that are turned seldom, in a box of their own that closes with Escape or a click beside it."""

    def __init__(self, names: tuple[str, ...], knobs: Knobs, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.setAccessibleName("More knobs")
        form = QFormLayout(self)
        for name in names:
            form.addRow(_label_of(name, knobs), knobs.editors[name])
        knobs.run_requested.connect(self.hide)

    def open_at(self, button: QWidget) -> None:
        """Show the box beside a button, kept on the screen."""
        self.adjustSize()
        corner = button.mapToGlobal(QPoint(button.width() + 4, 0))
        screen = button.screen().availableGeometry()
        self.move(corner.x(), max(screen.top(), min(corner.y(), screen.bottom() - self.height())))
        self.show()
        self.setFocus()


def _label_of(name: str, knobs: Knobs) -> Label:
    label = Label(short_label(knob_of(name)))
    label.setBuddy(knobs.editors[name])
    label.setToolTip(plain_tip(knob_tip(knob_of(name))))
    return label


def _bold() -> QFont:
    font = QFont()
    font.setBold(True)
    return font
