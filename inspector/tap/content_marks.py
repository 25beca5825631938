"""Marks the ``part`` and ``yield`` layers of one response, each item with the source line that made it.

Parts come from templates and from `parts`, while the yield tap asks the app for its next item. What no part accounts
for is a part itself, so that every response has both tracks and both end at the same byte.
"""

from __future__ import annotations

from collections import deque
from contextlib import ExitStack, closing
from contextvars import ContextVar
from pathlib import Path

from inspector.recording.layers import LAYER_BY_NAME, NO_SOURCE

from .mark_files import new_track, row_packer
from .source_line_writer import SourceLineWriter

#: The marks of the response that is asked for an item right now, in this thread.
active_content: ContextVar[ContentMarks | None] = ContextVar("streaming_inspector_content", default=None)

_pack = row_packer("yield")
_ROW_BYTES = 8 * len(LAYER_BY_NAME["yield"].columns)
_MOST_WAITING_PARTS = 65_536


class ContentMarks:
    """Writer of ``part.marks``, ``yield.marks`` and ``sources.jsonl`` of one response.

    Methods never raise into the app. Parts and yields may be marked by different threads, each by one at a time.
    """

    __slots__ = (
        "_last_source",
        "_last_start",
        "_part",
        "_part_end",
        "_sources",
        "_waiting",
        "_yield",
        "_yield_end",
        "part_count",
    )

    def __init__(self, folder: Path) -> None:
        """Make the three files. Raises ``FileExistsError`` where another request has them, or another ``OSError``."""
        with ExitStack() as made:
            self._yield = made.enter_context(closing(new_track(folder, "yield")))
            self._part = made.enter_context(closing(new_track(folder, "part")))
            self._sources = SourceLineWriter(folder)
            made.pop_all()
        self._part_end = 0
        self._yield_end = 0
        #: Parts marked by templates and by `parts`.
        self.part_count = 0
        # The last part starts and comes from here; those before it that no yield contains yet wait as
        # (start, end, source).
        self._last_start = 0
        self._last_source = NO_SOURCE
        self._waiting: deque[tuple[int, int, int]] = deque(maxlen=_MOST_WAITING_PARTS)

    def close(self) -> None:
        """Close the files; later marks are dropped."""
        self._part.close()
        self._yield.close()
        self._sources.close()

    def mark_part(self, t_ns: int, item: object, producer: object) -> None:
        """Mark an item that ``producer``, now suspended, has produced; a text counts as UTF-8."""
        try:
            if isinstance(item, str):
                size = len(item) if item.isascii() else len(item.encode("utf-8", "surrogatepass"))
            else:
                size = len(item)  # type: ignore[arg-type]  # whatever an app hands on
        except TypeError:
            return
        start = self._part_end
        if self._yield_end < start:
            self._waiting.append((self._last_start, start, self._last_source))
        self._last_start = start
        self._last_source = source = self._sources.line_of(producer)
        self._part_end = end = start + size
        self.part_count += 1
        row = _pack(t_ns, end, source)
        try:
            if self._part.append(row) != _ROW_BYTES:
                self._part.give_up()
        except (OSError, ValueError) as error:
            self._part.give_up(error)

    def mark_yield(self, t_ns: int, item: object, producer: object) -> None:
        """Mark an item of the response's iterable; ``producer`` is the generator behind it, now suspended."""
        try:
            end = self._yield_end + len(item)  # type: ignore[arg-type]
        except TypeError:
            return
        self._yield_end = end
        if self.part_count and end <= self._part_end:
            whole = end == self._part_end and not self._waiting
            row = _pack(t_ns, end, self._last_source if whole else self._source_of_byte_before(end))
        else:
            self._last_start = self._part_end
            self._last_source = source = self._sources.line_of(producer)
            self._part_end = end
            row = _pack(t_ns, end, source)
            if self._waiting:
                self._waiting.clear()
            self._part.write(row)
        try:
            if self._yield.append(row) != _ROW_BYTES:
                self._yield.give_up()
        except (OSError, ValueError) as error:
            self._yield.give_up(error)

    def mark_written(self, t_ns: int, data: bytes) -> None:
        """Mark bytes that the app gave to the ``write()`` callable of PEP 3333; who made them is not known."""
        self.mark_yield(t_ns, data, None)

    def _source_of_byte_before(self, end: int) -> int:
        """Return the source of the last part that a yield up to ``end`` contains something of."""
        waiting = self._waiting
        if end == self._part_end:
            waiting.clear()
            return self._last_source
        while waiting and waiting[0][1] < end:
            waiting.popleft()
        start, _, source = waiting[0] if waiting else (self._last_start, 0, self._last_source)
        return source if start < end else NO_SOURCE
