"""The page that compares runs A and B: two ladders on one time axis, and a sentence about both."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QFont, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QMenu, QPushButton, QSplitter, QVBoxLayout, QWidget

from inspector.gui.style.safe_text import Label, plain_tip
from inspector.gui.style.shield import override
from inspector.gui.style.theme import Theme
from inspector.gui.views.compare_bar import CompareBar
from inspector.gui.views.compare_figures import CompareFigures
from inspector.gui.views.detail.reader_pair import ReaderPair
from inspector.gui.views.ladder.ladder_view import LadderView
from inspector.gui.views.ladder.row_headers import Detail

from .compare_controller import CompareController

#: Qt's own, which PySide does not know.
_ANY_HEIGHT = (1 << 24) - 1
#: Type in the halves is never smaller than this, and follows the room in steps.
_LEAST_PT, _STEP_PT = 8.0, 0.5
_STREAM_BOTH = ("Stream both", "Send both requests at the same time (Ctrl+Shift+R)")
_STOP_BOTH = ("Stop both", "End both requests")
_TIPS = {
    "run_both": _STREAM_BOTH,
    "keep_b": ("Keep B", "Go on with B alone: its settings become yours (Ctrl+K)"),
    "back_to_a": ("Back to A", "Go on with A alone (Esc)"),
    "compare_more": ("More", "Swap A and B, copy settings, save a picture"),
}


class ComparePage(QWidget):
    """Borrows the window's ladder while it is on screen (`enter`, `leave`). GUI thread."""

    #: Something went wrong or was done; carries a severity and a sentence.
    said = Signal(str, str)
    #: A short line for the status bar.
    hinted = Signal(str)
    #: The page is to be saved as a picture.
    save_requested = Signal()
    #: Go on with B alone, or with A.
    kept = Signal()
    left = Signal()

    def __init__(self, comparing: CompareController, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("compare_page")
        self.comparing = comparing
        a, b = comparing.a, comparing.b
        self.ladder_a: LadderView | None = None
        self.bar_a = CompareBar(a.name, a.document, a.analysis, theme)
        self.bar_b = CompareBar(b.name, b.document, b.analysis, theme, picker=b.picker)
        self.caption = Label()
        self.caption.setObjectName("comparison")
        self.caption.setAccessibleName("Comparison")
        self.caption.setWordWrap(True)
        self.caption.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.figures = CompareFigures(theme)
        self.buttons = {name: _button(name, *texts) for name, texts in _TIPS.items()}
        self.buttons["compare_more"].setMenu(self._menu())
        self.readers = ReaderPair(a.document, b.document, theme)
        #: Whether the readers are on screen; None: where the ladders leave room for them.
        self._wants_readers: bool | None = None
        self._is_presenting = False
        #: What the halves need at least, by their size of type as far as it was tried; and the rows that this is of.
        self._needs: dict[float, int] = {}
        self._fitted_rows: object = None
        #: Once for all that changes together: another picture, other panes around it, rows that need more.
        self._room_timer = QTimer(self)
        self._room_timer.setSingleShot(True)
        self._room_timer.setInterval(0)
        self._room_timer.timeout.connect(self._make_room)
        self._lay_out()
        self._connect()
        self.set_theme(theme)

    def _lay_out(self) -> None:
        self._head = QFrame()
        self._head.setObjectName("compare_head")
        grid = QGridLayout(self._head)
        grid.setContentsMargins(12, 4, 10, 4)
        grid.setVerticalSpacing(2)
        row = QHBoxLayout()
        row.setSpacing(6)
        row.addWidget(self.figures, 1)
        for button in self.buttons.values():
            row.addWidget(button)
        grid.addLayout(row, 0, 0)
        grid.addWidget(self.caption, 1, 0)
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
        column.addWidget(self.readers)

    def _connect(self) -> None:
        comparing = self.comparing
        self.buttons["run_both"].clicked.connect(self._run_or_stop)
        self.buttons["keep_b"].clicked.connect(self.kept)
        self.buttons["back_to_a"].clicked.connect(self.left)
        for view in (comparing.a, comparing.b):
            view.controller.state_changed.connect(lambda _state: self._show_state())
        self._show_state()
        comparing.b.picker.run_requested.connect(self._run_from_picker)
        comparing.b.knobs.run_requested.connect(self.run_both)
        for ladder in (comparing.a.ladder, comparing.b.ladder):
            ladder.needed_height_changed.connect(self._room_timer.start)
        comparing.compared.connect(self._compared)
        comparing.said.connect(self.said)

    def _menu(self) -> QMenu:
        menu = QMenu(self)
        menu.setToolTipsVisible(True)
        acts: tuple[tuple[str, str, str, Callable[[], object]], ...] = (
            ("swap", "Swap A and B", "Exchange the runs and their settings", self.comparing.swap),
            ("copy_knobs", "Copy settings A → B", "Give B all settings of A", self.copy_knobs),
            ("export_compare", "Save picture…", "Save both ladders and the sentence as one picture",
             self.save_requested.emit),
        )  # fmt: skip
        for name, text, tip, act in acts:
            action = menu.addAction(text)
            action.setObjectName(f"{name}_action")
            action.setToolTip(plain_tip(tip))
            action.triggered.connect(lambda _checked=False, act=act: act())
        return menu

    def _show_state(self) -> None:
        """Let the buttons say what can be done now."""
        text, tip = _STOP_BOTH if self.comparing.is_running else _STREAM_BOTH
        button = self.buttons["run_both"]
        button.setText(text)
        button.setAccessibleName(tip)
        button.setToolTip(plain_tip(tip))
        self.buttons["keep_b"].setEnabled(self.comparing.b.folder is not None)

    def _run_or_stop(self) -> None:
        if self.comparing.is_running:
            self.comparing.stop()
        else:
            self.run_both()

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
        self._room_timer.start()

    def leave(self) -> LadderView | None:
        """Give the window's ladder back."""
        ladder, self.ladder_a = self.ladder_a, None
        self._wants_readers = None
        if ladder is not None:
            ladder.show()
            ladder.join(None)
            self.comparing.b.ladder.join(None)
            self.comparing.leave()
        return ladder

    def run_both(self) -> None:
        """Stream A and B at the same time."""
        self.hinted.emit("")
        self.comparing.run_both()

    def try_beside(self, settings: Mapping[str, str]) -> bool:
        """Stream B beside the run on screen, which is A: A with other settings."""
        self.hinted.emit("")
        return self.comparing.try_beside(settings)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and not event.modifiers():
            self.left.emit()
            return
        super().keyPressEvent(event)

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
        """Hide the buttons while presenting."""
        self.show_buttons(not presenting)
        self._is_presenting = presenting
        for bar in (self.bar_a, self.bar_b):
            bar.set_presenting(presenting)
        self._show_caption()

    def show_readers(self, shown: bool | None) -> None:
        """Show what the readers have under thinner gaps, leave it out, or (None) show it where there is room.

        A presentation has no room for both: there the readers stand in place of the ladders.
        """
        self._wants_readers = shown
        self._make_room()

    def show_buttons(self, shown: bool) -> None:
        """Show the buttons beside the sentence, or leave it the room."""
        for button in self.buttons.values():
            button.setVisible(shown)

    def set_theme(self, theme: Theme) -> None:
        """Change the colours."""
        self._head.setStyleSheet(f"#compare_head {{ background: {theme.background}; }}")
        b = self.comparing.b
        for pane in (self.figures, self.bar_a, self.bar_b, b.recorded_line, b.ladder, self.readers):
            pane.set_theme(theme)

    def _compared(self, text: str) -> None:
        self.caption.setText(text)
        self.figures.show_pairs(self.comparing.pairs(), is_fair=self.comparing.is_fair())
        self._show_caption()
        differs_a, differs_b = self.comparing.differing_knobs()
        self.bar_a.show_differing(differs_a)
        self.bar_b.show_differing(differs_b)

    def _show_caption(self) -> None:
        """Leave the sentence out while presenting where the figures above it say what matters, and may."""
        is_told = self._is_presenting and self.comparing.is_fair() and bool(self.figures.text)
        self.caption.setVisible(not is_told)
        self._room_timer.start()

    # Room

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._room_timer.start()

    def _make_room(self) -> None:
        """Give both ladders the same height; each shows what it has room for, and the readers what that leaves."""
        if self.ladder_a is None:
            return
        are_alone = self._is_presenting and bool(self._wants_readers)
        for ladder in (self.ladder_a, self.comparing.b.ladder):
            ladder.setVisible(not are_alone)
        bars = self.bar_a.sizeHint().height() + self.bar_b.sizeHint().height() + self.halves.handleWidth()
        self.halves.setMaximumHeight(bars if are_alone else _ANY_HEIGHT)
        if are_alone:
            self.readers.setFixedHeight(max(self.readers.least_height, self.height() - self._head.height() - bars))
            self.readers.show()
            return
        self._fit_type(self.height() - self._head.height() - self.halves.handleWidth())
        room = self.height() - self._head.height() - self.bar_a.height() - self.bar_b.height()
        room -= self.halves.handleWidth()
        ladders = 2 * self.ladder_a.height_at(Detail.BARE if self._wants_readers else Detail.FOLDED)
        left, least = room - ladders, self.readers.least_height
        has_room = left >= least and self._wants_readers is not False
        self.readers.setVisible(has_room)
        if has_room:
            readers = max(least, min(left, room // 4))
            self.readers.setFixedHeight(readers)
            room -= readers
        self.halves.setSizes([room // 2, room // 2])

    def _fit_type(self, room: int) -> None:
        """Write smaller in both halves where not even bare rows would fit, down to what can still be read.

        A lane that has to be scrolled to can't be compared.
        """
        assert self.ladder_a is not None
        ladders = (self.ladder_a, self.comparing.b.ladder)
        rows = tuple(ladder.rows for ladder in ladders)
        if rows != self._fitted_rows:
            self._fitted_rows, self._needs = rows, {}
        whole_pt, shown_pt = self.font().pointSizeF(), self.halves.font().pointSizeF()
        bars = self.bar_a.sizeHint().height() + self.bar_b.sizeHint().height()
        needed = self._needs[shown_pt] = 2 * max(ladder.height_at(Detail.BARE) for ladder in ladders) + bars
        wanted_pt = whole_pt
        while wanted_pt > _LEAST_PT and self._needs.get(wanted_pt, needed * wanted_pt / shown_pt) > room:
            wanted_pt = max(_LEAST_PT, wanted_pt - _STEP_PT)
        if wanted_pt != shown_pt:
            font = QFont()
            if wanted_pt < whole_pt:
                font.setPointSizeF(wanted_pt)
            self._write_in(font)

    def _write_in(self, font: QFont) -> None:
        """Give the halves and the sentence a font; what has a style sheet does not take that of the halves."""
        for widget in (self.halves, self.bar_a, self.bar_b, self.caption):
            widget.setFont(font)
        for ladder in (self.ladder_a, self.comparing.b.ladder):
            if ladder is not None:
                ladder.lay_out()  # each as wide as the other one is now
        self._room_timer.start()

    @override
    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._write_in(QFont())


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
