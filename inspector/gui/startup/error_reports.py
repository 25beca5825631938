"""Shows uncaught exceptions in the banner and on standard error, each one once.

Whatever is raised in a slot, a timer or an override of Qt's (see `shield`) arrives at ``sys.excepthook``; nobody could
catch it, and the window goes on. A part that fails to paint would say the same sixty times a second.
"""

from __future__ import annotations

import sys
from contextlib import suppress
from types import TracebackType

from PySide6.QtCore import QObject, Signal

_TEXT = (
    "A part of the window failed ({name}). Recordings are not affected. Details are on standard error; "
    "where the window stays empty, close it and open the run again."
)


class ErrorReports(QObject):
    """Takes ``sys.excepthook`` over between `begin` and `end`. GUI thread; hooks may be called in any."""

    #: Carries a severity and a sentence.
    said = Signal(str, str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._before = sys.excepthook
        self._told: set[tuple[str, str, int]] = set()

    def begin(self) -> None:
        """Hear of errors from now on."""
        self._before, sys.excepthook = sys.excepthook, self._take

    def end(self) -> None:
        """Give the hook back."""
        sys.excepthook = self._before

    def _take(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        place = _place_of(kind, trace)
        if place in self._told:
            return
        self._told.add(place)
        with suppress(Exception):  # standard error may be closed or full
            self._before(kind, error, trace)
        with suppress(RuntimeError):  # the window may be gone
            self.said.emit("error", _TEXT.format(name=kind.__name__))


def _place_of(kind: type[BaseException], trace: TracebackType | None) -> tuple[str, str, int]:
    """Return what makes two errors the same one: the kind, and the line that raised it."""
    file, line = "", 0
    while trace is not None:
        file, line, trace = trace.tb_frame.f_code.co_filename, trace.tb_lineno, trace.tb_next
    return kind.__name__, file, line
