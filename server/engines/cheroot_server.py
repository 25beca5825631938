"""The cheroot engine: CherryPy's server, with 10 threads.

Its ``stop()`` waits for ever for an endless stream, and so does the interpreter for its threads; so its end is that of
the process.
"""

from __future__ import annotations

import socket
import threading

import cheroot.wsgi
from typing_extensions import override

from ..app import create_app
from .engine_settings import HOST, Announce, EngineSettings, end_process, listening_socket, wait_for


class _Server(cheroot.wsgi.Server):
    """A server on a socket that listens already."""

    def __init__(self, listener: socket.socket, app: object) -> None:
        super().__init__((HOST, listener.getsockname()[1]), app)
        self._listener = listener

    @override
    def bind(self, *_: object) -> socket.socket:
        # As cheroot does with a socket of its own; connections inherit it.
        self._listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket = self._listener
        return self._listener


def serve(settings: EngineSettings, ended: threading.Event, announce: Announce) -> None:
    """Serve until ``ended``, then end the process."""
    listener = listening_socket(settings)
    server = _Server(listener, create_app(spool=settings.spool, control=settings.control))
    server.prepare()
    threading.Thread(target=server.serve, name="cheroot", daemon=True).start()
    announce(listener.getsockname()[1])
    wait_for(ended)
    end_process()
