"""Which item of one layer was carried on by which item of another: the lines between the lanes of the ladder.

Both tracks are given with the columns that put them on a common axis (`axes.common_columns`). An item is carried by the
item of the later layer that passed its last byte. An empty item has no last byte: it goes with the byte that follows
it, and where none follows, with the last byte before it. So carriers never fall, and the ranges that later items
carried tile the earlier items.

Look-ups cost the logarithm of the number of marks for each value.
"""

from __future__ import annotations

import numpy as np

from inspector.recording.track import Int64Array, Track, search_left

Columns = tuple[str, str]


def carriers(earlier: Track, later: Track, columns: Columns, first: int, stop: int) -> Int64Array:
    """Return, for the items ``[first, stop)`` of ``earlier``, the index of the item of ``later`` that carried each on.

    Shape ``(stop - first,)``; ``len(later)`` where nothing has carried the item yet. ``columns`` is what
    `common_columns` returned. An index out of the track raises ``ValueError``.
    """
    if not 0 <= first <= stop <= len(earlier):
        raise ValueError(f"items [{first}, {stop}) of {len(earlier)}")
    column = earlier.column(columns[0])
    ends = np.array(column[first:stop])
    if not len(ends):
        return ends
    empty = np.diff(ends, prepend=column[first - 1] if first else np.int64(0)) == 0
    ends[empty & (ends < column[-1])] += 1
    return search_left(later.column(columns[1]), ends)


def carried(earlier: Track, later: Track, columns: Columns, first: int, stop: int) -> tuple[int, int]:
    """Return the half-open range of items of ``earlier`` that the items ``[first, stop)`` of ``later`` carried.

    The range is empty where they completed no item, such as the first half of a split one.
    An index out of the track raises ``ValueError``.
    """
    if not 0 <= first <= stop <= len(later):
        raise ValueError(f"items [{first}, {stop}) of {len(later)}")
    return _first_carried_from(earlier, later, columns, first), _first_carried_from(earlier, later, columns, stop)


def items_of_bytes(track: Track, start: int, stop: int, column: str = "end") -> tuple[int, int]:
    """Return the half-open range of items that hold any of the bytes ``[start, stop)`` of the axis of ``column``.

    Empty items between them belong to the range. Bytes that the track has not passed have no items.
    """
    ends = track.column(column)
    first = int(search_left(ends, start + 1))
    if stop <= start or first == len(track):
        return first, first
    return first, int(search_left(ends, min(stop, int(ends[-1])))) + 1


def _first_carried_from(earlier: Track, later: Track, columns: Columns, index: int) -> int:
    """Return the first item of ``earlier`` whose carrier is ``index`` or later."""
    if index == 0:
        return 0
    ends = earlier.column(columns[0])
    passed = int(later.column(columns[1])[index - 1])
    if not len(ends) or passed >= int(ends[-1]):
        return len(ends)
    found = int(search_left(ends, passed))
    # Of the items that end right there, the first has bytes, all passed; empty ones after it wait for the next byte.
    has_bytes = int(ends[found]) > (int(ends[found - 1]) if found else 0)
    return found + 1 if int(ends[found]) == passed and has_bytes else found
