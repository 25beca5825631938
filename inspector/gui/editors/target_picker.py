"""The editable combo box that names what to stream: a route of the built-in server, or a URL."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QStandardItemModel, QWheelEvent
from PySide6.QtWidgets import QComboBox, QCompleter, QLineEdit, QSizePolicy

from inspector.catalogue import FIRST_ROUTE, TargetKind, sections
from inspector.gui.style.safe_text import plain_tip
from inspector.gui.style.shield import override
from inspector.gui.style.spin_arrows import ArrowComboBox
from inspector.session.target import kind_of_text

LEAST_LETTERS = 24
_MOST_ROWS = 30
_RECENT = "Recent addresses"
#: The heading of a section; such a row can't be chosen.
SECTION_ROLE = int(Qt.ItemDataRole.UserRole) + 1
#: Whether a row is a recent address, which can be taken out.
RECENT_ROLE = int(Qt.ItemDataRole.UserRole) + 2


class _Completer(QCompleter):
    """Completes what is typed from its second character on: all routes begin with a slash, which is one of them."""

    @override
    def splitPath(self, path: str) -> list[str]:
        return super().splitPath(path) if len(path) > 1 else ["\n"]


class TargetPicker(ArrowComboBox):
    """An editable list of the routes. GUI thread."""

    run_requested = Signal()
    #: It holds another route or URL; carries its text.
    target_edited = Signal(str)
    #: A person typed or chose something.
    edited_by_hand = Signal()
    #: A person takes an address out of the recent ones; carries it.
    forget_requested = Signal(str)

    def __init__(self, object_name: str) -> None:
        super().__init__()
        self.setObjectName(object_name)
        self.setAccessibleName("Stream: a route of the built-in server or a URL")
        self.setToolTip("A route of the built-in server, with settings as its query, or any URL. Enter streams it.")
        self.setEditable(True)
        self.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.setMaxVisibleItems(_MOST_ROWS)
        for section, views in sections().items():
            self._add_section(self.count(), section)
            for view in views:
                self.addItem(view.route)
                at = self.count() - 1
                self.setItemData(at, plain_tip(f"{view.code}\n{view.sentence}"), Qt.ItemDataRole.ToolTipRole)
                self.setItemData(at, view.sentence, Qt.ItemDataRole.AccessibleDescriptionRole)
        self._recent_rows = 0
        self._is_painted = False
        self.line = QLineEdit()
        self.setLineEdit(self.line)
        completer = _Completer(self.model(), self.line)
        completer.setCompletionMode(QCompleter.CompletionMode.InlineCompletion)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.setCompleter(completer)
        self.line.setPlaceholderText(f"{FIRST_ROUTE} or http://host/path")
        self.line.setAccessibleName("Route or URL")
        self.line.returnPressed.connect(self.run_requested)
        self.line.textEdited.connect(lambda _text: self.edited_by_hand.emit())
        self.activated.connect(self._chosen)
        self.editTextChanged.connect(self.target_edited)
        self.setCurrentIndex(self.findText(FIRST_ROUTE))
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
        at = self.findText(text) if text else -1
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
        if not self.asks_for_secret():
            self.run_requested.emit()

    def asks_for_secret(self) -> bool:
        """Select what a recent address has lost of its secrets, to be typed again; return whether there is such."""
        from inspector.recording.redaction import REDACTED

        at = self.target_text.find(REDACTED)
        if at >= 0:
            self.line.setFocus(Qt.FocusReason.OtherFocusReason)
            self.line.setSelection(at, len(REDACTED))
        return at >= 0

    # The list

    def _add_section(self, at: int, heading: str) -> None:
        self.insertItem(at, "")
        self.setItemData(at, heading, SECTION_ROLE)
        self.setItemData(at, heading, Qt.ItemDataRole.AccessibleTextRole)
        model = self.model()
        if isinstance(model, QStandardItemModel):
            model.item(at).setFlags(Qt.ItemFlag.NoItemFlags)

    def set_recent_addresses(self, addresses: Sequence[str]) -> None:
        """Offer these above the routes."""
        text = self.currentText()
        self.blockSignals(True)  # the text stays as it is
        for _ in range(self._recent_rows):
            self.removeItem(0)
        if addresses:
            self._add_section(0, _RECENT)
        for at, address in enumerate(addresses, 1):
            self.insertItem(at, address)
            self.setItemData(at, True, RECENT_ROLE)
            self.setItemData(at, plain_tip(f"{address}\nDelete takes it out of the list"), Qt.ItemDataRole.ToolTipRole)
        self._recent_rows = len(addresses) + bool(addresses)
        self.setCurrentIndex(self.findText(text) if text else -1)
        self.setEditText(text)
        self.blockSignals(False)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        # Qt would choose the next one, which streams it.
        if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            self.showPopup()
        else:
            super().keyPressEvent(event)

    @override
    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()

    @override
    def showPopup(self) -> None:
        if not self._is_painted:
            self._is_painted = True
            from .target_list import AddressRemover, TargetDelegate

            self.setItemDelegate(TargetDelegate(self))
            AddressRemover(self.view()).removed.connect(self.forget_requested)
        screen = self.screen().availableSize().width()
        self.view().setMinimumWidth(min(self.view().sizeHintForColumn(0) + 24, screen * 9 // 10))
        super().showPopup()

    @property
    def chosen_kind(self) -> TargetKind:
        """The kind of target that its text means as far as it is typed."""
        return kind_of_text(self.target_text)
