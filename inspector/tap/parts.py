"""``parts(iterable)``: marks the items of an iterable as parts, before any buffering of the app's own.

Templates are followed in the same way, by `follow`, without being asked to.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator
from time import monotonic_ns
from typing import Generic, TypeVar

from .content_marks import ContentMarks, active_content

T = TypeVar("T")


class Parts(Generic[T]):
    """An iterator that hands on the very items of an iterable, and marks each while its request is recorded.

    Where a template or another `parts` inside it marks parts already, those are the parts and this marks none.
    """

    __slots__ = ("__wrapped__", "_closed", "_content", "_iterable", "_marked_inside", "_next")

    def __init__(self, iterable: Iterable[T]) -> None:
        """Wrap an iterable; nothing is taken from it. Raises ``TypeError`` for what is none."""
        self._iterable = iterable
        #: What the taps walk to find the producing line.
        self.__wrapped__: Iterator[T] = iter(iterable)
        self._next = self.__wrapped__.__next__
        self._content: ContentMarks | None = active_content.get()
        self._marked_inside = False
        self._closed = False

    def __iter__(self) -> Iterator[T]:
        return self

    def __next__(self) -> T:
        content = self._content
        if content is None:
            # Made before its request, or not recorded: who asks for the next item knows.
            content = self._content = active_content.get()
        if content is None or self._marked_inside:
            return self._next()
        parts_before = content.part_count
        item = self._next()
        t_ns = monotonic_ns()
        if content.part_count == parts_before:
            content.mark_part(t_ns, item, self.__wrapped__)
        else:
            self._marked_inside = True
        return item

    def close(self) -> None:
        """Close the wrapped iterator, or else the iterable, if it can be closed; once."""
        if self._closed:
            return
        self._closed = True
        for inner in (self.__wrapped__, self._iterable):
            if hasattr(inner, "close"):
                inner.close()
                return


def parts(iterable: Iterable[T]) -> Parts[T]:
    """Return an iterator over the same items that says: these are the parts, before any buffering of the app's own.

    ``buffered(parts(rows()))`` shows what ``buffered`` holds back. Does nothing but pass through where the request is
    not recorded. Raises ``TypeError`` for what can't be iterated.
    """
    return Parts(iterable)


def parts_unless_marked(iterable: Iterable[T]) -> Iterable[T]:
    """Return `parts` of an iterable, or the iterable itself where parts of this response have been marked already.

    For hooks that collect a response whatever it is: what a view has collected before was marked while it did.
    """
    content = active_content.get()
    return iterable if content is not None and content.part_count else Parts(iterable)


def follow(items: Generator[T, None, None], content: ContentMarks) -> Generator[T, None, None]:
    """Yield the very items of a generator, as lazily, and mark each as a part."""
    parts_before = content.part_count
    try:
        for item in items:
            t_ns = monotonic_ns()
            if content.part_count != parts_before:
                # Something inside it marks the parts already.
                yield item
                yield from items
                return
            content.mark_part(t_ns, item, items)
            yield item
            parts_before = content.part_count
    finally:
        items.close()
