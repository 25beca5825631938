"""Our own WSGI middlewares (PEP 3333): the ways to hold, cut and encode a stream that people write themselves.

Each is as short as those that one meets, and right where those go wrong: ``close()`` is handed on exactly once.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable, Iterator
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

Headers = list[tuple[str, str]]
_GZIP_WBITS = 31


class ItemIterator:
    """A response's iterable that makes items of another one's, and closes that one with it, once. Any one thread."""

    def __init__(self, body: Iterable[bytes], items: Iterator[bytes]) -> None:
        self._body = body
        self._items = items
        self._closed = False

    def __iter__(self) -> ItemIterator:
        return self

    def __next__(self) -> bytes:
        return next(self._items)

    def close(self) -> None:
        """Close the response that the items are made of."""
        if not self._closed:
            self._closed = True
            close_body(self._body)


def close_body(body: Iterable[bytes]) -> None:
    """Close a response if it can be closed."""
    close = getattr(body, "close", None)
    if close is not None:
        close()


def collected(body: Iterable[bytes]) -> bytes:
    """Return all of a response, which is closed whatever happens."""
    try:
        return b"".join(body)
    finally:
        close_body(body)


def join(app: WSGIApplication) -> WSGIApplication:
    """Return an app whose response is one item."""

    def joined(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        return [collected(app(environ, start_response))]

    return joined


def content_length(app: WSGIApplication) -> WSGIApplication:
    """Return an app whose response is one item, with its Content-Length."""

    def measured(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        started = RecordedStart()
        body = collected(app(environ, started))
        headers = without(started.headers, "content-length")
        start_response(started.status, [*headers, ("Content-Length", str(len(body)))])
        return [body]

    return measured


def rechunk(app: WSGIApplication, size_bytes: int) -> WSGIApplication:
    """Return an app whose response comes in items of ``size_bytes``, the last one as it is."""

    def rechunked(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        body = app(environ, start_response)
        return ItemIterator(body, _cut(body, size_bytes))

    return rechunked


def _cut(body: Iterable[bytes], size_bytes: int) -> Iterator[bytes]:
    held = bytearray()
    for item in body:
        held += item
        at = 0
        while len(held) - at >= size_bytes:
            yield bytes(held[at : at + size_bytes])
            at += size_bytes
        del held[:at]
    if held:
        yield bytes(held)


def gzip(app: WSGIApplication, *, flush: bool) -> WSGIApplication:
    """Return an app whose response is coded with gzip (RFC 9110 section 8.4.1.3) unless it is coded already.

    ``flush`` ends what is coded after each item with a sync flush, so that a reader can decode it at once.
    """

    def zipped(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        started = RecordedStart()

        def start(status: str, headers: Headers, *exc_info: Any) -> Callable[[bytes], object]:
            started(status, headers)
            if not started.is_coded:
                headers = [*without(headers, "content-length"), ("Content-Encoding", "gzip")]
            return start_response(status, headers, *exc_info)

        body = app(environ, start)
        return ItemIterator(body, _deflated(body, started, flush=flush))

    return zipped


def _deflated(body: Iterable[bytes], started: RecordedStart, *, flush: bool) -> Iterator[bytes]:
    compressor = zlib.compressobj(wbits=_GZIP_WBITS)
    for item in body:
        # Only now it is sure that the response has started: an app may be a generator.
        if started.is_coded:
            yield item
            continue
        data = compressor.compress(item)
        if flush:
            data += compressor.flush(zlib.Z_SYNC_FLUSH)
        if data:
            yield data
    if not started.is_coded:
        yield compressor.flush()


class RecordedStart:
    """A ``start_response`` that keeps what an app starts its response with."""

    def __init__(self) -> None:
        self.status = ""
        self.headers: Headers = []

    def __call__(self, status: str, headers: Headers, *_exc_info: object) -> Callable[[bytes], object]:
        """Keep status and headers; the last ones count."""
        self.status = status
        self.headers = list(headers)
        return _no_write

    @property
    def is_coded(self) -> bool:
        """Return whether the response has a content coding already."""
        return any(name.lower() == "content-encoding" for name, _ in self.headers)


def _no_write(_data: bytes) -> None:
    raise NotImplementedError("the apps of this server return their items")


def without(headers: Headers, field: str) -> Headers:
    """Return headers without a field, named in lower case."""
    return [(name, value) for name, value in headers if name.lower() != field]
