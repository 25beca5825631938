"""The control channel: takes changes of knobs for running streams, over a loopback connection of its own.

Beside the WSGI server, so that it also works for one that serves a single request at a time. One JSON object a line:
``{"token": T, "id": RECORDING_ID, "knobs": {"template_buffer": "50"}}`` is answered by ``{"ok": true}`` or
``{"ok": false, "error": "a sentence"}``; ``"left": true`` in place of knobs ends a stream that nobody reads any more,
which the WSGI server would notice at its next write only. Without the session's token the connection is closed without
an answer, also where the first line takes too long, or when too many others come that have not shown it: the oldest of
those goes, so that nobody can keep the window out.
"""

from __future__ import annotations

import hmac
import json
import os
import socket
import threading
import time
from collections import deque
from collections.abc import Iterator
from typing import Any

from inspector.catalogue import BadKnob

from .running_streams import RunningStreams

HOST = "127.0.0.1"
TOKEN_VARIABLE = "STREAMING_INSPECTOR_TOKEN"
_LONGEST_LINE_BYTES = 65_536
#: So many connections may be open that have not shown the token, each for so long.
MOST_STRANGERS = 16
TOKEN_WITHIN_S = 2.0


class ControlChannel:
    """The listening socket, bound before a server forks, and the threads that answer it. One per process."""

    def __init__(self, token: str) -> None:
        """Bind a free port of the loopback interface."""
        self._token = token.encode()
        self._listener = socket.create_server((HOST, 0), backlog=MOST_STRANGERS)
        self._lock = threading.Lock()
        #: Connections that have not shown the token yet, the oldest first.
        self._strangers: deque[socket.socket] = deque()

    @classmethod
    def from_environment(cls) -> ControlChannel | None:
        """Return the control of a server that a session started, None for any other."""
        token = os.environ.get(TOKEN_VARIABLE)
        return cls(token) if token else None

    @property
    def port(self) -> int:
        """The port that is bound."""
        return int(self._listener.getsockname()[1])

    def serve(self, streams: RunningStreams) -> None:
        """Answer from now on, in threads of this process."""
        threading.Thread(target=self._accept, args=(streams,), name="control", daemon=True).start()

    def close(self) -> None:
        """Take no more connections."""
        try:
            self._listener.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass  # macOS and Windows: a listening socket has nothing to shut down
        self._listener.close()

    def _accept(self, streams: RunningStreams) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return  # closed
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._make_room(connection)
            threading.Thread(target=self._answer, args=(connection, streams), name="turning", daemon=True).start()

    def _make_room(self, connection: socket.socket) -> None:
        """Count a connection among the strangers, and close the oldest one where there are too many."""
        with self._lock:
            self._strangers.append(connection)
            oldest = self._strangers.popleft() if len(self._strangers) > MOST_STRANGERS else None
        if oldest is not None:
            _shut(oldest)

    def _answer(self, connection: socket.socket, streams: RunningStreams) -> None:
        try:
            with connection:
                for line in _lines(connection):
                    reply = self._reply(line, streams)
                    if reply is None:
                        return
                    self._forget(connection)
                    connection.sendall(json.dumps(reply).encode() + b"\n")
        except OSError:
            return  # the window has gone, or somebody was no window
        finally:
            self._forget(connection)

    def _forget(self, connection: socket.socket) -> None:
        with self._lock:
            if connection in self._strangers:
                self._strangers.remove(connection)

    def _reply(self, line: bytes, streams: RunningStreams) -> dict[str, object] | None:
        """Return the answer to a line, None for one that deserves none: it does not come from our window."""
        try:
            message: Any = json.loads(line)
            token = message["token"].encode()
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            return None
        if not hmac.compare_digest(token, self._token):
            return None
        recording_id, knobs = message.get("id"), message.get("knobs")
        if isinstance(recording_id, str) and message.get("left") is True:
            streams.leave(recording_id)
            return {"ok": True}
        if not isinstance(recording_id, str) or not isinstance(knobs, dict) or not _are_texts(knobs):
            return {"ok": False, "error": "This request needs an id and knobs."}
        try:
            streams.change_knobs(recording_id, knobs)
        except BadKnob as error:
            return {"ok": False, "error": str(error)}
        return {"ok": True}


def _lines(connection: socket.socket) -> Iterator[bytes]:
    """Yield the lines of a connection. Raises ``OSError`` where the first one takes too long."""
    deadline_s: float | None = time.monotonic() + TOKEN_WITHIN_S
    data = b""
    while True:
        while b"\n" not in data:
            if deadline_s is not None:
                connection.settimeout(max(0.001, deadline_s - time.monotonic()))
            more = connection.recv(_LONGEST_LINE_BYTES)
            if not more or len(data) > _LONGEST_LINE_BYTES:
                return
            data += more
        line, _, data = data.partition(b"\n")
        yield line
        deadline_s = None
        connection.settimeout(None)


def _shut(connection: socket.socket) -> None:
    """End a connection of another thread, which sees it and closes it."""
    try:
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:
        pass  # it has just ended by itself


def _are_texts(knobs: dict[Any, Any]) -> bool:
    return all(isinstance(text, str) for pair in knobs.items() for text in pair)
