"""A spin box for a numeric setting: arrows step through presets, any value in range can be typed."""

from __future__ import annotations

from bisect import bisect_left, bisect_right

from PySide6.QtCore import QLocale, QSize, Qt
from PySide6.QtGui import QResizeEvent, QValidator
from PySide6.QtWidgets import QAbstractSpinBox, QDoubleSpinBox

from inspector.catalogue import Knob
from inspector.gui.style.shield import override
from inspector.gui.style.spin_arrows import StepButton

#: Frame and margins of the field, both sides.
_FRAME_PX = 14


class NumberEditor(QDoubleSpinBox):
    """A number whose arrows step through the knob's presets; any other value in range can be typed."""

    def __init__(self, knob: Knob) -> None:
        super().__init__()
        self._knob = knob
        self._unit = knob.unit_suffix(0)
        self._presets = sorted({float(value) for value in knob.presets if not isinstance(value, str)})
        self.setDecimals(0 if knob.kind == "int" else 3)
        self.setRange(float(knob.minimum), float(knob.maximum))
        self.setLocale(QLocale.c())
        self.setGroupSeparatorShown(True)
        self.setSpecialValueText(knob.zero_text)
        self.setAccelerated(True)
        self.setKeyboardTracking(False)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        # Arrows of our own: those of the style stay small beside large type.
        self.setButtonSymbols(QAbstractSpinBox.ButtonSymbols.NoButtons)
        self._up, self._down = StepButton("up", self), StepButton("down", self)
        self._up.clicked.connect(self.stepUp)
        self._down.clicked.connect(self.stepDown)
        self.valueChanged.connect(self._follow_value)
        self._follow_value()

    @override
    def setValue(self, val: float) -> None:
        """Set the value; arrows and unit follow it also where signals are blocked."""
        super().setValue(val)
        self._follow_value()

    def _follow_value(self, *_value: object) -> None:
        self.setSuffix(self._knob.unit_suffix(self.value()))
        self._up.setEnabled(self.value() < self.maximum())
        self._down.setEnabled(self.value() > self.minimum())

    @override
    def sizeHint(self) -> QSize:
        return super().sizeHint() + QSize(self._up.sizeHint().width(), 0)

    @override
    def minimumSizeHint(self) -> QSize:
        """Return the room for what is shown, and for the presets, so that a step does not change the width."""
        presets = (self.textFromValue(each) + self._unit for each in self._presets)
        texts = (self.text(), self.specialValueText(), *presets)
        widest = max(self.fontMetrics().horizontalAdvance(text) for text in texts)
        return QSize(widest + self._up.sizeHint().width() + _FRAME_PX, self.sizeHint().height())

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        width, frame = self._up.sizeHint().width(), 2
        left, half = self.width() - width - frame, self.height() // 2
        self._up.setGeometry(left, frame, width, half - frame)
        self._down.setGeometry(left, half, width, self.height() - half - frame)
        self.lineEdit().setTextMargins(0, 0, width, 0)

    @override
    def textFromValue(self, value: float) -> str:
        if self._knob.kind == "int":
            return f"{value:,.0f}"
        return f"{value:,.3f}".rstrip("0").rstrip(".")

    @override
    def valueFromText(self, text: str) -> float:
        special = self.specialValueText()
        if special and text.strip() == special:
            return self.minimum()
        try:
            value = float(self._without_unit(text))
        except ValueError:
            return self.value()
        refused = self._knob.refused
        return self.minimum() if value in refused else value

    def _without_unit(self, text: str) -> str:
        for unit in (self._unit, self._knob.unit_suffix(1)):
            text = text.strip().removesuffix(unit.strip())
        return text.replace(",", "").strip()

    @override
    def validate(self, text: str, position: int) -> tuple[QValidator.State, str, int]:
        special = self.specialValueText()
        plain = self._without_unit(text)
        if not plain or special.startswith(text.strip()):
            return (QValidator.State.Intermediate, text, position)
        try:
            value = float(plain)
        except ValueError:
            state = QValidator.State.Invalid if not plain.replace(".", "").isdigit() else QValidator.State.Intermediate
            return (state, text, position)
        inside = self.minimum() <= value <= self.maximum()
        whole = self._knob.kind != "int" or value == int(value)
        state = QValidator.State.Acceptable if inside and whole else QValidator.State.Invalid
        return (state, text, position)

    @override
    def stepBy(self, steps: int) -> None:
        for _ in range(abs(steps)):
            value = self.value()
            if steps > 0:
                at = bisect_right(self._presets, value)
                self.setValue(self._presets[at] if at < len(self._presets) else value * 2)
            else:
                at = bisect_left(self._presets, value) - 1
                self.setValue(self._presets[at] if at >= 0 else self.minimum())

    @override
    def stepEnabled(self) -> QAbstractSpinBox.StepEnabledFlag:
        flags = QAbstractSpinBox.StepEnabledFlag.StepNone
        if self.value() > self.minimum():
            flags |= QAbstractSpinBox.StepEnabledFlag.StepDownEnabled
        if self.value() < self.maximum():
            flags |= QAbstractSpinBox.StepEnabledFlag.StepUpEnabled
        return flags
