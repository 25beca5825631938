"""The popup with all settings of a gap: under headings, each with a line that says what it does, or why it can't."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPoint, QSize, Qt
from PySide6.QtGui import QFont, QPalette
from PySide6.QtWidgets import QFrame, QGridLayout, QPushButton, QScrollArea, QVBoxLayout, QWidget

from inspector.catalogue import Knob, knob_of
from inspector.gui.editors.knob_editors import Editor, KnobEditors, knob_tip
from inspector.gui.style.safe_text import Label, plain_tip
from inspector.gui.style.shield import override

_WIDTH_LETTERS = 76
_MARGIN_PX = 12
_CHANGED = "● "


@dataclass(frozen=True, slots=True)
class _Row:
    """The widgets of one setting."""

    knob: Knob
    label: Label
    help: Label
    reset: QPushButton
    editor: Editor


class MoreKnobs(QFrame):
    """Borrows editors from a header while it is open; Escape, a click beside it or a run closes it. GUI thread."""

    def __init__(self, knobs: KnobEditors, home: QWidget, given_back: Callable[[], object]) -> None:
        """``home`` is the widget that the editors go back to; ``given_back`` is called when they have."""
        super().__init__(home, Qt.WindowType.Popup)
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.setAccessibleName("Settings")
        self._knobs = knobs
        self._home = home
        self._given_back = given_back
        self._rows: list[_Row] = []
        self._body = QWidget()
        self._area = QScrollArea(self)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setWidgetResizable(True)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._reset = QPushButton("Reset settings")
        self._reset.setObjectName("reset_settings")
        self._reset.setAccessibleName("Reset all settings")
        self._reset.setToolTip("Set every setting back to what the view takes by default (Ctrl+Backspace)")
        self._reset.clicked.connect(lambda _checked: knobs.reset())
        column = QVBoxLayout(self)
        column.setContentsMargins(2, 2, 2, 8)
        column.addWidget(self._area)
        column.addWidget(self._reset, alignment=Qt.AlignmentFlag.AlignRight)
        knobs.run_requested.connect(self.hide)
        knobs.shown_changed.connect(self._refresh)

    def open_at(self, button: QWidget, names: Sequence[str]) -> None:
        """Show the editors of some settings beside a button, kept on the screen."""
        self._give_back()
        self._body = QWidget()
        grid = QGridLayout(self._body)
        grid.setContentsMargins(_MARGIN_PX, 8, _MARGIN_PX, 8)
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(2)
        grid.setColumnStretch(1, 1)
        grid.setColumnMinimumWidth(2, QPushButton("Reset").sizeHint().width())
        for heading, group in _by_heading(names):
            if heading:
                grid.addWidget(_bold(heading), grid.rowCount(), 0, 1, 3)
            for name in group:
                self._add_row(grid, name)
        self._area.setWidget(self._body)
        self._refresh()
        screen = button.screen().availableGeometry()
        self.resize(self._fitting(screen.size()))
        corner = button.mapToGlobal(QPoint(button.width() + 4, 0))
        left = max(screen.left(), min(corner.x(), screen.right() - self.width()))
        self.move(left, max(screen.top(), min(corner.y(), screen.bottom() - self.height())))
        self.show()
        first = next((row.editor for row in self._rows if row.editor.isEnabled()), None)
        if first is not None:
            first.setFocus(Qt.FocusReason.PopupFocusReason)

    def _add_row(self, grid: QGridLayout, name: str) -> None:
        knob, editor = knob_of(name), self._knobs.editors[name]
        label = Label(knob.short_label)
        label.setBuddy(editor)
        label.setToolTip(plain_tip(knob_tip(knob)))
        reset = QPushButton("Reset")
        reset.setObjectName(f"reset_{name}")
        reset.setAccessibleName(f"Reset {knob.short_label}")
        reset.clicked.connect(lambda: self._knobs.reset([name]))
        explained = Label()
        explained.setObjectName(f"help_{name}")
        explained.setWordWrap(True)
        at = grid.rowCount()
        grid.addWidget(label, at, 0)
        grid.addWidget(editor, at, 1)
        grid.addWidget(reset, at, 2)
        grid.addWidget(explained, at + 1, 0, 1, 3)
        grid.setRowMinimumHeight(at + 2, 6)
        editor.show()
        self._rows.append(_Row(knob, label, explained, reset, editor))

    def _fitting(self, screen: QSize) -> QSize:
        """Return the size for all rows, as far as the screen goes."""
        letter = self.fontMetrics().averageCharWidth()
        grid = self._body.layout()
        assert grid is not None
        width = max(_WIDTH_LETTERS * letter, grid.minimumSize().width() + 24)
        height = grid.totalHeightForWidth(width - 4) + self._reset.sizeHint().height() + 34
        return QSize(min(width, screen.width()), min(height, screen.height()))

    def _refresh(self) -> None:
        """Show what is changed, what does nothing now and why."""
        for row in self._rows:
            is_changed = self._knobs.is_changed(row.knob.name)
            row.label.setText(f"{_CHANGED if is_changed else ''}{row.knob.short_label}")
            row.reset.setVisible(is_changed and not self._knobs.is_recorded)
            default = row.knob.words(self._knobs.kind.default(row.knob.name))
            row.reset.setToolTip(plain_tip(f"Back to {default}"))
            problem = self._knobs.problem(row.knob.name)
            row.help.setText(problem or self._help(row.knob))
            role = QPalette.ColorRole.BrightText if problem else QPalette.ColorRole.PlaceholderText
            row.help.setForegroundRole(role)
        self._reset.setEnabled(bool(self._knobs.changed_names()) and not self._knobs.is_recorded)

    def _help(self, knob: Knob) -> str:
        if not self._knobs.acts(knob.name) and knob.needs_text:
            return knob.needs_text
        return f"{knob.sentence} {'In effect at once.' if knob.live else ''}".rstrip()

    def _give_back(self) -> None:
        for row in self._rows:
            if row.editor.window() is self:
                row.editor.hide()
                row.editor.setParent(self._home)
        self._rows.clear()
        if self._area.widget() is not None:
            self._area.takeWidget().deleteLater()

    @override
    def hideEvent(self, _event: object) -> None:
        self._give_back()
        self._given_back()


def _by_heading(names: Sequence[str]) -> Iterator[tuple[str, list[str]]]:
    """Yield settings by their headings in the order of the first of each; one group alone needs no heading."""
    groups: dict[str, list[str]] = {}
    for name in names:
        groups.setdefault(knob_of(name).heading, []).append(name)
    for heading, group in groups.items():
        yield heading if len(groups) > 1 else "", group


def _bold(text: str) -> Label:
    label = Label(text)
    font = QFont(label.font())
    font.setBold(True)
    label.setFont(font)
    return label
