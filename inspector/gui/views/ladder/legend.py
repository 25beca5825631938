"""The legend of the ladder: what its lanes, marks, lines and signs mean, each painted as the ladder paints it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QFont, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QScrollArea,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from inspector.gui.style.icons import icon
from inspector.gui.style.safe_text import Label
from inspector.gui.style.shield import override
from inspector.gui.style.theme import Theme, colour_text
from inspector.recording.layers import LAYERS

from .legend_samples import SECTIONS, Sample, paint_sample

_SAMPLE_EM = 5.0
_TEXT_EM = 12.0
_WIDTH_EM = 62
_APART_PX = 8


class SampleView(QWidget):
    """One sign, as the ladder paints it."""

    def __init__(self, sample: Sample, theme: Theme) -> None:
        super().__init__()
        self._sample = sample
        self._theme = theme
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    @override
    def sizeHint(self) -> QSize:
        em = self.fontMetrics().height()
        return QSize(round(_SAMPLE_EM * em), round(1.7 * em))

    def set_theme(self, theme: Theme) -> None:
        """Change the colours."""
        self._theme = theme
        self.update()

    @override
    def paintEvent(self, _event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            paint_sample(painter, self.rect().toRectF(), self._theme, self._sample)


class Legend(QFrame):
    """A card over the window, not a dialog: the ladder can be used beside it. Escape closes it. GUI thread."""

    def __init__(self, window: QWidget, theme: Theme) -> None:
        super().__init__(window)
        self._window = window
        self.setObjectName("legend")
        self.setAccessibleName("Legend of the ladder")
        self._theme = theme
        self._samples: list[SampleView] = []
        self._dim: list[Label] = []
        self._came_from: QWidget | None = None
        self._title = Label("What the ladder shows")
        bold = QFont()
        bold.setBold(True)
        self._title.setFont(bold)
        self._about = Label()
        self._about.setObjectName("legend_about")
        self._about.setWordWrap(True)
        self._about.hide()
        self._close = QToolButton()
        self._close.setObjectName("legend_close")
        self._close.setAccessibleName("Close the legend")
        self._close.setToolTip("Close (Escape)")
        self._close.setAutoRaise(True)
        self._close.clicked.connect(self.dismiss)
        self._scroll = QScrollArea()
        self._scroll.setObjectName("legend_signs")
        self._scroll.setAccessibleName("Signs and what they mean")
        self._scroll.setToolTip("Escape closes the legend")
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._signs = self._make_signs()
        self._scroll.setWidget(self._signs)
        for widget in (self._signs, self._scroll.viewport()):
            widget.setAutoFillBackground(False)
        self._lay_out()
        self.set_theme(theme)
        self.hide()

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.addWidget(self._title, 1)
        head.addWidget(self._close)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 8, 8, 10)
        column.addLayout(head)
        column.addWidget(self._about)
        column.addWidget(self._scroll, 1)

    def _make_signs(self) -> QWidget:
        signs = QWidget()
        grid = QGridLayout(signs)
        grid.setContentsMargins(0, 0, 8, 0)
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(2)
        halves: tuple[list[tuple[str, Sequence[Sample]]], ...] = (
            [("Lanes, in the order that bytes pass them", _lanes()), *SECTIONS[:1]],
            [*SECTIONS[1:]],
        )
        for at, half in enumerate(halves):
            self._fill(grid, 3 * at, half)
        grid.setColumnMinimumWidth(2, 16)
        return signs

    def _fill(self, grid: QGridLayout, column: int, sections: Sequence[tuple[str, Sequence[Sample]]]) -> None:
        row = 0
        for title, samples in sections:
            heading = Label(title)
            self._dim.append(heading)
            grid.addWidget(heading, row, column, 1, 2)
            row += 1
            for sample in samples:
                view, words = SampleView(sample, self._theme), Label(sample.words)
                words.setWordWrap(True)
                words.setMinimumWidth(round(_TEXT_EM * self.fontMetrics().height()))
                self._samples.append(view)
                grid.addWidget(view, row, column, Qt.AlignmentFlag.AlignVCenter)
                grid.addWidget(words, row, column + 1, Qt.AlignmentFlag.AlignVCenter)
                row += 1
        grid.setColumnStretch(column + 1, 1)
        grid.setRowStretch(100, 1)

    def set_theme(self, theme: Theme) -> None:
        """Change the colours."""
        self._theme = theme
        for sample in self._samples:
            sample.set_theme(theme)
        for label in self._dim:
            colour_text(label, theme.dim)
        self._close.setIcon(icon("cross", QColor(theme.text)))
        self.update()

    @override
    def paintEvent(self, _event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
            painter.setPen(QColor(self._theme.border))
            painter.setBrush(QColor(self._theme.raised))
            painter.drawRoundedRect(self.rect().toRectF().adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)

    def open_at(self, left: int, about: str) -> None:
        """Show it at the bottom of its window, where it covers least of the ladder; ``about`` stands first in it."""
        self._about.setText(about)
        self._about.setVisible(bool(about))
        self._came_from = self._window.focusWidget() if self.isHidden() else self._came_from
        room = self._window.size()
        width = min(_WIDTH_EM * self.fontMetrics().height(), room.width() - 2 * _APART_PX)
        height = min(self._height_at(width), room.height() - 2 * _APART_PX)
        self.setGeometry(
            max(_APART_PX, min(left, room.width() - width - _APART_PX)),
            room.height() - height - _APART_PX,
            width,
            height,
        )
        self.show()
        self.raise_()
        self._scroll.setFocus(Qt.FocusReason.PopupFocusReason)

    def _height_at(self, width: int) -> int:
        """Return the height that all signs need in a width."""
        column, signs = self.layout(), self._signs.layout()
        assert column is not None
        assert signs is not None
        margins = column.contentsMargins()
        inner = width - margins.left() - margins.right()
        above = max(self._title.sizeHint().height(), self._close.sizeHint().height()) + 2 * column.spacing()
        if self._about.text():
            above += self._about.heightForWidth(inner) + column.spacing()
        return margins.top() + above + signs.heightForWidth(inner) + margins.bottom()

    def dismiss(self) -> None:
        """Close it; the focus goes back to where it was."""
        self.hide()
        if self._came_from is not None:
            self._came_from.setFocus(Qt.FocusReason.PopupFocusReason)
        self._came_from = None

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape or event.text() == "?":
            self.dismiss()
            return
        super().keyPressEvent(event)


def _lanes() -> list[Sample]:
    return [Sample(layer.side, f"{layer.name}: {layer.meaning}") for layer in LAYERS]
