"""WSGI apps whose bodies write down what a server does to them, for the tests of taps."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from inspector.tap import Tap


class Broken(Exception):
    """What a broken app raises."""


class Body:
    """An iterable of bytes that writes down each call of a server."""

    def __init__(self, items: list[bytes], facts: list[str], raise_at: int | None = None) -> None:
        self._items = items
        self._facts = facts
        self._raise_at = raise_at
        self._at = 0

    def __iter__(self) -> Iterator[bytes]:
        self._facts.append("iter")
        return self

    def __next__(self) -> bytes:
        self._facts.append("next")
        if self._at == self._raise_at:
            raise Broken(self._at)
        if self._at == len(self._items):
            raise StopIteration
        self._at += 1
        return self._items[self._at - 1]

    def close(self) -> None:
        self._facts.append("close")


def app_of(body: Iterable[bytes]) -> WSGIApplication:
    def app(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        start_response("200 OK", [("Content-Type", "text/plain")])
        return body

    return app


def both(tap: Tap, app: WSGIApplication) -> WSGIApplication:
    return tap.write(tap.yields(app))


def open_files(folder: Path) -> list[str]:
    """Return the files of this process inside a folder (Linux; elsewhere there is nothing to look at)."""
    descriptors = Path("/proc/self/fd")
    if not descriptors.exists():
        return []
    links = []
    for link in descriptors.iterdir():
        try:
            links.append(str(link.readlink()))
        except FileNotFoundError:  # the one that lists this folder
            continue
    return [path for path in links if path.startswith(str(folder) + "/")]
