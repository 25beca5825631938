"""The waitress engine: a pure Python server whose loop reads and sends for 4 threads that run the app.

It has no way to end a stream, so its end is that of the process.
"""

from __future__ import annotations

import threading
import warnings

import waitress

from ..app import create_app
from .engine_settings import Announce, EngineSettings, end_process, listening_socket, wait_for

#: No view reads a body; waitress would keep one of a gigabyte on the disk before it asks any.
_MOST_REQUEST_BYTES = 65_536


def serve(settings: EngineSettings, ended: threading.Event, announce: Announce) -> None:
    """Serve until ``ended``, then end the process."""
    listener = listening_socket(settings)
    app = create_app(spool=settings.spool, control=settings.control)
    with warnings.catch_warnings():
        # It is deprecated, and it is a buffer like any other here.
        warnings.filterwarnings("ignore", message="send_bytes", category=DeprecationWarning)
        server = waitress.create_server(
            app,
            sockets=[listener],
            send_bytes=settings.knobs.whole("send_bytes"),
            max_request_body_size=_MOST_REQUEST_BYTES,
        )
    threading.Thread(target=server.run, name="waitress", daemon=True).start()
    announce(listener.getsockname()[1])
    wait_for(ended)
    end_process()
