"""The selection shared by all views: a range of items of one layer, mapped to other layers by their bytes."""

from __future__ import annotations

from dataclasses import dataclass

from inspector.recording.track import Track


@dataclass(frozen=True, slots=True)
class Selection:
    """Items ``[first, stop)`` of one layer; ``stop`` is greater than ``first``."""

    layer: str
    first: int
    stop: int

    def byte_range(self, track: Track) -> tuple[int, int]:
        """Return the content bytes ``[start, stop)`` of the selected items, given the track of the layer."""
        column = track.column(track.layer.content_column)
        first, stop = min(self.first, len(track)), min(self.stop, len(track))
        return (int(column[first - 1]) if first else 0, int(column[stop - 1]) if stop else 0)

    def time_range(self, track: Track) -> tuple[int, int]:
        """Return the times of the first and the last selected item, monotonic nanoseconds."""
        return int(track.t_ns[self.first]), int(track.t_ns[min(self.stop, len(track)) - 1])


def items_of_time(track: Track, start_ns: int, stop_ns: int) -> tuple[int, int]:
    """Return the items ``[first, stop)`` of a track whose times lie in ``[start_ns, stop_ns)``."""
    first, stop = track.first_at_or_after([start_ns, stop_ns]).tolist()
    return first, stop
