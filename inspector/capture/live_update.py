"""Changes the client's knobs while it reads: takes new values in any thread, applies them between two reads.

An `UpdateCommand` reaches the receiver and the client buffer of a `BodyReader` through here. Each change that took
effect is written to ``changes.jsonl``.
"""

from __future__ import annotations

import contextlib
import socket
import sys
import threading
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from types import TracebackType

from inspector.recording.change_log import CHANGES_NAME, Change, encode_change
from inspector.recording.json_lines import append_row

from .client_buffer import CLIENT_BUFFER, ClientBuffer
from .framing.framer import Int64Array
from .read_throttle import READ_RATE, ReadSettings
from .socket_receiver import Receiver


class LiveUpdates:
    """The mailbox of one recording: `post` from any thread, `take` in the recording thread. A context manager."""

    def __init__(self) -> None:
        #: Whether something waits; read without a lock, once a batch.
        self.is_pending = False
        #: Readable while something waits, for a slow reader that waits itself.
        self.wake, self._waker = socket.socketpair()
        self.wake.setblocking(False)
        self._values: dict[str, int] = {}
        self._lock = threading.Lock()

    def __enter__(self) -> LiveUpdates:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        with self._lock:
            self.wake.close()
            self._waker.close()

    def post(self, values: Mapping[str, int]) -> None:
        """Ask for values by name of knob; a later one takes the place of one that still waits."""
        with self._lock:
            self._values.update(values)
            self.is_pending = True
            with contextlib.suppress(OSError):
                self._waker.send(b"\0")

    def take(self) -> dict[str, int]:
        """Return what was asked for since the last call."""
        with self._lock:
            values, self._values = self._values, {}
            self.is_pending = False
            with contextlib.suppress(OSError):
                self.wake.recv(4096)
            return values


class LiveUpdater:
    """Applies what was turned. Recording thread."""

    def __init__(
        self,
        updates: LiveUpdates,
        folder: Path,
        client_buffer: ClientBuffer,
        read_settings: ReadSettings,
        limit: Callable[[ReadSettings], Receiver],
    ) -> None:
        """``client_buffer`` and ``read_settings`` hold at the start; ``limit`` makes a receiver for new settings."""
        self._updates = updates
        self._read_settings = read_settings
        self._limit = limit
        self._client_buffer = client_buffer
        self._folder = folder

    @property
    def is_pending(self) -> bool:
        """Return whether something was turned."""
        return self._updates.is_pending

    def apply(self, t_ns: int) -> tuple[Receiver | None, Int64Array | None]:
        """Apply it; return the receiver to read from now on and the pieces that were let go, None for no change."""
        receiver: Receiver | None = None
        rows: Int64Array | None = None
        for knob, value in self._updates.take().items():
            if knob == READ_RATE and value != self._read_settings.rate_bytes_per_s:
                self._write_change(t_ns, knob, self._read_settings.rate_bytes_per_s, value)
                self._read_settings = replace(self._read_settings, rate_bytes_per_s=value)
                receiver = self._limit(self._read_settings)
            elif knob == CLIENT_BUFFER and value != self._client_buffer.buffer_bytes:
                self._write_change(t_ns, knob, self._client_buffer.buffer_bytes, value)
                rows = self._client_buffer.resize(value, t_ns)
        return receiver, rows

    def _write_change(self, t_ns: int, knob: str, before: int, after: int) -> None:
        row = encode_change(Change(t_ns=t_ns, side="client", knob=knob, before=str(before), after=str(after)))
        try:
            append_row(self._folder / CHANGES_NAME, row)
        except OSError as error:
            print(f"recorder: {CHANGES_NAME} could not be written: {error.strerror}", file=sys.stderr, flush=True)
