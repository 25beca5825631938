"""Reads the body in cached pages for the text and hex views.

A view asks for the same bytes again at every paint; a page keeps them, so that the disk is read once and memory stays
bounded however long the recording is. Content never changes once it has settled.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable

PAGE_BYTES = 1 << 12
_PAGES_KEPT = 256


class ContentPages:
    """A window on content of any length that holds at most a megabyte of it. Thread: one at a time."""

    def __init__(self, read: Callable[[int, int], bytes]) -> None:
        """Take a function that returns content bytes ``[start, stop)``, fewer where they have not arrived."""
        self._read = read
        self._pages: OrderedDict[int, bytes] = OrderedDict()

    def clear(self) -> None:
        """Forget everything: another recording is shown."""
        self._pages.clear()

    def read(self, start: int, stop: int) -> bytes:
        """Return content bytes ``[start, stop)``, fewer where they have not arrived. Raises ``OSError``."""
        start = max(0, start)
        if stop <= start:
            return b""
        found: list[bytes] = []
        for number in range(start // PAGE_BYTES, (stop - 1) // PAGE_BYTES + 1):
            base = number * PAGE_BYTES
            need = min(PAGE_BYTES, stop - base)
            page = self._page(number, need)
            found.append(page[max(0, start - base) : need])
            if len(page) < need:
                break
        return b"".join(found)

    def _page(self, number: int, need: int) -> bytes:
        page = self._pages.get(number, b"")
        if len(page) < need:
            base = number * PAGE_BYTES
            page += self._read(base + len(page), base + PAGE_BYTES)
            self._pages[number] = page
            while len(self._pages) > _PAGES_KEPT:
                self._pages.popitem(last=False)
        if number in self._pages:
            self._pages.move_to_end(number)
        return page
