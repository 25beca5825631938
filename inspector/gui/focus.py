"""Going round the panes by keyboard."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget


def focus_next(panes: Sequence[QWidget], focused: QWidget | None, by: int) -> None:
    """Move the focus ``by`` panes on from the one that has it, leaving out those that are not on screen."""
    shown = [pane for pane in panes if pane.isVisible()]
    if not shown:
        return
    at = next((at for at, pane in enumerate(shown) if pane is focused or (focused and pane.isAncestorOf(focused))), -1)
    shown[(at + by) % len(shown)].setFocus(Qt.FocusReason.TabFocusReason)
