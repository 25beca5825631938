"""A combo box for a setting with a few values; values whose software is not installed are disabled."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QStandardItemModel, QWheelEvent
from PySide6.QtWidgets import QComboBox

from inspector.catalogue import Knob
from inspector.gui.style.safe_text import plain_tip
from inspector.gui.style.shield import override
from inspector.gui.style.spin_arrows import ArrowComboBox, arrow_edge

from .offered_rows import offer_of

#: Frame and margins of the field, both sides.
_FRAME_PX = 18


class ChoiceEditor(ArrowComboBox):
    """A combo box over ``knob.choices``."""

    def __init__(self, knob: Knob) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(8)
        self.addItems([knob.words(choice) for choice in knob.choices])
        self.setCurrentIndex(knob.choices.index(str(knob.default)))
        model = self.model()
        assert isinstance(model, QStandardItemModel)
        for at, name in enumerate(knob.choices):
            offer = offer_of(knob, name)
            if offer is None:
                continue
            self.setItemData(at, plain_tip(offer.tip), Qt.ItemDataRole.ToolTipRole)
            if not offer.is_available:
                model.item(at).setEnabled(False)
                model.item(at).setText(f"{name} (not installed)")
                self.setItemData(at, name, Qt.ItemDataRole.UserRole)

    @override
    def minimumSizeHint(self) -> QSize:
        """Return the room for what is chosen, whole."""
        least = super().minimumSizeHint()
        text = self.fontMetrics().horizontalAdvance(self.currentText())
        return QSize(max(least.width(), text + 2 * arrow_edge(self) + _FRAME_PX), least.height())

    @override
    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave the wheel to the ladder: a knob must not turn while one scrolls past it."""
        event.ignore()
