"""Response iterables that mark each item as it passes (PEP 3333), and look to a server like the ones they stand for.

A server may look at ``len()`` and at the class of a response to choose its framing: what it sees must not change.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from time import monotonic_ns

from .content_marks import ContentMarks, active_content
from .typing_compat import override

#: Marks an item at a time in monotonic nanoseconds.
Mark = Callable[[int, bytes], None]


class TappedBody:
    """An iterator over the very items of a response, which marks each one. ``finish`` is called after ``close()``."""

    __slots__ = ("_body", "_closed", "_finish", "_mark", "_next")

    def __init__(self, body: Iterable[bytes], mark: Mark, finish: Callable[[], None]) -> None:
        """Wrap a response; nothing is taken from it, and `iter` is called when the server calls it."""
        self._body = body
        self._mark = mark
        self._finish = finish
        self._next: Callable[[], bytes] = self._first
        self._closed = False

    def __iter__(self) -> Iterator[bytes]:
        return self.over(iter(self._body))

    def __next__(self) -> bytes:
        item = self._next()
        self._mark(monotonic_ns(), item)
        return item

    def over(self, items: Iterator[bytes]) -> Iterator[bytes]:
        """Return this iterator, set to go over the given items of the response."""
        self._next = items.__next__
        return self

    def close(self) -> None:
        """Close the response, once, from any thread; what that raises goes to the server."""
        if self._closed:
            return
        self._closed = True
        try:
            close = getattr(self._body, "close", None)
            if close is not None:
                close()
        finally:
            self._finish()

    def _first(self) -> bytes:
        # A server that never called iter().
        self.over(iter(self._body))
        return self._next()


class HandedBody(TappedBody):
    """The response as the server takes it, which says once that the server has taken all of it."""

    __slots__ = ("_handed_over",)

    def __init__(
        self, body: Iterable[bytes], mark: Mark, finish: Callable[[], None], handed_over: Callable[[], None]
    ) -> None:
        super().__init__(body, mark, finish)
        self._handed_over: Callable[[], None] | None = handed_over

    @override
    def __next__(self) -> bytes:
        try:
            item = self._next()
        except StopIteration:
            handed_over, self._handed_over = self._handed_over, None
            if handed_over is not None and not self._closed:
                handed_over()
            raise
        self._mark(monotonic_ns(), item)
        return item


class TappedYields(TappedBody):
    """The response of an app, which gets to know its marks while it makes an item and at no other time."""

    __slots__ = ("_content", "_producer")

    def __init__(self, body: Iterable[bytes], content: ContentMarks, producer: object) -> None:
        """Wrap a response whose items are produced by ``producer`` (the view's iterable, which may be the same)."""

        super().__init__(body, content.mark_written, content.close)
        self._content = content
        self._producer = producer

    @override
    def __next__(self) -> bytes:
        token = active_content.set(self._content)
        try:
            item = self._next()
            t_ns = monotonic_ns()
        finally:
            active_content.reset(token)
        self._content.mark_yield(t_ns, item, self._producer)
        return item


class UnmarkedBody(TappedBody):
    """The response of an app that is called by a recorded one and is not recorded itself."""

    __slots__ = ()

    def __init__(self, body: Iterable[bytes]) -> None:
        super().__init__(body, lambda _t_ns, _item: None, lambda: None)

    @override
    def __next__(self) -> bytes:
        token = active_content.set(None)
        try:
            return self._next()
        finally:
            active_content.reset(token)


class _SizedBody:
    """A tapped response with a length that is no list."""

    __slots__ = ("_body", "_tapped")

    def __init__(self, body: Iterable[bytes], tapped: TappedBody) -> None:
        self._body = body
        self._tapped = tapped

    def __len__(self) -> int:
        return len(self._body)  # type: ignore[arg-type]  # made only where it has a length

    def __iter__(self) -> Iterator[bytes]:
        return iter(self._tapped)

    def close(self) -> None:
        self._tapped.close()


class _TappedList(list[bytes]):
    def __init__(self, body: list[bytes], tapped: TappedBody) -> None:
        super().__init__(list.__getitem__(body, slice(None)))
        self._body = body
        self._tapped = tapped

    @override
    def __iter__(self) -> Iterator[bytes]:
        # Its own items, which a middleware may have changed, unless a list of another class knows better.
        return self._tapped.over(super().__iter__() if type(self._body) is list else iter(self._body))

    def close(self) -> None:
        self._tapped.close()


class _TappedTuple(tuple[bytes, ...]):
    _tapped: TappedBody

    @override
    def __iter__(self) -> Iterator[bytes]:
        return iter(self._tapped)

    def close(self) -> None:
        self._tapped.close()


def like(body: Iterable[bytes], tapped: TappedBody) -> Iterable[bytes]:
    """Return a tapped response in the shape of the original: list, tuple, something with a length, or iterator."""
    if isinstance(body, list):
        return _TappedList(body, tapped)
    if isinstance(body, tuple):
        shaped = _TappedTuple(tuple.__getitem__(body, slice(None)))
        shaped._tapped = tapped
        return shaped
    return _SizedBody(body, tapped) if hasattr(body, "__len__") else tapped
