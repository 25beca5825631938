"""Refuses bad requests, each with a sentence of plain text: other sites, bad knobs, unknown routes, missing names.

Runs before any view, so a refused request never starts a stream.
"""

from __future__ import annotations

from flask import Flask, Response, g, request
from werkzeug.exceptions import BadRequestKeyError, HTTPException

from inspector.catalogue import VIEWS, BadKnob, parse_knobs, view_of

from .middleware_stack import refuse_missing
from .request_context import StreamAborted
from .running_streams import add_current_stream

#: Header with the port that our proxy listens on.
PROXY_PORT_HEADER = "Streaming-Inspector-Proxy-Port"
_OWN_NAMES = ("127.0.0.1", "localhost")


def add_refusals(app: Flask) -> None:
    """Let an app check who asks and the knobs before each view, and say what is wrong in plain text."""
    app.before_request(_refuse_foreign_host)
    app.before_request(_refuse_other_sites)
    app.before_request(_take_knobs)
    app.register_error_handler(BadKnob, lambda error: _sentence(400, str(error)))
    app.register_error_handler(BadRequestKeyError, _missing)
    app.register_error_handler(StreamAborted, lambda error: _sentence(503, f"{error}."))
    app.register_error_handler(404, _unknown_route)
    app.register_error_handler(HTTPException, _other)


def is_own_host(host: str, port: str) -> bool:
    """Return whether a Host header (RFC 9110 section 7.2) names this server; any other may be DNS rebinding."""
    name, colon, given_port = host.lower().rpartition(":")
    if not colon:
        name, given_port = host.lower(), "80"
    return name in _OWN_NAMES and given_port == port


def _refuse_foreign_host() -> Response | None:
    host, port = request.environ.get("HTTP_HOST", ""), request.environ["SERVER_PORT"]
    if any(is_own_host(host, own) for own in _own_ports()):
        return None
    return _sentence(421, f"This server answers only requests to http://127.0.0.1:{port} or http://localhost:{port}.")


def _own_ports() -> list[str]:
    """Return the ports by which a client may have come: our own, and that which our proxy says to be its own.

    Giving another port gains nothing: it is the name in Host that a page of another site can't choose.
    """
    return [request.environ["SERVER_PORT"], request.headers.get(PROXY_PORT_HEADER, "")]


def _refuse_other_sites() -> Response | None:
    """Refuse what a page of another site makes a browser ask: it may cost memory, disk and time here.

    ``Origin`` is that of RFC 6454, ``Sec-Fetch-Site`` that of the W3C's Fetch Metadata.
    """
    origin = request.headers.get("Origin")
    scheme, separator, host = (origin or "").partition("://")
    is_own = scheme == "http" and separator and any(is_own_host(host, own) for own in _own_ports())
    site = request.headers.get("Sec-Fetch-Site", "").strip().lower()
    if (origin is None or is_own) and site != "cross-site":
        return None
    return _sentence(
        403, "This request comes from a page of another site, so it is refused. Type or paste the address instead."
    )


def _take_knobs() -> None:
    view = view_of(request.url_rule.rule) if request.url_rule else None
    if view is None:
        return
    for name, texts in request.args.lists():
        if len(texts) > 1:
            raise BadKnob(f"{name} is given {len(texts)} times; give it once.")
    knobs = parse_knobs(view, request.args.to_dict())
    refuse_missing(knobs.stack())
    g.knobs = knobs
    add_current_stream(knobs, view)


def _sentence(status: int, text: str) -> Response:
    return Response(f"{text}\n", status, mimetype="text/plain")


def _missing(error: BadRequestKeyError) -> Response:
    key = error.args[0] if error.args else "a value"
    return _sentence(400, f"This view reads {key} from the query, and it is missing. Add ?{key}=World to the address.")


def _unknown_route(_error: HTTPException) -> Response:
    lines = [f"There is no {request.path} here. The routes are:", ""]
    lines += [f"  {view.route:<25} {view.sentence}" for view in VIEWS]
    return _sentence(404, "\n".join(lines))


def _other(error: HTTPException) -> Response:
    response = _sentence(error.code or 500, f"{error.name}. {error.description or ''}".strip())
    if "Allow" in (headers := dict(error.get_headers())):
        response.headers["Allow"] = headers["Allow"]
    return response
