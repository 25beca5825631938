"""What to stream: a route of the built-in server with its knobs, or any URL.

Typed in the window's picker or given on the command line; checked before anything is asked of a server.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, unquote, urlsplit

from server.catalogue import VIEWS, BadKnob, knob_of, parse_knobs, query_of, view_of

CLIENT_BUFFER = "client_buffer"
LOOPBACK = "127.0.0.1"
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://")
#: ``:5000/x``, ``localhost:5000/x``, ``[::1]:5000``, ``localhost/x``.
_HOST_AND_PORT = re.compile(r"(?P<host>\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9.-]*):[0-9]+(?=[/?#]|$)|localhost(?=[/?#]|$)")


class BadTarget(ValueError):
    """The text names nothing that can be streamed; the message says what would."""


@dataclass(frozen=True, slots=True)
class Target:
    """One thing to stream. ``route`` is None for a URL; ``knobs`` are those given, as texts, for a route only."""

    title: str
    route: str | None = None
    knobs: dict[str, str] = field(default_factory=dict)
    client_buffer_bytes: int = 0
    _url: str = ""

    @classmethod
    def parse(cls, text: str, knobs: Mapping[str, str] | None = None) -> Target:
        """Read what a person typed: ``/large.csv?rows=5``, ``large.csv``, a URL, ``localhost:5000/x``, ``:5000/x``.

        ``knobs`` win over the query's. Raises `BadTarget` for an unknown route (with close matches) or a URL that is
        none, `BadKnob` for a value out of range or a knob that there is not.
        """
        text = text.strip().partition("#")[0]
        if not text or not text.isprintable():
            raise BadTarget("No target: give a route of the built-in server, such as /timeline, or a URL.")
        url = _as_url(text)
        if url is None:
            return _route_target(text, knobs or {})
        return _url_target(url, knobs or {})

    def url(self, base_url: str | None = None) -> str:
        """Return the URL to request; ``base_url`` is the built-in server's and needed for a route."""
        if self.route is None:
            return self._url
        if base_url is None:
            raise ValueError(f"{self.route} needs the address of a server")
        query = query_of(self.knobs)
        return f"{base_url}{self.route}?{query}" if query else f"{base_url}{self.route}"


def _as_url(text: str) -> str | None:
    """Return the URL that a text means, or None where it means a route."""
    scheme = _SCHEME.match(text)
    if scheme and scheme[1].lower() not in ("http", "https"):
        raise BadTarget(f"{scheme[1]}:// can't be streamed; only http:// and https:// can.")
    if scheme:
        return text
    if _HOST_AND_PORT.match(text):
        return f"http://{LOOPBACK}{text}" if text.startswith(":") else f"http://{text}"
    return None


def _url_target(url: str, knobs: Mapping[str, str]) -> Target:
    try:
        parts = urlsplit(url)
        port_is_good = parts.port is None or parts.port > 0
    except ValueError as error:
        raise BadTarget(f"{url} is not a URL: {error}.") from error
    if not parts.hostname or not port_is_good or " " in parts.netloc:
        raise BadTarget(f"{url} is not a URL: it needs a host, such as http://{LOOPBACK}:5000/stream.")
    others = sorted(set(knobs) - {CLIENT_BUFFER})
    if others:
        raise BadKnob(f"A URL takes only {CLIENT_BUFFER}, not {', '.join(others)}: put them into the URL's own query.")
    # The rest of a foreign query stays as it was typed, letter for letter.
    kept: list[str] = []
    buffers: list[str] = []
    for pair in parts.query.split("&"):
        name, _, value = pair.partition("=")
        (buffers if name == CLIENT_BUFFER else kept).append(unquote(value) if name == CLIENT_BUFFER else pair)
    clean = parts._replace(query="&".join(kept)).geturl()
    given = knobs.get(CLIENT_BUFFER, buffers[0] if buffers else None)
    size_bytes = 0 if given is None else int(knob_of(CLIENT_BUFFER).parse(given))
    return Target(title=clean, client_buffer_bytes=size_bytes, _url=clean)


def _route_target(text: str, knobs: Mapping[str, str]) -> Target:
    path, _, query = text.partition("?")
    route = unquote(path if path.startswith("/") else f"/{path}")
    view = view_of(route)
    if view is None:
        raise BadTarget(_unknown_route(route))
    given: dict[str, str] = {}
    for name, value in parse_qsl(query, keep_blank_values=True):
        given.setdefault(name, value)  # Flask's request.args takes the first, too
    given.update(knobs)
    values = parse_knobs(view, given)
    given.pop(CLIENT_BUFFER, None)
    title = f"{route}?{query_of(given)}" if given else route
    return Target(title=title, route=route, knobs=given, client_buffer_bytes=values.client_buffer)


def _unknown_route(route: str) -> str:
    routes = [view.route for view in VIEWS]
    close = difflib.get_close_matches(route, routes, n=3, cutoff=0.5)
    word = route.strip("/")
    close += [one for one in routes if word and word in one and one not in close]
    hint = f"Close to it: {', '.join(close)}." if close else f"There are {', '.join(routes)}."
    return f"The built-in server has no {route}. {hint} A URL starts with http:// or https://."
