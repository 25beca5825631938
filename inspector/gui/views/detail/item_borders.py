"""Finds which item (chunk, read, yield …) of the shown layer each visible byte belongs to."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from inspector.gui.models.document import Document
from inspector.recording.layers import layer_of
from inspector.recording.track import Track


def shown_layer(document: Document) -> str:
    """Return the layer whose items the views shade: the selection's, else ``chunk``, or ``piece`` without chunks.

    ``write`` counts encoded bytes and can't be carried over to decoded ones where a content coding was undone: the
    layer that was received is shown instead of a guess.
    """
    response = document.snapshot.meta.response if document.snapshot.meta else None
    received = "chunk" if response is None or response.framing == "chunked" else "piece"
    if document.selection is None:
        return received
    layer = document.selection.layer
    carried_over = layer_of(layer).column_on("content") is not None
    if carried_over or response is None or response.content_coding == "identity":
        return layer
    return received


class ItemSpan(NamedTuple):
    """Bytes ``[start, stop)`` of one row that belong to one item. ``begins`` and ``ends``: the item does so here."""

    start: int
    stop: int
    item: int
    begins: bool
    ends: bool


class ItemBorders:
    """The items that hold the bytes ``[start, stop)`` of a window, found by two look-ups however long the track is."""

    def __init__(self, track: Track, start: int, stop: int) -> None:
        self._count = len(track)
        self._starts, self._items = _borders(track, start, stop)

    def item_at(self, byte: int) -> int | None:
        """Return the item that holds a byte of the window; None where no item holds it yet."""
        at = bisect_right(self._starts, byte) - 1
        item = self._items[at] if at >= 0 else self._count
        return item if item < self._count else None

    def runs(self, start: int, stop: int) -> Iterator[ItemSpan]:
        """Yield the runs of one row. Bytes that no item holds yet have the item ``len(track)``."""
        at = max(0, bisect_right(self._starts, start) - 1)
        while start < stop:
            following = self._starts[at + 1] if at + 1 < len(self._starts) else None
            end = stop if following is None else min(stop, following)
            item = self._items[at]
            yield ItemSpan(start, end, item, start == self._starts[at], following == end)
            start = end
            at += 1


def _borders(track: Track, start: int, stop: int) -> tuple[list[int], list[int]]:
    """Return where items begin, and which, from the item that holds ``start`` to the one after ``stop``."""
    column = track.layer.content_column
    first = int(track.index_of_byte(start, column))
    last = int(track.index_of_byte(stop, column))
    ends = track.column(column)
    begin = int(ends[first - 1]) if first > 0 else 0
    if last - first > 2 * (stop - start) + 64:
        # Thousands of items without bytes lie between: ask for each byte instead of each item.
        owners = np.asarray(track.index_of_byte(np.arange(start, stop + 1), column))
        at = np.flatnonzero(np.diff(owners)) + 1
        return [begin, *(at + start).tolist()], [first, *owners[at].tolist()]
    inside = np.ascontiguousarray(ends[first:last])
    falls = np.flatnonzero(np.diff(inside, append=np.int64(np.iinfo(np.int64).max)))
    return [begin, *inside[falls].tolist()], [first, *(first + falls + 1).tolist()]
