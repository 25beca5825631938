"""The selection shared by all views: a range of items of one layer, mapped to other layers by their bytes."""

from __future__ import annotations

from dataclasses import dataclass

from inspector.recording.track import Track

#: Columns that count decoded content bytes, the axis on which a selection travels between layers; else ``end``.
_CONTENT_COLUMN: dict[str, str] = {"read": "content_end", "chunk": "content_end"}


def content_column(layer: str) -> str:
    """Return the column of a layer that counts decoded content bytes.

    A layer of the server that counts coded bytes is carried over first (`Document.content_track`).
    """
    return _CONTENT_COLUMN.get(layer, "end")


@dataclass(frozen=True, slots=True)
class Selection:
    """Items ``[first, stop)`` of one layer; ``stop`` is greater than ``first``."""

    layer: str
    first: int
    stop: int

    def byte_range(self, track: Track) -> tuple[int, int]:
        """Return the content bytes ``[start, stop)`` of the selected items, given the track of the layer."""
        column = track.column(content_column(self.layer))
        first, stop = min(self.first, len(track)), min(self.stop, len(track))
        return (int(column[first - 1]) if first else 0, int(column[stop - 1]) if stop else 0)

    def time_range(self, track: Track) -> tuple[int, int]:
        """Return the times of the first and the last selected item, monotonic nanoseconds."""
        return int(track.t_ns[self.first]), int(track.t_ns[min(self.stop, len(track)) - 1])


def items_of_content(track: Track, start: int, stop: int) -> tuple[int, int]:
    """Return the items ``[first, last)`` of a track that share content bytes with ``[start, stop)``.

    An empty range gives the item that holds the byte at ``start``, so that an item without bytes still has a way on.
    """
    column = content_column(track.layer.name)
    first = int(track.index_of_byte(start, column))
    last = first + 1 if stop <= start else int(track.first_at_or_after(stop, column)) + 1
    return min(first, len(track)), min(max(last, first), len(track))


def items_of_time(track: Track, start_ns: int, stop_ns: int) -> tuple[int, int]:
    """Return the items ``[first, stop)`` of a track whose times lie in ``[start_ns, stop_ns)``."""
    first, stop = track.first_at_or_after([start_ns, stop_ns]).tolist()
    return first, stop
