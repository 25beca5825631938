"""The engines: the WSGI servers of `inspector.catalogue.engines`, a module for each family, each a process of its own.

An engine is a function that serves the app until the process is asked to end, whatever streams: ``serve(settings,
ended, announce)``. It calls ``announce`` with its port once connections are taken. Main thread only. Engines that can't
be stopped while they stream end the process themselves, with status 0.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping
from threading import Event

from .engine_settings import Announce, EngineSettings

Serve = Callable[[EngineSettings, Event, Announce], None]

#: Where each engine of the table is; imported when it is asked for, since it may not be installed.
PLACES: Mapping[str, tuple[str, str]] = {
    "werkzeug": ("werkzeug_servers", "serve_one_send"),
    "werkzeug-1.0": ("werkzeug_servers", "serve_http_1_0"),
    "werkzeug-4-sends": ("werkzeug_servers", "serve_four_sends"),
    "waitress": ("waitress_server", "serve"),
    "cheroot": ("cheroot_server", "serve"),
    "gunicorn-sync": ("gunicorn_server", "serve_sync"),
    "gunicorn-gthread": ("gunicorn_server", "serve_gthread"),
}


def engine_named(name: str) -> Serve:
    """Return an engine. Raises ``KeyError`` for an unknown name, ``ImportError`` where it is not installed."""
    module, function = PLACES[name]
    serve: Serve = getattr(importlib.import_module(f"{__name__}.{module}"), function)
    return serve
