"""A field for a number: arrows step through presets, and what was typed stays until it is right or given up."""

from __future__ import annotations

from bisect import bisect_left, bisect_right

from PySide6.QtCore import QPoint, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPainter, QPaintEvent, QPalette, QPen, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QLineEdit, QToolTip

from inspector.catalogue import ALL, BadKnob, Knob, number_text
from inspector.gui.style.safe_text import plain_tip
from inspector.gui.style.shield import override
from inspector.gui.style.spin_arrows import StepButton

#: Frame and margins of the field, both sides.
_FRAME_PX = 16
_STEPS = {Qt.Key.Key_Up: 1, Qt.Key.Key_Down: -1, Qt.Key.Key_PageUp: 1, Qt.Key.Key_PageDown: -1}


class NumberEditor(QLineEdit):
    """A number whose arrows step through the knob's presets; any other value in range can be typed.

    Text that is no value of the knob stays as it was typed, in a red frame, and `problem` says what is wrong with it;
    the value stays what it was. Escape gives the text of the value back. GUI thread.
    """

    value_changed = Signal(float)
    #: What is wrong with the text may be another thing, or nothing any more.
    problem_changed = Signal()

    def __init__(self, knob: Knob) -> None:
        super().__init__()
        self._knob = knob
        self._value = float(knob.minimum)
        self._presets = sorted({float(value) for value in knob.presets if not isinstance(value, str)})
        #: A sentence about text that is no value, empty where all is well.
        self.problem = ""
        self._up, self._down = StepButton("up", self), StepButton("down", self)
        self._up.clicked.connect(lambda: self.step(1))
        self._down.clicked.connect(lambda: self.step(-1))
        self.textEdited.connect(lambda _text: self._check())
        self._show_value()

    # Value

    def value(self) -> float:
        """Return the last value that was right."""
        return self._value

    def set_value(self, value: float) -> None:
        """Set the value; the text follows it also where signals are blocked."""
        value = min(max(float(value), float(self._knob.minimum)), float(self._knob.maximum))
        is_new = value != self._value
        self._value = value
        self._show_value()
        if is_new:
            self.value_changed.emit(value)

    def _show_value(self) -> None:
        self.setText(self._knob.words(self._value))
        self._up.setEnabled(self._value < self._knob.maximum)
        self._down.setEnabled(self._value > self._knob.minimum)
        self._set_problem("")

    def commit(self) -> bool:
        """Take the text as the value; return False, having said why, where it is none."""
        if self.text() == self._knob.words(self._value):
            self._set_problem("")
            return True
        value = self._check()
        if value is None:
            if self.isVisible():
                QToolTip.showText(self.mapToGlobal(QPoint(0, self.height())), plain_tip(self.problem), self)
            return False
        self.set_value(value)
        return True

    def _check(self) -> float | None:
        """Return the value of the text; None, and a problem, where it is none."""
        text = self.text().strip()
        try:
            value = self._special(text)
            if value is None:
                value = float(self._knob.parse(self._without_unit(text)))
        except BadKnob:
            self._set_problem(self._knob.takes_text)
            return None
        self._set_problem("")
        return value

    def _special(self, text: str) -> float | None:
        if self._knob.zero_text and text == self._knob.zero_text:
            return 0.0
        return float(self._knob.maximum) if self._knob.is_buffer and text == ALL else None

    def _without_unit(self, text: str) -> str:
        for number in (1, 2):
            text = text.removesuffix(self._knob.unit_suffix(number).strip()).strip()
        return text.replace(",", "")

    def _set_problem(self, problem: str) -> None:
        if problem != self.problem:
            self.problem = problem
            self.setAccessibleDescription(problem or self._knob.sentence)
            self.update()
            self.problem_changed.emit()

    def step(self, steps: int) -> None:
        """Go through the presets, and beyond the last one by doubling."""
        for _ in range(abs(steps)):
            value = self._value
            if steps > 0:
                at = bisect_right(self._presets, value)
                self.set_value(self._presets[at] if at < len(self._presets) else value * 2)
            else:
                at = bisect_left(self._presets, value) - 1
                self.set_value(self._presets[at] if at >= 0 else float(self._knob.minimum))

    # Keys, pointer and focus

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key in _STEPS:
            self.step(_STEPS[key])
        elif key is Qt.Key.Key_Escape and self.text() != self._knob.words(self._value):
            self._show_value()
            self.selectAll()
        else:
            super().keyPressEvent(event)

    @override
    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave the wheel to what scrolls: a knob must not turn while one scrolls past it."""
        event.ignore()

    @override
    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.commit()

    # Look

    def _arrows_px(self) -> int:
        return self._up.sizeHint().width() + self._down.sizeHint().width()

    @override
    def sizeHint(self) -> QSize:
        return QSize(self.minimumSizeHint().width(), super().sizeHint().height())

    @override
    def minimumSizeHint(self) -> QSize:
        """Return the room for what is shown, and for the presets, so that a step does not change the width."""
        words = (self._knob.words(value) for value in self._presets)
        texts = (self._knob.words(self._value), number_text(self._value), *words)
        widest = max(self.fontMetrics().horizontalAdvance(text) for text in texts)
        return QSize(widest + self._arrows_px() + _FRAME_PX, super().minimumSizeHint().height())

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        width, frame = self._up.sizeHint().width(), 2
        left = self.width() - self._arrows_px() - frame
        self._down.setGeometry(left, frame, width, self.height() - 2 * frame)
        self._up.setGeometry(left + width, frame, width, self.height() - 2 * frame)
        self.setTextMargins(0, 0, self._arrows_px(), 0)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.problem:
            with QPainter(self) as painter:
                painter.setPen(QPen(self.palette().color(QPalette.ColorRole.BrightText), 2))
                painter.drawRect(self.rect().adjusted(1, 1, -1, -1))
