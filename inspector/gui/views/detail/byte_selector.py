"""Turns clicks and keys in the text and hex views into a selection of items."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, Qt, QTimer
from PySide6.QtGui import QKeyEvent, QMouseEvent

from inspector.gui.models.navigation import step_selection

if TYPE_CHECKING:
    from .byte_view import ByteView

_SCROLL_EVERY_MS = 30
_KEYS = Qt.Key


class ByteSelector:
    """The caret of a byte view. Up and down move it by rows, left and right by items; Shift extends from the anchor.

    The caret is a byte: so an item longer than the window can be walked through with the keyboard.
    """

    def __init__(self, view: ByteView) -> None:
        self._view = view
        self._anchor: int | None = None
        self._caret: int | None = None
        self._pointer: QPointF | None = None
        #: True while a selection is made here: the view does not scroll to it.
        self.is_selecting = False
        self._scroll_timer = QTimer(view)
        self._scroll_timer.setInterval(_SCROLL_EVERY_MS)
        self._scroll_timer.timeout.connect(self._scroll_while_dragging)
        self._moves: dict[int, Callable[[bool], None]] = {
            _KEYS.Key_Up: lambda extend: self._move_rows(-1, extend),
            _KEYS.Key_Down: lambda extend: self._move_rows(1, extend),
            _KEYS.Key_PageUp: lambda extend: self._move_rows(1 - view.page_rows, extend),
            _KEYS.Key_PageDown: lambda extend: self._move_rows(view.page_rows - 1, extend),
            _KEYS.Key_Left: lambda extend: self._move_items(-1, extend),
            _KEYS.Key_Right: lambda extend: self._move_items(1, extend),
            _KEYS.Key_Home: lambda extend: self._move_to(0, extend),
            _KEYS.Key_End: self._move_to_end,
        }

    @property
    def caret(self) -> int | None:
        """The byte that keys start from; None until something was selected."""
        return self._caret

    def forget(self) -> None:
        """Forget the caret: another recording is shown."""
        self._anchor = self._caret = self._pointer = None
        self._scroll_timer.stop()

    def moved_elsewhere(self, start: int) -> None:
        """Take the caret along to a selection made elsewhere."""
        self._anchor = self._caret = start

    # Pointer

    def pressed(self, event: QMouseEvent) -> None:
        """Select the item under the pointer; with Shift, all from the anchor to it."""
        byte = self._view.byte_at(event.position())
        if event.button() != Qt.MouseButton.LeftButton or byte is None:
            return
        self._pointer = event.position()
        self._select(byte, extend=bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))

    def dragged(self, event: QMouseEvent) -> None:
        """Select all items from where the pointer was pressed to where it is."""
        if self._pointer is None:
            return
        self._pointer = event.position()
        self._drag_on()
        outside = not 0 <= self._pointer.y() < self._view.viewport().height()
        if outside != self._scroll_timer.isActive():
            turn = self._scroll_timer.start if outside else self._scroll_timer.stop
            turn()

    def released(self) -> None:
        """End a drag."""
        self._pointer = None
        self._scroll_timer.stop()

    def _scroll_while_dragging(self) -> None:
        if self._pointer is None:
            return
        self._view.scroll_rows(-1 if self._pointer.y() < 0 else 1)
        self._drag_on()

    def _drag_on(self) -> None:
        byte = self._view.byte_at(self._pointer) if self._pointer is not None else None
        if byte is not None:
            self._select(byte, extend=True)

    # Keys

    def take_key(self, event: QKeyEvent) -> bool:
        """Act on a key; tell whether it was one of ours."""
        held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        move = self._moves.get(event.key())
        if move is None or not self._view.rows.end or held & ~Qt.KeyboardModifier.ShiftModifier:
            return False
        move(bool(held & Qt.KeyboardModifier.ShiftModifier))
        return True

    def _move_rows(self, count: int, extend: bool) -> None:
        view = self._view
        if self._caret is None:
            self._move_to(view.window_rows.top, extend)
            return
        row = view.rows.row(self._caret)
        across = self._caret - row.start
        for _ in range(abs(count)):
            beside = row.stop if count > 0 else row.start - 1
            if not 0 <= beside < view.rows.end:
                break
            row = view.rows.row(beside)
        self._move_to(min(row.start + across, row.stop - 1), extend)

    def _move_items(self, by: int, extend: bool) -> None:
        view = self._view
        chosen = step_selection(view.document, view.layer, by, extend=extend)
        if chosen is None:
            return
        start, stop = chosen.byte_range(view.document.content_track(chosen.layer))
        self._caret = max(0, stop - 1 if extend and by > 0 else start)
        self._anchor = self._anchor if extend else self._caret
        self._keep(lambda: view.document.select(chosen))
        view.reveal(self._caret, self._caret + 1)

    def _move_to_end(self, extend: bool) -> None:
        self._move_to(self._view.rows.end - 1, extend)
        if not extend:
            self._view.document.set_following(True)

    def _move_to(self, byte: int, extend: bool) -> None:
        self._select(byte, extend=extend)
        self._view.reveal(byte, byte + 1)

    def _select(self, byte: int, *, extend: bool) -> None:
        view = self._view
        self._caret = byte
        if not extend or self._anchor is None:
            self._anchor = byte
        start, stop = min(self._anchor, byte), max(self._anchor, byte) + 1
        self._keep(lambda: view.document.select_bytes(view.layer, start, stop))
        view.viewport().update()

    def _keep(self, select: Callable[[], None]) -> None:
        self.is_selecting = True
        try:
            select()
        finally:
            self.is_selecting = False
