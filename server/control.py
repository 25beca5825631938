"""The control channel: the window turns knobs of running streams over a loopback connection of its own.

Beside the WSGI server, so that one that serves a single request at a time can be turned too. One JSON object a line:
``{"token": T, "id": RECORDING_ID, "knobs": {"template_buffer": "50"}}`` is answered by ``{"ok": true}`` or
``{"ok": false, "error": "a sentence"}``; ``"left": true`` in place of knobs ends a stream that nobody reads any more,
which the WSGI server would notice at its next write only. Without the session's token the connection is closed without
a word.
"""

from __future__ import annotations

import hmac
import json
import os
import socket
import threading
from typing import Any

from inspector.catalogue import BadKnob

from .live import Streams

HOST = "127.0.0.1"
TOKEN_VARIABLE = "STREAMING_INSPECTOR_TOKEN"
_LONGEST_LINE_BYTES = 65_536
_MOST_CONNECTIONS = 16


class Control:
    """The listening socket, bound before a server forks, and the threads that answer it. One per process."""

    def __init__(self, token: str) -> None:
        """Bind a free port of the loopback interface."""
        self._token = token.encode()
        self._listener = socket.create_server((HOST, 0), backlog=_MOST_CONNECTIONS)
        self._free = threading.Semaphore(_MOST_CONNECTIONS)

    @classmethod
    def from_environment(cls) -> Control | None:
        """Return the control of a server that a session started, None for any other."""
        token = os.environ.get(TOKEN_VARIABLE)
        return cls(token) if token else None

    @property
    def port(self) -> int:
        """The port that is bound."""
        return int(self._listener.getsockname()[1])

    def serve(self, streams: Streams) -> None:
        """Answer from now on, in threads of this process."""
        threading.Thread(target=self._accept, args=(streams,), name="control", daemon=True).start()

    def close(self) -> None:
        """Take no more connections."""
        try:
            self._listener.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass  # macOS and Windows: a listening socket has nothing to shut down
        self._listener.close()

    def _accept(self, streams: Streams) -> None:
        while True:
            self._free.acquire()
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return  # closed
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            threading.Thread(target=self._answer, args=(connection, streams), name="turning", daemon=True).start()

    def _answer(self, connection: socket.socket, streams: Streams) -> None:
        try:
            with connection, connection.makefile("rb") as lines:
                while line := lines.readline(_LONGEST_LINE_BYTES):
                    reply = self._reply(line, streams)
                    if reply is None:
                        return
                    connection.sendall(json.dumps(reply).encode() + b"\n")
        except OSError:
            return  # the window has gone
        finally:
            self._free.release()

    def _reply(self, line: bytes, streams: Streams) -> dict[str, object] | None:
        """Return the answer to a line, None for one that deserves none: it does not come from our window."""
        try:
            asked: Any = json.loads(line)
            token = asked["token"].encode()
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            return None
        if not hmac.compare_digest(token, self._token):
            return None
        recording_id, knobs = asked.get("id"), asked.get("knobs")
        if isinstance(recording_id, str) and asked.get("left") is True:
            streams.leave(recording_id)
            return {"ok": True}
        if not isinstance(recording_id, str) or not isinstance(knobs, dict) or not _are_texts(knobs):
            return {"ok": False, "error": "This asks for nothing: it needs an id and knobs."}
        try:
            streams.turn(recording_id, knobs)
        except BadKnob as error:
            return {"ok": False, "error": str(error)}
        return {"ok": True}


def _are_texts(knobs: dict[Any, Any]) -> bool:
    return all(isinstance(text, str) for pair in knobs.items() for text in pair)
