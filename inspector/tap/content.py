"""The marks of one response on its content axis: ``part`` and ``yield``, and which line made what.

Parts come from templates and from `parts`, while the yield tap asks the app for its next item. What no part accounts
for is a part itself, so that every response has both tracks and both end at the same byte.
"""

from __future__ import annotations

from collections import deque
from contextlib import ExitStack, closing
from contextvars import ContextVar
from pathlib import Path

from inspector.recording.layers import NO_SOURCE

from .files import new_track, row_packer
from .sources import SourceTable

#: The marks of the response that is asked for an item right now, in this thread.
active_content: ContextVar[ContentMarks | None] = ContextVar("streaming_inspector_content", default=None)

_pack = row_packer("yield")
_MOST_WAITING_PARTS = 65_536


class ContentMarks:
    """Writer of ``part.marks``, ``yield.marks`` and ``sources.jsonl`` of one response.

    Methods never raise into the app. Parts and yields may be marked by different threads, each by one at a time.
    """

    __slots__ = ("_part", "_part_end", "_sources", "_waiting", "_yield", "_yield_end", "part_count")

    def __init__(self, folder: Path) -> None:
        """Make the three files. Raises ``FileExistsError`` where another request has them, or another ``OSError``."""
        with ExitStack() as made:
            self._yield = made.enter_context(closing(new_track(folder, "yield")))
            self._part = made.enter_context(closing(new_track(folder, "part")))
            self._sources = SourceTable(folder)
            made.pop_all()
        self._part_end = 0
        self._yield_end = 0
        #: Parts marked by templates and by `parts`.
        self.part_count = 0
        # (start, end, source) of parts that no yield has contained yet.
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
        self._part_end = end = start + size
        source = self._sources.line_of(producer)
        self.part_count += 1
        self._waiting.append((start, end, source))
        self._part.write(_pack(t_ns, end, source))

    def mark_yield(self, t_ns: int, item: object, producer: object) -> None:
        """Mark an item of the response's iterable; ``producer`` is the generator behind it, now suspended."""
        try:
            end = self._yield_end + len(item)  # type: ignore[arg-type]
        except TypeError:
            return
        self._yield_end = end
        if self.part_count and end <= self._part_end:
            self._yield.write(_pack(t_ns, end, self._source_of_byte_before(end)))
            return
        row = _pack(t_ns, end, self._sources.line_of(producer))
        self._part_end = end
        self._waiting.clear()
        self._part.write(row)
        self._yield.write(row)

    def mark_written(self, t_ns: int, data: bytes) -> None:
        """Mark bytes that the app gave to the ``write()`` callable of PEP 3333; who made them is not known."""
        self.mark_yield(t_ns, data, None)

    def _source_of_byte_before(self, end: int) -> int:
        """Return the source of the last part that a yield up to ``end`` contains something of."""
        waiting = self._waiting
        if end == self._part_end:
            source = waiting[-1][2] if waiting else NO_SOURCE
            waiting.clear()
            return source
        while waiting and waiting[0][1] < end:
            waiting.popleft()
        if not waiting:
            return NO_SOURCE
        part_start, part_end, source = waiting[0]
        if part_end == end:
            waiting.popleft()
        return source if part_start < end or part_start == part_end else NO_SOURCE
