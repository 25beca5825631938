"""Wraps views in buffers of the app's own: rows per yield, and Jinja2's template buffer; the views stay as documented.

Both are iterators that close what they read from and name it (``__wrapped__``), so that a context kept by
`flask.stream_with_context` ends in the request's thread, and a tap finds the producing line.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import wraps
from typing import Any

from flask import Response, request
from jinja2.environment import TemplateStream

from inspector.tap import name_buffer, parts

from .running_streams import RunningStream, current_stream

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
    """Joins ``rows_per_yield`` items of a source into one, the last ones as they are; asked after each item."""

    def __init__(self, wrapped: Iterable[str], live: RunningStream) -> None:
        super().__init__(wrapped, _joined(wrapped, live))


def _joined(source: Iterable[str], live: RunningStream) -> Iterator[str]:
    rows: list[str] = []
    for row in source:
        rows.append(row)
        if len(rows) >= live.values.whole("rows_per_yield"):
            yield "".join(rows)
            rows.clear()
    if rows:
        yield "".join(rows)


class TemplateBuffered(Closing):
    """Jinja2's own buffer around a streamed template: ``template_buffer`` items that are not empty make one.

    It can be turned while it streams: on and off between two items, its size at any time.
    """

    def __init__(self, wrapped: Iterator[str], live: RunningStream) -> None:
        stream = wrapped if isinstance(wrapped, TemplateStream) else TemplateStream(wrapped)
        super().__init__(wrapped, _buffered(stream, live))


def _buffered(stream: TemplateStream, live: RunningStream) -> Iterator[str]:
    stream.disable_buffering()
    size: Any = LiveSize(live)
    while True:
        if bool(live.values.whole("template_buffer")) != stream.buffered:
            # Right after an item: nothing is held that could get lost.
            if stream.buffered:
                stream.disable_buffering()
            else:
                stream.enable_buffering(size)
        try:
            yield next(stream)
        except StopIteration:
            return


class LiveSize:
    """A size for Jinja2's ``enable_buffering``, which compares it with its count after each item: ``count < size``."""

    def __init__(self, live: RunningStream) -> None:
        self._live = live

    def __gt__(self, count: int) -> bool:
        # Turned off while it collects: what it holds goes out with the item that comes.
        return max(1, self._live.values.whole("template_buffer")) > count

    def __le__(self, least: int) -> bool:
        return self._live.values.whole("template_buffer") <= least


def rows_joined(view: Callable[[], CsvAnswer]) -> Callable[[], CsvAnswer]:
    """Decorate a view that streams CSV: ``rows_per_yield`` items of its generator become one."""

    @wraps(view)
    def joined_view() -> CsvAnswer:
        answer = view()
        live = current_stream()
        if live.values.whole("rows_per_yield") == 1 and not live.can_be_turned:
            return answer
        name_buffer(request.environ, "rows_per_yield", live.values.whole("rows_per_yield"))
        if isinstance(answer, Response):
            rows: Any = answer.response
            answer.response = Joined(parts(rows), live)
            return answer
        body, headers = answer
        return Joined(parts(body), live), headers

    return joined_view


def template_buffered(view: Callable[[], Iterator[str]]) -> Callable[[], Iterator[str]]:
    """Decorate a view that streams a template: ``template_buffer`` items become one, 0 leaves them alone."""

    @wraps(view)
    def buffered_view() -> Iterator[str]:
        pieces = view()
        live = current_stream()
        if not live.values.whole("template_buffer") and not live.can_be_turned:
            return pieces
        name_buffer(request.environ, "template_buffer", live.values.whole("template_buffer"))
        return TemplateBuffered(pieces, live)

    return buffered_view


def template_turned(view: Callable[[], Response]) -> Callable[[], Response]:
    """Decorate a view that buffers its template stream itself: that buffer can be turned while it streams."""

    @wraps(view)
    def turned_view() -> Response:
        response = view()
        live = current_stream()
        name_buffer(request.environ, "template_buffer", live.values.whole("template_buffer"))
        if live.can_be_turned:
            stream: Any = response.response
            response.response = TemplateBuffered(stream, live)
        return response

    return turned_view
