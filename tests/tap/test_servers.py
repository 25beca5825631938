"""Real WSGI servers over real sockets send the same bytes with taps and without."""

from __future__ import annotations

import io
import re
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from wsgiref.simple_server import ServerHandler, WSGIRequestHandler, make_server
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

import pytest
import werkzeug.serving
from flask import Flask, Response, send_file, stream_template_string, stream_with_context

from inspector.recording.folder import RECORDING_HEADER
from inspector.tap import Tap, parts
from inspector.tap.typing_compat import override
from tests.needs import needs
from tests.tapping import Recorded, new_recording

BODY_OF_FILE = b"0123456789" * 10_000


def generate() -> Iterator[str]:
    yield "first"
    yield ""
    yield "zweite Zeile ä" * 100
    yield "last"


def broken() -> Iterator[str]:
    yield "before"
    raise ZeroDivisionError


def make_app(spool: Path | None, folder: Path) -> Flask:
    """Return a tapped app with one view for each thing that servers treat in a way of their own."""
    app = Flask(__name__)
    tap = Tap(spool)
    tap.install(app)
    (folder / "file").write_bytes(BODY_OF_FILE)
    views: dict[str, Callable[[], Any]] = {
        "/generator": lambda: stream_with_context(parts(generate())),
        "/template": lambda: stream_template_string("{% for n in range(9) %}<li>{{ n }}{% endfor %}"),
        "/list": lambda: Response([b"one", b"two"]),
        "/text": lambda: "text",
        "/nothing": lambda: ("", 204),
        "/iterator-of-one": lambda: Response(iter([b"one"])),
        "/file": lambda: send_file(folder / "file", mimetype="text/plain", conditional=False),
        "/broken": broken,
    }
    for path, view in views.items():
        app.add_url_rule(path, view_func=view, endpoint=path)
    app.wsgi_app = tap.write(tap.yields(with_plain_apps(app.wsgi_app)))  # type: ignore[method-assign, assignment]
    return app


def with_plain_apps(inner: WSGIApplication) -> WSGIApplication:
    """Answer what Flask can't say: a bare list of one item, a file for the server, and ``write()``."""

    def app(environ: WSGIEnvironment, start_response: StartResponse) -> Any:
        path = environ["PATH_INFO"]
        if not path.startswith("/plain"):
            return inner(environ, start_response)
        write = start_response("200 OK", [("Content-Type", "text/plain")])
        if path == "/plain-write":
            write(b"written")
            return [b"returned"]
        if path == "/plain-file" and "wsgi.file_wrapper" in environ:
            return environ["wsgi.file_wrapper"](io.BytesIO(BODY_OF_FILE))
        return [b"the only item"]

    return app


PATHS = (
    *("/generator", "/template", "/list", "/text", "/nothing", "/iterator-of-one", "/file", "/broken"),
    *("/plain-list", "/plain-write", "/plain-file"),
)


@contextmanager
def _running(serve: Callable[[], object], stop: Callable[[], object]) -> Iterator[None]:
    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield
    finally:
        stop()
        thread.join()


class _QuietWerkzeug(werkzeug.serving.WSGIRequestHandler):
    protocol_version = "HTTP/1.1"

    @override
    def log(self, type: str, message: str, *args: Any) -> None:  # noqa: A002  # Werkzeug's name
        pass


class _QuietWsgiref(WSGIRequestHandler):
    @override
    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  # the standard library's name
        pass


@contextmanager
def werkzeug_server(app: WSGIApplication) -> Iterator[int]:
    server = werkzeug.serving.make_server("127.0.0.1", 0, app, threaded=True, request_handler=_QuietWerkzeug)
    server.daemon_threads = False  # type: ignore[attr-defined]
    with _running(lambda: server.serve_forever(poll_interval=0.01), server.shutdown):
        yield server.server_port
    server.server_close()


@contextmanager
def wsgiref_server(app: WSGIApplication) -> Iterator[int]:
    server = make_server("127.0.0.1", 0, app, handler_class=_QuietWsgiref)
    with _running(lambda: server.serve_forever(poll_interval=0.01), server.shutdown):
        yield server.server_port
    server.server_close()


@contextmanager
def waitress_server(app: WSGIApplication) -> Iterator[int]:
    from waitress.server import create_server

    sockets_of_server: dict[int, Any] = {}
    server = create_server(app, host="127.0.0.1", port=0, threads=2, map=sockets_of_server)
    stopping = threading.Event()

    def serve() -> None:
        while not stopping.is_set():
            server.asyncore.loop(timeout=0.01, map=sockets_of_server, count=1)

    with _running(serve, stopping.set):
        yield server.effective_port
    server.task_dispatcher.shutdown(timeout=5)
    for channel in list(sockets_of_server.values()):
        channel.close()
    server.close()


@contextmanager
def cheroot_server(app: WSGIApplication) -> Iterator[int]:
    from cheroot.wsgi import Server as CherootServer

    server = CherootServer(("127.0.0.1", 0), app, numthreads=1)
    server.error_log = lambda *args, **options: None  # type: ignore[method-assign]
    server.prepare()
    with _running(server.serve, server.stop):
        yield server.bind_addr[1]


SERVERS = [
    werkzeug_server,
    pytest.param(waitress_server, marks=needs("waitress")),
    pytest.param(cheroot_server, marks=needs("cheroot")),
    wsgiref_server,
]


def ask(port: int, path: str, recording_id: str | None = None, method: str = "GET") -> bytes:
    """Return every byte of a response, its date apart."""
    header = f"{RECORDING_HEADER}: {recording_id}\r\n" if recording_id else ""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall(f"{method} {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{header}\r\n".encode())
        with connection.makefile("rb") as file:
            try:
                data = file.read()
            except ConnectionResetError:  # pragma: no cover  # a server that closes on unread bytes
                data = b"reset"
    return re.sub(rb"(?i)(date|last-modified|etag|expires): [^\r]*\r\n", b"", data)


@pytest.fixture(autouse=True)
def quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep tracebacks of the broken view off the screen."""
    monkeypatch.setattr(ServerHandler, "log_exception", lambda self, exc_info: None)


@pytest.mark.parametrize("server_of", SERVERS)
def test_that_a_server_sends_the_same_bytes_with_taps_and_without(server_of: Any, tmp_path: Path) -> None:
    spool = tmp_path / "spool"
    with server_of(make_app(None, tmp_path)) as port:
        bare = {(path, method): ask(port, path, method=method) for path in PATHS for method in ("GET", "HEAD")}
    with server_of(make_app(spool, tmp_path)) as port:
        for (path, method), expected in bare.items():
            recording_id = new_recording(spool)
            assert ask(port, path, recording_id, method) == expected, (path, method)
            assert "write.marks" in Recorded(spool / recording_id).files
            assert ask(port, path, None, method) == expected, (path, method)
    assert b"zweite" in bare["/generator", "GET"]


@pytest.mark.parametrize("server_of", SERVERS)
def test_that_what_a_server_took_is_what_was_marked(server_of: Any, tmp_path: Path) -> None:
    spool = tmp_path / "spool"
    with server_of(make_app(spool, tmp_path)) as port:
        recording_id = new_recording(spool)
        assert b"last" in ask(port, "/generator", recording_id)
    recorded = Recorded(spool / recording_id)
    for layer in ("part", "yield", "write"):
        assert recorded.sizes(layer) == [5, 0, 1500, 4]
    assert [line.split()[0] for line in recorded.code_lines("part")] == ["yield"] * 4
