"""Divides the window's height, unless the user has moved the splitter: the lanes of the ladder come first.

Memory gives way first, then the figures of the gaps, the transport bar, the knobs, and at last table and details.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QSplitter, QWidget

from inspector.gui.style.shield import override
from inspector.gui.style.visibility import Visibility
from inspector.gui.views.ladder.ladder_view import LadderView
from inspector.gui.views.ladder.row_headers import Detail

#: Heading, column titles and a few rows of the table, in lines of type, and what frames them, in pixels.
_LEAST_LOWER_LINES, _LEAST_LOWER_PX = 6.5, 16


@dataclass(frozen=True, slots=True)
class HeightNeeds:
    """What wants height, logical pixels: the ladder by how much its gaps show, and what stands beside it."""

    ladder: Mapping[Detail, int]
    transport: int
    memory: int
    lower: int


@dataclass(frozen=True, slots=True)
class HeightShares:
    """Who gets height: ``upper`` is that of the ladder with transport bar and memory, in pixels."""

    upper: int
    transport: bool = False
    memory: bool = False
    lower: bool = False


_ORDER: tuple[tuple[Detail, bool, bool, bool], ...] = (
    (Detail.WHOLE, True, True, True),
    (Detail.WHOLE, True, False, True),
    (Detail.SHORT, True, False, True),
    (Detail.SHORT, False, False, True),
    (Detail.COMPACT, False, False, True),
    (Detail.FOLDED, False, False, True),
)


def share(whole: int, need: HeightNeeds, dragged: float | None) -> HeightShares:
    """Return who gets height of ``whole`` pixels. ``dragged`` is the share that the user gave to the upper half."""
    if dragged is not None:
        return _as_dragged(whole, need, round(dragged * whole))
    for detail, transport, memory, lower in _ORDER:
        upper = need.ladder[detail] + transport * need.transport + memory * need.memory
        if upper + need.lower <= whole:
            return HeightShares(min(max(upper, whole * 13 // 20), whole - need.lower), transport, memory, lower)
    return HeightShares(whole)


def _as_dragged(whole: int, need: HeightNeeds, upper: int) -> HeightShares:
    least = need.ladder[Detail.FOLDED]
    if least + need.lower > whole:
        return HeightShares(whole)
    upper = max(least, min(upper, whole - need.lower))
    transport = need.ladder[Detail.SHORT] + need.transport <= upper
    memory = transport and need.ladder[Detail.WHOLE] + need.transport + need.memory <= upper
    return HeightShares(upper, transport, memory, lower=True)


class SplitterPolicy(QObject):
    """Shares anew whenever the room or the need changes: another window, a verdict of two lines, larger type."""

    def __init__(
        self,
        halves: QSplitter,
        beside: tuple[QWidget, QWidget],
        lower: QWidget,
        ladder: LadderView,
        visibility: Visibility,
    ) -> None:
        """``halves`` are to be shared; ``beside`` the ladder are transport and memory, ``lower`` the panes below."""
        super().__init__(halves)
        self._halves = halves
        self._transport, self._memory = beside
        self._lower = lower
        self._ladder = ladder
        self._visibility = visibility
        #: The share of the height that the user gave to the upper half, None where it was never dragged.
        self.dragged: float | None = None
        halves.splitterMoved.connect(lambda *_moved: self._moved())
        for watched in (halves, *beside, lower):
            watched.installEventFilter(self)
        ladder.needed_height_changed.connect(self._share_soon)

    def _moved(self) -> None:
        upper, lower = self._halves.sizes()
        self.dragged = upper / max(1, upper + lower)
        self._share_soon()

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        came_or_went = event.type() in (QEvent.Type.ShowToParent, QEvent.Type.HideToParent)
        if came_or_went or (watched is self._halves and event.type() in (QEvent.Type.Resize, QEvent.Type.Show)):
            self._share_soon()
        return super().eventFilter(watched, event)

    def _share_soon(self) -> None:
        QTimer.singleShot(0, self, self.share_now)

    def share_now(self) -> None:
        """Give everything its height."""
        lower = self._lower
        least = round(_LEAST_LOWER_LINES * self._halves.fontMetrics().height()) + _LEAST_LOWER_PX
        need = HeightNeeds(
            {detail: self._ladder.height_at(detail) for detail in Detail},
            0 if self._is_away(self._transport) else self._transport.sizeHint().height(),
            0 if self._is_away(self._memory) else self._memory.sizeHint().height(),
            0 if self._is_away(lower) else max(lower.minimumSizeHint().height(), least),
        )
        whole = self._halves.height() - self._halves.handleWidth()
        got = share(whole, need, self.dragged if need.lower else None)
        self._visibility.set("no room", [self._transport], hidden=not got.transport)
        self._visibility.set("no room", [self._memory], hidden=not got.memory)
        self._visibility.set("no room", [lower], hidden=not got.lower)
        self._halves.setSizes([got.upper, whole - got.upper])

    def _is_away(self, widget: QWidget) -> bool:
        """Return whether a widget is hidden for another reason than that there is no room for it."""
        return self._visibility.is_hidden_but_for("no room", widget)
