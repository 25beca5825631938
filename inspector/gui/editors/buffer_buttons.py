"""A row of buttons for the values of a buffer, with the number keys that press them."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QWidget

from inspector.catalogue import Knob
from inspector.gui.style.safe_text import plain_tip
from inspector.gui.style.shield import override
from inspector.gui.style.theme import Theme

from .buffer_presets import Preset, presets_of, short_word
from .knob_editors import KnobEditors

_LEAST_EDGE_PX = 24
_GAP_PX = 4
_PRESS_MS = 160
_KEY_SHARE = 0.75
#: Which keys' buttons go first where there is no room for all: the two ends and what is set stay.
_FIRST_TO_GO = (8, 7, 2, 6, 5, 4, 3)


class PresetButton(QAbstractButton):
    """One value of a buffer as a pill, the key that presses it below. GUI thread."""

    def __init__(self, preset: Preset, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.preset = preset
        self.has_key = preset.key > 0
        self._theme = theme
        self.setCheckable(True)
        self.setText(preset.label)
        # A click leaves the focus to the picture, whose keys act.
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def set_preset(self, preset: Preset) -> None:
        """Stand for another value."""
        self.preset = preset
        self.setText(preset.label)

    def set_theme(self, theme: Theme) -> None:
        """Change the colours."""
        self._theme = theme
        self.update()

    def pill_height(self) -> int:
        """Return the height without the key, logical pixels."""
        return max(_LEAST_EDGE_PX, round(1.45 * self.fontMetrics().height()))

    @override
    def sizeHint(self) -> QSize:
        bold = QFont(self.font())
        bold.setBold(True)
        text = QFontMetrics(bold).horizontalAdvance(self.text())
        height = self.pill_height()
        return QSize(max(height, text + round(0.5 * height)), height + QFontMetrics(key_font(self.font())).height())

    @override
    def paintEvent(self, _event: object) -> None:
        theme, is_lit, is_on = self._theme, self.isChecked(), self.isEnabled()
        pill = QRectF(0, 0, self.width(), self.pill_height()).adjusted(1, 1, -1, -1)
        round_px = pill.height() / 2
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            ground = theme.selection if is_lit and is_on else theme.band if is_lit or self._is_hot() else theme.raised
            edge = theme.selection if is_lit and is_on else theme.dim if is_on else theme.border
            painter.setPen(QPen(QColor(edge), 2 if self.isDown() else 1))
            painter.setBrush(QColor(ground if is_on or is_lit else theme.panel))
            painter.drawRoundedRect(pill, round_px, round_px)
            if self.hasFocus() or self.isDown():
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.setPen(QPen(QColor(theme.selection_text if is_lit and is_on else theme.selection), 1.5))
                painter.drawRoundedRect(pill.adjusted(2, 2, -2, -2), round_px - 2, round_px - 2)
            font = QFont(self.font())
            font.setBold(is_lit)
            painter.setFont(font)
            painter.setPen(QColor(theme.selection_text if is_lit and is_on else theme.text if is_on else theme.dim))
            painter.drawText(pill, Qt.AlignmentFlag.AlignCenter, self.text())
            if self.has_key:
                painter.setFont(key_font(self.font()))
                painter.setPen(QColor(theme.dim))
                below = QRect(0, self.pill_height(), self.width(), self.height() - self.pill_height())
                painter.drawText(below, Qt.AlignmentFlag.AlignCenter, str(self.preset.key))

    def _is_hot(self) -> bool:
        return self.isEnabled() and (self.isDown() or self.underMouse())


class BufferButtons(QWidget):
    """Shows the value of one buffer among its presets, and sets it. As many fit as fit; type size follows the font.

    GUI thread.
    """

    def __init__(self, knobs: KnobEditors, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._knobs = knobs
        self._theme = theme
        self._knob: Knob = knobs.buffer
        self._buttons: list[PresetButton] = []
        self._group = QButtonGroup(self)
        self._pressed = QTimer(self)
        self._pressed.setSingleShot(True)
        self._pressed.setInterval(_PRESS_MS)
        self._pressed.timeout.connect(self._release)
        self._make()
        knobs.shown_changed.connect(self._show_value)
        knobs.recorded_changed.connect(self._show_value)  # a method, so that it ends with the buttons
        knobs.changed.connect(self._flash)

    # What it shows

    def _make(self) -> None:
        """Make the buttons of the buffer that acts now."""
        for button in self._buttons:
            self._group.removeButton(button)
            button.hide()
            button.deleteLater()
        self._knob = self._knobs.buffer
        presets = (*presets_of(self._knob), Preset(0, 0.0, ""))
        self._buttons = [PresetButton(preset, self._theme, self) for preset in presets]
        self.setAccessibleName(f"{self._title()}: {self._knob.sentence}")
        for button in self._buttons:
            button.setObjectName(f"{self._knob.name}_preset_{button.preset.key}")
            button.setFont(self.font())
            button.clicked.connect(lambda _checked, pressed=button: self._choose(pressed))
            self._group.addButton(button)
            self._describe(button)
        self._show_value()

    def _title(self) -> str:
        return self._knob.gap_titles[0] or self._knob.short_label

    def _describe(self, button: PresetButton) -> None:
        words = self._knob.words(button.preset.value)
        key = f" (key {button.preset.key})" if button.has_key else ""
        button.setAccessibleName(f"{self._title()}: {words}{key}")
        button.setToolTip(plain_tip(f"{words}{key}\n{self._knob.sentence}\n{self._knob.when_it_acts}"))

    def _show_value(self) -> None:
        """Light the button of the value that is set; a value between the presets gets a button of its own."""
        if self._knob is not self._knobs.buffer:
            self._make()
            return
        value = self._knobs.number(self._knob.name)
        own = self._buttons[-1]
        lit = next((button for button in self._buttons[:-1] if button.preset.value == value), own)
        if lit is own:
            own.set_preset(Preset(0, value, short_word(self._knob, value)))
            self._describe(own)
        lit.setChecked(True)
        is_on = self._knobs.editors[self._knob.name].isEnabled()
        for button in self._buttons:
            button.setEnabled(is_on)
        self.setAccessibleDescription(f"set to {self._knob.words(value)}")
        self._place()

    def set_theme(self, theme: Theme) -> None:
        """Change the colours."""
        self._theme = theme
        for button in self._buttons:
            button.set_theme(theme)

    # Pressing

    def _choose(self, button: PresetButton) -> None:
        text = f"{button.preset.value:.0f}"
        if self._knobs.text(self._knob.name) != text:
            self._knobs.change(self._knob.name, text)

    def _flash(self, name: str) -> None:
        """Press the button of a value that came by a key, for a moment: so a room sees what was pressed."""
        lit = self._group.checkedButton()
        if name == self._knob.name and lit is not None and self.isVisible() and not lit.isDown():
            self._release()
            lit.setDown(True)
            self._pressed.start()

    def _release(self) -> None:
        for button in self._buttons:
            button.setDown(False)

    # Room

    def in_sight(self) -> list[PresetButton]:
        """Return the buttons for which there is room, in the order of their values."""
        return [button for button in sorted(self._buttons, key=_value_of) if not button.isHidden()]

    def _wanted(self, width: int) -> list[PresetButton]:
        own = self._buttons[-1]
        shown = sorted((each for each in self._buttons if each is not own or each.isChecked()), key=_value_of)
        for key in _FIRST_TO_GO:
            if _width_of(shown) <= width:
                break
            shown = [each for each in shown if each.preset.key != key or each.isChecked()]
        return shown

    def _place(self) -> None:
        wanted = self._wanted(self.width())
        left = 0
        for button in self._buttons:
            button.setVisible(button in wanted)
        for button in wanted:
            size = button.sizeHint()
            button.setGeometry(left, 0, size.width(), size.height())
            left += size.width() + _GAP_PX

    @override
    def sizeHint(self) -> QSize:
        usual = [each for each in self._buttons[:-1] if each.preset.key not in _FIRST_TO_GO[:2] or each.isChecked()]
        return QSize(_width_of(usual), usual[0].sizeHint().height())

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(_width_of(self._wanted(0)), self.sizeHint().height())

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    @override
    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            for button in self._buttons:
                button.setFont(self.font())
            self.updateGeometry()
            self._place()


def _value_of(button: PresetButton) -> float:
    return button.preset.value


def _width_of(buttons: list[PresetButton]) -> int:
    return sum(each.sizeHint().width() for each in buttons) + _GAP_PX * max(0, len(buttons) - 1)


def key_font(font: QFont) -> QFont:
    """Return the font of the keys below buttons of a font."""
    small = QFont(font)
    small.setPointSizeF(max(7.0, _KEY_SHARE * font.pointSizeF()))
    return small
