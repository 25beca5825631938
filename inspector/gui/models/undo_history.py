"""What a person did and can take back: one history for the window, newest last. Never needs an "are you sure?"."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

_MOST_ACTS = 100
#: What is turned on and on within so short a time is one act.
_ONE_ACT_NS = 1_000_000_000


@dataclass(slots=True)
class _Act:
    text: str
    undo: Callable[[], object]
    key: str
    at_ns: int


class UndoHistory(QObject):
    """The acts that can be undone. GUI thread."""

    #: Something was undone, or nothing was there to undo; carries a line about it.
    said = Signal(str)

    def __init__(self, parent: QObject, is_person: Callable[[], bool]) -> None:
        """``is_person`` returns whether it is a person who acts now: what else acts takes it back itself."""
        super().__init__(parent)
        self._is_person = is_person
        self._acts: list[_Act] = []
        self._is_undoing = False

    def push(self, text: str, undo: Callable[[], object], key: str = "") -> None:
        """Remember an act by a noun for it (``template buffer``) and what takes it back.

        That returns False where nothing is left to take back: then the act before it is undone.

        Acts of one ``key`` that follow each other quickly are taken back together. What happens while something is
        undone is no act.
        """
        if self._is_undoing or not self._is_person():
            return
        now_ns = time.monotonic_ns()
        last = self._acts[-1] if self._acts else None
        if key and last is not None and last.key == key and now_ns - last.at_ns < _ONE_ACT_NS:
            last.text, last.at_ns = text, now_ns
            return
        self._acts.append(_Act(text, undo, key, now_ns))
        del self._acts[:-_MOST_ACTS]

    def undo(self) -> None:
        """Take the last act back, and say which it was."""
        while self._acts:
            act = self._acts.pop()
            self._is_undoing = True
            try:
                done = act.undo()
            finally:
                self._is_undoing = False
            if done is not False:
                self.said.emit(f"Undone: {act.text}")
                return
        self.said.emit("Nothing to undo")
