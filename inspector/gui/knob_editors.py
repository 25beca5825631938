"""Editors for knobs, made from the server's table: one widget per row of it, named ``knob_<name>``."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import QLocale, QObject, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QKeyEvent, QValidator
from PySide6.QtWidgets import QAbstractSpinBox, QDoubleSpinBox, QLineEdit, QWidget
from typing_extensions import override

from server.catalogue import KNOBS, BadKnob, Knob, View

#: What a number box shows instead of 0 where 0 means something of its own.
ZERO_MEANS = {"rows": "endless", "template_buffer": "none", "client_buffer": "as received", "row_bytes": "as it is"}
_UNIT_SUFFIX = {"rows": " rows", "ms": " ms", "bytes": " B", "items": " items"}
_SHORT = {"rows": "rows", "delay_ms": "every", "jitter": "jitter", "seed": "seed", "row_bytes": "row size",
          "fetch_rows": "fetch", "rows_per_yield": "rows per yield", "template_buffer": "buffer", "name": "name",
          "client_buffer": "buffer"}  # fmt: skip


def short_label(knob: Knob) -> str:
    """Return the word that stands beside a knob's editor."""
    return _SHORT.get(knob.name, knob.name.replace("_", " "))


class NumberEditor(QDoubleSpinBox):
    """A number whose arrows step through the knob's presets; any other value in range can be typed."""

    def __init__(self, knob: Knob) -> None:
        super().__init__()
        self._knob = knob
        self._presets = sorted({float(value) for value in knob.presets if not isinstance(value, str)})
        self.setDecimals(0 if knob.kind == "int" else 3)
        self.setRange(float(knob.minimum), float(knob.maximum))
        self.setLocale(QLocale.c())
        self.setGroupSeparatorShown(True)
        self.setSuffix(_UNIT_SUFFIX.get(knob.unit, ""))
        if knob.name in ZERO_MEANS:
            self.setSpecialValueText(ZERO_MEANS[knob.name])
        self.setAccelerated(True)
        self.setKeyboardTracking(False)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

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
        plain = text.removesuffix(self.suffix()).replace(",", "").strip()
        try:
            value = float(plain)
        except ValueError:
            return self.value()
        refused = self._knob.refused
        return self.minimum() if value in refused else value

    @override
    def validate(self, text: str, position: int) -> tuple[QValidator.State, str, int]:
        special = self.specialValueText()
        plain = text.removesuffix(self.suffix().rstrip()).replace(",", "").strip()
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


class Knobs(QObject):
    """All editors and their values. Values are texts as in a query; GUI thread."""

    #: A person changed a knob; carries its name. It applies to the next run.
    changed = Signal(str)
    #: Return was pressed in an editor: run again with the values as they are.
    run_requested = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._knobs = {knob.name: knob for knob in KNOBS}
        self._view: View | None = None
        self._is_shown = False
        self.editors: dict[str, QWidget] = {knob.name: self._make(knob) for knob in KNOBS}

    def _make(self, knob: Knob) -> QWidget:
        if knob.kind == "text":
            line = QLineEdit(str(knob.default))
            line.setMaxLength(int(knob.maximum))
            line.setPlaceholderText("not sent")
            line.textEdited.connect(lambda _text, name=knob.name: self.changed.emit(name))
            editor: QWidget = line
        else:
            box = NumberEditor(knob)
            box.setValue(float(knob.default))
            box.valueChanged.connect(lambda _value, name=knob.name: self.changed.emit(name))
            editor = box
        editor.setObjectName(f"knob_{knob.name}")
        editor.setAccessibleName(f"{knob.name.replace('_', ' ')}{f' in {knob.unit}' if knob.unit else ''}")
        editor.setAccessibleDescription(knob.sentence)
        editor.setToolTip(f"<b>{knob.name}</b> ({knob.range_text})<br>{knob.sentence}<br>Enter runs the stream again.")
        editor.installEventFilter(self)
        return editor

    @override
    def eventFilter(self, watched: QObject, event: object) -> bool:
        if not isinstance(event, QKeyEvent) or event.type() != QKeyEvent.Type.KeyPress:
            return False
        if event.key() not in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            return False
        if isinstance(watched, QDoubleSpinBox):
            watched.interpretText()
        self.run_requested.emit()
        return True

    def show_view(self, view: View | None) -> None:
        """Enable the knobs that act on a view (``client_buffer`` alone for a URL) and show its own defaults."""
        if self._is_shown and view is self._view:
            return
        self._is_shown = True
        self._view = view
        for name, editor in self.editors.items():
            acts = name in view.knobs if view else name == "client_buffer"
            editor.setEnabled(acts)
        if view is not None:
            template_buffer = self.editors["template_buffer"]
            if isinstance(template_buffer, NumberEditor) and "template_buffer" in view.knobs:
                with self._quietly(template_buffer):
                    template_buffer.setValue(float(view.default("template_buffer")))

    def acts(self, name: str) -> bool:
        """Tell whether a knob acts on what is chosen now."""
        return name in self._view.knobs if self._view else name == "client_buffer"

    def text(self, name: str) -> str:
        """Return the value of a knob as a query has it."""
        editor = self.editors[name]
        if isinstance(editor, NumberEditor):
            value = editor.value()
            return str(int(value)) if self._knobs[name].kind == "int" else f"{value:g}"
        assert isinstance(editor, QLineEdit)
        return editor.text()

    def set_text(self, name: str, text: str) -> None:
        """Set a knob without telling anybody. Raises `BadKnob`."""
        editor = self.editors[name]
        value = self._knobs[name].parse(text)
        with self._quietly(editor):
            if isinstance(editor, NumberEditor):
                editor.setValue(float(value))
            elif isinstance(editor, QLineEdit):
                editor.setText(str(value))

    def values(self) -> dict[str, str]:
        """Return the values of the knobs that act on what is chosen now, leaving out those at their defaults.

        A text is told unless it is empty: the views that greet read it from the query.
        """
        found: dict[str, str] = {}
        for name, knob in self._knobs.items():
            if not self.acts(name):
                continue
            text = self.text(name)
            default = self._view.default(name) if self._view else knob.default
            try:
                differs = knob.parse(text) != default
            except BadKnob:
                differs = True
            if (text != "") if knob.kind == "text" else differs:
                found[name] = text
        return found

    @contextmanager
    def _quietly(self, editor: QWidget) -> Iterator[None]:
        blocker = QSignalBlocker(editor)
        yield
        blocker.unblock()
