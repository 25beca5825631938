"""The default engine: threaded Werkzeug with a handler that makes one send of each yield, and stops at once.

Stock Werkzeug sends size line, CRLF, data and CRLF apart, with Nagle's algorithm on, so that a client's reads would
change what the server does. Here each yield is one ``sendall`` (the first one together with the head).
"""

from __future__ import annotations

import io
import os
import socket
import sys
import threading
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Any

import flask
import werkzeug
from typing_extensions import override
from werkzeug.serving import ThreadedWSGIServer, WSGIRequestHandler

import inspector.tap

from .engine_settings import HOST, set_send_buffer

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer
    from _typeshed.wsgi import WSGIApplication

_LAST_CHUNK = b"0\r\n\r\n"
_POLL_S = 0.05
_STOP_S = 2.0
_FRAMEWORK_FOLDERS = tuple(
    str(Path(str(module.__file__)).parent) + os.sep for module in (werkzeug, flask, inspector.tap)
)


class OneSend(io.BufferedIOBase):
    """Collects what Werkzeug writes and sends it when Werkzeug flushes: after each item. One thread."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._pending: list[bytes] = []

    @override
    def writable(self) -> bool:
        return True

    @override
    def write(self, data: ReadableBuffer, /) -> int:
        """Keep data until the next flush. The last chunk goes at once: Werkzeug flushes it 10 ms later."""
        piece = bytes(data)
        ends_body = piece == _LAST_CHUNK and not self._pending
        self._pending.append(piece)
        if ends_body:
            self.flush()
        return len(piece)

    @override
    def flush(self) -> None:
        """Send what there is. Raises ``OSError`` when the client has gone."""
        if self._pending:
            data = b"".join(self._pending)
            self._pending.clear()
            self._connection.sendall(data)


class UntilGone(io.BufferedReader):
    """What a client sends, which ends where the client resets the connection.

    Werkzeug reads what is left of a request after its response, and would not close the response after an error.
    """

    @override
    def read(self, size: int | None = -1, /) -> bytes:
        try:
            return super().read(size)
        except ConnectionError:
            return b""


class OneSendHandler(WSGIRequestHandler):
    """Handles one connection: HTTP/1.1, one send for each yield, no log of requests."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    @override
    def setup(self) -> None:
        super().setup()
        self.rfile = UntilGone(self.rfile.detach())
        self.wfile = OneSend(self.connection)

    @override
    def run_wsgi(self) -> None:
        # Werkzeug would answer in chunks, which a client of HTTP/1.0 does not know (RFC 9112 section 6.1).
        if self.request_version == "HTTP/1.0":
            self.protocol_version = "HTTP/1.0"
        super().run_wsgi()

    @override
    def log(self, type: str, message: str, *args: Any) -> None:
        """Keep quiet: the recording says how a request went, and errors are logged by the server."""


class _Server(ThreadedWSGIServer):
    """Werkzeug's threaded server, which knows its connections so that it can end them."""

    # On Windows the option would let two servers share a port.
    allow_reuse_address = sys.platform != "win32"

    def __init__(
        self, port: int, app: WSGIApplication, handler: type[WSGIRequestHandler], send_buffer_bytes: int
    ) -> None:
        self._connections: dict[threading.Thread, socket.socket] = {}
        self._lock = threading.Lock()
        self._send_buffer_bytes = send_buffer_bytes
        super().__init__(HOST, port, app, handler)

    @override
    def server_bind(self) -> None:
        # Connections inherit it.
        set_send_buffer(self.socket, self._send_buffer_bytes)
        # HTTPServer would ask the resolver for a name of the host, which may take seconds.
        super(ThreadedWSGIServer, self).server_bind()

    @override
    def process_request(self, request: Any, client_address: Any) -> None:
        thread = threading.Thread(
            target=self.process_request_thread, args=(request, client_address), name="connection", daemon=True
        )
        with self._lock:
            self._connections[thread] = request
        thread.start()

    @override
    def process_request_thread(self, request: Any, client_address: Any) -> None:
        try:
            super().process_request_thread(request, client_address)
        finally:
            with self._lock:
                del self._connections[threading.current_thread()]

    @override
    def shutdown(self) -> None:
        """Take no more connections. The accept loop wakes at once on Linux, with its next poll elsewhere."""
        try:
            self.socket.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass  # macOS and Windows: a listening socket has nothing to shut down
        super().shutdown()

    def cut_connections(self) -> list[threading.Thread]:
        """End all open connections at once, also those blocked in a send or a read; return their threads."""
        with self._lock:
            connections = dict(self._connections)
        for connection in connections.values():
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue  # it has just ended by itself
        return list(connections)

    @override
    def log(self, type: str, message: str, *args: Any) -> None:
        """Write an exception that cut a response to stderr, without Werkzeug's own frames."""
        error = sys.exception()
        sys.stderr.write(short_traceback(error) if error else f"{message % args}\n")


def short_traceback(error: BaseException) -> str:
    """Return a traceback that starts in the app."""
    trace = traceback.TracebackException.from_exception(error)
    trace.stack = traceback.StackSummary.from_list(
        [frame for frame in trace.stack if not frame.filename.startswith(_FRAMEWORK_FOLDERS)]
    )
    return "An exception cut a response:\n" + "".join(trace.format())


class Engine:
    """A running server for a WSGI app on 127.0.0.1, in threads of its own. As a context it starts and stops."""

    def __init__(
        self,
        app: WSGIApplication,
        stop: threading.Event,
        *,
        port: int = 0,
        handler: type[WSGIRequestHandler] = OneSendHandler,
        send_buffer_bytes: int = 0,
    ) -> None:
        """Bind the port, 0 for any free one; ``send_buffer_bytes`` is SO_SNDBUF of its connections, 0 the system's.

        ``handler`` has to have a ``protocol_version`` of its own.
        Raises ``SystemExit`` with a sentence on stderr where the port is taken.
        """
        self._stop = stop
        self._server = _Server(port, app, handler, send_buffer_bytes)
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": _POLL_S}, name="accept", daemon=True
        )

    @property
    def port(self) -> int:
        """The port that is bound."""
        return int(self._server.port)

    @property
    def base_url(self) -> str:
        """``http://127.0.0.1:PORT``."""
        return f"http://{HOST}:{self.port}"

    def __enter__(self) -> Engine:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        """Serve, in the background."""
        self._thread.start()

    def stop(self) -> None:
        """End all streams, free the port, wait for the threads. Streams see the stop event and a cut connection."""
        self._stop.set()
        self._server.shutdown()
        self._thread.join(_STOP_S)
        for thread in self._server.cut_connections():
            thread.join(_STOP_S)
