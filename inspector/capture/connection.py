"""Connects to a server: name look-up, TCP and its sockets, each of which a cancellation can end at any time.

`request` sends over the connection and reads the head; `body_reader` goes on with its receiver.
"""

from __future__ import annotations

import errno
import os
import selectors
import socket
import time

from inspector.recording.meta import EndingKind

from .cancellation import Cancellation
from .name_resolution import Address, NoLookUp, resolve
from .read_throttle import ReadSettings
from .socket_receiver import Receiver

# 10035 is Windows' own name for "would block".
_UNDER_WAY = (0, errno.EINPROGRESS, errno.EWOULDBLOCK, 10035)


class ConnectFailed(Exception):
    """No connection: ``kind`` and ``text`` are those of the ending."""

    def __init__(self, kind: EndingKind, text: str) -> None:
        super().__init__(text)
        self.kind: EndingKind = kind
        self.text = text


class Connection:
    """A socket to the server, blocking, with its receiver. A stop wakes whatever waits in it."""

    #: Whether it goes over TLS.
    is_secure = False

    def __init__(self, sock: socket.socket, cancellation: Cancellation, receiver: Receiver) -> None:
        cancellation.attach(sock)
        self.sock = sock
        self.receiver = receiver
        #: Monotonic time at which the request was sent, 0 until then.
        self.sent_t_ns = 0
        self._cancellation = cancellation

    def send(self, octets: bytes) -> None:
        """Send the request. Raises ``OSError``."""
        self.sent_t_ns = time.monotonic_ns()
        self.sock.sendall(octets)
        self._cancellation.sent()

    def close(self) -> None:
        """Close the socket."""
        self.sock.close()


class Connector:
    """Connects for one recording."""

    def __init__(self, cancellation: Cancellation, read_settings: ReadSettings) -> None:
        self._cancellation = cancellation
        self._read_settings = read_settings

    def connect(self, host: str, port: int, timeout_s: float) -> socket.socket:
        """Connect to the first address of ``host`` that answers. Raises `ConnectFailed`."""
        deadline = time.monotonic() + timeout_s
        failed: ConnectFailed | None = None
        for address in self._resolve(host, port, deadline):
            try:
                sock = self._connect(address, host, port, deadline)
            except ConnectFailed as error:
                failed = error
                continue
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            return sock
        raise failed or ConnectFailed("refused", f"{host} has no address to connect to.")

    def _resolve(self, host: str, port: int, deadline: float) -> list[Address]:
        try:
            addresses = resolve(host, port, self._cancellation.wake, deadline)
        except NoLookUp as error:
            text = f"The name {host!r} can't be looked up: {error}. Close some programs and try again."
            raise ConnectFailed("not_started", text) from error
        except UnicodeError as error:
            raise ConnectFailed("refused", f"{host!r} can't be the name of a host. Check its spelling.") from error
        except OSError as error:
            text = f"The name {host!r} was not found ({error.strerror or error}). Check its spelling and the network."
            raise ConnectFailed("refused", text) from error
        if addresses is None:
            raise ConnectFailed("timed_out", f"The name {host!r} was not resolved in time. Check the network.")
        return addresses

    def _connect(self, address: Address, host: str, port: int, deadline: float) -> socket.socket:
        family, kind, protocol, _, where = address
        try:
            sock = socket.socket(family, kind, protocol)
        except OSError as error:
            raise ConnectFailed("not_started", f"No socket could be made: {error.strerror or error}.") from error
        try:
            sock.setblocking(False)
            if self._read_settings.receive_buffer_bytes:
                # Before the connection is made: it fixes what the window of TCP can grow to.
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, self._read_settings.receive_buffer_bytes)
            error_number = sock.connect_ex(where)
            if error_number not in _UNDER_WAY:
                raise OSError(error_number, os.strerror(error_number))
            if not self._wait_writable(sock, deadline):
                text = f"No connection to {host} port {port} in time. Is the host up, or does a firewall drop packets?"
                raise ConnectFailed("timed_out", text)
            error_number = sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
            if error_number:
                raise OSError(error_number, os.strerror(error_number))
            sock.setblocking(True)
        except (OSError, OverflowError) as error:
            sock.close()
            reason = getattr(error, "strerror", None) or error
            why = "refused it" if isinstance(error, ConnectionRefusedError) else f"can't be reached ({reason})"
            text = f"No connection: {host} port {port} {why}. Is the server running?"
            raise ConnectFailed("refused", text) from error
        except ConnectFailed:
            sock.close()
            raise
        return sock

    def _wait_writable(self, sock: socket.socket, deadline: float) -> bool:
        """Wait until the connection is made or has failed; return False if it was not in time or was interrupted."""
        with selectors.DefaultSelector() as selector:
            selector.register(sock, selectors.EVENT_WRITE)
            selector.register(self._cancellation.wake, selectors.EVENT_READ)
            ready = selector.select(max(0.0, deadline - time.monotonic()))
        return [key.fileobj for key, _ in ready] == [sock]
