"""Keeps the selections of runs A and B together: the same bytes where both have them, otherwise the same time."""

from __future__ import annotations

from PySide6.QtCore import QObject

from inspector.analysis.tracks.alignment import items_of_content

from .document import Document
from .selection import Selection, items_of_time

#: So much of the selected content is compared, to tell whether both runs brought the same.
_COMPARED_BYTES = 65_536


class LinkedSelection(QObject):
    """Carries selection, pause and following between two documents, both ways. GUI thread."""

    def __init__(self, a: Document, b: Document, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.is_on = False
        self._carries = False
        for one, other in ((a, b), (b, a)):
            one.selection_changed.connect(lambda one=one, other=other: self._carry(one, other))
            one.paused_changed.connect(lambda paused, other=other: self._if_on(other.set_paused, paused))
            one.following_changed.connect(lambda following, other=other: self._if_on(other.set_following, following))

    def _if_on(self, act: object, value: bool) -> None:
        if self.is_on and callable(act):
            act(value)

    def _carry(self, one: Document, other: Document) -> None:
        if not self.is_on or self._carries:
            return
        self._carries = True
        try:
            other.select(counterpart(one, other))
        finally:
            self._carries = False


def counterpart(one: Document, other: Document) -> Selection | None:
    """Return the items of ``other`` that carry what is selected in ``one``; None where there are none."""
    selection, selected = one.selection, one.selected_bytes
    if selection is None or selected is None:
        return None
    layer = selection.layer if len(other.snapshot.tracks.get(selection.layer, ())) else "read"
    start, stop = selected
    compared_stop = min(stop, start + _COMPARED_BYTES)
    content = one.read_content(start, compared_stop)
    if len(content) == compared_stop - start and content == other.read_content(start, compared_stop):
        first, last = items_of_content(other.content_track(layer), start, stop)
        return Selection(layer, first, last) if last > first else None
    track = one.snapshot.tracks[selection.layer]
    start_ns, stop_ns = selection.time_range(track)
    shift_ns = other.snapshot.origin_ns - one.snapshot.origin_ns
    first, last = items_of_time(other.snapshot.tracks[layer], start_ns + shift_ns, stop_ns + shift_ns + 1)
    return Selection(layer, first, last) if last > first else None
