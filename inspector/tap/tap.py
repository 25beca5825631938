"""`Tap`: the object that puts taps on an app."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING
from wsgiref.types import WSGIApplication

from inspector.recording.layers import between_layer

from .wsgi_taps import PRODUCER_KEY, WriteTap, YieldTap

if TYPE_CHECKING:
    from flask import Flask, Response


class Tap:
    """Puts taps on Flask and WSGI apps. Without a spool it changes nothing at all."""

    def __init__(self, spool: Path | None) -> None:
        """Record into folders that exist inside ``spool`` and belong to this user."""
        self._spool = spool

    def install(self, app: Flask) -> None:
        """Put the part and yield taps on a Flask app, innermost: call it before any middleware is added."""
        if self._spool is None:
            return
        from flask import request_finished

        from .jinja_parts import tap_templates

        tap_templates(app)
        request_finished.connect(_tell_producer, app)
        app.wsgi_app = self.yields(app.wsgi_app)  # type: ignore[method-assign, assignment]

    def yields(self, app: WSGIApplication) -> WSGIApplication:
        """Return a WSGI app with the yield tap around it; its sources are found where it returns its own generator."""
        return app if self._spool is None else YieldTap(app, self._spool)

    def write(self, app: WSGIApplication) -> WSGIApplication:
        """Return a WSGI app with the write tap around it: call it after all middlewares are in place."""
        return app if self._spool is None else WriteTap(app, self._spool)

    def between(self, app: WSGIApplication, index: int, name: str) -> WSGIApplication:
        """Return a WSGI app with a tap of ``write.INDEX`` around it, for a stack of middlewares.

        ``index`` counts from 1 from the inside, up to 64; ``name`` is that of the middleware just inside of it. The
        outermost one is named with `name_layer`, since its tap is that of `write`.
        Raises ``ValueError`` for another index.
        """
        return app if self._spool is None else WriteTap(app, self._spool, between_layer(index).name, name)


def _tell_producer(_app: Flask, response: Response, **_: object) -> None:
    """Put the view's iterable where the yield tap finds it (signal ``request_finished``)."""
    from flask import request

    producers = request.environ.get(PRODUCER_KEY)
    if isinstance(producers, list):
        producers.append(response.response)
