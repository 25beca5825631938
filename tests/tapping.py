"""Tools of the tests of taps: a spool with recordings, a server's part played by hand, and what was recorded."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from wsgiref.types import WSGIApplication, WSGIEnvironment
from wsgiref.util import setup_testing_defaults

from inspector.recording.folder import RECORDING_HEADER, read_track
from inspector.recording.source_lines import SOURCES_NAME, SourceLineReader, SourceLines

HEADER_KEY = "HTTP_" + RECORDING_HEADER.upper().replace("-", "_")
_numbers = itertools.count()


def new_recording(spool: Path) -> str:
    """Make an empty recording folder in a spool and return its id."""
    recording_id = f"20261120-231504-{next(_numbers):08x}"
    (spool / recording_id).mkdir(parents=True)
    return recording_id


def environ_of(recording_id: str | None = None, path: str = "/", **more: object) -> WSGIEnvironment:
    """Return the environ of a GET request, which asks to be recorded where an id is given."""
    environ: WSGIEnvironment = {"SCRIPT_NAME": "", "PATH_INFO": path, "QUERY_STRING": ""}
    setup_testing_defaults(environ)
    if recording_id is not None:
        environ[HEADER_KEY] = recording_id
    return environ | more


@dataclass
class Exchange:
    """What a server has seen of an app: everything that could change framing or bytes."""

    status: str = ""
    headers: list[tuple[str, str]] = field(default_factory=list)
    body: Iterable[bytes] = ()
    items: list[object] = field(default_factory=list)
    written: list[bytes] = field(default_factory=list)
    error: BaseException | None = None

    @property
    def content(self) -> bytes:
        return b"".join(self.written) + b"".join(item for item in self.items if isinstance(item, bytes))


def start(app: WSGIApplication, environ: WSGIEnvironment) -> Exchange:
    """Call an app as a server does, up to its body."""
    exchange = Exchange()

    def start_response(
        status: str, headers: list[tuple[str, str]], exc_info: object = None
    ) -> Callable[[bytes], object]:
        exchange.status = status
        exchange.headers = headers
        return exchange.written.append

    exchange.body = app(environ, start_response)
    return exchange


def close(body: object) -> None:
    """Close a body as PEP 3333 asks servers to."""
    close_body = getattr(body, "close", None)
    if close_body is not None:
        close_body()


def exchange(app: WSGIApplication, environ: WSGIEnvironment, stop_after: int | None = None) -> Exchange:
    """Play a server: call, iterate (up to a number of items), close; keep the exception that came out."""
    seen = start(app, environ)
    try:
        seen.items.extend(itertools.islice(seen.body, stop_after))
    except Exception as error:  # whatever the app raised is compared
        seen.error = error
    finally:
        close(seen.body)
    return seen


@dataclass
class Recorded:
    """What the taps have written into a folder. Marks are ``(t_ns, end)``; labels are ``timeline.html:3``."""

    folder: Path

    def ends(self, layer: str) -> list[int]:
        return [int(end) for end in read_track(self.folder, layer).end]

    def times_ns(self, layer: str) -> list[int]:
        return [int(t_ns) for t_ns in read_track(self.folder, layer).t_ns]

    def sizes(self, layer: str) -> list[int]:
        return [int(size) for size in read_track(self.folder, layer).sizes()]

    @property
    def sources(self) -> SourceLines:
        reader = SourceLineReader()
        reader.feed((self.folder / SOURCES_NAME).read_bytes())
        return reader.sources

    def labels(self, layer: str) -> list[str]:
        sources = self.sources
        return [sources.label(int(source)) for source in read_track(self.folder, layer).column("source")]

    def code_lines(self, layer: str) -> list[str]:
        """Return the text of the producing line of each mark, without indentation."""
        sources = self.sources
        lines = []
        for source in read_track(self.folder, layer).column("source"):
            place = sources.place(int(source))
            lines.append(place[0].text.splitlines()[place[1].number - 1].strip() if place else "")
        return lines

    @property
    def files(self) -> set[str]:
        return {path.name for path in self.folder.iterdir()}


def cumulated(items: Iterable[bytes | str]) -> list[int]:
    """Return the end offsets of items on their axis."""
    return list(itertools.accumulate(len(item.encode() if isinstance(item, str) else item) for item in items))


def stream_of(items: Iterable[bytes], facts: list[str] | None = None) -> WSGIApplication:
    """Return a WSGI app that yields items one by one and writes down what happens to it."""

    def app(environ: WSGIEnvironment, start_response: object) -> Iterator[bytes]:
        assert callable(start_response)
        start_response("200 OK", [("Content-Type", "text/plain")])
        return body()

    def body() -> Iterator[bytes]:
        try:
            for number, item in enumerate(items):
                if facts is not None:
                    facts.append(f"made {number}")
                yield item
        finally:
            if facts is not None:
                facts.append("ended")

    return app
