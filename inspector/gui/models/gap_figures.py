"""Live figures of every gap of the ladder, taken in a little per frame: opening a long recording freezes nothing."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal

from inspector.analysis.axis import common_columns
from inspector.analysis.gaps import GapStatistics
from inspector.recording.track import Track

from ..views.ladder.road import GAPS, Gap, joined_layers
from .document import Document

#: Marks that one frame takes in, per gap and layer: some 5 ms.
_MARKS_PER_FRAME = 30_000


class GapFigures(QObject):
    """Figures by the name of a gap. GUI thread."""

    changed = Signal()

    def __init__(self, document: Document) -> None:
        super().__init__()
        self._document = document
        self._known: dict[str, tuple[tuple[str, str], GapStatistics]] = {}
        self._catching_up = QTimer(self)
        self._catching_up.setInterval(0)
        self._catching_up.timeout.connect(self._take)
        document.was_reset.connect(self._restart)
        document.grew.connect(lambda _changed: self._take())

    def of(self, gap: Gap) -> GapStatistics | None:
        """Return the figures of a gap, None where its layers have nothing in common or nothing yet."""
        known = self._known.get(gap.name)
        return known[1] if known else None

    def layers_of(self, gap: Gap) -> tuple[str, str] | None:
        """Return the layers that a gap joins in the recording on screen."""
        response = self._document.meta.response if self._document.meta else None
        return joined_layers(gap, response.framing if response else None)

    def _restart(self) -> None:
        self._known.clear()
        self._catching_up.stop()
        self.changed.emit()

    def _take(self) -> None:
        behind = [gap for gap in GAPS if self._take_gap(gap)]
        if behind and not self._catching_up.isActive():
            self._catching_up.start()
        elif not behind:
            self._catching_up.stop()
        self.changed.emit()

    def _take_gap(self, gap: Gap) -> bool:
        """Take in a frame's worth of a gap; return whether more is there."""
        names = self.layers_of(gap)
        response = self._document.meta.response if self._document.meta else None
        columns = common_columns(*names, response) if names else None
        if names is None or columns is None:
            self._known.pop(gap.name, None)
            return False
        earlier, later = (self._document.tracks[name] for name in names)
        if not len(earlier):
            return False
        known, statistics = self._known.get(gap.name, (columns, GapStatistics()))
        if known != columns:
            statistics = GapStatistics()
        self._known[gap.name] = (columns, statistics)
        until_in, until_out = statistics.items_in + _MARKS_PER_FRAME, statistics.items_out + _MARKS_PER_FRAME
        statistics.update(_prefix(earlier, until_in), _prefix(later, until_out), columns)
        return len(earlier) > until_in or len(later) > until_out


def _prefix(track: Track, stop: int) -> Track:
    return track if len(track) <= stop else Track(track.layer, track.rows[:stop])
