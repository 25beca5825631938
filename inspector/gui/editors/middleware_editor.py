"""The editor of the list of WSGI middlewares: a text field, and a popup to tick and reorder them."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QSize, Qt, Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from inspector.catalogue import MIDDLEWARES, Knob
from inspector.gui.style.safe_text import Label, plain_tip

from .offered_rows import offer_of

_LEAST_TARGET_PX = 24


class MiddlewareEditor(QWidget):
    """``gzip,rechunk:4096``: the first stands next to the view. GUI thread."""

    changed = Signal()

    def __init__(self, knob: Knob) -> None:
        super().__init__()
        self._knob = knob
        self.line = QLineEdit()
        self.line.setPlaceholderText("none")
        self.line.textEdited.connect(lambda _text: self.changed.emit())
        self.button = QToolButton()
        self.button.setText("…")
        self.button.setToolTip("Choose and order the middlewares")
        self.button.setAccessibleName("Choose middlewares")
        self.button.clicked.connect(self._open)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2)
        row.addWidget(self.line, 1)
        row.addWidget(self.button)
        self.setFocusProxy(self.line)

    def text(self) -> str:
        """Return the stack as a query has it."""
        return ",".join(self.names())

    def setText(self, text: str) -> None:
        """Show another stack."""
        self.line.setText(text)

    def names(self) -> list[str]:
        """Return the middlewares with their arguments, the innermost first."""
        return [name.strip() for name in self.line.text().split(",") if name.strip()]

    def _take(self, names: list[str]) -> None:
        self.line.setText(",".join(names))
        self.changed.emit()

    def _open(self) -> None:
        popup = MiddlewarePopup(self._knob, self.names(), self)
        popup.changed.connect(self._take)
        popup.move(self.mapToGlobal(QPoint(0, self.height())))
        popup.show()
        popup.list.setFocus()


class MiddlewarePopup(QFrame):
    """Ticked rows are in the stack, from the view (top) to the server (bottom); drag or use the buttons to reorder."""

    changed = Signal(list)

    def __init__(self, knob: Knob, names: list[str], parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.setAccessibleName("Middlewares")
        self._knob = knob
        self.list = QListWidget()
        self.list.setObjectName("middleware_list")
        self.list.setAccessibleName("Middlewares, the one next to the view first")
        self.list.setToolTip("Space ticks; drag or use the buttons to reorder")
        self.list.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        chosen = {name.partition(":")[0]: name for name in names}
        order = [name.partition(":")[0] for name in names]
        rows = sorted(MIDDLEWARES, key=lambda row: order.index(row.name) if row.name in chosen else len(order))
        for row in rows:
            item = QListWidgetItem(chosen.get(row.name, row.example))
            offer = offer_of(knob, row.name)
            item.setToolTip(plain_tip(offer.tip if offer else ""))
            flags = item.flags() | Qt.ItemFlag.ItemIsUserCheckable | Qt.ItemFlag.ItemIsEditable
            item.setFlags(flags if offer is None or offer.is_available else Qt.ItemFlag.NoItemFlags)
            item.setCheckState(Qt.CheckState.Checked if row.name in chosen else Qt.CheckState.Unchecked)
            item.setSizeHint(QSize(0, max(_LEAST_TARGET_PX, round(1.4 * self.fontMetrics().height()))))
            self.list.addItem(item)
        self.list.setMinimumSize(self.list.sizeHintForColumn(0) + 60, self.list.sizeHintForRow(0) * len(rows) + 8)
        self._help = Label()
        self._help.setObjectName("middleware_help")
        self._help.setWordWrap(True)
        self._help.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._help.setMinimumHeight(3 * self.fontMetrics().height())
        self._help.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self.list.setMouseTracking(True)
        # The style takes the edge of a box from the colour of the window: on dark it can't be seen.
        seen = self.list.palette()
        seen.setColor(QPalette.ColorRole.Window, seen.color(QPalette.ColorRole.PlaceholderText))
        self.list.setPalette(seen)
        self.list.currentItemChanged.connect(lambda item, _before: self._explain(item))
        self.list.itemEntered.connect(self._explain)
        self.list.itemChanged.connect(lambda _item: self._tell())
        self.list.model().rowsMoved.connect(lambda *_moved: self._tell())
        column = QVBoxLayout(self)
        column.addWidget(Label("The first is next to the view; bytes go down the list"))
        column.addWidget(self.list)
        column.addWidget(self._help)
        column.addLayout(self._buttons())

    def _explain(self, item: QListWidgetItem | None) -> None:
        """Say below the list what a middleware does, and where it can't be used why."""
        offer = offer_of(self._knob, item.text()) if item is not None else None
        self._help.setText(offer.tip if offer is not None else "")

    def _buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        for text, by in (("Up", -1), ("Down", 1)):
            button = QPushButton(text)
            button.setAccessibleName(f"Move {text.lower()}")
            button.setToolTip(plain_tip(f"Move the middleware {text.lower()}"))
            button.clicked.connect(lambda _checked, step=by: self._move(step))
            row.addWidget(button)
        clear = QPushButton("None")
        clear.setAccessibleName("No middleware")
        clear.setToolTip("Remove all middlewares")
        clear.clicked.connect(self._clear)
        row.addStretch(1)
        row.addWidget(clear)
        return row

    def _move(self, by: int) -> None:
        at = self.list.currentRow()
        if at < 0 or not 0 <= at + by < self.list.count():
            return
        item = self.list.takeItem(at)
        self.list.insertItem(at + by, item)
        self.list.setCurrentRow(at + by)
        self._tell()

    def _clear(self) -> None:
        for at in range(self.list.count()):
            self.list.item(at).setCheckState(Qt.CheckState.Unchecked)

    def _tell(self) -> None:
        items = [self.list.item(at) for at in range(self.list.count())]
        self.changed.emit([item.text() for item in items if item.checkState() == Qt.CheckState.Checked])
