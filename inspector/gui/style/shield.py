"""A decorator for overrides of Qt's virtual methods: an exception is reported and never reaches C++.

Qt calls overrides from C++, and C++ can't carry a Python exception: one that leaves an override in the middle of nested
calls is undefined behaviour, at worst a segmentation fault that ends a running recording's window. So every override of
a Qt method is marked with `override` from here: the mark that type checkers know, and the shield.
"""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

__all__ = ["neutral_answer", "override", "qt_method_of"]

if TYPE_CHECKING:
    from typing_extensions import override
else:

    def override(method: Callable[..., Any]) -> Callable[..., Any]:
        """Mark a method that overrides one of a base class; where the base is Qt's, no exception leaves it.

        What was raised goes to ``sys.excepthook``, and Qt gets the answer that changes nothing (`neutral_answer`).
        Overrides of our own classes raise as ever: their callers are Python.
        """

        @functools.wraps(method)
        def shielded(self: object, *given: object, **named: object) -> object:
            try:
                return method(self, *given, **named)
            except Exception as error:
                qt_method = qt_method_of(type(self), method.__name__)
                if qt_method is None:
                    raise
                sys.excepthook(type(error), error, error.__traceback__)
                return neutral_answer(method.__name__, qt_method, self, given)

        shielded.is_shielded = True
        return shielded


#: What says "not handled", "nothing there" or "not done" to Qt; asking its own method would do the work twice.
_NEUTRAL: dict[str, object] = {
    "event": False, "eventFilter": False, "viewportEvent": False, "editorEvent": False, "setData": False,
    "data": None, "headerData": None, "rowCount": 0, "columnCount": 0, "paint": None, "highlightBlock": None,
}  # fmt: skip


def qt_method_of(cls: type, name: str) -> Callable[..., object] | None:
    """Return the method of Qt that a class of ours overrides, None where the name is not Qt's."""
    for base in cls.__mro__:
        if base.__module__.partition(".")[0] == "PySide6" and name in vars(base):
            found: Callable[..., object] = getattr(base, name)
            return found
    return None


def neutral_answer(name: str, qt_method: Callable[..., object], self: object, given: tuple[object, ...]) -> object:
    """Return what Qt gets in place of an override's answer: nothing, or what Qt's own method would have said."""
    if name in _NEUTRAL or name.endswith("Event"):
        return _NEUTRAL.get(name)
    try:
        return qt_method(self, *given)
    except Exception:  # an abstract method
        return None
