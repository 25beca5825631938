"""Reads from a socket and stamps each read, by the kernel's receive clock where there is one, and by ours.

The first code to see response bytes, both for the head (`request`) and for the body (`body_reader`).
"""

from __future__ import annotations

import socket
import struct
import sys
import time
from typing import NamedTuple, Protocol

from inspector.recording.meta import ReadClock

from .receive_clock import ReceiveClock

try:
    import fcntl
    import termios
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

# Python names it from 3.13 on; the number is that of every Linux but the ones on SPARC and PA-RISC.
_SO_TIMESTAMPNS: int = getattr(socket, "SO_TIMESTAMPNS", 35)
_TIMESPEC = struct.Struct("@ll")
_ANCILLARY_BYTES = 64
_DONT_WAIT: int = getattr(socket, "MSG_DONTWAIT", 0)


EXACT, LAST_EXACT, UPPER_BOUND = 0, 1, 2


class AbruptEnd(OSError):
    """The peer closed a connection over TLS without TLS's closing message (RFC 9112 section 9.8)."""


class Received(NamedTuple):
    """One read: its bytes (0 where the peer closed), its time, and when this process had it (monotonic).

    ``lateness`` says how exact ``t_ns`` is: `EXACT` where it is the arrival of the last octet, `LAST_EXACT` where
    those before it may have waited for a reader that was away, `UPPER_BOUND` where the last octet may have, too.
    """

    size_bytes: int
    t_ns: int
    user_t_ns: int
    lateness: int = 0


class Receiver(Protocol):
    """Reads one socket. ``t_ns`` never falls from read to read and is never later than ``user_t_ns``."""

    read_clock: ReadClock

    @property
    def clock_spread_ns(self) -> int:
        """Largest uncertainty of the times so far."""

    def receive(self, view: memoryview) -> Received:
        """Wait for bytes and take them. Raises ``OSError``."""

    def receive_waiting(self, view: memoryview) -> Received | None:
        """Take bytes that wait already, None if there are none. Raises ``OSError``."""


class KernelReceiver:
    """Plain TCP on Linux: kernel receive times."""

    def __init__(self, sock: socket.socket) -> None:
        """Ask for times on ``sock``. Raises ``OSError`` where the kernel has none."""
        #: ``kernel`` from the first read on to which the kernel gave a time; some take the option and give none.
        self.read_clock: ReadClock = "user"
        sock.setsockopt(socket.SOL_SOCKET, _SO_TIMESTAMPNS, 1)
        self._sock = sock
        self._clock = ReceiveClock()
        self._last_t_ns = 0

    @property
    def clock_spread_ns(self) -> int:
        """Largest uncertainty of the times so far."""
        return self._clock.spread_ns

    def receive(self, view: memoryview, flags: int = 0) -> Received:
        """Wait for bytes and take them."""
        size, ancillary, _, _ = self._sock.recvmsg_into((view,), _ANCILLARY_BYTES, flags)
        user_t_ns = time.monotonic_ns()
        self._clock.follow(user_t_ns)
        t_ns = user_t_ns
        if ancillary:
            self.read_clock = "kernel"
            seconds, nanoseconds = _TIMESPEC.unpack_from(ancillary[0][2])
            t_ns = min(user_t_ns, seconds * 1_000_000_000 + nanoseconds - self._clock.offset_ns)
        t_ns = self._last_t_ns = max(t_ns, self._last_t_ns)
        # Linux merges segments that wait and gives them the time of the last one. A read that leaves something behind
        # may have ended inside of them; one that takes all has the last segment's octets as its own last ones.
        lateness = UPPER_BOUND if size == len(view) and _waiting_bytes(self._sock) else EXACT
        return Received(size, t_ns, user_t_ns, lateness)

    def receive_waiting(self, view: memoryview) -> Received | None:
        """Take bytes that wait already, None if there are none."""
        try:
            return self.receive(view, _DONT_WAIT)
        except BlockingIOError:
            return None


class UserReceiver:
    """Systems without kernel times: stamped on the line after the read."""

    read_clock: ReadClock = "user"
    clock_spread_ns: int = 0

    def __init__(self, sock: socket.socket) -> None:
        """Read from ``sock``, which blocks."""
        self._sock = sock

    def receive(self, view: memoryview) -> Received:
        """Wait for bytes and take them."""
        size = self._sock.recv_into(view)
        t_ns = time.monotonic_ns()
        return Received(size, t_ns, t_ns, self._lateness(size, view))

    def receive_waiting(self, view: memoryview) -> Received | None:
        """Take bytes that wait already, None if there are none."""
        if not _DONT_WAIT:
            return None
        try:
            size = self._sock.recv_into(view, 0, _DONT_WAIT)
        except BlockingIOError:
            return None
        t_ns = time.monotonic_ns()
        return Received(size, t_ns, t_ns, self._lateness(size, view))

    def _lateness(self, size: int, view: memoryview) -> int:
        if size < len(view):
            return EXACT
        return UPPER_BOUND if self._any_waits() else EXACT

    def _any_waits(self) -> bool:
        return _waiting_bytes(self._sock) > 0


def _waiting_bytes(sock: socket.socket) -> int:
    """Return how much can be read now; 1 where the system does not say."""
    if fcntl is None:
        return 1
    try:
        return int.from_bytes(fcntl.ioctl(sock.fileno(), termios.FIONREAD, bytes(4)), sys.byteorder)
    except OSError:
        return 1


def receiver_of(sock: socket.socket) -> Receiver:
    """Return the best receiver that this system has for a plain socket; `tls` has that for others."""
    if sys.platform == "linux":
        try:
            return KernelReceiver(sock)
        except OSError:
            pass
    return UserReceiver(sock)
