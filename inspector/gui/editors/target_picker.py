"""The editable combo box that names what to stream: a route of the built-in server, or a URL."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QComboBox, QLineEdit, QSizePolicy

from inspector.catalogue import FIRST_ROUTE, VIEWS, TargetKind
from inspector.gui.style.safe_text import plain_tip
from inspector.gui.style.shield import override
from inspector.gui.style.spin_arrows import ArrowComboBox
from inspector.session.target import kind_of_text

LEAST_LETTERS = 24


class TargetPicker(ArrowComboBox):
    """An editable list of the routes. GUI thread."""

    run_requested = Signal()
    #: It holds another route or URL; carries its text.
    target_edited = Signal(str)
    #: A person typed or chose something.
    edited_by_hand = Signal()

    def __init__(self, object_name: str) -> None:
        super().__init__()
        self.setObjectName(object_name)
        self.setAccessibleName("Stream: a route of the built-in server or a URL")
        self.setToolTip("A route of the built-in server, with settings as its query, or any URL. Enter streams it.")
        self.setEditable(True)
        self.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.setMaxVisibleItems(20)
        for view in VIEWS:
            self.addItem(view.route, view.route)
            at = self.count() - 1
            self.setItemData(at, plain_tip(f"{view.code}\n{view.sentence}"), Qt.ItemDataRole.ToolTipRole)
            self.setItemData(at, view.sentence, Qt.ItemDataRole.AccessibleDescriptionRole)
        self.line = QLineEdit()
        self.setLineEdit(self.line)
        self.line.setPlaceholderText(f"{FIRST_ROUTE} or http://host/path")
        self.line.setAccessibleName("Route or URL")
        self.line.returnPressed.connect(self.run_requested)
        self.line.textEdited.connect(lambda _text: self.edited_by_hand.emit())
        self.activated.connect(self._chosen)
        self.editTextChanged.connect(self.target_edited)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setMinimumContentsLength(LEAST_LETTERS)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)

    @override
    def minimumSizeHint(self) -> QSize:
        """Return the room for the least letters: Qt's own stays what it was when they are fewer."""
        return self.sizeHint()

    def set_least_letters(self, letters: int) -> None:
        """Set how many letters there is room for at least."""
        if letters != self.minimumContentsLength():
            self.setMinimumContentsLength(letters)

    @property
    def target_text(self) -> str:
        """What it holds."""
        return self.currentText().strip()

    def set_target_text(self, text: str) -> None:
        """Put a route or URL into it."""
        at = self.findText(text)
        if at >= 0:
            self.setCurrentIndex(at)
        self.setEditText(text)

    def set_recorded(self, is_recorded: bool) -> None:
        """Show the target of a recorded run in italics: the user did not choose it."""
        font = self.line.font()
        font.setItalic(is_recorded)
        self.line.setFont(font)

    def _chosen(self, _at: int) -> None:
        self.edited_by_hand.emit()
        self.run_requested.emit()

    @property
    def chosen_kind(self) -> TargetKind:
        """The kind of target that its text means as far as it is typed."""
        return kind_of_text(self.target_text)
