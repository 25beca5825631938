"""The pictures of the window: which one is on screen, and the pages that are made when they are first wanted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from .comparing import Comparing, RunA
from .theme import Theme

if TYPE_CHECKING:
    from .views.compare.page import ComparePage
    from .window import MainWindow


class Pages:
    """Shows pictures; A | B borrows the ladder while it is on screen. GUI thread."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window
        self.shown = "ladder"
        self.compare: ComparePage | None = None

    def show(self, name: str) -> str:
        """Bring a picture to the front, the ladder for a name that there is not; return which it is."""
        picture = self._picture(name)
        if picture is None:
            name, picture = "ladder", self._window.ladder
        if name != self.shown and self.shown == "compare" and self.compare is not None:
            self._give_back()
        arrangement = self._window.arrangement
        arrangement.show_picture(picture)
        if name == "compare" and self.shown != "compare" and self.compare is not None:
            self.compare.enter(self._window.ladder)
        self.shown = name
        return name

    def run_both(self) -> None:
        """Stream A and B at the same time, on their page."""
        if self.shown != "compare":
            self._window.show_view("compare")
        if self.compare is not None:
            self._window.banner.hide()
            self.compare.run_both()

    def close(self) -> None:
        """Let go of what the pages hold before the session is closed."""
        if self.compare is not None:
            self._give_back()
            self.compare.comparing.document.show(None)

    def set_theme(self, theme: Theme) -> None:
        """Change the colours."""
        if self.compare is not None:
            self.compare.set_theme(theme)

    def _picture(self, name: str) -> QWidget | None:
        makers = {
            "ladder": lambda: self._window.ladder,
            "staircase": lambda: self._window.staircase,
            "compare": self._compare_page,
        }
        return makers[name]() if name in makers else None

    def _give_back(self) -> None:
        ladder = self.compare.leave() if self.compare is not None else None
        if ladder is not None:
            self._window.arrangement.show_picture(ladder)

    def _compare_page(self) -> ComparePage:
        if self.compare is None:
            from .views.compare.page import ComparePage

            window = self._window
            a = RunA(
                window.document, window.case, window.knobs, window.controller, window.asking.target,
                lambda: window.toolbar.target_text, window.toolbar.set_target_text,
            )  # fmt: skip
            comparing = Comparing(a, window.joint_time, window.session, window)
            self.compare = ComparePage(comparing, window.time_range, window.look.theme)
            self.compare.said.connect(window.banner.say)
            self.compare.hinted.connect(window.status.hint.setText)
        return self.compare
