"""Hides widgets for named reasons; a widget is shown again when no reason is left."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtWidgets import QWidget


class Visibility:
    """Keeps the reasons: a presentation, a picture shown alone, the user's choice, no room. GUI thread."""

    def __init__(self) -> None:
        self._reasons: dict[QWidget, set[str]] = {}

    def set(self, reason: str, widgets: Iterable[QWidget], *, hidden: bool) -> None:
        """Hide widgets for a reason, or take the reason back."""
        for widget in widgets:
            reasons = self._reasons.setdefault(widget, set())
            if hidden:
                reasons.add(reason)
            else:
                reasons.discard(reason)
            widget.setVisible(not reasons)

    def is_hidden_for(self, reason: str, widget: QWidget) -> bool:
        """Return whether a reason holds."""
        return reason in self._reasons.get(widget, ())

    def is_hidden_but_for(self, reason: str, widget: QWidget) -> bool:
        """Return whether any other reason holds."""
        return bool(self._reasons.get(widget, set()) - {reason})
