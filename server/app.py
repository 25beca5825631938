"""Builds the Flask app: the documented views with their knobs, behind the checks, with a tap at each layer.

The app can run in any WSGI server; `server.engines` has those that can be chosen.
"""

from __future__ import annotations

from pathlib import Path
from threading import Event

from flask import Flask, Response

from inspector.tap import Tap

from .control_channel import ControlChannel
from .flask_hooks import add_hooks
from .middleware_stack import MiddlewareStack
from .request_context import EXTENSION, Wait, Waiting
from .running_streams import add_streams
from .validation import add_refusals
from .views import SECTIONS


def create_app(
    *,
    spool: Path | None = None,
    stop: Event | None = None,
    wait: Wait | None = None,
    control: ControlChannel | None = None,
) -> Flask:
    """Return the app.

    ``spool`` is the folder of the recordings that taps may write into, None for no taps. Streams end when ``stop`` is
    set. ``wait`` replaces ``stop.wait`` as that which a stream waits with before its next item: it takes seconds and
    returns True to end the stream. ``control`` is served in this process: recorded streams can be turned by it.
    """
    app = Flask("server", static_folder=None)
    app.jinja_options = {"trim_blocks": True, "lstrip_blocks": True}
    stop = stop or Event()
    app.extensions[EXTENSION] = Waiting(stop, wait or stop.wait)
    streams = add_streams(app)
    if control is not None:
        control.serve(streams)
    add_refusals(app)
    add_hooks(app)
    for section in SECTIONS:
        app.register_blueprint(section)
    app.after_request(_no_sniffing)
    tap = Tap(spool)
    tap.install(app)
    app.wsgi_app = tap.write(MiddlewareStack(app.wsgi_app, tap))  # type: ignore[method-assign, assignment]  # Flask documents this
    return app


def _no_sniffing(response: Response) -> Response:
    """Keep browsers from guessing types: they would hold the first kilobyte, and might run an unescaped name."""
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
