"""The toolbar: what to stream, Stream or Stop, Freeze, the picture, and the list of runs."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Signal
from PySide6.QtGui import QColor, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QFrame,
    QHBoxLayout,
    QMenu,
    QPushButton,
    QToolButton,
)

from inspector.catalogue import TargetKind
from inspector.gui.editors.target_picker import LEAST_LETTERS, TargetPicker
from inspector.gui.style.elided_label import ElidedLabel
from inspector.gui.style.icons import edge_beside, icon, space_beside
from inspector.gui.style.run_states import RunState
from inspector.gui.style.safe_text import plain_tip
from inspector.gui.style.shield import override
from inspector.gui.style.theme import Theme

from .view_switch import ViewSwitch

_SPACING_PX = 8
_MARGIN_PX = 10
#: How many kinds of words go, one after the other, where the window is narrow.
_MOST_STEPS = 5
_FEW_LETTERS = 12


class Toolbar(QFrame):
    """Emits requests as signals and shows state; decides nothing. GUI thread."""

    run_requested = Signal()
    stop_requested = Signal()
    pause_toggled = Signal(bool)
    present_toggled = Signal(bool)
    view_chosen = Signal(str)
    runs_toggled = Signal(bool)
    #: The picker holds another route or URL; carries its text.
    target_edited = Signal(str)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("toolbar")
        self._theme = theme
        self._running = False
        self._pause_text = "Freeze"
        self.run_button = QPushButton("Stream")
        self.run_button.setObjectName("run_button")
        self.run_button.clicked.connect(self._run_clicked)
        self.picker = TargetPicker("stream_picker")
        self.line = self.picker.line
        self.picker.run_requested.connect(self.run_requested)
        self.picker.target_edited.connect(self._edited)
        self.code = ElidedLabel()
        self.code.set_dim(True)
        self.pause_button = QPushButton("Freeze")
        self.pause_button.setObjectName("pause_button")
        self.pause_button.setCheckable(True)
        self.pause_button.setAccessibleName("Freeze")
        self.pause_button.setToolTip("Freeze the picture; recording goes on (Space)")
        self.pause_button.toggled.connect(self.pause_toggled)
        self.present_button = QPushButton("Present")
        self.present_button.setObjectName("present_button")
        self.present_button.setCheckable(True)
        self.present_button.setAccessibleName("Present")
        self.present_button.setToolTip("Presentation mode: large text, picture only (F11, Ctrl+Shift+P; Escape ends)")
        self.present_button.clicked.connect(self.present_toggled)
        self.menu_button = self._make_menu_button()
        self.view_switch = ViewSwitch(theme)
        self.view_switch.chosen.connect(self.view_chosen)
        self.runs_button = self._make_runs_button()
        layout = self._row = QHBoxLayout(self)
        layout.setContentsMargins(_MARGIN_PX, 7, _MARGIN_PX, 7)
        layout.setSpacing(_SPACING_PX)
        for widget, stretch in (
            (self.runs_button, 0), (self.run_button, 0), (self.picker, 1), (self.code, 100), (self.pause_button, 0),
            (self.view_switch, 0), (self.present_button, 0), (self.menu_button, 0),
        ):  # fmt: skip
            layout.addWidget(widget, stretch)
        self.set_theme(theme)
        self.show_state(RunState.IDLE)
        self._edited(self.picker.currentText())

    def _make_menu_button(self) -> QToolButton:
        button = QToolButton()
        button.setObjectName("menu_button")
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        button.setAccessibleName("Menu")
        button.setToolTip("Menu: open, save, view, compare, help (Alt+M)")
        button.setShortcut("Alt+M")
        return button

    def _make_runs_button(self) -> QToolButton:
        button = QToolButton()
        button.setObjectName("runs_button")
        button.setCheckable(True)
        button.setAccessibleName("Runs")
        button.setToolTip("The list of all runs: open, compare, pin, delete (Ctrl+B)")
        button.clicked.connect(self.runs_toggled)
        return button

    # Showing

    def set_menu(self, menu: QMenu) -> None:
        """Give the menu button its menu."""
        self.menu_button.setMenu(menu)

    def show_state(self, state: RunState) -> None:
        """Make the one button say Stream or Stop."""
        self._running = state.is_running
        self.pause_button.setEnabled(self._running or self.pause_button.isChecked())
        self.run_button.setText("Stop" if self._running else "Stream")
        self.run_button.setAccessibleName("Stop the stream" if self._running else "Stream")
        self.run_button.setToolTip(
            plain_tip("End the request (Ctrl+R, F5)" if self._running else "Send the request (Ctrl+R, F5)")
        )
        self._draw_icons()

    def show_paused(self, paused: bool, hidden_items: int, items: str) -> None:
        """Show whether the picture is frozen and what came since."""
        self.pause_button.setChecked(paused)
        self.pause_button.setEnabled(self._running or paused)
        self._pause_text = (f"Resume, {hidden_items:,} new {items}" if paused and hidden_items else
                            "Resume" if paused else "Freeze")  # fmt: skip
        self.pause_button.setAccessibleName(self._pause_text)
        self._draw_icons()

    def show_presenting(self, presenting: bool) -> None:
        """Show whether this is a presentation; the toolbar itself is hidden then."""
        self.present_button.setChecked(presenting)

    def show_runs(self, shown: bool) -> None:
        """Show whether the list of runs is on screen."""
        self.runs_button.setChecked(shown)

    def set_theme(self, theme: Theme) -> None:
        """Change the colours."""
        self._theme = theme
        self.setStyleSheet(f"Toolbar {{ background: {theme.panel}; border-bottom: 1px solid {theme.border}; }}")
        self.view_switch.set_theme(theme)
        self._draw_icons()

    def _draw_icons(self) -> None:
        text, edge = QColor(self._theme.text), edge_beside(self)
        run, space = QColor(self._theme.error if self._running else self._theme.message), space_beside(self)
        self.run_button.setIcon(icon("stop" if self._running else "play", run, size_px=edge, space_px=space))
        self.pause_button.setIcon(
            icon("resume" if self.pause_button.isChecked() else "pause", text, size_px=edge, space_px=space)
        )
        self.menu_button.setIcon(icon("menu", text, size_px=edge))
        self.present_button.setIcon(icon("present", text, size_px=edge))
        self.runs_button.setIcon(icon("runs", text, size_px=edge))
        sized: tuple[QAbstractButton, ...] = (
            self.runs_button, self.run_button, self.pause_button, self.present_button, self.menu_button,
        )  # fmt: skip
        for each in sized:
            each.setIconSize(QSize(edge + space, edge))
        widest = max(self.fontMetrics().horizontalAdvance(word) for word in ("Stream", "Stop"))
        self.run_button.setMinimumWidth(widest + edge + space + 36)
        self._make_room()

    def _make_room(self) -> None:
        """Leave words away where the window is too narrow for them, one button after the other."""
        step = next((each for each in range(_MOST_STEPS) if self._needed_width(each) <= self.width()), _MOST_STEPS)
        self.code.setVisible(step < 1)
        self.view_switch.set_words(self._has_view_words(step))
        texts = ((self.present_button, self._present_text(step)), (self.pause_button, self._shown_pause_text(step)))
        for button, text in texts:
            if button.text() != text:
                button.setText(text)
        self.picker.set_least_letters(LEAST_LETTERS if step < _MOST_STEPS else _FEW_LETTERS)

    # Each step leaves one more away: the code of the view, words of the pictures, of Present, of Pause, a long picker.

    def _has_view_words(self, step: int) -> bool:
        return step < 2

    def _present_text(self, step: int) -> str:
        return "" if step >= 3 else "Present"

    def _shown_pause_text(self, step: int) -> str:
        return "" if step >= 4 else self._pause_text

    def _needed_width(self, step: int) -> int:
        """Return the width that everything needs at a step; nothing is changed to find it out."""
        metrics = self.fontMetrics()
        letters = self.picker.minimumContentsLength()
        widths = [
            self.run_button.sizeHint().width(),
            self.picker.sizeHint().width() + (LEAST_LETTERS - letters) * metrics.horizontalAdvance("X"),
            self.view_switch.width_with_words() if self._has_view_words(step) else self.view_switch.width_of_icons(),
            _width_with(self.present_button, self._present_text(step)),
        ]
        widths += [each.sizeHint().width() for each in (self.runs_button, self.menu_button)]
        widths.append(_width_with(self.pause_button, self._shown_pause_text(step)))
        widths += [self.code.sizeHint().width()] if step < 1 and self.code.text() else []
        return sum(widths) + _SPACING_PX * len(widths) + 2 * _MARGIN_PX

    @override
    def event(self, event: QEvent) -> bool:
        done = super().event(event)
        if event.type() == QEvent.Type.LayoutRequest:  # type or words have changed
            self._make_room()
        return done

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._make_room()

    # Acting

    @property
    def target_text(self) -> str:
        """What the picker holds."""
        return self.picker.target_text

    def set_target_text(self, text: str) -> None:
        """Put a route or URL into the picker."""
        self.picker.set_target_text(text)

    @property
    def chosen_kind(self) -> TargetKind:
        """The kind of target that the picker names."""
        return self.picker.chosen_kind

    def _run_clicked(self) -> None:
        (self.stop_requested if self._running else self.run_requested).emit()

    def _edited(self, text: str) -> None:
        self.code.setText(self.chosen_kind.code)
        self._make_room()
        self.target_edited.emit(text)


def _width_with(button: QPushButton, text: str) -> int:
    """Return the width of a button if it had another text."""
    advance = button.fontMetrics().horizontalAdvance
    return button.sizeHint().width() - advance(button.text()) + advance(text)
