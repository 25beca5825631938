"""Moves the keyboard focus from pane to pane (F6), and gives a pane that is made later its place in the tab order."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

if TYPE_CHECKING:
    from .main_window import MainWindow


def panes_of(window: MainWindow) -> list[QWidget]:
    """Return the widgets that F6 goes through."""
    picture = window.window_layout.shown_picture
    if picture is window.a.ladder:
        picture = window.a.ladder.canvas
    return [
        window.toolbar.picker, window.runs.place, window.overview, picture, window.table.table,
        window.detail.tabs.currentWidget(),
    ]  # fmt: skip


def focus_next_pane(window: MainWindow, by: int) -> None:
    """Move the focus to the next or the previous pane of a window."""
    focus_next(panes_of(window), window.focusWidget(), by)


def focus_next(panes: Sequence[QWidget], focused: QWidget | None, by: int) -> None:
    """Move the focus ``by`` panes on from the one that has it, leaving out those that are not on screen."""
    shown = [pane for pane in panes if pane.isVisible()]
    if not shown:
        return
    at = next((at for at, pane in enumerate(shown) if pane is focused or (focused and pane.isAncestorOf(focused))), -1)
    shown[(at + by) % len(shown)].setFocus(Qt.FocusReason.TabFocusReason)


def insert_into_tab_order(place: QWidget, pane: QWidget) -> None:
    """Let the tab key reach a pane that was just made, and all that is in it, after ``place`` that stands for it."""
    made = [pane]
    while (each := made[-1].nextInFocusChain()) is not None and pane.isAncestorOf(each):
        made.append(each)
    before = place
    while before.focusPolicy() == Qt.FocusPolicy.NoFocus and (earlier := before.previousInFocusChain()) is not None:
        before = earlier
    for widget in made:
        # Qt takes only what takes the focus; what hands it on keeps its place beside that.
        if widget.focusPolicy() != Qt.FocusPolicy.NoFocus and widget.focusProxy() is None:
            QWidget.setTabOrder(before, widget)
            before = widget
