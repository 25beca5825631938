"""Changes knobs of running streams: the client of `server.control_channel`, one connection a server process.

One JSON object a line, over loopback. Replies are read when polled, so that a key is on its way at once; only the first
line to a server waits for its connection, 50 ms at most.
"""

from __future__ import annotations

import contextlib
import json
import socket
import time
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field

TOKEN_VARIABLE = "STREAMING_INSPECTOR_TOKEN"
_HOST = "127.0.0.1"
_CONNECT_S = 0.05
#: A change that has no answer after this time counts as failed.
ANSWER_WITHIN_S = 2.0
_UNREACHABLE = "The running stream can't be changed: its server does not answer ({reason})."


@dataclass(slots=True)
class _Connection:
    socket: socket.socket
    rest: bytes = b""
    #: When each line was sent that has no answer yet (monotonic seconds).
    unanswered_s: deque[float] = field(default_factory=deque)


@dataclass(slots=True)
class ControlClient:
    """Sends changes of knobs, collects what went wrong. Thread: that of the session."""

    token: str
    _connections: dict[int, _Connection] = field(default_factory=dict)
    _failures: list[str] = field(default_factory=list)

    def send_knobs(self, port: int, recording_id: str, knobs: Mapping[str, str]) -> None:
        """Change knobs of a stream through the control port of its server; `poll` reports a failure."""
        line = self._line({"id": recording_id, "knobs": dict(knobs)})
        for attempt in (1, 2):  # a server that was started again has closed the old connection
            try:
                connection = self._connection(port)
                connection.socket.sendall(line)
                connection.unanswered_s.append(time.monotonic())
            except OSError as error:
                self._drop(port)
                if attempt == 2:
                    self._failures.append(_UNREACHABLE.format(reason=error.strerror or error))
            else:
                return

    def leave(self, port: int, recording_id: str) -> None:
        """Let a server end a stream that nobody reads any more; one that can't be reached has no stream to end."""
        with contextlib.suppress(OSError), _connected(port) as connection:
            connection.sendall(self._line({"id": recording_id, "left": True}))

    def poll(self) -> list[str]:
        """Return what went wrong since the last call, each a sentence. Does not block."""
        for port, connection in list(self._connections.items()):
            self._read(port, connection)
            since_s = connection.unanswered_s
            if since_s and time.monotonic() - since_s[0] > ANSWER_WITHIN_S:
                self._give_up(port, connection, f"nothing came within {ANSWER_WITHIN_S:g} s")
        failures, self._failures = self._failures, []
        return failures

    @property
    def is_waiting(self) -> bool:
        """Return whether a change has no answer yet, or a failure is still to be reported."""
        return bool(self._failures) or any(connection.unanswered_s for connection in self._connections.values())

    def close(self) -> None:
        """Close all connections."""
        for port in list(self._connections):
            self._drop(port)

    def _line(self, request: Mapping[str, object]) -> bytes:
        return json.dumps({"token": self.token, **request}).encode() + b"\n"

    def _connection(self, port: int) -> _Connection:
        found = self._connections.get(port)
        if found is None:
            found = self._connections[port] = _Connection(_connected(port))
        return found

    def _read(self, port: int, connection: _Connection) -> None:
        connection.socket.setblocking(False)
        try:
            data = connection.socket.recv(65_536)
        except (BlockingIOError, InterruptedError):
            return
        except OSError:
            data = b""
        finally:
            with contextlib.suppress(OSError):
                connection.socket.settimeout(_CONNECT_S)
        if not data:
            self._give_up(port, connection, "it closed the connection")
            return
        *lines, connection.rest = (connection.rest + data).split(b"\n")
        for line in lines:
            if connection.unanswered_s:
                connection.unanswered_s.popleft()
            with contextlib.suppress(ValueError):
                reply = json.loads(line)
                if isinstance(reply, dict) and reply.get("ok") is False:
                    self._failures.append(str(reply.get("error", "")))

    def _give_up(self, port: int, connection: _Connection, reason: str) -> None:
        """Close a connection, and report it where a change was on its way."""
        if connection.unanswered_s:
            connection.unanswered_s.clear()
            self._failures.append(_UNREACHABLE.format(reason=reason))
        self._drop(port)

    def _drop(self, port: int) -> None:
        connection = self._connections.pop(port, None)
        if connection is not None:
            connection.socket.close()


def _connected(port: int) -> socket.socket:
    made = socket.create_connection((_HOST, port), timeout=_CONNECT_S)
    made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return made
