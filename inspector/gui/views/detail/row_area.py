"""A scroll area over rows of bytes: visible window, scroll bar and wheel; `byte_view` paints the rows.

The position is the first byte of the top row, never a row number: rows are found from bytes in either direction, and
nothing before the window is ever read.
"""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QAbstractScrollArea, QAbstractSlider, QApplication, QFrame

from inspector.gui.style.monospace import MonospaceFont
from inspector.gui.style.shield import override

from .byte_rows import Row, Rows
from .row_window import RowWindow

_WHEEL_STEP = 120
_ACTION = QAbstractSlider.SliderAction


class RowArea(QAbstractScrollArea):
    """Rows of bytes of which only the visible ones exist. GUI thread."""

    def __init__(self, points: float) -> None:
        super().__init__()
        self.mono = MonospaceFont.of(points)
        self.rows = self.make_rows()
        self.window_rows = RowWindow(self.rows)
        self._adjusting = False
        self._wheel_left = 0
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.verticalScrollBar().valueChanged.connect(self._bar_moved)
        self.verticalScrollBar().actionTriggered.connect(self._bar_stepped)

    # What subclasses tell

    def make_rows(self) -> Rows:
        """Return the layout of this view."""
        raise NotImplementedError

    def fit_width(self) -> None:
        """Fit the layout to the width of the viewport."""
        raise NotImplementedError

    def user_scrolled(self, *, to_end: bool) -> None:
        """Act on the user's scrolling."""
        raise NotImplementedError

    def stays_at_end(self) -> bool:
        """Return whether the window sticks to the last row."""
        raise NotImplementedError

    # The window

    def set_type_size(self, points: float) -> None:
        """Change the size of the type."""
        self.mono = MonospaceFont.of(points)
        self.measure()

    @property
    def page_rows(self) -> int:
        """How many rows are wholly visible."""
        return max(1, int(self.viewport().height() // self.mono.row_px))

    def visible_rows(self) -> list[Row]:
        """Return the rows in the viewport, the last one perhaps in part."""
        return self.window_rows.rows_from_top(self.page_rows + 1)

    def measure(self) -> None:
        """Lay out for the present size and length, and keep the same byte at the top, or the end at the bottom."""
        policy = Qt.ScrollBarPolicy
        self.setVerticalScrollBarPolicy(policy.ScrollBarAlwaysOn if self.rows.end else policy.ScrollBarAlwaysOff)
        self.fit_width()
        self.window_rows.measure(self.page_rows)
        if self.stays_at_end():
            self.window_rows.to_end()
        self._moved()

    def reveal(self, start: int, stop: int) -> None:
        """Scroll to content bytes ``[start, stop)`` unless some of them are visible."""
        if self.window_rows.reveal(start, stop):
            self._moved()

    def scroll_rows(self, count: int) -> None:
        """Scroll by rows, as the user asks."""
        if self.rows.end and self.window_rows.by_rows(count):
            self._moved()
            self.user_scrolled(to_end=self.window_rows.is_at_end)

    def _moved(self) -> None:
        bar = self.verticalScrollBar()
        shown = self.visible_rows()
        page_bytes = shown[-1].stop - shown[0].start if shown else 1
        self._adjusting = True
        bar.setRange(0, self.window_rows.bar_maximum)
        bar.setPageStep(max(1, page_bytes >> self.window_rows.shift))
        bar.setValue(self.window_rows.bar_value)
        self._adjusting = False
        self.viewport().update()

    def _bar_moved(self, value: int) -> None:
        if not self._adjusting and value != self.window_rows.bar_value:
            self.window_rows.to_bar_value(value)
            self._moved()
            self.user_scrolled(to_end=self.window_rows.is_at_end)

    def _bar_stepped(self, action: int) -> None:
        page = max(1, self.page_rows - 1)
        steps = {
            _ACTION.SliderSingleStepAdd.value: 1,
            _ACTION.SliderSingleStepSub.value: -1,
            _ACTION.SliderPageStepAdd.value: page,
            _ACTION.SliderPageStepSub.value: -page,
        }
        if action in steps:
            self.scroll_rows(steps[action])
            self.verticalScrollBar().setSliderPosition(self.window_rows.bar_value)

    @override
    def wheelEvent(self, event: QWheelEvent) -> None:
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            event.ignore()
            return
        self._wheel_left -= event.angleDelta().y() * QApplication.wheelScrollLines()
        rows = int(self._wheel_left / _WHEEL_STEP)
        self._wheel_left -= rows * _WHEEL_STEP
        self.scroll_rows(rows)
        event.accept()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.measure()
