"""Limits how the client reads: the kernel's buffer, the size of one read, and the rate of a slow reader.

It wraps the socket's receiver (`socket_receiver`) for the body (`body_reader`). A slow reader reads no faster than its
rate; what it leaves waits in the kernel, then in the sender: that is back-pressure.
"""

from __future__ import annotations

import select
import socket
import time
from dataclasses import dataclass

from inspector.recording.meta import ReadClock

from .cancellation import Cancellation
from .recorder_commands import RecordCommand
from .socket_receiver import LAST_EXACT, UPPER_BOUND, Received, Receiver

#: A slow reader may take at once what its rate allows in this time: some 20 reads a second.
_BURST_S = 0.05
READ_RATE = "read_rate"
_KNOBS = ("receive_buffer", "read_size", READ_RATE)


@dataclass(frozen=True, slots=True)
class ReadSettings:
    """How a client reads; 0 for the system's own buffer, for reads of any size, for no limit of the rate."""

    receive_buffer_bytes: int = 0
    size_bytes: int = 0
    rate_bytes_per_s: int = 0

    @classmethod
    def of(cls, command: RecordCommand) -> ReadSettings:
        """Return what a command asks for."""
        receive_buffer, read_size, read_rate = (command.client.get(name, 0) for name in _KNOBS)
        return cls(receive_buffer, read_size, read_rate)

    @property
    def burst_bytes(self) -> int:
        """What a slow reader may take at once, 0 where there is no rate."""
        return max(1, int(self.rate_bytes_per_s * _BURST_S)) if self.rate_bytes_per_s else 0

    def at_most(self, size_bytes: int) -> int:
        """Return how much of ``size_bytes`` one read may ask for."""
        return min(limit for limit in (size_bytes, self.size_bytes, self.burst_bytes) if limit)


class TokenBucket:
    """Fills with ``rate_bytes_per_s`` up to ``burst_bytes``. Pure: callers pass the time, monotonic nanoseconds."""

    def __init__(self, rate_bytes_per_s: int, burst_bytes: int, t_ns: int) -> None:
        self._rate_per_ns = rate_bytes_per_s / 1e9
        self._burst_bytes = burst_bytes
        self._bytes = float(burst_bytes)
        self._t_ns = t_ns

    def wait_s(self, size_bytes: int, t_ns: int) -> float:
        """Return the seconds until that many bytes can be taken, 0 for now."""
        self._fill(t_ns)
        lacking = min(size_bytes, self._burst_bytes) - self._bytes
        return max(0.0, lacking / self._rate_per_ns / 1e9)

    def take(self, size_bytes: int, t_ns: int) -> None:
        """Take bytes out; taking more than there are makes the next call wait longer."""
        self._fill(t_ns)
        self._bytes -= size_bytes

    def _fill(self, t_ns: int) -> None:
        self._bytes = min(self._burst_bytes, self._bytes + (t_ns - self._t_ns) * self._rate_per_ns)
        self._t_ns = t_ns


class LimitedReceiver:
    """A receiver whose reads are of a limited size, and no faster than a rate. Recording thread."""

    def __init__(
        self,
        receiver: Receiver,
        read_settings: ReadSettings,
        cancellation: Cancellation,
        *,
        taken_bytes: int = 0,
        wake: socket.socket | None = None,
    ) -> None:
        """Read from ``receiver``; ``taken_bytes`` of the body came with the head; a readable ``wake`` ends a wait."""
        self.read_clock: ReadClock = receiver.read_clock
        self._receiver = receiver
        self._read_settings = read_settings
        self._wakes = [cancellation.wake, *([wake] if wake is not None else [])]
        self._bucket: TokenBucket | None = None
        if read_settings.rate_bytes_per_s:
            t_ns = time.monotonic_ns()
            self._bucket = TokenBucket(read_settings.rate_bytes_per_s, read_settings.burst_bytes, t_ns)
            self._bucket.take(taken_bytes, t_ns)

    @property
    def clock_spread_ns(self) -> int:
        """Largest uncertainty of the times so far."""
        return self._receiver.clock_spread_ns

    def receive(self, view: memoryview) -> Received:
        """Wait until the rate allows a read (or the recording is ended), then for bytes. Raises ``OSError``."""
        view = view[: self._read_settings.at_most(len(view))]
        if self._bucket is None:
            return self._receiver.receive(view)
        wait_s = self._bucket.wait_s(len(view), time.monotonic_ns())
        if wait_s > 0:
            select.select(self._wakes, [], [], wait_s)
        received = self._receiver.receive(view)
        if wait_s > 0:
            # The kernel has stamped what came meanwhile, and may have merged it; our own clock saw none of it come.
            waited = LAST_EXACT if self._receiver.read_clock == "kernel" else UPPER_BOUND
            received = received._replace(lateness=max(received.lateness, waited))
        self._bucket.take(received.size_bytes, received.user_t_ns)
        return received

    def receive_waiting(self, view: memoryview) -> Received | None:
        """Take bytes that wait already; None if there are none, and always for a slow reader."""
        if self._bucket is not None:
            return None
        return self._receiver.receive_waiting(view[: self._read_settings.at_most(len(view))])


def limited(
    receiver: Receiver,
    read_settings: ReadSettings,
    cancellation: Cancellation,
    *,
    taken_bytes: int = 0,
    wake: socket.socket | None = None,
) -> Receiver:
    """Return the receiver itself where nothing limits it, else one that reads as asked."""
    if not read_settings.size_bytes and not read_settings.rate_bytes_per_s:
        return receiver
    return LimitedReceiver(receiver, read_settings, cancellation, taken_bytes=taken_bytes, wake=wake)
