"""The page that compares runs A and B: two ladders on one time axis, and a sentence about both."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFont, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QSplitter, QVBoxLayout, QWidget

from inspector.gui.editors.target_form import TargetForm
from inspector.gui.editors.target_picker import TargetPicker
from inspector.gui.models.time_range import TimeRange
from inspector.gui.style.safe_text import Label, plain_tip
from inspector.gui.style.shield import override
from inspector.gui.style.theme import Theme
from inspector.gui.views.compare_bar import CompareBar
from inspector.gui.views.ladder.ladder_view import LadderView
from inspector.gui.views.recorded_line import RecordedLine

from .compare_controller import CompareController
from .compare_picture import ask_and_save
from .live_knobs import LiveKnobs
from .recorded_settings import RecordedSettings

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

    def __init__(self, comparing: CompareController, time_range: TimeRange, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("compare_page")
        self.comparing = comparing
        self.ladder_a: LadderView | None = None
        self.picker = TargetPicker("stream_picker_b")
        self.picker.setAccessibleName("Stream B: a route of the built-in server or a URL")
        self.picker.set_target_text(comparing.a.target_text())
        self._target_form = TargetForm(self.picker, comparing.knobs)
        comparing.begin_with_cure()
        self.ladder_b = LadderView(comparing.document, comparing.analysis, time_range, comparing.knobs, theme)
        self.ladder_b.setObjectName("ladder_b")
        self.ladder_b.setAccessibleName("Ladder B")
        self.ladder_b.canvas.setObjectName("ladder_b_canvas")
        self.ladder_b.headers.setObjectName("ladder_b_headers")
        a = comparing.a
        self.bar_a = CompareBar("A", a.document, a.analysis, theme)
        self.bar_b = CompareBar("B", comparing.document, comparing.analysis, theme, picker=self.picker)
        self.recorded_line = RecordedLine(theme, name="recorded_line_b")
        self.recorded = RecordedSettings(
            self.picker, comparing.knobs, comparing.document, comparing.controller, self.recorded_line
        )
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
        self._upper, self._lower = _column(self.bar_a), _column(self.bar_b, self.recorded_line, self.ladder_b)
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
            "swap": self.swap,
            "copy_knobs": self.copy_knobs,
            "export_compare": lambda: ask_and_save(self),
        }
        for name, button in self.buttons.items():
            button.clicked.connect(lambda _checked=False, act=acts[name]: act())
        self.picker.run_requested.connect(self._run_from_picker)
        comparing.knobs.run_requested.connect(self.run_both)
        comparing.compared.connect(self._compared)
        comparing.said.connect(self.said)
        self.recorded.said.connect(self.said)
        self.live_knobs = LiveKnobs(comparing.knobs, comparing.controller, lambda: self.picker.chosen_kind)
        self.live_knobs.said.connect(self.hinted)

    # Coming and going

    def enter(self, ladder: LadderView) -> None:
        """Take the window's ladder in as A's."""
        self.ladder_a = ladder
        layout = self._upper.layout()
        assert layout is not None
        layout.addWidget(ladder)
        ladder.show()
        self.comparing.enter()
        self.ladder_b.dragged_share = ladder.dragged_share
        ladder.join(self.ladder_b)
        self.ladder_b.join(ladder)
        self._make_room()

    def leave(self) -> LadderView | None:
        """Give the window's ladder back."""
        ladder, self.ladder_a = self.ladder_a, None
        if ladder is not None:
            ladder.join(None)
            self.ladder_b.join(None)
            self.comparing.leave()
        return ladder

    def run_both(self) -> None:
        """Stream A and B at the same time."""
        self.hinted.emit("")
        self.comparing.run_both(self._target_form.target)

    def _run_from_picker(self) -> None:
        """Stream both, and leave the picker: the keys of the picture act from here on."""
        before = self.comparing.controller.run
        self.run_both()
        if self.comparing.controller.run is not before:
            self.ladder_b.setFocus(Qt.FocusReason.OtherFocusReason)

    def swap(self) -> None:
        """Let A and B change places."""
        for knobs in (self.comparing.a.knobs, self.comparing.knobs):
            knobs.adopt()
        self.comparing.swap(self.picker.target_text, self.picker.set_target_text)

    def copy_knobs(self) -> None:
        """Give B the knobs of A."""
        self.recorded.use_these()
        self.comparing.copy_knobs()

    def set_presenting(self, presenting: bool) -> None:
        """Leave the buttons away for a room and paint B as thickly as A, or be as before."""
        self.show_buttons(not presenting)
        self.ladder_b.canvas.set_presenting(presenting)

    def show_buttons(self, shown: bool) -> None:
        """Show the buttons beside the sentence, or leave it the room."""
        for button in self.buttons.values():
            button.setVisible(shown)

    def set_theme(self, theme: Theme) -> None:
        """Change the colours."""
        self._head.setStyleSheet(f"#compare_head {{ background: {theme.background}; }}")
        for pane in (self.bar_a, self.bar_b, self.recorded_line, self.ladder_b):
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
