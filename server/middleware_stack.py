"""Builds the stack of middlewares that a request asks for, for that request alone, with a tap after each of them.

Hooks run inside Flask (``after_request``), before any middleware; the others are wrapped around the app, the first one
innermost. A request whose knobs are refused gets no stack: the sentence that says so stays readable.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable, Mapping
from urllib.parse import parse_qsl
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from inspector.catalogue import BadKnob, RequestedMiddleware, available, parse_knobs, view_of
from inspector.tap import Tap, name_layer

from .wsgi_middlewares import content_length, gzip, join, rechunk

Builder = Callable[[WSGIApplication, int], WSGIApplication]


class MiddlewareStack:
    """A WSGI app with the middlewares of each request's ``middleware`` knob around it."""

    def __init__(self, app: WSGIApplication, tap: Tap) -> None:
        """Wrap an app, whose yield tap is in place; the write tap comes around this."""
        self._app = app
        self._tap = tap

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request through its stack."""
        stack = [requested for requested in requested_stack(environ) if not requested.row.is_hook]
        app = self._app
        for index, requested in enumerate(stack, 1):
            app = BUILDERS[requested.row.name](app, requested.argument)
            if index < len(stack):
                app = self._tap.between(app, index, requested.name)
        if stack:
            name_layer(environ, "write", stack[-1].name)
        return app(environ, start_response)


def requested_stack(environ: WSGIEnvironment) -> tuple[RequestedMiddleware, ...]:
    """Return the middlewares that a request asks for, none where it will be refused."""
    query = environ.get("QUERY_STRING", "")
    view = view_of(environ.get("PATH_INFO", "")) if query else None
    if view is None:
        return ()
    pairs = parse_qsl(query, keep_blank_values=True)
    if not any(name == "middleware" for name, _ in pairs) or len(dict(pairs)) < len(pairs):
        return ()
    try:
        stack = parse_knobs(view, dict(pairs)).stack()
        refuse_missing(stack)
    except BadKnob:
        return ()
    return stack


def refuse_missing(stack: Iterable[RequestedMiddleware]) -> None:
    """Raise `BadKnob` with the command that installs it where a middleware is not there."""
    for requested in stack:
        if not available(requested.row):
            raise BadKnob(
                f"middleware={requested.name} is refused: it is not installed here. Try: {requested.row.install}"
            )


def _profiled(app: WSGIApplication, _: int) -> WSGIApplication:
    from werkzeug.middleware.profiler import ProfilerMiddleware

    return ProfilerMiddleware(app, stream=None)


def _linted(app: WSGIApplication, _: int) -> WSGIApplication:
    from werkzeug.middleware.lint import HTTPWarning, LintMiddleware, WSGIWarning

    # What it finds is for the log, also where warnings are errors.
    warnings.simplefilter("always", WSGIWarning)
    warnings.simplefilter("always", HTTPWarning)
    return LintMiddleware(app)


def _debugged(app: WSGIApplication, _: int) -> WSGIApplication:
    from werkzeug.debug import DebuggedApplication

    return DebuggedApplication(app, evalex=False)


def _compressed(app: WSGIApplication, _: int) -> WSGIApplication:
    from .flask_compress_app import compress

    return compress(app)


#: By name what puts a middleware around an app; the number is its argument.
BUILDERS: Mapping[str, Builder] = {
    "join": lambda app, _: join(app),
    "profiler": _profiled,
    "rechunk": rechunk,
    "gzip": lambda app, _: gzip(app, flush=False),
    "gzip-flush": lambda app, _: gzip(app, flush=True),
    "compress": _compressed,
    "lint": _linted,
    "content_length": lambda app, _: content_length(app),
    "debugger": _debugged,
}
