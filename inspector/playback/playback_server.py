"""Serves a recorded response to whoever asks: each request gets all of it from its beginning, with its timing.

Path: request -> who may ask -> head and body at their times -> the ending, whole or cut as it was.
"""

from __future__ import annotations

import contextlib
import socket
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler
from ipaddress import ip_address
from socketserver import TCPServer, ThreadingMixIn
from typing import TYPE_CHECKING, Any

from .recorded_response import RecordedResponse, WireReader

if TYPE_CHECKING:
    from typing_extensions import override
else:  # Python 3.11 has none

    def override(method: object) -> object:
        """Return the method as it is."""
        return method


_REQUEST_TIMEOUT_S = 20
#: What a client sends beyond its request is read this long, so that closing does not take the response from it.
_LINGER_S = 1.0
_LINGER_READS = 64
_OWN_NAMES = ("127.0.0.1", "localhost", "[::1]")


class PlaybackServer(ThreadingMixIn, TCPServer):
    """Serves one recorded response on all paths. One thread a connection; `end` joins them all."""

    daemon_threads = False
    block_on_close = True
    allow_reuse_address = True
    request_queue_size = 64

    def __init__(
        self, response: RecordedResponse, host: str, port: int, *, speed: float = 1.0, loops: bool = False
    ) -> None:
        """Listen; ``port`` 0 is any free one. Raises ``OSError`` where that can't be."""
        self.response = response
        self.speed = speed
        self.loops = loops
        self.ended = threading.Event()
        self._host = host
        self._lock = threading.Lock()
        self._connections: set[socket.socket] = set()
        if ":" in host:
            self.address_family = socket.AF_INET6
        super().__init__((host, port), _Handler)
        self.port = int(self.server_address[1])
        self._serving = threading.Thread(target=self.serve_forever, args=(0.05,), name="playback server")

    @property
    def address(self) -> str:
        """The address to ask, as a URL."""
        host = f"[{self._host}]" if ":" in self._host else self._host
        return f"http://{host}:{self.port}/"

    def begin(self) -> None:
        """Serve in threads of its own until `end`."""
        self._serving.start()

    def end(self) -> None:
        """Cut what is being sent, and wait for all threads."""
        self.ended.set()
        self.shutdown()
        self._serving.join()
        with self._lock:
            for connection in self._connections:
                with contextlib.suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)
        self.server_close()

    def is_own(self, host: str) -> bool:
        """Return whether a Host header (RFC 9110 section 7.2) names this server; any other may be DNS rebinding."""
        name, colon, port = host.lower().rpartition(":")
        if not colon or name.startswith("[") != name.endswith("]"):
            name, port = host.lower(), "80"
        if port != str(self.port):
            return False
        if self._host in ("127.0.0.1", "::1", "localhost"):
            return name in _OWN_NAMES
        return name in (*_OWN_NAMES, self._host.lower(), socket.gethostname().lower()) or _is_address(name)

    @override
    def process_request(self, request: Any, client_address: Any) -> None:
        """Answer a connection in a thread of its own."""
        with self._lock:
            self._connections.add(request)
        super().process_request(request, client_address)

    @override
    def shutdown_request(self, request: Any) -> None:
        """Close a connection."""
        with self._lock:
            self._connections.discard(request)
        super().shutdown_request(request)

    @override
    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of a client that went away."""
        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    """One connection, for one request of any method."""

    server: PlaybackServer
    protocol_version = "HTTP/1.1"
    timeout = _REQUEST_TIMEOUT_S
    disable_nagle_algorithm = True

    def __getattr__(self, name: str) -> Any:
        """Answer every method alike."""
        if name.startswith("do_"):
            return self._answer
        raise AttributeError(name)

    @override
    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 (its name in the standard library)
        """Log nothing."""

    def _answer(self) -> None:
        came_ns = time.monotonic_ns()
        self.close_connection = True
        refusal = self._refusal()
        if refusal is not None:
            self._refuse(*refusal)
            return
        self.connection.settimeout(None)  # a slow reader may take its time
        with contextlib.suppress(BrokenPipeError, ConnectionError):
            self._send_again(came_ns)
            self._linger()

    def _refusal(self) -> tuple[int, str, str] | None:
        hosts = self.headers.get_all("Host", [])
        if len(hosts) > 1 or (not hosts and self.request_version != "HTTP/1.0"):
            return 400, "Bad Request", "The request needs one Host header."
        if hosts and not self.server.is_own(hosts[0]):
            return 421, "Misdirected Request", f"This server answers only requests to {self.server.address}"
        origin = self.headers.get("Origin")
        scheme, separator, host = (origin or "").partition("://")
        is_own = scheme == "http" and bool(separator) and self.server.is_own(host)
        site = self.headers.get("Sec-Fetch-Site", "").strip().lower()
        if (origin is None or is_own) and site != "cross-site":
            return None
        return 403, "Forbidden", (
            "This request comes from a page of another site, so it is refused. Type or paste the address instead."
        )  # fmt: skip

    def _refuse(self, status: int, reason: str, text: str) -> None:
        body = f"{text}\n".encode()
        head = f"HTTP/1.1 {status} {reason}\r\nContent-Type: text/plain\r\nContent-Length: {len(body)}\r\n"
        self.wfile.write(f"{head}Connection: close\r\n\r\n".encode() + body)
        self._linger()

    def _send_again(self, came_ns: int) -> None:
        server, response = self.server, self.server.response
        is_framed = self.request_version != "HTTP/1.0"
        if not self._wait(came_ns, response.head_ns):
            return
        self.wfile.write(response.head(is_framed=is_framed))
        if self.command == "HEAD":
            return
        reader = WireReader(response)
        try:
            for piece in response.pieces(is_framed=is_framed, loops=server.loops):
                if not self._wait(came_ns, piece.since_request_ns):
                    return
                for block in reader.blocks(piece):
                    self.wfile.write(block)
        finally:
            reader.close()
        self._wait(came_ns, response.end_ns)

    def _wait(self, came_ns: int, since_request_ns: int) -> bool:
        """Wait until so long after the request; return False where the server ends before."""
        left_ns = came_ns + round(since_request_ns / self.server.speed) - time.monotonic_ns()
        return not self.server.ended.wait(left_ns / 1e9) if left_ns > 0 else not self.server.ended.is_set()

    def _linger(self) -> None:
        """Say that nothing follows, and take what the client may still send: else closing could cut the response."""
        self.wfile.flush()
        with contextlib.suppress(OSError):
            self.connection.shutdown(socket.SHUT_WR)
            self.connection.settimeout(_LINGER_S)
            for _ in range(_LINGER_READS):
                if not self.connection.recv(1 << 16):
                    break


def _is_address(name: str) -> bool:
    """Return whether a name in Host is an IP address, which no name service can turn to another machine."""
    try:
        ip_address(name.strip("[]"))
    except ValueError:
        return False
    return True
