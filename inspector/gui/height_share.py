"""How the window's height is shared: the ladder gets what it needs, the table what is left, unless a hand chose."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QSplitter, QWidget

from .shield import override
from .views.ladder.view import LadderView

#: Height of caption, headings and a few rows of the table.
_LEAST_LOWER_PX = 130


class HeightShare(QObject):
    """Shares anew whenever the room or the need changes: a taller window, a verdict of two lines, larger type."""

    def __init__(self, halves: QSplitter, beside: Sequence[QWidget], ladder: LadderView, *, is_chosen: bool) -> None:
        """``halves`` are to be shared, those ``beside`` stand over and under the ladder in the upper one."""
        super().__init__(halves)
        self._halves = halves
        self._beside = beside
        self._ladder = ladder
        #: A share chosen by hand stays.
        self.is_chosen = is_chosen
        halves.splitterMoved.connect(lambda *_moved: setattr(self, "is_chosen", True))
        halves.installEventFilter(self)
        ladder.needed_height_changed.connect(self._share_soon)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Resize, QEvent.Type.Show):
            self._share_soon()
        return super().eventFilter(watched, event)

    def _share_soon(self) -> None:
        QTimer.singleShot(0, self, self._share)

    def _share(self) -> None:
        if self.is_chosen:
            return
        whole = sum(self._halves.sizes())
        beside = sum(widget.sizeHint().height() for widget in self._beside if not widget.isHidden())
        needed = beside + self._ladder.needed_height
        most = whole - _LEAST_LOWER_PX
        upper = min(max(needed, min(whole * 3 // 5, most)), most)
        self._halves.setSizes([upper, whole - upper])
