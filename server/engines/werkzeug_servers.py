"""The three Werkzeug engines: one send for each yield (`werkzeug_one_send`), unchanged, and with HTTP/1.0.

What the last two send is Werkzeug's own; only their log and their end are ours.
"""

from __future__ import annotations

import threading
from typing import Any

from typing_extensions import override
from werkzeug.serving import WSGIRequestHandler

from ..app import create_app
from .engine_settings import Announce, EngineSettings, wait_for
from .werkzeug_one_send import Engine, OneSendHandler


class _QuietHandler(WSGIRequestHandler):
    @override
    def log(self, type: str, message: str, *args: Any) -> None:
        """Keep quiet: the recording says how a request went."""


class FourSendsHandler(_QuietHandler):
    """Size, CRLF, data and CRLF of a chunk are four sends, with Nagle's algorithm: Werkzeug unchanged."""

    # Werkzeug would set it on the class of the first threaded server, for all servers of the process.
    protocol_version = "HTTP/1.1"


class Http10Handler(_QuietHandler):
    """No chunks: the end of the connection is the end of the body."""

    protocol_version = "HTTP/1.0"


def serve_one_send(settings: EngineSettings, ended: threading.Event, announce: Announce) -> None:
    """Serve with one send for each yield, until ``ended``."""
    _serve(settings, ended, announce, OneSendHandler)


def serve_http_1_0(settings: EngineSettings, ended: threading.Event, announce: Announce) -> None:
    """Serve with HTTP/1.0, until ``ended``."""
    _serve(settings, ended, announce, Http10Handler)


def serve_four_sends(settings: EngineSettings, ended: threading.Event, announce: Announce) -> None:
    """Serve as Werkzeug does, until ``ended``."""
    _serve(settings, ended, announce, FourSendsHandler)


def _serve(
    settings: EngineSettings, ended: threading.Event, announce: Announce, handler: type[WSGIRequestHandler]
) -> None:
    stop = threading.Event()
    app = create_app(spool=settings.spool, stop=stop, control=settings.control)
    with Engine(app, stop, port=settings.port, handler=handler, send_buffer_bytes=settings.send_buffer_bytes) as engine:
        announce(engine.port)
        wait_for(ended)
