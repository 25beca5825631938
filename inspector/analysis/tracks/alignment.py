"""Two tracks on one axis of bytes: which item of the later layer carried on which bytes of the earlier one.

An item is carried on by the item of the later layer that passed its last byte; an empty item has no byte that could be
carried. Everything that compares two layers looks it up here: delays and held bytes, merges, the lines of the ladder.
Look-ups cost the logarithm of the number of marks for each value.
"""

from __future__ import annotations

from dataclasses import dataclass

from inspector.recording.track import Int64Array, Track, search_left

from .axes import Columns


@dataclass(frozen=True, slots=True)
class Alignment:
    """An earlier and a later track, with the columns that put them on one axis (`axes.Axes.common`)."""

    earlier: Track
    later: Track
    columns: Columns = ("end", "end")

    @property
    def ends_in(self) -> Int64Array:
        """Ends of the items of the earlier layer on the common axis, shape ``(len(earlier),)``, a view."""
        return self.earlier.column(self.columns[0])

    @property
    def ends_out(self) -> Int64Array:
        """Ends of the items of the later layer on the common axis, shape ``(len(later),)``, a view."""
        return self.later.column(self.columns[1])

    def origins(self, ends: Int64Array) -> Int64Array:
        """Return the item of the earlier layer that brought the byte before each offset, ``len(earlier)`` for none."""
        return search_left(self.ends_in, ends)

    def carriers(self, ends: Int64Array) -> Int64Array:
        """Return the item of the later layer that carried on the byte before each offset, ``len(later)`` for none."""
        return search_left(self.ends_out, ends)


def items_of_content(track: Track, start: int, stop: int) -> tuple[int, int]:
    """Return the half-open range of items of a track that share content bytes with ``[start, stop)``.

    The track counts content, or was carried over to it. Empty items between others belong to the range. An empty range
    of bytes gives the item that holds the byte at ``start``, so that an item without bytes still has a way on.
    """
    column = track.layer.content_column
    first = int(track.index_of_byte(start, column))
    last = first + 1 if stop <= start else int(track.first_at_or_after(stop, column)) + 1
    return min(first, len(track)), min(max(last, first), len(track))
