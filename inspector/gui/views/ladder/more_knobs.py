"""The popup with the settings of a gap that have no room in its header."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QFormLayout, QFrame, QWidget

from inspector.catalogue import knob_of
from inspector.gui.editors.knob_editors import KnobEditors, knob_tip
from inspector.gui.style.safe_text import Label, plain_tip
from inspector.gui.style.shield import override


class MoreKnobs(QFrame):
    """Borrows editors from a header while it is open; Escape, a click beside it or a run closes it. GUI thread."""

    def __init__(self, knobs: KnobEditors, home: QWidget, given_back: Callable[[], object]) -> None:
        """``home`` is the widget that the editors go back to; ``given_back`` is called when they have."""
        super().__init__(home, Qt.WindowType.Popup)
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.setAccessibleName("More settings")
        self._knobs = knobs
        self._home = home
        self._given_back = given_back
        self._form = QFormLayout(self)
        knobs.run_requested.connect(self.hide)

    def open_at(self, button: QWidget, names: Sequence[str]) -> None:
        """Show the editors of some knobs beside a button, kept on the screen."""
        self._give_back()
        for name in names:
            editor = self._knobs.editors[name]
            self._form.addRow(label_of(name, self._knobs), editor)
            editor.show()
        self.adjustSize()
        corner = button.mapToGlobal(QPoint(button.width() + 4, 0))
        screen = button.screen().availableGeometry()
        left = max(screen.left(), min(corner.x(), screen.right() - self.width()))
        self.move(left, max(screen.top(), min(corner.y(), screen.bottom() - self.height())))
        self.show()
        if names:
            self._knobs.editors[names[0]].setFocus(Qt.FocusReason.PopupFocusReason)

    def _give_back(self) -> None:
        while self._form.rowCount():
            row = self._form.takeRow(0)
            editor, label = row.fieldItem.widget(), row.labelItem.widget()
            if editor is not None and editor.parent() is self:
                editor.hide()
                editor.setParent(self._home)
            if label is not None:
                label.deleteLater()

    @override
    def hideEvent(self, _event: object) -> None:
        self._give_back()
        self._given_back()


def label_of(name: str, knobs: KnobEditors) -> Label:
    """Return a label for a knob's editor."""
    label = Label(knob_of(name).short_label)
    label.setBuddy(knobs.editors[name])
    label.setToolTip(plain_tip(knob_tip(knob_of(name))))
    return label
