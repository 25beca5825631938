"""The recording on screen: its tracks as last refreshed, the selection, and whether views follow its end.

The window asks the document to `follow_up` at display rate; the document asks the recording what was added and tells
all views once per frame, never per chunk. Pausing freezes what the views see while the recording goes on. At a moment
of a replay the views see the recording as it stood then, by the same signals as while it was made.
"""

from __future__ import annotations

import time

from PySide6.QtCore import QObject, QTimer, Signal

from inspector.analysis.tracks.alignment import items_of_content
from inspector.analysis.tracks.axes import Axes
from inspector.analysis.tracks.offset_map import OffsetMap
from inspector.recording.folder import Recording
from inspector.recording.snapshot import Snapshot
from inspector.recording.track import Track

from .selection import Selection

#: While a replay plays, what grew is told no more often: text and figures are for people to read. Pictures hear
#: `Document.moment_changed` and move with every frame.
_TELL_EVERY_MS = 50


class Document(QObject):
    """What all views show. Thread: the GUI thread.

    Views read ``snapshot`` and never the recording: while paused it stays as it was, and `hidden_items` counts what
    came since.
    """

    #: Another recording, or none, is shown: forget everything.
    was_reset = Signal()
    #: An earlier moment of the same recording is shown: what was counted up is counted anew. `grew` follows at once.
    shrank = Signal()
    #: The shown recording grew; carries the ``set[str]`` of what `Recording.refresh` names.
    grew = Signal(object)
    selection_changed = Signal()
    #: Whether the views follow the end of the recording.
    following_changed = Signal(bool)
    paused_changed = Signal(bool)
    #: Another moment of a replay is shown, or no longer one: see `moment_ns`.
    moment_changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.recording: Recording | None = None
        #: What the views show: all that was taken over, or that as it stood at the moment of a replay.
        self.snapshot = Snapshot()
        #: All that was taken over, also what comes after the moment of a replay.
        self.whole = Snapshot()
        #: The moment shown, nanoseconds since the request was sent; None while there is no replay.
        self.moment_ns: int | None = None
        self.selection: Selection | None = None
        self.following = True
        self.paused = False
        self._coded: dict[tuple[str, str], OffsetMap] = {}
        #: What was selected and is not there at the moment shown: selected again when it is.
        self._absent: Selection | None = None
        #: What the views were told of last.
        self._told = self.snapshot
        self._telling = QTimer(self)
        self._telling.setSingleShot(True)
        self._telling.setInterval(_TELL_EVERY_MS)
        self._telling.timeout.connect(self._tell)

    # Showing

    def show(self, recording: Recording | None) -> None:
        """Show another recording from its beginning, or none."""
        if self.recording is not None and self.recording is not recording:
            self.recording.close()
        self.recording = recording
        self.snapshot = self.whole = self._told = Snapshot()
        self._coded = {}
        self.selection = self._absent = None
        self.set_paused(False)
        self.moment_ns = None
        self.was_reset.emit()
        self.moment_changed.emit()
        self.selection_changed.emit()
        self.set_following(True)
        self.follow_up()

    def follow_up(self) -> set[str]:
        """Follow the recording by one frame; return what grew in it. Raises what `Recording.refresh` raises."""
        if self.recording is None:
            return set()
        changed = self.recording.refresh()
        if changed and not self.paused:
            self._take_over(changed)
        return changed

    def has_ended(self) -> bool:
        """Follow the recording without telling the views, and return whether it has its ending.

        `catch_up` tells them. For the moment between Stop and the end, when nothing is worth a frame.
        """
        if self.recording is None:
            return True
        self.recording.refresh()
        return self.recording.meta is not None and self.recording.meta.ending is not None

    def catch_up(self) -> None:
        """Show the views everything that was followed without them; not while paused."""
        if self.recording is not None and not self.paused:
            self._take_over(self._everything())

    def _take_over(self, changed: set[str]) -> None:
        assert self.recording is not None
        self.whole = self.recording.snapshot()
        self._show_moment(changed)

    def _everything(self) -> set[str]:
        return {*self.whole.tracks, "meta", "taps", "changes", "samples", "sources"}

    # Replaying

    def set_moment(self, moment_ns: int | None, *, is_frame: bool = False) -> None:
        """Show the recording as it stood at a time since the request was sent, or (None) all of it again.

        Views hear it as growth; where something is not there yet that was, as `shrank` before. What was selected is not
        while it is not there. ``is_frame`` is one of many moments that follow each other at display rate.
        """
        if moment_ns == self.moment_ns:
            return
        self.moment_ns = moment_ns
        if not is_frame:
            self._telling.stop()
        self._show_moment()
        if is_frame and not self._telling.isActive():
            self._telling.start()
        self.moment_changed.emit()

    @property
    def now_ns(self) -> int | None:
        """The monotonic time that the views have got to while the run is not over; None once it is."""
        if self.moment_ns is not None:
            return None if self.snapshot.has_ended else self.whole.origin_ns + self.moment_ns
        return time.monotonic_ns() if self.is_live else None

    def _show_moment(self, changed: set[str] | None = None) -> None:
        """Show the moment chosen of all that was taken over; ``changed`` is what differs, where that is known."""
        whole, moment_ns, told = self.whole, self.moment_ns, self._told
        self.snapshot = whole if moment_ns is None else whole.until(whole.origin_ns + moment_ns)
        if any(len(track) < len(told.tracks[name]) for name, track in self.snapshot.tracks.items()
               if name in told.tracks):  # fmt: skip
            self._shrink()
            self._tell()
        elif moment_ns is None or not self._telling.isActive():
            self._tell(changed)

    @property
    def has_untold(self) -> bool:
        """Whether more is shown than views were told of; they are within a few frames."""
        return self._told is not self.snapshot and bool(self.snapshot.differences(self._told))

    def _tell(self, changed: set[str] | None = None) -> None:
        """Tell all views what grew since they were told last; of a replay also that time went on and nothing grew."""
        if changed is None or self.moment_ns is not None:
            changed = self.snapshot.differences(self._told)
        self._told = self.snapshot
        self.grew.emit(changed)
        if self._absent is not None and self._absent.stop <= len(self.snapshot.tracks[self._absent.layer]):
            self.selection, self._absent = self._absent, None
            self.selection_changed.emit()

    def _shrink(self) -> None:
        self._coded = {}
        kept = self.selection
        if kept is not None and kept.stop > len(self.snapshot.tracks[kept.layer]):
            self.selection, self._absent = None, kept
        self.shrank.emit()
        if self.selection is not kept:
            self.selection_changed.emit()

    # Content

    @property
    def is_live(self) -> bool:
        """Whether the recording still runs, as far as the views know."""
        return self.recording is not None and not self.snapshot.has_ended

    def read_content(self, start: int, stop: int) -> bytes:
        """Return content bytes ``[start, stop)``, fewer where they have not arrived."""
        return self.recording.read_content(start, min(stop, self.snapshot.content_bytes)) if self.recording else b""

    def read_known(self, start: int, stop: int) -> bytes:
        """Return content bytes ``[start, stop)``, also those that came after the moment of a replay."""
        return self.recording.read_content(start, min(stop, self.whole.content_bytes)) if self.recording else b""

    def content_track(self, layer: str) -> Track:
        """Return a layer's track on the content axis (`Layer.content_column`): coded bytes are carried over first.

        What the client has not decoded yet is not known, so such a track may be shorter than the layer's.
        """
        tracks, meta = self.snapshot.tracks, self.snapshot.meta
        response = meta.response if meta else None
        if not Axes.of(response, self.snapshot.taps).is_carried_over(layer):
            return tracks[layer]
        points = tracks["chunk" if len(tracks["chunk"]) else "read"]
        content = self._coded.setdefault((layer, points.layer.name), OffsetMap(tracks[layer].layer))
        content.update(tracks[layer], points)
        return content.track

    # Selection

    def select(self, selection: Selection | None) -> None:
        """Select items of a layer everywhere. Selecting ends following, as scrolling up does."""
        if selection is not None:
            length = len(self.snapshot.tracks[selection.layer])
            first = max(0, min(selection.first, length - 1))
            stop = max(first + 1, min(selection.stop, length))
            selection = Selection(selection.layer, first, stop) if length else None
        self._absent = None
        if selection == self.selection:
            return
        self.selection = selection
        if selection is not None:
            self.set_following(False)
        self.selection_changed.emit()

    @property
    def selected_bytes(self) -> tuple[int, int] | None:
        """The selected content bytes ``[start, stop)``, None where nothing is selected."""
        return self.selection.byte_range(self.content_track(self.selection.layer)) if self.selection else None

    def selected_items(self, layer: str) -> tuple[int, int] | None:
        """Return the items ``[first, stop)`` of a layer that carry selected bytes; None where there are none."""
        return self.items_of(self.selection, layer) if self.selection is not None else None

    def items_of(self, selection: Selection, layer: str) -> tuple[int, int] | None:
        """Return the items ``[first, stop)`` of a layer that carry the bytes of some items; None for none."""
        if layer == selection.layer:
            return selection.first, selection.stop
        start, stop = selection.byte_range(self.content_track(selection.layer))
        first, last = items_of_content(self.content_track(layer), start, stop)
        return (first, last) if last > first else None

    def select_bytes(self, layer: str, start: int, stop: int) -> None:
        """Select the items of a layer that hold content bytes ``[start, stop)``."""
        first, last = items_of_content(self.content_track(layer), start, stop)
        self.select(Selection(layer, first, last) if last > first else None)

    # Following and pausing

    def set_following(self, following: bool) -> None:
        """Let the views follow the end of the recording, or stay where they are."""
        if following != self.following:
            self.following = following
            self.following_changed.emit(following)

    def set_paused(self, paused: bool) -> None:
        """Freeze or thaw what the views see; the recording goes on either way."""
        if paused == self.paused:
            return
        self.paused = paused
        self.paused_changed.emit(paused)
        self.catch_up()

    def hidden_items(self, layer: str) -> int:
        """Return how many items of a layer came since the view was paused."""
        return len(self.recording.tracks[layer]) - len(self.whole.tracks[layer]) if self.recording else 0
