"""The WSGI middlewares (PEP 3333) behind `Tap`: one marks yields, innermost, the other writes, outermost.

Which recording a request asks for is found once and kept in its environ, so that a second request with the same id,
whose files exist already, is recorded by neither tap. A request that asks for none costs one dictionary look-up.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from time import monotonic_ns
from typing import Any, TypeVar
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from inspector.recording.recording_id import RECORDING_HEADER, recording_folder

from .content_marks import ContentMarks, active_content
from .iterable_wrappers import HandedBody, Mark, TappedBody, TappedYields, UnmarkedBody, like
from .mark_files import MarkFile, new_track, row_packer
from .tap_log_writer import buffers_of, names_of, write_handed_over, write_tap_start

_logger = logging.getLogger(__name__)

_HEADER_KEY = "HTTP_" + RECORDING_HEADER.upper().replace("-", "_")
#: In the environ: the folder of the recording that a request asks for, None for none.
FOLDER_KEY = "streaming_inspector.folder"
#: A list in the environ in which a framework puts the view's iterable: it hides it behind iterables of its own.
PRODUCER_KEY = "streaming_inspector.producer"

_OUTERMOST = "write"
_pack_write = row_packer(_OUTERMOST)
F = TypeVar("F")


def _claimed(spool: Path, environ: WSGIEnvironment, make: Callable[[Path], F]) -> F | None:
    """Return what ``make`` makes in the folder of the recording that a request asks for, None if it may not."""
    if FOLDER_KEY not in environ:
        environ[FOLDER_KEY] = recording_folder(spool, environ[_HEADER_KEY])
    folder: Path | None = environ[FOLDER_KEY]
    if folder is None:
        return None
    try:
        return make(folder)
    except OSError as error:
        environ[FOLDER_KEY] = None
        _logger.warning("this request is not recorded: %s", error)
        return None


def _marking_start(start_response: StartResponse, mark: Mark, write_line: Callable[[Any], None]) -> StartResponse:
    """Return a ``start_response`` that records the headers, and whose ``write()`` callable marks what it is given."""

    def start(*args: Any, **options: Any) -> Callable[[bytes], object]:
        # Before anything is handed on: whoever gets the list may change it.
        if len(args) > 1:
            write_line(args[1])
        server_write = start_response(*args, **options)

        def write(data: bytes) -> object:
            mark(monotonic_ns(), data)
            return server_write(data)

        return write

    return start


def _tap_line_writer(environ: WSGIEnvironment, layer: str, name: str = "") -> Callable[[Any], None]:
    """Return what writes the tap's line; ``name`` is the default where the environ has none."""
    folder: Path = environ[FOLDER_KEY]
    names = names_of(environ)
    buffers = buffers_of(environ) if layer == "yield" else ()
    return lambda headers: write_tap_start(folder, layer, names.get(layer, name), headers, buffers)


def _is_servers_file(environ: WSGIEnvironment, body: object) -> bool:
    """Return whether a response is a file that the server sends by its own means, where it must see its own class."""
    wrapper = environ.get("wsgi.file_wrapper")
    return isinstance(wrapper, type) and isinstance(body, wrapper)


class WriteTap:
    """Marks ``write``, what leaves the outermost middleware, or ``write.N``, what leaves the Nth from the inside."""

    def __init__(self, app: WSGIApplication, spool: Path, layer: str = "write", name: str = "") -> None:
        self._app = app
        self._spool = spool
        self._layer = layer
        self._name = name

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request; every error of the app passes."""
        track = _claimed(self._spool, environ, self._new_track) if _HEADER_KEY in environ else None
        if track is None:
            return self._app(environ, start_response)
        mark = _write_mark(track)
        start = _marking_start(start_response, mark, _tap_line_writer(environ, self._layer, self._name))
        try:
            body = self._app(environ, start)
        except BaseException:
            track.close()
            raise
        if _is_servers_file(environ, body):
            track.close()
            return body
        if self._layer != _OUTERMOST:
            return like(body, TappedBody(body, mark, track.close))
        folder: Path = environ[FOLDER_KEY]
        return like(body, HandedBody(body, mark, track.close, partial(write_handed_over, folder)))

    def _new_track(self, folder: Path) -> MarkFile:
        return new_track(folder, self._layer)


class YieldTap:
    """Marks ``yield`` and makes ``part`` marks possible: what an app's response hands on, and who produced it."""

    def __init__(self, app: WSGIApplication, spool: Path) -> None:
        self._app = app
        self._spool = spool

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request; every error of the app passes."""
        if PRODUCER_KEY in environ:  # an app inside a tapped one
            return self._app(environ, start_response)
        content = _claimed(self._spool, environ, ContentMarks) if _HEADER_KEY in environ else None
        if content is not None:
            return self._recorded(environ, start_response, content)
        if active_content.get() is None:
            return self._app(environ, start_response)
        # Called by a view that is recorded: what happens in here is no part of its response.
        with _active(None):
            body = self._app(environ, start_response)
        return like(body, UnmarkedBody(body))

    def _recorded(
        self, environ: WSGIEnvironment, start_response: StartResponse, content: ContentMarks
    ) -> Iterable[bytes]:
        producers: list[object] = []
        environ[PRODUCER_KEY] = producers
        start = _marking_start(start_response, content.mark_written, _tap_line_writer(environ, "yield"))
        try:
            with _active(content):
                body = self._app(environ, start)
        except BaseException:
            content.close()
            raise
        # Taken out again: an environ that keeps the view's generator, which keeps the environ, would live too long.
        producer = producers.pop() if producers else body
        if _is_servers_file(environ, body):
            content.close()
            return body
        return like(body, TappedYields(body, content, producer))


@contextmanager
def _active(content: ContentMarks | None) -> Iterator[None]:
    token = active_content.set(content)
    try:
        yield
    finally:
        active_content.reset(token)


def _write_mark(track: MarkFile) -> Mark:
    end = 0

    def mark(t_ns: int, item: bytes) -> None:
        nonlocal end
        try:
            end += len(item)
        except TypeError:  # not an item that a server takes; that is for the server to say
            return
        track.write(_pack_write(t_ns, end))

    return mark
