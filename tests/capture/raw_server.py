"""A server that says exactly what a test wants, octet by octet, on real sockets."""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
from collections.abc import Callable, Iterator

Script = Callable[["Connection"], None]
CHUNKED = b"HTTP/1.1 200 OK\r\nContent-Type: text/csv\r\nTransfer-Encoding: chunked\r\n\r\n"


class Connection:
    """One accepted connection, for the script that answers it."""

    def __init__(self, sock: socket.socket) -> None:
        self.sock = sock
        self.request = b""

    def read_request(self) -> bytes:
        """Read the request head."""
        while b"\r\n\r\n" not in self.request:
            data = self.sock.recv(65_536)
            if not data:
                break
            self.request += data
        return self.request

    def send(self, data: bytes) -> None:
        """Send octets as one segment where they fit."""
        self.sock.sendall(data)

    def reset(self) -> None:
        """Close with RST instead of FIN."""
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.sock.close()

    def wait_for_close(self) -> None:
        """Wait until the client closed or shut down."""
        with contextlib.suppress(OSError):
            while self.sock.recv(65_536):
                pass


@contextlib.contextmanager
def raw_server(script: Script, *, reads_request: bool = True) -> Iterator[str]:
    """Answer connections one after the other by ``script``; give the base URL."""
    failures: list[BaseException] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:
        stopping = threading.Event()

        def run() -> None:
            while True:
                sock, _ = listener.accept()
                with sock:
                    if stopping.is_set():
                        return
                    sock.settimeout(20)
                    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                    connection = Connection(sock)
                    try:
                        if reads_request:
                            connection.read_request()
                        script(connection)
                    except (BrokenPipeError, ConnectionResetError):
                        continue  # the client may leave at any time
                    except BaseException as error:
                        failures.append(error)

        thread = threading.Thread(target=run, name="raw server")
        thread.start()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            stopping.set()
            socket.create_connection(listener.getsockname()[:2]).close()
            thread.join()
    if failures:
        raise failures[0]


def answer(*parts: bytes) -> Script:
    """Return a script that sends parts, one after the other, and closes."""

    def script(connection: Connection) -> None:
        for part in parts:
            connection.send(part)

    return script


@contextlib.contextmanager
def full_backlog() -> Iterator[str]:
    """A listener that answers no connection attempt any more: connecting to it waits."""
    with contextlib.ExitStack() as stack:
        listener = stack.enter_context(socket.socket())
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        for _ in range(4):
            waiting = stack.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(listener.getsockname())
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/"
