"""The ``after_request`` hooks that a request can ask for: they touch a body that should stream.

Documented causes of streams that arrive all at once: body logging with ``get_data()``, ETags.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask import Flask, Response, g, request

from inspector.catalogue import KnobValues
from inspector.tap import name_layer, parts_unless_marked

from .request_context import StreamAborted


def add_hooks(app: Flask) -> None:
    """Let the knobs ``middleware`` (its hooks) and ``x_accel`` act on the responses of an app."""
    app.after_request(_run_hooks)
    app.after_request(_add_x_accel)


def _run_hooks(response: Response) -> Response:
    knobs: KnobValues | None = g.get("knobs")
    hooks = [requested.row.name for requested in knobs.stack() if requested.row.is_hook] if knobs else []
    for name in hooks:
        name_layer(request.environ, "yield", name)
    if hooks and response.is_streamed:
        # The hook takes the items one by one; without this nobody would know when.
        items: Any = parts_unless_marked(response.response)
        response.response = items
    try:
        for name in hooks:
            response = HOOKS[name](response)
    except StreamAborted as error:
        response.close()
        return Response(f"{error}.\n", 503, mimetype="text/plain")
    return response


def _log_body(response: Response) -> Response:
    response.get_data()
    return response


def _add_etag(response: Response) -> Response:
    response.add_etag()
    return response.make_conditional(request)  # type: ignore[return-value]


#: By name what a hook does with a response.
HOOKS: Mapping[str, Callable[[Response], Response]] = {"get_data": _log_body, "etag": _add_etag}


def _add_x_accel(response: Response) -> Response:
    knobs: KnobValues | None = g.get("knobs")
    if knobs and knobs.text("x_accel") != "unset":
        response.headers["X-Accel-Buffering"] = knobs.text("x_accel")
    return response
