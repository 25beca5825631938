"""The network under httpx: connects so that it can be ended at any time, and keeps what was read along with the head.

A backend for `httpcore` (its public ``network_backend`` parameter), used by `exchange`. httpcore reads the head
through `StampedStream`; the reads are kept with their times, since the first body bytes often come with them.
"""

from __future__ import annotations

import errno
import os
import selectors
import socket
import ssl
import time
from collections.abc import Iterable
from typing import Any

import httpcore
from typing_extensions import override

from inspector.recording.meta import EndingKind

from .interrupt import Interrupt
from .reading import Reading
from .receive import Received, Receiver, receiver_of
from .resolve import Address, resolve

# 10035 is Windows' own name for "would block".
_UNDER_WAY = (0, errno.EINPROGRESS, errno.EWOULDBLOCK, 10035)


class ConnectFailed(httpcore.ConnectError):
    """No connection: ``kind`` and ``text`` are those of the ending."""

    def __init__(self, kind: EndingKind, text: str) -> None:
        super().__init__(text)
        self.kind: EndingKind = kind
        self.text = text


class StampedStream(httpcore.NetworkStream):
    """A connection whose reads of the head are stamped and kept, with what they brought of the body."""

    def __init__(
        self, sock: socket.socket, interrupt: Interrupt, reading: Reading, streams: list[StampedStream]
    ) -> None:
        interrupt.attach(sock)
        streams.append(self)
        self.sock = sock
        self.receiver: Receiver = receiver_of(sock)
        #: Monotonic time at which the request was sent, 0 until then.
        self.sent_t_ns = 0
        self.reads: list[tuple[Received, bytes]] = []
        self._interrupt = interrupt
        self._reading = reading
        self._streams = streams

    @override
    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Read a part of the head and whatever follows it. Raises ``httpcore.ReadError``."""
        buffer = bytearray(self._reading.at_most(max_bytes))
        try:
            received = self.receiver.receive(memoryview(buffer))
        except OSError as error:
            raise httpcore.ReadError(str(error)) from error
        data = bytes(buffer[: received.size_bytes])
        self.reads.append((received, data))
        return data

    @override
    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Send a part of the request. Raises ``httpcore.WriteError``."""
        first = not self.sent_t_ns
        if first:
            self.sent_t_ns = time.monotonic_ns()
        try:
            self.sock.sendall(buffer)
        except OSError as error:
            raise httpcore.WriteError(str(error)) from error
        if first:
            self._interrupt.sent()

    @override
    def close(self) -> None:
        self.sock.close()

    @override
    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        """Shake hands. Raises `ConnectFailed`."""
        self.sock.settimeout(timeout)
        try:
            secure = ssl_context.wrap_socket(self.sock, server_hostname=server_hostname, do_handshake_on_connect=False)
            self._interrupt.attach(secure)
            self.sock = secure
            secure.do_handshake()
        except (OSError, ValueError) as error:
            self.sock.close()
            raise _tls_failure(error, server_hostname or "the server", timeout) from error
        secure.settimeout(None)
        return StampedStream(secure, self._interrupt, self._reading, self._streams)

    @override
    def get_extra_info(self, info: str) -> Any:
        if info == "socket":
            return self.sock
        if info == "ssl_object" and isinstance(self.sock, ssl.SSLSocket):
            return self.sock
        return None


class Network(httpcore.NetworkBackend):
    """Connects for one recording. ``stream`` is the connection made last."""

    def __init__(self, interrupt: Interrupt, reading: Reading) -> None:
        self._interrupt = interrupt
        self._reading = reading
        self.streams: list[StampedStream] = []

    @property
    def stream(self) -> StampedStream | None:
        """The connection, the one with TLS where there is TLS."""
        return self.streams[-1] if self.streams else None

    @override
    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """Connect to the first address of ``host`` that answers. Raises `ConnectFailed`."""
        deadline = time.monotonic() + (timeout or 10.0)
        failed: ConnectFailed | None = None
        for address in self._resolve(host, port, deadline):
            try:
                sock = self._connect(address, host, port, deadline)
            except ConnectFailed as error:
                failed = error
                continue
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            return StampedStream(sock, self._interrupt, self._reading, self.streams)
        raise failed or ConnectFailed("refused", f"{host} has no address to connect to.")

    def _resolve(self, host: str, port: int, deadline: float) -> list[Address]:
        try:
            addresses = resolve(host, port, self._interrupt.wake, deadline)
        except (OSError, UnicodeError) as error:
            text = f"The name {host!r} was not found ({error}). Check its spelling and the network."
            raise ConnectFailed("refused", text) from error
        if addresses is None:
            raise ConnectFailed("timed_out", f"The name {host!r} was not resolved in time. Check the network.")
        return addresses

    def _connect(self, address: Address, host: str, port: int, deadline: float) -> socket.socket:
        family, kind, protocol, _, where = address
        sock = socket.socket(family, kind, protocol)
        try:
            sock.setblocking(False)
            if self._reading.receive_buffer_bytes:
                # Before the connection is made: it fixes what the window of TCP can grow to.
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, self._reading.receive_buffer_bytes)
            error = sock.connect_ex(where)
            if error not in _UNDER_WAY:
                raise OSError(error, os.strerror(error))
            if not self._wait_writable(sock, deadline):
                text = f"No connection to {host} port {port} in time. Is the host up, or does a firewall drop packets?"
                raise ConnectFailed("timed_out", text)
            error = sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
            if error:
                raise OSError(error, os.strerror(error))
            sock.setblocking(True)
        except OSError as error:
            sock.close()
            text = f"No connection to {host} port {port}: {error.strerror or error}. Is the server running there?"
            raise ConnectFailed("refused", text) from error
        except ConnectFailed:
            sock.close()
            raise
        return sock

    def _wait_writable(self, sock: socket.socket, deadline: float) -> bool:
        """Wait until the connection is made or has failed; return False if it was not in time or was interrupted."""
        with selectors.DefaultSelector() as selector:
            selector.register(sock, selectors.EVENT_WRITE)
            selector.register(self._interrupt.wake, selectors.EVENT_READ)
            ready = selector.select(max(0.0, deadline - time.monotonic()))
        return [key.fileobj for key, _ in ready] == [sock]


def _tls_failure(error: Exception, host: str, timeout: float | None) -> ConnectFailed:
    if isinstance(error, ssl.SSLCertVerificationError):
        text = (
            f"The certificate of {host} is not trusted: {error.verify_message}. Use http, or a certificate that fits."
        )
        return ConnectFailed("untrusted", text)
    if isinstance(error, TimeoutError):
        return ConnectFailed("timed_out", f"{host} did not finish the TLS handshake in {timeout:g} seconds.")
    return ConnectFailed("refused", f"The TLS handshake with {host} failed: {error}. Does the port speak https?")
