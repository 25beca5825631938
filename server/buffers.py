"""The app's own buffers, as knobs around views that stay as documented: rows per yield, and Jinja2's template buffer.

Both are iterators that close what they read from and tell it (``__wrapped__``), so that a context kept by
`flask.stream_with_context` ends in the request's thread, and a tap finds the producing line.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import wraps
from itertools import islice
from typing import Any

from flask import Response
from jinja2.environment import TemplateStream

from inspector.tap import parts

from .asked import asked_knobs

CsvAnswer = Response | tuple[Iterator[str], dict[str, str]]


class Closing:
    """An iterator over another one that is closed with it."""

    def __init__(self, wrapped: Iterable[str], items: Iterator[str]) -> None:
        self.__wrapped__ = wrapped
        self._items = items

    def __iter__(self) -> Closing:
        return self

    def __next__(self) -> str:
        return next(self._items)

    def close(self) -> None:
        """Close the source, if it can be closed."""
        close = getattr(self.__wrapped__, "close", None)
        if close is not None:
            close()


class Joined(Closing):
    """Joins ``count`` items of a source into one, the last ones as they are."""

    def __init__(self, wrapped: Iterable[str], count: int) -> None:
        source = iter(wrapped)
        super().__init__(wrapped, iter(lambda: "".join(islice(source, count)), ""))


class TemplateBuffered(Closing):
    """Jinja2's own buffer around a streamed template: ``size_items`` items that are not empty make one."""

    def __init__(self, wrapped: Iterator[str], size_items: int) -> None:
        stream = TemplateStream(wrapped)
        stream.enable_buffering(size_items)
        super().__init__(wrapped, stream)


def rows_joined(view: Callable[[], CsvAnswer]) -> Callable[[], CsvAnswer]:
    """Decorate a view that streams CSV: ``rows_per_yield`` items of its generator become one."""

    @wraps(view)
    def joined_view() -> CsvAnswer:
        answer = view()
        count = asked_knobs().rows_per_yield
        if count == 1:
            return answer
        if isinstance(answer, Response):
            rows: Any = answer.response
            answer.response = Joined(parts(rows), count)
            return answer
        body, headers = answer
        return Joined(parts(body), count), headers

    return joined_view


def template_buffered(view: Callable[[], Iterator[str]]) -> Callable[[], Iterator[str]]:
    """Decorate a view that streams a template: ``template_buffer`` items become one, 0 leaves them alone."""

    @wraps(view)
    def buffered_view() -> Iterator[str]:
        pieces = view()
        size_items = asked_knobs().template_buffer
        return TemplateBuffered(pieces, size_items) if size_items else pieces

    return buffered_view
