"""The real server for tests: its app in its engine, a gate that lets a stream go on step by step, and a raw client.

The client reads what the server sends, send by send, and knows nothing but sockets and chunked framing, so what it sees
is what was on the wire.
"""

from __future__ import annotations

import select
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

from flask import Flask

from server.app import create_app
from server.engines.werkzeug_one_send import Engine
from server.request_context import Wait
from tests.waiting import DEADLINE_S, wait_until


class Gate:
    """What streams wait with instead of the clock: each pause lasts until the test opens the gate for it."""

    def __init__(self) -> None:
        self._steps = threading.Semaphore(0)
        self._closed = False
        #: The pauses that were begun, in seconds as the server asked for them.
        self.pauses_s: list[float] = []

    def __call__(self, seconds: float) -> bool:
        self.pauses_s.append(seconds)
        in_time = self._steps.acquire(timeout=DEADLINE_S)
        return self._closed or not in_time

    def open(self, steps: int = 1) -> None:
        """Let that many pauses end."""
        self._steps.release(steps)

    def close(self) -> None:
        """End all pauses, as a stopping server does."""
        self._closed = True
        self._steps.release(1_000)

    def wait_for_pause(self, number: int) -> None:
        """Wait until the server has begun its pause of that number, counted from 1."""
        wait_until(lambda: len(self.pauses_s) >= number, f"pause {number}")


@dataclass
class Served:
    """A server that runs."""

    app: Flask
    engine: Engine
    stop: threading.Event
    closed: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))

    @property
    def port(self) -> int:
        """Its port on 127.0.0.1."""
        return self.engine.port

    def get(self, path: str, **options: str) -> Wire:
        """Send a request and return its connection."""
        return Wire(self.port, path, **options)

    def wait_for_closed_response(self) -> None:
        """Wait until the server has closed a response: its generators have ended."""
        assert self.closed.acquire(timeout=DEADLINE_S), "no response was closed"


@contextmanager
def serving(*, wait: Wait | None = None, spool: Path | None = None) -> Iterator[Served]:
    """Serve the app on a free port until the end of the context."""
    stop = threading.Event()
    app = create_app(spool=spool, stop=stop, wait=wait)
    with Engine(app, stop) as engine:
        served = Served(app, engine, stop)

        @app.after_request
        def tells_its_end(response):  # type: ignore[no-untyped-def]
            response.call_on_close(served.closed.release)
            return response

        yield served


@contextmanager
def serving_gated() -> Iterator[tuple[Served, Gate]]:
    """Serve the app with a gate."""
    gate = Gate()
    with serving(wait=gate) as served:
        try:
            yield served, gate
        finally:
            gate.close()


class Cut(Exception):
    """The connection ended before the body did."""


class Wire:
    """One request and its response, as raw bytes. A context; blocks up to the deadline.

    ``fields`` are further header fields, each with its line end.
    """

    def __init__(
        self, port: int, path: str, *, method: str = "GET", host: str = "", version: str = "1.1", fields: str = ""
    ) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=DEADLINE_S)
        host = host or f"127.0.0.1:{port}"
        request = f"{method} {quote(path, safe='/?&=%+.:')} HTTP/{version}\r\nHost: {host}\r\n{fields}\r\n"
        self.socket.sendall(request.encode())
        #: What each receive gave.
        self.received: list[bytes] = []
        self._buffer = b""
        self._ended = False
        self._head: bytes | None = None

    def __enter__(self) -> Wire:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Leave."""
        self.socket.close()

    @property
    def head(self) -> str:
        """Status line and header fields."""
        if self._head is None:
            self._head = self._take_until(b"\r\n\r\n")
        return self._head.decode("latin-1")

    @property
    def status(self) -> int:
        """The status code."""
        return int(self.head.split(" ", 2)[1])

    @property
    def headers(self) -> dict[str, str]:
        """Header fields by lower-case name; a test fails for a field that is there twice."""
        pairs = [line.partition(": ") for line in self.head.split("\r\n")[1:]]
        found = {name.lower(): value for name, _, value in pairs}
        # Werkzeug's server adds a Date to every response, also to one that has one (make_conditional sets it).
        twice = [name for name, _, _ in pairs].count("Date") == 2
        assert len(found) + twice == len(pairs), pairs
        return found

    def chunk(self) -> bytes:
        """Return the next chunk's data, empty for the last chunk. Raises `Cut`."""
        assert self.headers["transfer-encoding"] == "chunked"
        size_bytes = int(self._take_until(b"\r\n"), 16)
        data = self._take(size_bytes)
        assert self._take(2) == b"\r\n"
        return data

    def chunks(self) -> list[bytes]:
        """Return all further chunks. Raises `Cut` unless the body is complete."""
        found = []
        while data := self.chunk():
            found.append(data)
        assert self.rest() == b""
        return found

    def chunks_until_cut(self) -> list[bytes]:
        """Return the chunks before the connection ended. Fails for a complete body."""
        found = []
        try:
            while data := self.chunk():
                found.append(data)
        except Cut:
            return found
        raise AssertionError("the body is complete")

    def body(self) -> bytes:
        """Return the whole body of any framing. Raises `Cut`."""
        if self.headers.get("transfer-encoding") == "chunked":
            return b"".join(self.chunks())
        if "content-length" in self.headers:
            return self._take(int(self.headers["content-length"]))
        return self.rest()

    def text(self) -> str:
        """Return the whole body as text."""
        return self.body().decode()

    def line(self) -> bytes:
        """Return the body's bytes up to the next newline, of a response without chunks. Raises `Cut`."""
        assert "transfer-encoding" not in self.headers
        return self._take_until(b"\n") + b"\n"

    def rest(self) -> bytes:
        """Return all bytes up to the end of the connection."""
        while self._receive():
            pass
        return self._take(len(self._buffer))

    def is_silent(self) -> bool:
        """Tell that nothing has arrived that was not read."""
        return not self._buffer and not select.select([self.socket], [], [], 0)[0]

    def _take(self, size_bytes: int) -> bytes:
        while len(self._buffer) < size_bytes:
            if not self._receive():
                raise Cut
        data, self._buffer = self._buffer[:size_bytes], self._buffer[size_bytes:]
        return data

    def _take_until(self, end: bytes) -> bytes:
        while end not in self._buffer:
            if not self._receive():
                raise Cut
        data, _, self._buffer = self._buffer.partition(end)
        return data

    def _receive(self) -> bool:
        try:
            data = self.socket.recv(1 << 20) if not self._ended else b""
        except ConnectionResetError:
            data = b""
        self._ended = not data
        if data:
            self.received.append(data)
            self._buffer += data
        return bool(data)
