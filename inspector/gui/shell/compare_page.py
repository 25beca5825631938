"""The page that compares runs A and B: two ladders on one time axis, and a sentence about both."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFont, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QSplitter, QVBoxLayout, QWidget

from inspector.gui.style.safe_text import Label, plain_tip
from inspector.gui.style.shield import override
from inspector.gui.style.theme import Theme
from inspector.gui.views.compare_bar import CompareBar
from inspector.gui.views.ladder.ladder_view import LadderView

from .compare_controller import CompareController

_TIPS = {
    "run_both": ("Stream both", "Send both requests at the same time (Ctrl+Shift+R)"),
    "swap": ("Swap", "Exchange A and B"),
    "copy_knobs": ("Copy A → B", "Give B all settings of A"),
    "export_compare": ("Save picture…", "Save both ladders and the sentence as one picture"),
}


class ComparePage(QWidget):
    """Borrows the window's ladder while it is on screen (`enter`, `leave`). GUI thread."""

    #: Something went wrong or was done; carries a severity and a sentence.
    said = Signal(str, str)
    #: A short line for the status bar.
    hinted = Signal(str)
    #: The page is to be saved as a picture.
    save_requested = Signal()

    def __init__(self, comparing: CompareController, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("compare_page")
        self.comparing = comparing
        a, b = comparing.a, comparing.b
        self.ladder_a: LadderView | None = None
        comparing.begin_with_cure()
        self.bar_a = CompareBar(a.name, a.document, a.analysis, theme)
        self.bar_b = CompareBar(b.name, b.document, b.analysis, theme, picker=b.picker)
        self.caption = Label()
        self.caption.setObjectName("comparison")
        self.caption.setAccessibleName("Comparison")
        self.caption.setWordWrap(True)
        bold = QFont()
        bold.setBold(True)
        self.caption.setFont(bold)
        self.caption.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.buttons = {name: _button(name, *texts) for name, texts in _TIPS.items()}
        self._lay_out()
        self._connect()
        self.set_theme(theme)

    def _lay_out(self) -> None:
        self._head = QFrame()
        self._head.setObjectName("compare_head")
        row = QHBoxLayout(self._head)
        row.setContentsMargins(12, 5, 12, 5)
        row.addWidget(self.caption, 1)
        for button in self.buttons.values():
            row.addWidget(button)
        self._upper, self._lower = (
            _column(self.bar_a),
            _column(self.bar_b, self.comparing.b.recorded_line, self.comparing.b.ladder),
        )
        self.halves = QSplitter(Qt.Orientation.Vertical)
        self.halves.setChildrenCollapsible(False)
        self.halves.addWidget(self._upper)
        self.halves.addWidget(self._lower)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._head)
        column.addWidget(self.halves, 1)

    def _connect(self) -> None:
        comparing = self.comparing
        acts = {
            "run_both": self.run_both,
            "swap": comparing.swap,
            "copy_knobs": self.copy_knobs,
            "export_compare": self.save_requested.emit,
        }
        for name, button in self.buttons.items():
            button.clicked.connect(lambda _checked=False, act=acts[name]: act())
        comparing.b.picker.run_requested.connect(self._run_from_picker)
        comparing.b.knobs.run_requested.connect(self.run_both)
        comparing.compared.connect(self._compared)
        comparing.said.connect(self.said)

    # Coming and going

    def enter(self, ladder: LadderView) -> None:
        """Take the window's ladder in as A's."""
        self.ladder_a = ladder
        layout = self._upper.layout()
        assert layout is not None
        layout.addWidget(ladder)
        ladder.show()
        self.comparing.enter()
        ladder_b = self.comparing.b.ladder
        ladder_b.dragged_share = ladder.dragged_share
        ladder.join(ladder_b)
        ladder_b.join(ladder)
        self._make_room()

    def leave(self) -> LadderView | None:
        """Give the window's ladder back."""
        ladder, self.ladder_a = self.ladder_a, None
        if ladder is not None:
            ladder.join(None)
            self.comparing.b.ladder.join(None)
            self.comparing.leave()
        return ladder

    def run_both(self) -> None:
        """Stream A and B at the same time."""
        self.hinted.emit("")
        self.comparing.run_both()

    def _run_from_picker(self) -> None:
        """Stream both, and leave the picker: the keys of the picture act from here on."""
        b = self.comparing.b
        before = b.controller.run
        self.run_both()
        if b.controller.run is not before:
            b.ladder.setFocus(Qt.FocusReason.OtherFocusReason)

    def copy_knobs(self) -> None:
        """Give B the knobs of A."""
        self.comparing.b.recorded.use_these()
        self.comparing.copy_knobs()

    def set_presenting(self, presenting: bool) -> None:
        """Hide the buttons and paint B as thickly as A while presenting, as before otherwise."""
        self.show_buttons(not presenting)
        self.comparing.b.ladder.canvas.set_presenting(presenting)

    def show_buttons(self, shown: bool) -> None:
        """Show the buttons beside the sentence, or leave it the room."""
        for button in self.buttons.values():
            button.setVisible(shown)

    def set_theme(self, theme: Theme) -> None:
        """Change the colours."""
        self._head.setStyleSheet(f"#compare_head {{ background: {theme.background}; }}")
        for pane in (self.bar_a, self.bar_b, self.comparing.b.recorded_line, self.comparing.b.ladder):
            pane.set_theme(theme)

    def _compared(self, text: str) -> None:
        self.caption.setText(text)
        differs_a, differs_b = self.comparing.differing_knobs()
        self.bar_a.show_differing(differs_a)
        self.bar_b.show_differing(differs_b)

    # Room

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._make_room()

    def _make_room(self) -> None:
        """Give both ladders the same height; each shows what it has room for."""
        if self.ladder_a is None:
            return
        room = self.height() - self._head.height() - self.bar_a.height() - self.bar_b.height()
        self.halves.setSizes([room // 2, room // 2])


def _button(name: str, text: str, tip: str) -> QPushButton:
    button = QPushButton(text)
    button.setObjectName(f"{name}_button")
    button.setAccessibleName(tip)
    button.setToolTip(plain_tip(tip))
    return button


def _column(*widgets: QWidget) -> QWidget:
    body = QWidget()
    column = QVBoxLayout(body)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    for widget in widgets:
        column.addWidget(widget)
    return body
